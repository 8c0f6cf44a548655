"""Access tokens and forms by REST (https://www.twilio.com/docs/verify/api/access-token,
https://www.twilio.com/docs/verify/api/forms)."""

from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.verify import access_tokens
from twilio_emulator.core.verify.access_tokens import AddFactorToken, FactorToken
from twilio_emulator.core.verify.factors import FactorType
from twilio_emulator.rest.verify.look import service_url
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso

FORM = "form-push"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        "/Services/{service}/AccessTokens",
        "/{access_token}",
        access_token,
        create=AddFactorToken,
        fetch=access_tokens.fetch_token,
        where=ROOT,
    )
    api.add("GET", "/Forms/{form}", None, fetch_form, ROOT)


def access_token(it: FactorToken, call: Call) -> dict[str, object]:
    """What a device makes itself a factor with."""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "entity_identity": it.identity,
        "factor_type": FactorType.PUSH,
        "factor_friendly_name": it.factor_friendly_name,
        "token": it.access_token,
        "url": f"{service_url(it.service_sid, call)}/AccessTokens/{it.sid}",
        "ttl": it.ttl,
        "date_created": iso(it.date_created),
    }


async def fetch_form(call: Call) -> Answer:
    """What a device's app may ask. Decided: empty, since Twilio's JSON Schemas are not public."""
    if call.path["form"] != FORM:
        raise Refused(NOT_FOUND)
    return Answer(
        200,
        {
            "form_type": FORM,
            "forms": {"create_factor": {}, "verify_factor": {}, "create_challenge": {}},
            "form_meta": {},
            "url": f"{call.root}/Forms/{FORM}",
        },
    )
