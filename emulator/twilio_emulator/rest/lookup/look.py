"""The keys that answers about lookup have."""

from urllib.parse import quote

from twilio_emulator.core.lookup.answers import NumberAnswer
from twilio_emulator.core.lookup.batch import AnswerOfMany
from twilio_emulator.core.lookup.packages import KEYS
from twilio_emulator.core.lookup.resources import LineTypeOverride, LookupLimit
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso


def number(it: NumberAnswer, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/lookup/v2-api#response-properties"""
    return {
        **_validation(it),
        **{name: it.packages.get(name) for name in KEYS},
        "url": url(call, it.it.number),
    }


def number_in_batch(it: AnswerOfMany) -> dict[str, object]:
    """One of many numbers: what was wrong with it, and the packages that can be asked for so."""
    return {
        "correlation_id": it.correlation_id,
        "twilio_error_code": it.error_code,
        **_validation(it.found),
        **{name: it.found.packages.get(name) for name in KEYS},
    }


def override(it: LineTypeOverride, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence-override"""
    return {
        "original_line_type": it.original_line_type,
        "overridden_line_type": it.overridden_line_type,
        "override_reason": it.reason,
        "override_timestamp": iso(it.at),
        "phone_number": it.number,
        "overridden_by_account_sid": it.account_sid,
    }


def limit(it: LookupLimit, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/lookup/v2-api/rate-limits"""
    return {
        "field": it.field,
        "limit": it.limit,
        "bucket": it.bucket,
        "owner": it.account_sid,
        "ttl": it.ttl,
    }


def url(call: Call, said: str) -> str:
    """Where a number is, its `+` as it is."""
    return f"{call.root}/PhoneNumbers/{quote(said, safe='+')}"


def _validation(it: NumberAnswer) -> dict[str, object]:
    """What is told of every number; a valid one has an empty list of errors, as in the newer
    examples of Twilio's OpenAPI file."""
    planned = it.it
    return {
        "calling_country_code": planned.calling_country_code if it.valid else None,
        "country_code": planned.country if it.valid else None,
        "phone_number": planned.number,
        "national_format": planned.national_format if it.valid else None,
        "valid": it.valid,
        "validation_errors": list(it.errors),
    }
