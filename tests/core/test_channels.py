import pytest

from emulator.core.channels import (
    Channel,
    bare,
    channel_of,
    is_sender_name,
    is_short_code,
    on_channel,
)


def test_the_prefix_of_an_address_is_its_channel() -> None:
    assert channel_of("+12025550100") is Channel.SMS
    assert channel_of("whatsapp:+12025550100") is Channel.WHATSAPP
    assert channel_of("WhatsApp:+12025550100") is Channel.WHATSAPP
    assert channel_of("ACME: Inc") is Channel.SMS


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
