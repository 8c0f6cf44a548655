import pytest

from tests.core.conftest import PlainNumbering
from twilio_emulator.core.senders.addresses import (
    Channel,
    bare,
    channel_of,
    has_unknown_channel,
    is_sender_name,
    is_short_code,
    kept,
    numbered,
    on_channel,
    spelled,
)


def test_the_prefix_of_an_address_is_its_channel() -> None:
    assert channel_of("+12025550100") is Channel.SMS
    assert channel_of("whatsapp:+12025550100") is Channel.WHATSAPP
    assert channel_of("WhatsApp:+12025550100") is Channel.WHATSAPP
    assert channel_of("ACME: Inc") is Channel.SMS


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("+12025550100", "+12025550100"),
        (" 12025550100", "+12025550100"),
        (" whatsapp: 12025550100 ", "whatsapp:+12025550100"),
        ("WhatsApp:+12025550100", "whatsapp:+12025550100"),
        (" 12345", "12345"),
        (" ACME ", "ACME"),
        (" (202) 555-0100", "(202) 555-0100"),
        ("foo:+12025550100", "foo:+12025550100"),
        ("", ""),
    ],
)
def test_an_address_is_read_as_it_was_meant(address: str, meant: str) -> None:
    assert spelled(address) == meant


def test_a_number_is_kept_in_its_normal_form() -> None:
    numbering = PlainNumbering()
    assert numbered(numbering, "whatsapp: 1 (202) 555-0100") == "whatsapp:+12025550100"
    assert numbered(numbering, "(202) 555-0100") is None
    assert numbered(numbering, "(202) 555-0100", "US") == "+12025550100"
    assert numbered(numbering, "+1") is None
    assert kept(numbering, " 1 202 555 0100") == "+12025550100"
    assert kept(numbering, " ACME ") == "ACME"


def test_what_stands_before_a_colon_may_be_no_channel() -> None:
    assert has_unknown_channel("tel:+12025550100")
    assert not has_unknown_channel("whatsapp:+12025550100")
    assert not has_unknown_channel("+12025550100")


def test_an_address_without_its_channel_is_the_subscriber() -> None:
    assert bare("whatsapp:+12025550100") == bare("+12025550100") == "+12025550100"
    assert on_channel(Channel.WHATSAPP, "+12025550100") == "whatsapp:+12025550100"
    assert on_channel(Channel.MMS, "+12025550100") == "+12025550100"


@pytest.mark.parametrize(
    ("text", "short_code", "name"),
    [
        ("12345", True, False),
        ("12", False, False),
        ("123456789", False, False),
        ("ACME", False, True),
        ("ACME 24-7", False, True),
        ("ACME Limited", False, False),
        ("+12025550100", False, False),
    ],
)
def test_short_codes_and_sender_names(text: str, short_code: bool, name: bool) -> None:
    assert is_short_code(text) is short_code
    assert is_sender_name(text) is name
