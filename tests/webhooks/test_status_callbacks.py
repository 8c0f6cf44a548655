from datetime import timedelta
from typing import Any

import pytest

from tests.webhooks.conftest import ACCOUNT, ANN, MESSAGING_SERVICE, NUMBER
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import Happened, World
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.senders.messaging_services import (
    AddMessagingService,
    UpdateMessagingService,
)
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.senders.whatsapp_senders import UpdateChannelSender
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import Fault, Final
from twilio_emulator.core.texts.text import Text, Texts, TextStatusChanged
from twilio_emulator.webhooks.decisions import Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.messaging import status_callbacks
from twilio_emulator.webhooks.messaging.manner import MESSAGING

URL = "https://example.com/status?tag=a"


class Steps:
    """What becomes of the steps of texts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.outcomes: list[Outcome] = []
        world.listeners.append(self.hear)

    def hear(self, happened: Happened) -> None:
        if isinstance(happened.event, TextStatusChanged):
            outcome = status_callbacks.status_changed(self.world, happened.event.text)
            if outcome is not None:
                self.outcomes.append(outcome)

    @property
    def requests(self) -> list[Request]:
        return [request for _, request in self.outcomes if request is not None]

    @property
    def statuses(self) -> list[str]:
        return [dict(request.parameters)["MessageStatus"] for request in self.requests]

    def said(self, status: str) -> dict[str, str]:
        (request,) = [it for it in self.requests if it.event == f"status callback {status}"]
        return dict(request.parameters)


@pytest.fixture
def steps(world: World) -> Steps:
    return Steps(world)


def send(world: World, **wanted: Any) -> Text:
    """Send a text, and let its life pass."""
    wanted = {"from_": NUMBER, "to": ANN, "body": "Hi"} | wanted
    text = world.perform(CreateText(account=ACCOUNT, **wanted))
    world.catch_up(world.now + timedelta(seconds=10))
    return world[Texts][text.sid]


def test_a_text_is_called_back_after_each_step_but_two(world: World, steps: Steps) -> None:
    text = send(world, status_callback=URL)

    assert steps.statuses == ["sent", "delivered"]
    (request, _) = steps.requests
    assert request == Request(
        event="status callback sent",
        subject=text.sid,
        account_sid=ACCOUNT,
        manner=MESSAGING,
        url=URL,
        method="POST",
        parameters=(
            ("SmsSid", text.sid),
            ("SmsStatus", "sent"),
            ("MessageStatus", "sent"),
            ("To", ANN),
            ("MessageSid", text.sid),
            ("AccountSid", ACCOUNT),
            ("From", NUMBER),
            ("ApiVersion", "2010-04-01"),
        ),
    )
    assert steps.said("delivered")["RawDlrDoneDate"] == "2601050900"
    assert steps.outcomes[0][0] == Decision(
        event="status callback sent",
        subject=text.sid,
        setting="StatusCallback",
        url=URL,
        sent=True,
        because="the setting asks for it",
    )


def test_a_text_of_a_service_is_queued_first(world: World, steps: Steps) -> None:
    world.perform(
        UpdateMessagingService(
            account=ACCOUNT, messaging_service=MESSAGING_SERVICE, status_callback=URL
        )
    )
    send(world, from_=None, messaging_service_sid=MESSAGING_SERVICE)

    assert steps.statuses == ["queued", "sent", "delivered"]
    assert steps.said("queued")["MessagingServiceSid"] == MESSAGING_SERVICE


def test_the_texts_own_url_comes_before_the_services(world: World, steps: Steps) -> None:
    world.perform(
        UpdateMessagingService(
            account=ACCOUNT, messaging_service=MESSAGING_SERVICE, status_callback=URL
        )
    )
    own = "https://example.com/own"
    send(world, from_=None, messaging_service_sid=MESSAGING_SERVICE, status_callback=own)

    assert {request.url for request in steps.requests} == {own}


def test_the_services_url_is_looked_up_when_the_text_has_none(world: World, steps: Steps) -> None:
    service = world.perform(AddMessagingService(account=ACCOUNT, friendly_name="Other"))
    text = send(world)
    late = Text(
        **{name: getattr(text, name) for name in Text.__slots__}
        | {"messaging_service_sid": service.sid}
    )
    assert status_callbacks.status_changed(world, late) is None

    world.perform(
        UpdateMessagingService(account=ACCOUNT, messaging_service=service.sid, status_callback=URL)
    )

    outcome = status_callbacks.status_changed(world, late)
    assert outcome is not None
    assert (outcome[0].setting, outcome[0].url) == (f"status_callback of {service.sid}", URL)


def test_nobody_is_told_where_no_url_is_set(world: World, steps: Steps) -> None:
    send(world)

    assert steps.outcomes == []


def test_a_failure_says_its_error(world: World, steps: Steps) -> None:
    world.perform(AddFault(do=Fault(final=Final(status="undelivered", error_code=30003))))
    send(world, status_callback=URL)

    said = steps.said("undelivered")
    assert (said["ErrorCode"], said["RawDlrDoneDate"]) == ("30003", "2601050900")
    assert next(iter(said)) == "ErrorCode"
    assert "ErrorCode" not in steps.said("sent")


def whatsapp(world: World) -> dict[str, Any]:
    """Parameters of a text by WhatsApp; the phone has written before."""
    from twilio_emulator.core.messaging.inbound import SendFromHandset

    sender = "whatsapp:+14155238886"
    world.perform(SendFromHandset(address=ANN, to=sender, body="Hi"))
    world.perform(SendFromHandset(address=ANN, to=sender, body="join emulator"))
    return {"from_": sender, "to": f"whatsapp:{ANN}", "status_callback": URL}


def test_whatsapp_says_more(world: World, steps: Steps) -> None:
    send(world, **whatsapp(world))

    sender = world[PhoneNumbers].at("whatsapp:+14155238886")
    assert sender is not None
    said = steps.said("delivered")
    assert said["ChannelPrefix"] == "whatsapp"
    assert said["ChannelInstallSid"] == sender.sid
    assert said["ChannelToAddress"] == ANN
    assert said["StructuredMessage"] == "false"
    assert said["EventType"] == "DELIVERED"
    assert "RawDlrDoneDate" not in said
    assert "EventType" not in steps.said("sent")
    assert "ErrorMessage" not in said


def test_whatsapp_says_why_it_failed(world: World, steps: Steps) -> None:
    world.perform(AddFault(do=Fault(final=Final(status="undelivered", error_code=63024))))
    send(world, **whatsapp(world))

    said = steps.said("undelivered")
    assert said["ErrorCode"] == "63024"
    assert said["ChannelStatusMessage"] == said["ErrorMessage"] == "Invalid message recipient"


def test_a_fault_drops_a_callback(world: World, steps: Steps) -> None:
    world.perform(AddFault(do=Fault(drop_callback=True)))
    send(world, status_callback=URL)

    assert steps.requests == []
    assert {decision.because for decision, _ in steps.outcomes} == {"a fault drops it"}


def test_a_whatsapp_sender_has_an_url_of_last_resort(world: World, steps: Steps) -> None:
    sender = world[PhoneNumbers].at("whatsapp:+14155238886")
    assert sender is not None
    webhook = {"status_callback_url": URL, "status_callback_method": "GET"}
    world.perform(UpdateChannelSender(account=ACCOUNT, number=sender.sid, webhook=webhook))
    wanted = {"from_": sender.address, "to": f"whatsapp:{ANN}"}
    send(world, **wanted)
    assert [(it.url, it.method) for it in steps.requests] == [(URL, "GET")] * 2
    assert steps.outcomes[0][0].setting == f"status_callback_url of {sender.sid}"
    send(world, **wanted, status_callback="https://example.com/own")
    assert {it.url for it in steps.requests[2:]} == {"https://example.com/own"}


def test_the_status_callback_of_a_phone_number_is_for_calls(world: World, steps: Steps) -> None:
    number = world[PhoneNumbers].at(NUMBER)
    assert number is not None
    world[PhoneNumbers].put(replace(number, status_callback=URL))
    send(world)
    assert steps.outcomes == []
