"""The flaky carrier is as bad as it gets, and just as bad again with the same seed."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from tests.conformance.inside import Inside
from tests.conformance.messaging_refusals import send, set_number
from tests.conformance.messaging_walk import ANN, NUMBER
from tests.webhooks.conftest import App, Received, twiml
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

MESSAGES = 40

Told = list[tuple[str, int, str]]
"""Webhooks as they arrived: path, number of the message, status."""

Play = Callable[[int], Told]


@pytest.fixture
def play(loop: asyncio.AbstractEventLoop, app: App) -> Play:
    """The same things happen on a server of its own, with this seed."""

    def play(seed: int) -> Told:
        server = Server(Settings(clock="frozen", carrier="flaky", seed=seed), lambda: b"")
        inside = Inside(server, loop, app)
        app.received.clear()
        app.answers["/sms"] = twiml("<Message>Yes</Message><Message>No</Message>")
        set_number(inside, sms_url=f"{app.url}/sms")
        for number in range(MESSAGES):
            service = inside.messaging_service_sid if number % 2 else None
            send(
                inside,
                To=f"+1202555{number:04}",
                MessagingServiceSid=service,
                StatusCallback=f"{app.url}/status",
            )
            if number % 8 == 0:
                inside.perform(SendFromHandset(address=ANN, to=NUMBER, body=str(number)))
        inside.advance(hours=1)
        numbers = {text.sid: number for number, text in enumerate(inside.world[Texts])}
        inside.close()
        inside.run(server.end())
        return [(it.path, numbers[it.form["MessageSid"]], _status(it)) for it in app.received]

    return play


def _status(request: Received) -> str:
    return request.form.get("MessageStatus", "")


def test_the_same_seed_calls_back_the_same_in_the_same_order(play: Play) -> None:
    first = play(7)
    assert play(7) == first
    assert play(7) == first
    assert play(8) != first


def test_it_sends_callbacks_twice_late_and_in_another_order(play: Play) -> None:
    told = [(number, status) for path, number, status in play(7) if path == "/status"]
    assert max(Counter(told).values()) == 2
    overtaken = [
        number
        for number, status in told
        if status == "sent" and told.index((number, "delivered")) < told.index((number, "sent"))
    ]
    assert overtaken
    assert Counter(status for _, status in set(told))["delivered"] == MESSAGES
