"""Attempts and their summary by REST (https://www.twilio.com/docs/verify/api/list-verification-attempts)."""

from twilio_emulator.core.lookup.line_types import DEFAULT_COUNTRY, carrier_of
from twilio_emulator.core.verify import attempts
from twilio_emulator.core.verify.attempts import AttemptsSummary
from twilio_emulator.core.verify.resources import Attempt
from twilio_emulator.rest.verify.services import LARGEST_PAGE
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        "/Attempts",
        "/{attempt}",
        attempt,
        key="attempts",
        list=attempts.list_attempts,
        fetch=attempts.fetch_attempt,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )
    api.single("/Attempts/Summary", summary, fetch=attempts.summarize, where=ROOT)


def attempt(it: Attempt, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/list-verification-attempts"""
    price = attempts.price(it)
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "verification_sid": it.verification_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "conversion_status": "converted" if it.converted else "unconverted",
        "channel": it.channel,
        "price": None if price is None else {"value": price, "currency": "usd"},
        "channel_data": _channel_data(it, call),
        "url": f"{call.root}/Attempts/{it.sid}",
    }


def _channel_data(it: Attempt, call: Call) -> dict[str, object]:
    """What is known of an attempt on its channel. Decided: that what a call has come to is
    `call_status`, that an e-mail has neither country nor carrier, and that languages are in lower
    case."""
    said: dict[str, object] = {
        "verification_sid": it.verification_sid,
        "to": it.to,
        "status": it.status,
    }
    if it.channel == "email":
        return {**said, "message_status": it.message_status}
    carrier = carrier_of(call.world, call.world.numbering.planned(it.to, DEFAULT_COUNTRY))
    if it.channel == "call":
        said["call_status"] = it.call_status
    else:
        said["message_status"] = it.message_status
    return {
        **said,
        "error_code": None if it.error_code is None else str(it.error_code),
        "country": it.country,
        "code_length": it.code_length,
        "locale": None if it.locale is None else it.locale.lower(),
        "mcc": carrier.mobile_country_code,
        "mnc": carrier.mobile_network_code,
        "carrier": carrier.name,
    }


def summary(it: AttemptsSummary, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/verification-attempts-summary"""
    return {
        "total_attempts": it.total,
        "total_converted": it.converted,
        "total_unconverted": it.unconverted,
        "conversion_rate_percentage": it.percentage,
        "url": f"{call.root}/Attempts/Summary",
    }
