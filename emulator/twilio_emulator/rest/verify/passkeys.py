"""Passkeys by REST, as JSON in and out (https://www.twilio.com/docs/verify/api/passkeys-factor,
https://www.twilio.com/docs/verify/api/passkeys-challenge)."""

from collections.abc import Mapping
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
from twilio_emulator.core.verify.passkey_options import RelyingParty, WantedPasskey
from twilio_emulator.core.verify.passkeys import (
    AddPasskeysChallenge,
    AddPasskeysFactor,
    ApprovePasskeysChallenge,
    SaidCredential,
    VerifyPasskeysFactor,
)
from twilio_emulator.rest.verify.challenges import challenge as any_challenge
from twilio_emulator.rest.verify.entities import factor, new_factor
from twilio_emulator.rest.verify.look import service_url
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import ROOT, Api

PASSKEYS = "/Services/{service}/Passkeys"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.add("POST", f"{PASSKEYS}/Factors", None, create_factor, ROOT)
    api.add("POST", f"{PASSKEYS}/VerifyFactor", None, verify_factor, ROOT)
    api.add("POST", f"{PASSKEYS}/Challenges", None, create_challenge, ROOT)
    api.add("POST", f"{PASSKEYS}/ApproveChallenge", None, approve_challenge, ROOT)


async def create_factor(call: Call) -> Answer:
    """Somebody is to make a passkey."""
    said = _object(call)
    config = _part(said, "config", INVALID_REQUEST)
    wish = AddPasskeysFactor(
        account=call.account_sid,
        service=call.path["service"],
        friendly_name=_text(said, "friendly_name", INVALID_REQUEST),
        identity=_text(said, "identity", INVALID_IDENTITY),
        config=None if config is None else _wanted(config),
    )
    it = await call.gate.perform(wish, call.origin)
    options = {"publicKey": passkeys.creation_options(it)}
    return Answer(201, {**new_factor(it, call), "options": options})


async def verify_factor(call: Call) -> Answer:
    """An authenticator has made a passkey."""
    said = _said(_object(call))
    wish = VerifyPasskeysFactor(account=call.account_sid, service=call.path["service"], said=said)
    return Answer(200, factor(await call.gate.perform(wish, call.origin), call))


async def create_challenge(call: Call) -> Answer:
    """A passkey is asked for; a body is not needed."""
    said = _object(call) if call.body.strip() else {}
    wish = AddPasskeysChallenge(
        account=call.account_sid,
        service=call.path["service"],
        identity=_text(said, "identity", INVALID_IDENTITY),
        factor_sid=_text(said, "factor_sid", FACTOR_NOT_FOUND),
    )
    it = await call.gate.perform(wish, call.origin)
    return Answer(201, challenge(it, "Challenges", call))


async def approve_challenge(call: Call) -> Answer:
    """An authenticator has signed for a challenge."""
    said = _said(_object(call))
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


def _object(call: Call) -> dict[str, Any]:
    """The body.

    Raises:
        Refused: 20001 it is no JSON object.
    """
    said = parameters.json_object(call.body)
    if said is None:
        raise Refused(INVALID_PARAMETER, parameter="JSON body")
    return said


def _part(said: Mapping[str, Any], name: str, refusal: Refusal) -> dict[str, Any] | None:
    part = said.get(name)
    if part is not None and not isinstance(part, dict):
        raise Refused(refusal)
    return part


def _text(said: Mapping[str, Any], name: str, refusal: Refusal) -> str | None:
    text = said.get(name)
    if text is not None and not isinstance(text, str):
        raise Refused(refusal)
    return text


def _texts(said: Mapping[str, Any], name: str, refusal: Refusal) -> tuple[str, ...]:
    texts = said.get(name) or []
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
        raise Refused(refusal)
    return tuple(texts)


def _wanted(config: Mapping[str, Any]) -> WantedPasskey:
    party = _part(config, "relying_party", INVALID_RELYING_PARTY)
    return WantedPasskey(
        relying_party=None
        if party is None
        else RelyingParty(
            id=_text(party, "id", INVALID_RELYING_PARTY_ID),
            name=_text(party, "name", INVALID_RELYING_PARTY),
            origins=_texts(party, "origins", INVALID_RELYING_PARTY),
        ),
        authenticator_attachment=_text(config, "authenticator_attachment", INVALID_REQUEST),
        discoverable_credentials=_text(config, "discoverable_credentials", INVALID_REQUEST),
        user_verification=_text(config, "user_verification", INVALID_REQUEST),
    )


def _said(credential: Mapping[str, Any]) -> SaidCredential:
    """A credential as a browser tells it.

    Raises:
        Refused: 60375 to 60381, 60386 a part of it is no text, 60378 there is no response.
    """
    response = _part(credential, "response", INVALID_RESPONSE)
    if response is None:
        raise Refused(INVALID_RESPONSE)
    return SaidCredential(
        id=_text(credential, "id", INVALID_ID),
        raw_id=_text(credential, "rawId", INVALID_RAW_ID),
        attachment=_text(credential, "authenticatorAttachment", INVALID_ATTACHMENT),
        type=_text(credential, "type", INVALID_REQUEST),
        client_data=_text(response, "clientDataJSON", INVALID_CLIENT_DATA),
        attestation=_text(response, "attestationObject", INVALID_ATTESTATION),
        data=_text(response, "authenticatorData", INVALID_AUTHENTICATOR_DATA),
        signature=_text(response, "signature", INVALID_SIGNATURE),
        user=_text(response, "userHandle", INVALID_RESPONSE),
        transports=_texts(response, "transports", INVALID_RESPONSE),
    )
