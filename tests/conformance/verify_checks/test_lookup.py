"""The checks of Lookup, by their numbers."""

from typing import Any

import pytest
from twilio.rest.lookups.v2.bucket import BucketList
from twilio.rest.lookups.v2.lookup_override import LookupOverrideList
from twilio.rest.lookups.v2.query import QueryList

from tests.conformance.inside import Inside, Said
from twilio_emulator.core.accounts.accounts import Accounts

ANN = "+12025550199"
BRITON = "+447400123456"
LOOKUPS = "https://lookups.twilio.com/v2"
NUMBERS = f"{LOOKUPS}/PhoneNumbers"
CONTROL = "http://localhost/_emulator/v1"


def looked_up(inside: Inside, number: str, **query: str) -> Said:
    answer = inside.ask("GET", f"{NUMBERS}/{number}", query=query)
    assert answer.status == 200, answer.body
    return answer


def phone(inside: Inside, number: str = ANN, **settings: Any) -> None:
    answer = inside.ask(
        "PUT",
        f"{CONTROL}/handsets/{number}",
        query={"account": inside.account_sid},
        said=settings,
    )
    assert answer.status == 200, answer.body


def test_02_all_operations_answer_through_the_library(inside: Inside) -> None:
    lookups = inside.library.lookups.v2
    assert lookups.phone_numbers(ANN).fetch().valid
    asked = QueryList.LookupRequest({"phone_numbers": [{"phone_number": ANN}]})
    assert lookups.query.create(lookup_request=asked).phone_numbers[0]["phone_number"] == ANN
    override = lookups.lookup_overrides(field="line_type", phone_number=ANN)
    said = {"line_type": "landline", "reason": "We know"}
    made = override.create(overrides_request=LookupOverrideList.OverridesRequest(said))
    assert (made.overridden_line_type, made.override_reason) == ("landline", "We know")
    assert override.fetch().original_line_type == "mobile"
    said = {"line_type": "pager", "reason": "We know better"}
    assert (
        override.update(
            overrides_request=LookupOverrideList.OverridesRequest(said)
        ).overridden_line_type
        == "pager"
    )
    assert override.delete()
    bucket = lookups.bucket("sim_swap", "hour")
    limit = bucket.update(rate_limit_request=BucketList.RateLimitRequest({"limit": 3, "ttl": 9}))
    assert (limit.limit, limit.ttl) == (3, 9)
    assert bucket.fetch().limit == 3
    (listed,) = lookups.rate_limits.fetch(fields=["sim_swap"]).rate_limits
    assert listed["bucket"] == "hour"
    assert bucket.delete()


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("abc", "NOT_A_NUMBER"),
        ("+99912345678", "INVALID_COUNTRY_CODE"),
        ("+12003004000", "INVALID_BUT_POSSIBLE"),
    ],
)
def test_57_what_is_no_number_is_not_valid(inside: Inside, number: str, error: str) -> None:
    answer = looked_up(inside, number)
    assert (answer["valid"], answer["validation_errors"]) == (False, [error])


@pytest.mark.parametrize(
    ("written", "query", "number"),
    [
        ("4159929960", {}, "+14159929960"),
        ("(415) 992-9960", {}, "+14159929960"),
        ("02079460958", {"CountryCode": "GB"}, "+442079460958"),
    ],
)
def test_58_a_national_form_has_a_country(
    inside: Inside, written: str, query: dict[str, str], number: str
) -> None:
    assert looked_up(inside, written, **query)["phone_number"] == number


def test_59_only_the_packages_that_are_asked_for_are_told(inside: Inside) -> None:
    answer = looked_up(inside, ANN, Fields="line_status,line_type_intelligence")
    told = {name for name in answer.body if isinstance(answer[name], dict)}
    assert told == {"line_status", "line_type_intelligence"}
    refused = inside.ask("GET", f"{NUMBERS}/{ANN}", query={"Fields": "line_status,carrier"})
    assert (refused.status, refused.code) == (400, 60618)


def test_60_names_of_callers_are_american(inside: Inside) -> None:
    answer = looked_up(inside, BRITON, Fields="caller_name")
    assert answer["caller_name"] == {
        "caller_name": None,
        "caller_type": None,
        "error_code": 60600,
    }


def test_61_an_identity_is_matched_by_what_is_said_of_it(inside: Inside) -> None:
    phone(inside, person={"first_name": "Ann"})
    without = looked_up(inside, ANN, Fields="identity_match")
    assert without["identity_match"]["error_code"] == 60617
    answer = looked_up(inside, ANN, Fields="identity_match", FirstName="Ann")
    assert answer["identity_match"]["first_name_match"] == "exact_match"
    assert answer["identity_match"]["summary_score"] == 70


def test_62_the_line_is_as_its_handset(inside: Inside) -> None:
    def status() -> str:
        said = looked_up(inside, ANN, Fields="line_status")["line_status"]["status"]
        assert isinstance(said, str)
        return said

    assert status() == "inactive"
    phone(inside)
    assert status() == "reachable"
    phone(inside, network="airplane")
    assert status() == "unreachable"


def test_64_an_override_is_what_look_ups_say(inside: Inside) -> None:
    def line_type() -> str:
        answer = looked_up(inside, ANN, Fields="line_type_intelligence")
        return str(answer["line_type_intelligence"]["type"])

    url = f"{NUMBERS}/{ANN}/Overrides/line_type"
    made = inside.ask("POST", url, said={"line_type": "fixedVoip", "reason": "So it is"})
    assert made.status == 201
    assert (made["original_line_type"], made["overridden_line_type"]) == ("mobile", "fixedVoip")
    assert line_type() == "fixedVoip"
    changed = inside.ask("PUT", url, said={"line_type": "landline", "reason": "So it is"})
    assert (changed.status, line_type()) == (200, "landline")
    assert inside.ask("DELETE", url).status == 204
    assert inside.ask("GET", url).status == 404
    assert line_type() == "mobile"


def test_65_of_many_numbers_an_invalid_one_spoils_no_other(inside: Inside) -> None:
    numbers = (ANN, "+1415992", BRITON)
    said = [{"phone_number": each, "correlation_id": each[-3:]} for each in numbers]
    answer = inside.ask("POST", f"{LOOKUPS}/batch/query", said={"phone_numbers": said})
    assert answer.status == 200
    assert [each["correlation_id"] for each in answer["phone_numbers"]] == ["199", "992", "456"]
    assert [each["valid"] for each in answer["phone_numbers"]] == [True, False, True]


def test_66_test_credentials_may_look_up(inside: Inside) -> None:
    account = inside.world[Accounts][inside.account_sid]
    assert account.test_account_sid is not None
    assert account.test_auth_token is not None
    answer = inside.ask(
        "GET", f"{NUMBERS}/{ANN}", auth=(account.test_account_sid, account.test_auth_token)
    )
    assert (answer.status, answer["valid"]) == (200, True)


def test_63_a_package_fails_as_the_control_api_says(inside: Inside) -> None:
    said = inside.ask(
        "PUT",
        f"{CONTROL}/lookups/{ANN}",
        query={"account": inside.account_sid},
        said={"error": {"sim_swap": 60606}},
    )
    assert said.status == 200, said.body
    assert looked_up(inside, ANN, Fields="sim_swap")["sim_swap"] == {
        "last_sim_swap": None,
        "carrier_name": None,
        "mobile_country_code": None,
        "mobile_network_code": None,
        "error_code": 60606,
    }


def test_the_path_alone_tells_that_it_is_lookup(inside: Inside) -> None:
    url = f"http://localhost/v2/PhoneNumbers/{ANN}"
    assert inside.ask("GET", url)["url"] == url
    said = {"phone_numbers": [{"phone_number": ANN}]}
    assert inside.ask("POST", "http://localhost/v2/batch/query", said=said).status == 200
    assert inside.ask("GET", "http://localhost/v2/RateLimits").body == {"rate_limits": []}
    assert inside.ask("GET", "http://localhost/v2/Content").status == 404


def test_a_number_that_was_just_verified_is_filled_in(inside: Inside) -> None:
    phone(inside, person={"first_name": "Ann", "postal_code": "94105"})
    (service,) = inside.library.verify.v2.services.list()
    assert service.sid is not None
    verify = inside.library.verify.v2.services(service.sid)
    made = verify.verifications.create(to=ANN, channel="sms")
    verify.verifications(str(made.sid)).update(status="approved")
    answer = looked_up(inside, ANN, Fields="pre_fill", VerificationSid=str(made.sid))
    assert (answer["pre_fill"]["first_name"], answer["pre_fill"]["error_code"]) == ("Ann", None)


def test_a_number_whose_codes_are_blocked_is_a_risk(inside: Inside) -> None:
    rule = {"match": ANN, "as": 60410}
    query = {"account": inside.account_sid}
    made = inside.ask("POST", f"{CONTROL}/verify/fraud", query=query, said=rule)
    assert made.status < 300, made.body
    answer = looked_up(inside, ANN, Fields="sms_pumping_risk")
    assert answer["sms_pumping_risk"]["number_blocked"] is True
    said = [{"phone_number": ANN, "fields": ["sms_pumping_risk"]}]
    many = inside.ask("POST", f"{LOOKUPS}/batch/query", said={"phone_numbers": said})
    assert many["phone_numbers"][0]["sms_pumping_risk"]["number_blocked"] is True
