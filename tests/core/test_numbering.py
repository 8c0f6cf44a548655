import subprocess
import sys

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
