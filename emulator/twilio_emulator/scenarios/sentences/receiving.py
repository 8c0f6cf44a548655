"""Sentences about webhook receivers: what they are sent, and what they answer."""

from typing import Any

from twilio_emulator.core.conversations.webhook_configurations import POST_EVENTS, PRE_EVENTS
from twilio_emulator.core.texts.text import TextStatus
from twilio_emulator.scenarios.language.json_shapes import Anything, Expected
from twilio_emulator.scenarios.language.scenario import RECEIVER
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import Duration, ListOf, NewName, WholeNumber
from twilio_emulator.scenarios.player.receivers import HANGS, reply
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene
from twilio_emulator.scenarios.sentences.arrivals import (
    MOST_EXPECTED,
    Item,
    expect_arrivals,
    expect_nothing,
)

ANSWERS = ListOf(Anything(f"TwiML, a text, a status of HTTP, {HANGS}, or keys: status, body, type"))
ORCHESTRATOR_EVENTS = (
    *("CONVERSATION_CREATED", "CONVERSATION_UPDATED"),
    *("PARTICIPANT_ADDED", "PARTICIPANT_UPDATED", "PARTICIPANT_REMOVED"),
    *("COMMUNICATION_CREATED", "COMMUNICATION_UPDATED"),
)
STATUSES = tuple(str(status) for status in TextStatus)
TOLD_OF = {
    "EventType": (*PRE_EVENTS, *POST_EVENTS, *(status.upper() for status in STATUSES)),
    "MessageStatus": STATUSES,
    "SmsStatus": STATUSES,
    "event": ORCHESTRATOR_EVENTS,
}
"""What parameters that say what happened can be."""

TOLD = ("event", "EventType", "MessageStatus", "SmsStatus", "type", "From", "Body", "Author")
"""Parameters that say most about a webhook, in a line."""


@sentence(
    "receives",
    by=(RECEIVER,),
    says=Expected(values=TOLD_OF),
    beside={"within": Duration(), "count": WholeNumber(1, most=MOST_EXPECTED), "as": NewName()},
    example="app receives: {From: +12025550199, Body: Hello}",
)
async def receives(scene: Scene, step: Step) -> None:
    """A webhook comes that no earlier step expected: with these parameters, whatever others."""
    arrivals = scene.receiver(step.who)
    for request in await expect_arrivals(scene, step, arrivals, about, describe):
        await scene.tell_that(step.who or "", "←", describe(request))


@sentence(
    "receives nothing",
    by=(RECEIVER,),
    says=Expected(values=TOLD_OF),
    optional=True,
    beside={"within": Duration()},
    example="app receives nothing",
)
async def receives_nothing(scene: Scene, step: Step) -> None:
    """No webhook comes, or none like this, while time passes."""
    within = step.beside.get("within", PATIENCE)
    arrivals = scene.receiver(step.who)
    await expect_nothing(scene, step, arrivals, about, describe, step.says, within)


@sentence(
    "answers",
    by=(RECEIVER,),
    says=ANSWERS,
    example="app answers: <Response><Message>Thanks!</Message></Response>",
)
async def answers(scene: Scene, step: Step) -> None:
    """From now on a receiver answers this; of several, one after another."""
    scene.receiver(step.who).replies = [reply(scene.fill(said)) for said in step.says]
    await scene.tell_that(step.who or "", "·", "answers otherwise from now on")


def about(expected: Any) -> Any:
    """What is expected of a request, which is always said key by key."""
    return expected


def describe(request: Item) -> str:
    """A request in a line."""
    told = [f"{name}={request[name]}" for name in TOLD if request.get(name)]
    content = request.get("content")
    if isinstance(content, dict) and "text" in content:
        told.append(f"text={content['text']}")
    return " ".join([request["method"], *told])
