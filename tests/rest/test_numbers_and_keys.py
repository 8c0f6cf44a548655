"""Phone numbers, short codes, keys and the account itself, as Twilio's own library sees them."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.rest.conftest import ACCOUNT, NUMBER, TOKEN
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import add_number


def test_the_numbers_of_a_new_account(client: Client) -> None:
    numbers = client.incoming_phone_numbers.list()
    assert [number.phone_number for number in numbers] == ["+12025550101", NUMBER]
    assert numbers[0].capabilities == {"voice": True, "sms": True, "mms": True, "fax": False}
    assert client.incoming_phone_numbers.local.list(phone_number="0100")[0].phone_number == NUMBER
    assert client.incoming_phone_numbers.toll_free.list() == []


def test_a_number_is_bought_set_up_and_released(client: Client) -> None:
    number = client.incoming_phone_numbers.create(
        phone_number="+12025550110", sms_url="https://example.com/sms"
    )
    assert (number.phone_number, number.sms_url, number.sms_method) == (
        "+12025550110",
        "https://example.com/sms",
        "POST",
    )
    number = number.update(sms_method="GET", voice_url="https://example.com/voice")
    assert (number.sms_method, number.voice_url) == ("GET", "https://example.com/voice")
    assert number.fetch().friendly_name == "+12025550110"
    assert number.delete()
    with pytest.raises(TwilioRestException) as gone:
        number.fetch()
    assert gone.value.status == 404


def test_a_toll_free_number_is_one(client: Client) -> None:
    client.incoming_phone_numbers.toll_free.create(phone_number="+18005550100")
    (number,) = client.incoming_phone_numbers.toll_free.list()
    assert number.phone_number == "+18005550100"


def test_short_codes(client: Client, world: World) -> None:
    add_number(world, ACCOUNT, "12345")
    (short_code,) = client.short_codes.list()
    assert (short_code.short_code, short_code.sid[:2]) == ("12345", "SC")
    assert short_code.update(sms_url="https://example.com/sms").sms_url == (
        "https://example.com/sms"
    )
    assert short_code.fetch().sms_url == "https://example.com/sms"


def test_a_key_shows_its_secret_once(client: Client) -> None:
    made = client.new_keys.create(friendly_name="One")
    assert made.secret is not None
    assert len(made.secret) == 32
    assert made.sid is not None
    key = client.keys(made.sid).fetch()
    assert (key.sid, key.friendly_name) == (made.sid, "One")
    assert client.keys(made.sid).update(friendly_name="Two").friendly_name == "Two"
    assert len(client.keys.list()) == 2
    assert client.keys(made.sid).delete()
    assert len(client.keys.list()) == 1


def test_the_account(client: Client) -> None:
    account = client.api.v2010.accounts(ACCOUNT).fetch()
    assert (account.sid, account.auth_token, account.status) == (ACCOUNT, TOKEN, "active")
    assert account.subresource_uris is not None
    for name, uri in account.subresource_uris.items():
        assert client.request("GET", f"https://api.twilio.com{uri}").status_code == 200, name
