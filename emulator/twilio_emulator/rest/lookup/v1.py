"""https://lookups.twilio.com/v1 as a table of operations: the one that released apps still call."""

from twilio_emulator.core.lookup.answers import NumberAnswer
from twilio_emulator.core.lookup.first_version import line, look_up_carrier
from twilio_emulator.rest.lookup.look import url
from twilio_emulator.wire.calls import Call, fetcher
from twilio_emulator.wire.operations import ROOT, Api

api = Api("lookups.twilio.com", "v1")


def number(it: NumberAnswer, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/lookup/v1-api"""
    planned, carrier = it.it, it.packages.get("line_type_intelligence")
    return {
        "caller_name": it.packages.get("caller_name"),
        "country_code": planned.country,
        "phone_number": planned.number,
        "national_format": planned.national_format,
        "carrier": carrier
        and {
            "mobile_country_code": carrier["mobile_country_code"],
            "mobile_network_code": carrier["mobile_network_code"],
            "name": carrier["carrier_name"],
            "type": line(carrier),
            "error_code": carrier["error_code"],
        },
        "add_ons": None,
        "url": url(call, planned.number),
    }


api.add("GET", "/PhoneNumbers/{number}", look_up_carrier, fetcher(look_up_carrier, number), ROOT)
