"""What an account says of lines, how often it may look up, and many numbers at once, by REST."""

from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.rest.conftest import ACCOUNT, ANN
from twilio_emulator.core.kernel.world import World

Ask = Callable[..., tuple[int, Any]]

LOOKUPS = "https://lookups.twilio.com/v2"
OVERRIDE = f"{LOOKUPS}/PhoneNumbers/{ANN}/Overrides/line_type"
LIMIT = f"{LOOKUPS}/RateLimits/Fields/sim_swap/Bucket/minute"


def test_an_override_is_told(ask: Ask) -> None:
    said = {"line_type": "landline", "reason": "We know"}
    status, made = ask("POST", OVERRIDE, said=said)
    assert status == 201
    assert made == {
        "original_line_type": "mobile",
        "overridden_line_type": "landline",
        "override_reason": "We know",
        "override_timestamp": "2026-01-05T09:00:00Z",
        "phone_number": ANN,
        "overridden_by_account_sid": ACCOUNT,
    }
    assert ask("GET", OVERRIDE) == (200, made)
    assert ask("GET", OVERRIDE.replace("line_type", "line_type_intelligence")) == (200, made)


@pytest.mark.parametrize(
    ("method", "said", "status", "code"),
    [
        ("PUT", {"line_type": "mobile"}, 404, 20404),
        ("GET", None, 404, 20404),
        ("POST", {"line_type": "Mobile"}, 400, 60618),
        ("POST", {}, 400, 20001),
        ("POST", {"line_type": 1}, 400, 20001),
        ("POST", [], 400, 20001),
    ],
)
def test_what_is_wrong_with_an_override_is_said(
    ask: Ask, method: str, said: Any, status: int, code: int
) -> None:
    answered, answer = ask(method, OVERRIDE, said=said)
    assert (answered, answer["code"]) == (status, code)


def test_there_is_one_override_of_one_field_of_a_number(ask: Ask) -> None:
    assert ask("POST", OVERRIDE, said={"line_type": "pager"})[0] == 201
    assert ask("POST", OVERRIDE, said={"line_type": "pager"})[1]["code"] == 60618
    other = OVERRIDE.replace("line_type", "caller_name")
    assert ask("POST", other, said={"line_type": "pager"})[1]["code"] == 60618
    unreadable = OVERRIDE.replace(ANN, "abc")
    assert ask("POST", unreadable, said={"line_type": "pager"})[1]["code"] == 60618
    assert ask("DELETE", OVERRIDE)[0] == ask("DELETE", OVERRIDE)[0] == 204


def test_the_library_limits_look_ups(client: Client, advance: Callable[..., None]) -> None:
    bucket = client.lookups.v2.bucket("sim_swap", "minute")
    from twilio.rest.lookups.v2.bucket import BucketList

    made = bucket.update(BucketList.RateLimitRequest({"limit": 2, "ttl": 60}))
    assert (made.field, made.bucket, made.limit, made.ttl) == ("sim_swap", "minute", 2, 60)
    assert made.owner == ACCOUNT
    number = client.lookups.v2.phone_numbers(ANN)
    for _ in range(2):
        number.fetch(fields="sim_swap")
    number.fetch(fields="line_status")
    number.fetch()
    with pytest.raises(TwilioRestException) as refused:
        number.fetch(fields="sim_swap,line_status")
    assert (refused.value.status, refused.value.code) == (429, 60616)
    advance(seconds=60)
    number.fetch(fields="sim_swap")
    assert bucket.fetch().limit == 2
    assert bucket.delete()


def test_each_limit_counts_what_it_is_for(ask: Ask) -> None:
    for name in ("sim_swap", "line_status"):
        assert ask("PUT", LIMIT.replace("sim_swap", name), said={"limit": 1})[0] == 200
    number = f"{LOOKUPS}/PhoneNumbers/{ANN}"
    assert ask("GET", number, Fields="sim_swap")[0] == 200
    assert ask("GET", number, Fields="line_status")[0] == 200
    assert ask("GET", number, Fields="line_status")[0] == 429


def test_an_override_is_changed(ask: Ask) -> None:
    assert ask("POST", OVERRIDE, said={"line_type": "pager"})[0] == 201
    status, changed = ask("PUT", OVERRIDE, said={"line_type": "uan", "reason": "So"})
    assert (status, changed["overridden_line_type"], changed["override_reason"]) == (
        200,
        "uan",
        "So",
    )
    assert changed["original_line_type"] == "mobile"


def test_limits_are_listed_by_field(ask: Ask) -> None:
    for name in ("sim_swap", "validation", "caller_name"):
        url = f"{LOOKUPS}/RateLimits/Fields/{name}/Bucket/day"
        assert ask("PUT", url, said={"limit": 5})[1]["ttl"] == 86400
    assert [each["field"] for each in ask("GET", f"{LOOKUPS}/RateLimits")[1]["rate_limits"]] == [
        "sim_swap",
        "validation",
        "caller_name",
    ]
    _, some = ask("GET", f"{LOOKUPS}/RateLimits", Fields=["validation", "caller_name"])
    assert [each["field"] for each in some["rate_limits"]] == ["validation", "caller_name"]


@pytest.mark.parametrize(
    ("method", "url", "said", "status", "code"),
    [
        ("GET", LIMIT, None, 404, 20404),
        ("PUT", LIMIT, {}, 400, 20001),
        ("PUT", LIMIT.replace("minute", "ours"), {"limit": 1}, 400, 20001),
        ("PUT", LIMIT, {"limit": -1}, 400, 60618),
        ("PUT", LIMIT, {"limit": 1, "ttl": 0}, 400, 60618),
        ("PUT", LIMIT, {"limit": 2**31}, 400, 60618),
        ("PUT", LIMIT, {"limit": "1"}, 400, 20001),
        ("PUT", LIMIT.replace("sim_swap", "color"), {"limit": 1}, 400, 60618),
        ("PUT", LIMIT.replace("minute", "x" * 65), {"limit": 1}, 400, 60618),
        ("GET", f"{LOOKUPS}/RateLimits?Fields=color", None, 400, 60618),
    ],
)
def test_what_is_wrong_with_a_limit_is_said(
    ask: Ask, world: World, method: str, url: str, said: Any, status: int, code: int
) -> None:
    before = world.snapshot()
    answered, answer = ask(method, url, said=said)
    assert (answered, answer["code"]) == (status, code)
    assert world.snapshot() == before


def test_a_limit_is_replaced_and_begins_anew(ask: Ask) -> None:
    url, number = LIMIT.replace("sim_swap", "validation"), f"{LOOKUPS}/PhoneNumbers/{ANN}"
    assert ask("PUT", url, said={"limit": 0})[0] == 200
    assert ask("GET", number)[1]["code"] == 60616
    assert ask("PUT", url, said={"limit": 1})[0] == 200
    assert ask("GET", number)[0] == 200
    assert ask("GET", number)[0] == 429
    assert ask("DELETE", url)[0] == ask("DELETE", url)[0] == 204
    assert ask("GET", number)[0] == 200


BATCH = f"{LOOKUPS}/batch/query"


def test_each_number_of_many_is_answered_by_itself(ask: Ask) -> None:
    status, answer = ask(
        "POST",
        BATCH,
        said={
            "phone_numbers": [
                {"phone_number": ANN, "correlation_id": "a", "fields": ["line_status"]},
                {"phone_number": ANN, "correlation_id": "b", "fields": ["pre_fill"]},
                {"correlation_id": "c"},
                {"phone_number": "02079460958", "country_code": "GB"},
                {
                    "phone_number": ANN,
                    "fields": ["identity_match", "reassigned_number", "sms_pumping_risk"],
                    "identity_match": {"first_name": "Ann", "last_name": ""},
                    "reassigned_number": {"last_verified_date": "20250101"},
                    "sms_pumping_risk": {"partner_sub_id": "x" * 64},
                },
                {
                    "phone_number": ANN,
                    "fields": ["sms_pumping_risk"],
                    "sms_pumping_risk": {"partner_sub_id": "x" * 65},
                },
            ]
        },
    )
    assert status == 200
    first, second, third, fourth, fifth, sixth = answer["phone_numbers"]
    assert (first["correlation_id"], first["twilio_error_code"]) == ("a", None)
    assert first["line_status"] == {"status": "inactive", "error_code": None}
    assert (second["twilio_error_code"], second["valid"]) == (60618, True)
    assert (third["twilio_error_code"], third["validation_errors"]) == (60617, ["NOT_A_NUMBER"])
    assert (fourth["correlation_id"], fourth["phone_number"]) == (None, "+442079460958")
    assert "url" not in first
    assert fifth["identity_match"]["first_name_match"] == "no_data_available"
    assert fifth["reassigned_number"]["last_verified_date"] == "2025-01-01"
    assert fifth["sms_pumping_risk"]["sms_pumping_risk_score"] == 0
    assert (sixth["twilio_error_code"], sixth["sms_pumping_risk"]) == (60618, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"phone_numbers": [{"phone_number": ANN}] * 101}, 60618),
        ({}, 20001),
        ({"phone_numbers": ANN}, 20001),
        ({"phone_numbers": [ANN]}, 20001),
    ],
)
def test_what_is_wrong_with_the_whole_is_said(ask: Ask, said: Any, code: int) -> None:
    status, answer = ask("POST", BATCH, said=said)
    assert (status, answer["code"]) == (400, code)


def test_many_numbers_count_as_many_look_ups(ask: Ask) -> None:
    assert ask("PUT", LIMIT, said={"limit": 2})[0] == 200
    one = {"phone_number": ANN, "fields": ["sim_swap"]}
    assert ask("POST", BATCH, said={"phone_numbers": [one] * 3})[1]["code"] == 60616
    assert ask("POST", BATCH, said={"phone_numbers": [one] * 2})[0] == 200
    assert ask("GET", f"{LOOKUPS}/PhoneNumbers/{ANN}", Fields="sim_swap")[0] == 429
