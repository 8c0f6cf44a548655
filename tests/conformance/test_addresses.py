"""Addresses as people without a library send them: with a plus that the form makes a space."""

import pytest

from tests.conformance.inside import CONVERSATIONS, Inside, Said
from tests.conformance.messaging_walk import ANN, API, NUMBER
from twilio_emulator.core.accounts.accounts import Accounts

FORM = {"content-type": "application/x-www-form-urlencoded"}
WHATSAPP = "whatsapp:+14155238886"


def sent(inside: Inside, url: str, body: str) -> Said:
    """What a form answers that stands as it is, so that its `+` is a space."""
    return inside.ask("POST", url, content=body.encode(), headers=FORM)


def messages(inside: Inside) -> str:
    return f"{API}/Accounts/{inside.account_sid}/Messages.json"


@pytest.mark.parametrize(
    ("to", "sender"),
    [
        (ANN, NUMBER),
        ("+44 7700 900123", NUMBER),
        (f"whatsapp:{ANN}", WHATSAPP),
        (f"WhatsApp:{ANN} ", f" {WHATSAPP}"),
    ],
)
def test_a_message_is_sent(inside: Inside, to: str, sender: str) -> None:
    answer = sent(inside, messages(inside), f"To={to}&From={sender}&Body=Hi")
    assert answer.status == 201, answer.body
    assert answer["from"] == sender.strip()
    assert answer["to"] == to.strip().replace(" ", "").lower()


def test_messages_are_found_by_either_side(inside: Inside) -> None:
    inside.library.messages.create(to=ANN, from_=NUMBER, body="Hi")
    for query in (f"To={ANN}", f"From={NUMBER}", f"To={ANN}&From={NUMBER}"):
        answer = inside.ask("GET", f"{messages(inside)}?{query}")
        assert [it["body"] for it in answer["messages"]] == ["Hi"], query


def test_a_participant_is_bound_and_found(inside: Inside) -> None:
    path = f"{CONVERSATIONS}/Conversations/{inside.conversation()}/Participants"
    body = f"MessagingBinding.Address={ANN}&MessagingBinding.ProxyAddress={NUMBER}"
    answer = sent(inside, path, body)
    assert answer.status == 201, answer.body
    assert answer["messaging_binding"] == {"type": "sms", "address": ANN, "proxy_address": NUMBER}
    found = inside.ask("GET", f"{CONVERSATIONS}/ParticipantConversations?Address={ANN}")
    assert len(found["conversations"]) == 1


def test_an_address_is_configured_and_found(inside: Inside) -> None:
    url = f"{CONVERSATIONS}/Configuration/Addresses"
    answer = sent(inside, url, f"Type=sms&Address={NUMBER}")
    assert answer.status == 201, answer.body
    assert answer["address"] == NUMBER
    assert inside.ask("GET", f"{url}/%20{NUMBER[1:]}")["sid"] == answer["sid"]


def test_numbers_are_bought_verified_and_found(inside: Inside) -> None:
    base = f"{API}/Accounts/{inside.account_sid}"
    bought = sent(inside, f"{base}/IncomingPhoneNumbers.json", "PhoneNumber=+12025550177")
    assert bought.status == 201, bought.body
    assert bought["phone_number"] == "+12025550177"
    query = "PhoneNumber=+12025550177"
    found = inside.ask("GET", f"{base}/IncomingPhoneNumbers.json?{query}")
    assert len(found["incoming_phone_numbers"]) == 1
    asked = sent(inside, f"{base}/OutgoingCallerIds.json", f"PhoneNumber={ANN}")
    assert (asked.status, asked["phone_number"]) == (200, ANN)
    inside.advance(minutes=1)
    callers = inside.ask("GET", f"{base}/OutgoingCallerIds.json?PhoneNumber={ANN}")
    assert len(callers["outgoing_caller_ids"]) == 1
    near = f"{base}/AvailablePhoneNumbers/US/Local.json?NearNumber=+12025550100"
    assert inside.ask("GET", near)["available_phone_numbers"][0]["region"] == "DC"


def test_test_credentials_read_them_too(inside: Inside) -> None:
    account = inside.world[Accounts][inside.account_sid]
    auth = (account.test_account_sid, account.test_auth_token)
    answer = inside.ask(
        "POST",
        f"{API}/Accounts/{account.test_account_sid}/Messages.json",
        content=f"To={ANN}&From=+15005550006&Body=Hi".encode(),
        headers=FORM,
        auth=auth,
    )
    assert answer.status == 201, answer.body


@pytest.mark.parametrize("to", ["foo:+12025550199", "tel:+12025550199", ":", "signal:+1202"])
def test_an_unknown_channel_of_the_recipient_is_the_senders_fault(inside: Inside, to: str) -> None:
    """https://github.com/twilio/twilio-node/issues/456 and 270."""
    answer = inside.ask("POST", messages(inside), {"To": to, "From": NUMBER, "Body": "Hi"})
    assert (answer.status, answer.code) == (400, 21212)
    assert answer["message"] == (
        f"The 'From' number {NUMBER} is not a valid phone number, shortcode, or alphanumeric "
        "sender ID."
    )


@pytest.mark.parametrize(
    ("address", "proxy_address", "code"),
    [("foo:+12025550199", NUMBER, 50407), (ANN, "foo:+12025550100", 50408)],
)
def test_an_unknown_channel_binds_nobody(
    inside: Inside, address: str, proxy_address: str, code: int
) -> None:
    path = f"/Conversations/{inside.conversation()}/Participants"
    binding = {"MessagingBinding.Address": address, "MessagingBinding.ProxyAddress": proxy_address}
    answer = inside.ask("POST", path, binding)
    assert (answer.status, answer.code) == (400, code)


def test_a_binding_is_not_repeated(inside: Inside) -> None:
    """https://github.com/twilio/terraform-provider-twilio/pull/63"""
    path = f"/Conversations/{inside.conversation()}/Participants"
    binding = {"MessagingBinding.Address": ANN, "MessagingBinding.ProxyAddress": NUMBER}
    made = inside.made(path, binding)
    again = {"MessagingBinding.ProxyAddress": NUMBER}
    answer = inside.ask("POST", f"{path}/{made['sid']}", again)
    assert (answer.status, answer.code) == (400, 50441)
    assert inside.seen(f"{path}/{made['sid']}")["messaging_binding"]["proxy_address"] == NUMBER
