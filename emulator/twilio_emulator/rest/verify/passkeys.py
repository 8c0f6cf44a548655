"""Passkeys by REST, as JSON in and out (https://www.twilio.com/docs/verify/api/passkeys-factor,
https://www.twilio.com/docs/verify/api/passkeys-challenge)."""

from typing import Any

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refusal, Refused
from twilio_emulator.core.verify import passkeys
from twilio_emulator.core.verify.challenges import Challenge
from twilio_emulator.core.verify.factor_errors import INVALID_REQUEST
from twilio_emulator.core.verify.passkey_errors import (
    FACTOR_NOT_FOUND,
    INVALID_ATTACHMENT,
    INVALID_ATTESTATION,
    INVALID_AUTHENTICATOR_DATA,
    INVALID_CLIENT_DATA,
    INVALID_ID,
    INVALID_IDENTITY,
    INVALID_RAW_ID,
    INVALID_RELYING_PARTY,
    INVALID_RELYING_PARTY_ID,
    INVALID_RESPONSE,
    INVALID_SIGNATURE,
)
from twilio_emulator.core.verify.passkey_options import CRITERIA, RelyingParty, WantedPasskey
from twilio_emulator.core.verify.passkeys import (
    AddPasskeysChallenge,
    AddPasskeysFactor,
    ApprovePasskeysChallenge,
    SaidCredential,
    VerifyPasskeysFactor,
)
from twilio_emulator.rest.verify.challenges import challenge as any_challenge
from twilio_emulator.rest.verify.creating import of_identity
from twilio_emulator.rest.verify.entities import factor, new_factor
from twilio_emulator.rest.verify.look import service_url
from twilio_emulator.wire.calls import Answer, Call, Parameters
from twilio_emulator.wire.operations import ROOT, Api

PASSKEYS = "/Services/{service}/Passkeys"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    for path, takes, work, spell in (
        ("Factors", _factor, of_identity(create_factor, _identity), str),
        ("VerifyFactor", _credential, verify_factor, _camel),
        ("Challenges", _challenge, of_identity(create_challenge, _identity), str),
        ("ApproveChallenge", _credential, approve_challenge, _camel),
    ):
        api.add("POST", f"{PASSKEYS}/{path}", takes, work, ROOT, spell)


async def create_factor(call: Call) -> Answer:
    """Somebody is to make a passkey."""
    wish = _factor(call, **_given(call, _FACTOR))
    it = await call.gate.perform(wish, call.origin)
    options = {"publicKey": passkeys.creation_options(it)}
    return Answer(201, {**new_factor(it, call), "options": options})


async def verify_factor(call: Call) -> Answer:
    """An authenticator has made a passkey."""
    said = _credential(**_given(call, _CREDENTIAL))
    wish = VerifyPasskeysFactor(account=call.account_sid, service=call.path["service"], said=said)
    return Answer(200, factor(await call.gate.perform(wish, call.origin), call))


async def create_challenge(call: Call) -> Answer:
    """A passkey is asked for; a body is not needed."""
    wish = _challenge(call, **(_given(call, _CHALLENGE) if call.body.strip() else {}))
    return Answer(201, challenge(await call.gate.perform(wish, call.origin), "Challenges", call))


async def approve_challenge(call: Call) -> Answer:
    """An authenticator has signed for a challenge."""
    said = _credential(**_given(call, _CREDENTIAL))
    wish = ApprovePasskeysChallenge(
        account=call.account_sid, service=call.path["service"], said=said
    )
    it = await call.gate.perform(wish, call.origin)
    return Answer(200, challenge(it, "ApproveChallenge", call))


def challenge(it: Challenge, path: str, call: Call) -> dict[str, object]:
    """A challenge as it is answered here: with what a browser is asked for, and empty texts where
    it is anybody's."""
    look = any_challenge(it, call)
    whose = {name: look[name] or "" for name in ("entity_sid", "identity", "factor_sid")}
    return {
        **look,
        **whose,
        "url": f"{service_url(it.service_sid, call)}/Passkeys/{path}",
        "options": {"publicKey": passkeys.request_options(call.world, it)},
    }


def _identity(call: Call) -> str | None:
    said = (parameters.json_object(call.body) or {}).get("identity")
    return said if isinstance(said, str) else None


def _factor(
    call: Call, *, friendly_name: object = None, identity: object = None, config: object = None
) -> AddPasskeysFactor:
    wanted = _part(config, INVALID_REQUEST)
    return AddPasskeysFactor(
        account=call.account_sid,
        service=call.path["service"],
        friendly_name=_text(friendly_name, INVALID_REQUEST),
        identity=_text(identity, INVALID_IDENTITY),
        config=None if wanted is None else _wanted(wanted),
    )


def _challenge(
    call: Call, *, identity: object = None, factor_sid: object = None
) -> AddPasskeysChallenge:
    return AddPasskeysChallenge(
        account=call.account_sid,
        service=call.path["service"],
        identity=_text(identity, INVALID_IDENTITY),
        factor_sid=_text(factor_sid, FACTOR_NOT_FOUND),
    )


def _credential(
    *,
    id: object = None,
    raw_id: object = None,
    authenticator_attachment: object = None,
    type: object = None,
    response: object = None,
) -> SaidCredential:
    """A credential, by the names that a browser has for its parts.

    Raises:
        Refused: 60375 to 60381, 60386 a part of it is no text, 60378 there is no response.
    """
    said = _part(response, INVALID_RESPONSE)
    if said is None:
        raise Refused(INVALID_RESPONSE)
    return SaidCredential(
        id=_text(id, INVALID_ID),
        raw_id=_text(raw_id, INVALID_RAW_ID),
        attachment=_text(authenticator_attachment, INVALID_ATTACHMENT),
        type=_text(type, INVALID_REQUEST),
        client_data=_text(said.get("clientDataJSON"), INVALID_CLIENT_DATA),
        attestation=_text(said.get("attestationObject"), INVALID_ATTESTATION),
        data=_text(said.get("authenticatorData"), INVALID_AUTHENTICATOR_DATA),
        signature=_text(said.get("signature"), INVALID_SIGNATURE),
        user=_text(said.get("userHandle"), INVALID_RESPONSE),
        transports=_texts(said.get("transports"), INVALID_RESPONSE),
    )


def _wanted(config: dict[str, Any]) -> WantedPasskey:
    party = _part(config.get("relying_party"), INVALID_RELYING_PARTY)
    criteria = {name: _text(config.get(name), INVALID_REQUEST) for name in CRITERIA}
    return WantedPasskey(
        relying_party=None if party is None else _party(party),
        authenticator_attachment=criteria["authenticator_attachment"],
        discoverable_credentials=criteria["discoverable_credentials"],
        user_verification=criteria["user_verification"],
    )


def _party(said: dict[str, Any]) -> RelyingParty:
    return RelyingParty(
        id=_text(said.get("id"), INVALID_RELYING_PARTY_ID),
        name=_text(said.get("name"), INVALID_RELYING_PARTY),
        origins=_texts(said.get("origins"), INVALID_RELYING_PARTY),
    )


def _camel(name: str) -> str:
    """How browsers spell what they say of a credential."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


_FACTOR, _CHALLENGE = Parameters(_factor, str), Parameters(_challenge, str)
_CREDENTIAL = Parameters(_credential, _camel)


def _given(call: Call, taken: Parameters) -> dict[str, Any]:
    """What the body says of what is taken, whatever it is.

    Raises:
        Refused: 20001 it is no JSON object.
    """
    said = parameters.json_object(call.body)
    if said is None:
        raise Refused(INVALID_PARAMETER, parameter="JSON body")
    return {name: said[wire] for wire, name in taken.wire.items() if wire in said}


def _part(said: object, refusal: Refusal) -> dict[str, Any] | None:
    if said is not None and not isinstance(said, dict):
        raise Refused(refusal)
    return said


def _text(said: object, refusal: Refusal) -> str | None:
    if said is not None and not isinstance(said, str):
        raise Refused(refusal)
    return said


def _texts(said: object, refusal: Refusal) -> tuple[str, ...]:
    texts = said or []
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
        raise Refused(refusal)
    return tuple(texts)
