"""Test credentials, as Twilio's own library uses them."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.rest.conftest import ANN, TEST_ACCOUNT, TEST_TOKEN, InProcess
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.texts.text import Texts

GOOD = "+15005550006"


@pytest.fixture
def rehearsal(http: InProcess) -> Client:
    return Client(TEST_ACCOUNT, TEST_TOKEN, http_client=http)


def test_a_message_is_as_if_it_was_sent(rehearsal: Client, world: World) -> None:
    message = rehearsal.messages.create(to=ANN, from_=GOOD, body="Hi")
    assert (message.status, message.account_sid, message.from_) == ("queued", TEST_ACCOUNT, GOOD)
    assert len(world[Texts]) == 0


@pytest.mark.parametrize(("sender", "status"), [(GOOD, 201), ("+15005550001", 400)])
def test_the_resource_of_old_rehearses_too(
    http: InProcess, world: World, sender: str, status: int
) -> None:
    url = f"https://api.twilio.com/2010-04-01/Accounts/{TEST_ACCOUNT}/SMS/Messages.json"
    form = {"To": ANN, "From": sender, "Body": "Hi"}
    answer = http.request("POST", url, data=form, auth=(TEST_ACCOUNT, TEST_TOKEN))
    assert answer.status_code == status
    assert len(world[Texts]) == 0


def test_magic_numbers_fail_as_twilio_says(rehearsal: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        rehearsal.messages.create(to=ANN, from_="+15005550008", body="Hi")
    assert (refused.value.code, refused.value.status) == (21611, 429)


def test_a_number_is_as_if_it_was_bought(rehearsal: Client, world: World) -> None:
    number = rehearsal.incoming_phone_numbers.create(phone_number=GOOD)
    assert (number.phone_number, number.account_sid) == (GOOD, TEST_ACCOUNT)
    assert world[PhoneNumbers].at(GOOD) is None


@pytest.mark.parametrize(
    "url",
    [
        f"https://api.twilio.com/2010-04-01/Accounts/{TEST_ACCOUNT}/Messages.json",
        "https://conversations.twilio.com/v1/Conversations",
        f"https://api.twilio.com/2010-04-01/Accounts/{TEST_ACCOUNT}/Keys.json",
    ],
)
def test_nothing_else_may_be_done(http: InProcess, url: str) -> None:
    answer = http.request("GET", url, auth=(TEST_ACCOUNT, TEST_TOKEN))
    assert answer.status_code == 403
    assert '"code":20008' in answer.text


def test_the_account_is_the_test_account(http: InProcess) -> None:
    stranger = Client(TEST_ACCOUNT, TEST_TOKEN, account_sid="AC" + "2" * 32, http_client=http)
    with pytest.raises(TwilioRestException) as refused:
        stranger.messages.create(to=ANN, from_=GOOD, body="Hi")
    assert refused.value.status == 404
