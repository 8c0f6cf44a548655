"""Entities and factors by REST (https://www.twilio.com/docs/verify/api/entity,
https://www.twilio.com/docs/verify/api/factor)."""

import json
from collections.abc import Mapping

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import entities, factors, totp
from twilio_emulator.core.verify.access_tokens import AddFactorByToken
from twilio_emulator.core.verify.entities import AddEntity, Entity, RemoveEntity
from twilio_emulator.core.verify.factor_commands import AddFactor, RemoveFactor, UpdateFactor
from twilio_emulator.core.verify.factors import Factor
from twilio_emulator.core.verify.resources import VerifyServices
from twilio_emulator.rest.verify.creating import of_identity
from twilio_emulator.rest.verify.look import service_url
from twilio_emulator.rest.verify.services import LARGEST_PAGE
from twilio_emulator.rest.verify.spelling import parameter
from twilio_emulator.wire.calls import Answer, Call, Parameters, performer
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso

_new = Parameters(AddFactor, parameter)

ENTITIES = "/Services/{service}/Entities"
FACTORS = f"{ENTITIES}/{{entity}}/Factors"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        ENTITIES,
        "/{entity}",
        entity,
        key="entities",
        list=entities.list_entities,
        fetch=entities.fetch_entity,
        delete=RemoveEntity,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )
    api.collection(
        FACTORS,
        "/{factor}",
        factor,
        key="factors",
        list=factors.list_factors,
        fetch=factors.fetch_factor,
        update=UpdateFactor,
        delete=RemoveFactor,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )
    add_entity = of_identity(performer(AddEntity, entity, 201, api.spell), _named)
    api.add("POST", ENTITIES, AddEntity, add_entity, ROOT)
    api.add("POST", FACTORS, AddFactor, of_identity(create, owner), ROOT)


def owner(call: Call) -> str:
    """The identity of whose something is, by the path."""
    named = call.path["entity"]
    found = entities.look_up(call.world, call.path["service"], named)
    return named if found is None else found.identity


def _named(call: Call) -> str | None:
    return dict(call.form).get("Identity")


async def create(call: Call) -> Answer:
    """A new factor: an app makes it, or a device with its access token."""
    said = _new.of_form(call)
    wish = AddFactor(**said)
    if call.holder is not None:
        wish = AddFactorByToken(**said, token=call.holder)
    return Answer(201, new_factor(await call.gate.perform(wish, call.origin), call))


def entity(it: Entity, call: Call) -> dict[str, object]:
    """Somebody who has factors."""
    url = entity_url(it.service_sid, it.identity, call)
    return {
        "sid": it.sid,
        "identity": it.identity,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": url,
        "links": {
            "factors": f"{url}/Factors",
            "new_factors": f"{url}/Factors",
            "challenges": f"{url}/Challenges",
        },
    }


def entity_url(service_sid: str, identity: str, call: Call) -> str:
    """Where an entity is, on the form of the request."""
    return f"{service_url(service_sid, call)}/Entities/{identity}"


def factor(it: Factor, call: Call) -> dict[str, object]:
    """A factor, without what binds it."""
    return {**_whose(it), **_what(it, call)}


def new_factor(it: Factor, call: Call) -> dict[str, object]:
    """A factor with what binds it, which is shown this once."""
    return {
        **_whose(it),
        "binding": binding(call.world, it),
        "options": None,
        **_what(it, call),
    }


def _whose(it: Factor) -> dict[str, object]:
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "entity_sid": it.entity_sid,
        "identity": it.identity,
    }


def _what(it: Factor, call: Call) -> dict[str, object]:
    return {
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "friendly_name": it.friendly_name,
        "status": it.status,
        "factor_type": it.factor_type,
        "config": config(it),
        "metadata": None if it.metadata is None else json.loads(it.metadata),
        "url": f"{entity_url(it.service_sid, it.identity, call)}/Factors/{it.sid}",
    }


def config(it: Factor) -> Mapping[str, object] | None:
    """How a factor is set up."""
    if it.totp is not None:
        return {
            "alg": it.totp.alg,
            "skew": it.totp.skew,
            "code_length": it.totp.code_length,
            "time_step": it.totp.time_step,
        }
    if it.push is not None:
        return {
            "sdk_version": it.push.sdk_version,
            "app_id": it.push.app_id,
            "notification_platform": it.push.notification_platform,
            "notification_token": it.push.notification_token,
            "credential_sid": it.push.credential_sid,
        }
    if it.passkey is not None:
        return {
            "relying_party": {
                "id": it.passkey.party,
                "name": it.passkey.party_name,
                "origins": list(it.passkey.origins),
            },
            "authenticator_attachment": it.passkey.authenticator_attachment,
            "discoverable_credentials": it.passkey.discoverable_credentials,
            "user_verification": it.passkey.user_verification,
        }
    return None


def binding(world: World, it: Factor) -> Mapping[str, object] | None:
    """What binds a factor to an app."""
    if it.totp is not None:
        return {"secret": it.totp.secret, "uri": factor_uri(world, it)}
    if it.push is not None:
        return {"alg": "ES256", "public_key": it.push.public_key}
    return None


def factor_uri(world: World, it: Factor) -> str | None:
    """What an authenticator app reads; None for a factor that is not for one."""
    if it.totp is None:
        return None
    service = world[VerifyServices][it.service_sid]
    return totp.uri(it.totp, service.totp_issuer or service.friendly_name, it.friendly_name)
