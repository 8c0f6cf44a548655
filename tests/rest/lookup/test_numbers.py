"""Looking numbers up by REST."""

from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.rest.conftest import ANN, NUMBER, TEST_ACCOUNT, InProcess
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.definitions import DefineAnswer
from twilio_emulator.core.lookup.packages import KEYS

Ask = Callable[..., tuple[int, Any]]

V1 = "https://lookups.twilio.com/v1/PhoneNumbers"
V2 = "https://lookups.twilio.com/v2/PhoneNumbers"
LONDON = "+442079460958"
BRITON = "+447400123456"


def test_an_answer_has_all_keys_in_order(ask: Ask) -> None:
    status, answer = ask("GET", f"{V2}/+14159929960")
    assert status == 200
    assert list(answer) == [
        "calling_country_code",
        "country_code",
        "phone_number",
        "national_format",
        "valid",
        "validation_errors",
        *KEYS,
        "url",
    ]
    assert answer == {
        "calling_country_code": "1",
        "country_code": "US",
        "phone_number": "+14159929960",
        "national_format": "(415) 992-9960",
        "valid": True,
        "validation_errors": [],
        **dict.fromkeys(KEYS),
        "url": f"{V2}/+14159929960",
    }


def test_an_invalid_number_is_answered_without_packages(ask: Ask) -> None:
    status, answer = ask("GET", f"{V2}/+141599299600", Fields="sim_swap,line_status")
    assert (status, answer["valid"], answer["validation_errors"]) == (200, False, ["TOO_LONG"])
    assert (answer["phone_number"], answer["country_code"]) == ("+141599299600", None)
    assert (answer["calling_country_code"], answer["national_format"]) == (None, None)
    assert answer["sim_swap"] is answer["line_status"] is None
    assert answer["url"] == f"{V2}/+141599299600"


@pytest.mark.parametrize(
    "written", ["%2B14159929960", "+1 415-992-9960", "4159929960", "%2B1(415)"]
)
def test_a_number_may_be_written_in_many_ways(ask: Ask, written: str) -> None:
    _, answer = ask("GET", f"{V2}/{written}")
    assert answer["valid"] == (written != "%2B1(415)")
    assert answer["url"].startswith(f"{V2}/+1415")


def test_what_is_no_number_is_in_the_url_as_it_was_written(ask: Ask) -> None:
    _, answer = ask("GET", f"{V2}/a%20b%3F")
    assert (answer["phone_number"], answer["url"]) == ("a b?", f"{V2}/a%20b%3F")


def test_blanks_and_case_of_fields_are_of_no_account(ask: Ask) -> None:
    _, answer = ask("GET", f"{V2}/{ANN}", Fields=" Line_Status , validation,,sim_swap")
    assert answer["line_status"] == {"status": "inactive", "error_code": None}
    assert answer["sim_swap"]["error_code"] is None
    assert answer["caller_name"] is None


def test_the_person_is_held_against_the_owner(ask: Ask, world: World) -> None:
    person = {
        "first_name": "Ann",
        "last_name": "Leigh",
        "address_line1": "1 Main Street",
        "address_line2": "Flat 2",
        "city": "Springfield",
        "state": "IL",
        "address_country_code": "US",
        "date_of_birth": "1990-02-03",
    }
    world.perform(UpsertHandset(address=ANN, person=person))
    _, answer = ask(
        "GET",
        f"{V2}/{ANN}",
        Fields="identity_match",
        FirstName="ANN",
        LastName="Leih",
        AddressLine1="1 Main Street",
        AddressLine2="",
        City="Shelbyville",
        PostalCode="62701",
        DateOfBirth="19900203",
    )
    assert answer["identity_match"] == {
        "first_name_match": "exact_match",
        "last_name_match": "high_partial_match",
        "address_lines_match": "partial_match",
        "city_match": "no_match",
        "state_match": None,
        "postal_code_match": "no_data_available",
        "address_country_match": None,
        "national_id_match": None,
        "date_of_birth_match": "exact_match",
        "summary_score": 100,
        "error_code": None,
        "error_message": None,
    }


@pytest.mark.parametrize(
    ("fields", "parameters"),
    [
        ("identity_match", {"DateOfBirth": "1990"}),
        ("identity_match", {"PostalCode": "x" * 11}),
        ("reassigned_number", {"LastVerifiedDate": "20260230"}),
        ("carrier", {}),
        ("sms_pumping_risk", {"PartnerSubId": "x" * 65}),
    ],
)
def test_what_cannot_be_read_is_refused(ask: Ask, fields: str, parameters: Any) -> None:
    status, answer = ask("GET", f"{V2}/{ANN}", Fields=fields, **parameters)
    assert (status, answer["code"]) == (400, 60618)


def test_a_pre_fill_needs_a_verification(ask: Ask) -> None:
    status, answer = ask("GET", f"{V2}/{ANN}", Fields="pre_fill")
    assert (status, answer["code"]) == (400, 60623)


def test_a_look_up_changes_nothing_and_draws_nothing(ask: Ask, world: World) -> None:
    before = world.snapshot()
    for name in KEYS:
        ask("GET", f"{V2}/{ANN}", Fields=name)
    assert world.snapshot() == before


def test_the_library_reads_the_packages(client: Client) -> None:
    found = client.lookups.v2.phone_numbers(NUMBER).fetch(fields="line_type_intelligence")
    assert found.line_type_intelligence["type"] == "nonFixedVoip"
    assert found.line_type_intelligence["carrier_name"] == "Twilio - SMS/MMS-SVR"


def test_the_first_version_tells_carrier_and_caller(client: Client, world: World) -> None:
    world.perform(UpsertHandset(address=ANN, label="Ann Lee"))
    number = client.lookups.v1.phone_numbers(ANN)
    found = number.fetch(type=["carrier", "caller-name"])
    assert found.carrier["type"] == "mobile"
    assert found.carrier["name"] == "T-Mobile USA, Inc."
    assert found.caller_name["caller_name"] == "ANN LEE"
    assert (number.fetch().carrier, number.fetch().caller_name) == (None, None)
    assert found.url == f"{V1}/{ANN}"


@pytest.mark.parametrize(
    ("number", "line"), [(LONDON, "landline"), (NUMBER, "voip"), ("+18005550123", None)]
)
def test_the_first_version_has_three_types(ask: Ask, number: str, line: str | None) -> None:
    _, answer = ask("GET", f"{V1}/{number}", Type="carrier")
    assert answer["carrier"]["type"] == line
    assert answer["carrier"]["mobile_network_code"] is None


def test_the_first_version_knows_fictional_numbers_and_no_impossible_ones(
    ask: Ask, world: World, client: Client
) -> None:
    _, answer = ask("GET", f"{V1}/+447700900123", Type="carrier")
    assert (answer["country_code"], answer["national_format"]) == ("GB", "07700 900123")
    assert answer["carrier"]["type"] == "mobile"
    with pytest.raises(TwilioRestException) as refused:
        client.lookups.v1.phone_numbers("+1555").fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)
    assert "The requested resource /PhoneNumbers/" in refused.value.msg
    assert ask("GET", f"{V1}/{ANN}", Type="color")[0] == 400
    world.perform(DefineAnswer(number=ANN, valid=False))
    assert ask("GET", f"{V1}/{ANN}")[0] == 404


@pytest.mark.parametrize("name", list(KEYS))
def test_test_credentials_are_told_no_package_of_ordinary_numbers(
    http: InProcess, ask: Ask, name: str
) -> None:
    status, answer = ask("GET", f"{V2}/{ANN}", user=TEST_ACCOUNT, Fields=name)
    assert (status, answer["code"]) == (400, 60622)


def test_test_credentials_are_told_of_magic_numbers(ask: Ask) -> None:
    for number, period in (("+12345678900", "PT48H"), ("+12345678901", "PT24H")):
        _, answer = ask("GET", f"{V2}/{number}", user=TEST_ACCOUNT, Fields="sim_swap")
        assert answer["sim_swap"]["last_sim_swap"] == {
            "last_sim_swap_date": None,
            "swapped_period": period,
            "swapped_in_period": False,
        }
        assert list(answer["sim_swap"]) == list(KEYS["sim_swap"])
    assert ask("GET", f"{V2}/+12345678900", Fields="line_status")[1]["line_status"]


def test_test_credentials_do_nothing_else(ask: Ask) -> None:
    override = {"line_type": "landline"}
    url = f"{V2}/{ANN}/Overrides/line_type"
    assert ask("POST", url, user=TEST_ACCOUNT, said=override)[1]["code"] == 20008
    assert ask("GET", f"{V1}/{ANN}", user=TEST_ACCOUNT)[1]["code"] == 20008
