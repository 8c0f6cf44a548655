import subprocess
import sys

import phonenumbers
import pytest

from twilio_emulator.runtime import numbering


@pytest.mark.parametrize(
    "number",
    [
        "+15558675310",
        "+15551234567",
        "+15005550006",
        "+12025550123",
        "+14155238886",
        "+18005550100",
        "+447700900123",
        "+61491570156",
        "+882161234567890",
    ],
)
def test_numbers_that_documentation_uses_are_possible(number: str) -> None:
    assert numbering.normal(number) == number


@pytest.mark.parametrize(
    "number",
    ["+1555", "+1415555010", "+15550100", "+1202555010a", "+999123456789", "", "+", "not a number"],
)
def test_numbers_that_cannot_be(number: str) -> None:
    assert numbering.normal(number) is None


def test_what_people_write_between_digits_is_of_no_account() -> None:
    assert numbering.normal("+1 (202) 555-0100") == "+12025550100"
    assert numbering.normal("+44 7700 900123") == "+447700900123"


def test_a_national_form_takes_the_country_that_is_given() -> None:
    assert numbering.normal("202-555-0100", "US") == "+12025550100"
    assert numbering.normal("07700 900123", "GB") == "+447700900123"
    assert numbering.normal("2025550100") is None
    assert numbering.normal("0012025550100", "GB") is None


@pytest.mark.parametrize("number", ["tel:+12025550100", "+12025550100 ext 5", "+1202CALLNOW"])
def test_letters_and_extensions_are_no_part_of_a_number(number: str) -> None:
    assert numbering.normal(number, "US") is None


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+12025550123", "US"),
        ("+15551234567", "US"),
        ("+12042345678", "CA"),
        ("+18765551234", "JM"),
        ("+447700900123", "GB"),
        ("+882161234567890", None),
        ("+999123456789", None),
        ("12345", None),
    ],
)
def test_the_country_of_a_number(number: str, country: str | None) -> None:
    assert numbering.country(number) == country


def test_plain_numbers_do_not_load_the_library() -> None:
    program = (
        "import sys; from twilio_emulator.runtime import numbering;"
        "assert numbering.normal('+12025550100') == '+12025550100';"
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


@pytest.mark.parametrize(
    ("written", "country", "number", "error"),
    [
        ("+141599299600", "US", "+141599299600", "TOO_LONG"),
        ("+1415992", "US", "+1415992", "TOO_SHORT"),
        ("123", "US", "+1123", "TOO_SHORT"),
        ("+1234", "US", "+1234", "TOO_SHORT"),
        ("abc", "US", "abc", "NOT_A_NUMBER"),
        ("", "US", "", "NOT_A_NUMBER"),
        ("+99912345678", "US", "+99912345678", "INVALID_COUNTRY_CODE"),
        ("4159929960", "XX", "4159929960", "INVALID_COUNTRY_CODE"),
        ("+12003004000", "US", "+12003004000", "INVALID_BUT_POSSIBLE"),
        ("+447700900123", "US", "+447700900123", "INVALID_BUT_POSSIBLE"),
        ("+1" + "2" * 300, "US", "+1" + "2" * 300, "TOO_LONG"),
    ],
)
def test_why_nobody_can_have_a_number(written: str, country: str, number: str, error: str) -> None:
    planned = numbering.planned(written, country)
    assert (planned.number, planned.error, planned.line_type) == (number, error, "unknown")


@pytest.mark.parametrize(
    ("written", "country", "number", "national"),
    [
        ("4159929960", "US", "+14159929960", "(415) 992-9960"),
        ("(415) 992-9960", "us", "+14159929960", "(415) 992-9960"),
        ("02079460958", "GB", "+442079460958", "020 7946 0958"),
        ("+4915112345678", "US", "+4915112345678", "01511 2345678"),
        ("+33612345678", "US", "+33612345678", "06 12 34 56 78"),
        ("+81312345678", "US", "+81312345678", "03-1234-5678"),
        ("+5511961234567", "US", "+5511961234567", "(11) 96123-4567"),
    ],
)
def test_how_a_number_is_written_in_its_country(
    written: str, country: str, number: str, national: str
) -> None:
    planned = numbering.planned(written, country)
    assert (planned.number, planned.national_format, planned.error) == (number, national, None)


@pytest.mark.parametrize(
    ("number", "country", "line_type"),
    [
        ("+12025550100", "US", "mobile"),
        ("+18005550123", "US", "tollFree"),
        ("+442079460958", "GB", "landline"),
        ("+447400123456", "GB", "mobile"),
        ("+445612345678", "GB", "nonFixedVoip"),
        ("+447012345678", "GB", "personal"),
        ("+882161234567890", None, "nonFixedVoip"),
    ],
)
def test_what_sort_of_line_a_range_is_for(number: str, country: str | None, line_type: str) -> None:
    planned = numbering.planned(number, "US")
    assert (planned.country, planned.line_type) == (country, line_type)


def test_a_plain_number_of_north_america_is_where_the_library_would_have_it() -> None:
    for area in range(200, 1000):
        number = f"+1{area}5550100"
        read = phonenumbers.parse(number, None)
        assert numbering.country(number) == (phonenumbers.region_code_for_number(read) or "US")
