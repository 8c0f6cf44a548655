"""Sentences about phones: what is written on them, and what they get."""

from datetime import timedelta
from typing import Any

from twilio_emulator.scenarios.language import matching
from twilio_emulator.scenarios.language.json_shapes import Anything, Expected, Pairs
from twilio_emulator.scenarios.language.scenario import CHAT, PHONE
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import (
    ADDRESS,
    Duration,
    Keys,
    Known,
    ListOf,
    NewName,
    Switch,
    TextShape,
    WholeNumber,
    Word,
)
from twilio_emulator.scenarios.language.templates import spoken
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene
from twilio_emulator.scenarios.sentences import chat
from twilio_emulator.scenarios.sentences.answers import REFUSAL, refused_as_expected
from twilio_emulator.scenarios.sentences.arrivals import (
    MOST_EXPECTED,
    Item,
    expect_arrivals,
    expect_nothing,
)
from twilio_emulator.scenarios.sentences.chat import CONVERSATION

SOMEBODY = Known(("phone", "number", "answer"), "somebody or a number", also=ADDRESS)
NUMBER = Known(("number", "answer"), "one of the numbers", also=ADDRESS)
LOCATION = Keys(
    {name: Anything() for name in ("latitude", "longitude", "address", "label")},
    "what can be said of a place",
    required=("latitude", "longitude"),
)
ITEM_KEYS = (
    "body",
    "from",
    "to",
    "others",
    "channel",
    "media",
    "codes",
    "links",
    "state",
    "system",
    "conversation_sid",
    "message_sid",
)

KEYS = (*ITEM_KEYS, *chat.MESSAGE_KEYS)


@sentence(
    "texts",
    by=(PHONE,),
    says=TextShape(),
    beside={
        "to": NUMBER,
        "and to": ListOf(SOMEBODY),
        "channel": Word(("sms", "mms", "whatsapp")),
        "media": ListOf(TextShape("the URL of a file")),
        "in reply to": Known(("answer",), "a text that was named"),
        "forwarded": Switch(),
        "location": LOCATION,
        "parameters": Pairs("further parameters of the webhook"),
        "as": NewName(),
        "fails": REFUSAL,
    },
    example="Ann texts: Hello, where is my parcel?",
)
async def texts(scene: Scene, step: Step) -> None:
    """A text is written on a phone: to the number that wrote last, else to the first number."""
    person = scene.person(step.who)
    to = scene.address(step.beside["to"]) if "to" in step.beside else scene.number_for(person)
    body = scene.text(step.says)
    more: dict[str, Any] = {}
    if "channel" in step.beside:
        more["channel"] = step.beside["channel"]
    if "and to" in step.beside:
        more["others"] = [scene.address(other) for other in step.beside["and to"]]
    if "media" in step.beside:
        more["media"] = [{"url": scene.text(url)} for url in step.beside["media"]]
    if "in reply to" in step.beside:
        more["reply_to"] = scene.message_sid(step.beside["in reply to"])
    if "forwarded" in step.beside:
        more["forwarded"] = step.beside["forwarded"]
    if "location" in step.beside:
        more["location"] = scene.fill(step.beside["location"])
    if "parameters" in step.beside:
        given = scene.meant(step.beside["parameters"])
        more["extra_params"] = {name: spoken(value) for name, value in given.items()}
    answer = await scene.write(person, to, body, **more)
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    scene.peers[person.name] = to
    scene.keep(step.beside.get("as"), answer.body)
    await scene.tell_that(person.name, "→", body, f"to {to}")


@sentence(
    "gets",
    by=(PHONE, CHAT),
    says=Expected(keys=KEYS),
    beside={
        "within": Duration(),
        "count": WholeNumber(1, most=MOST_EXPECTED),
        "in": CONVERSATION,
        "as": NewName(),
    },
    example="Ann gets: /arrives tomorrow/",
)
async def gets(scene: Scene, step: Step) -> None:
    """Something arrives that no earlier step expected: exactly this text, or a /pattern/."""
    person = scene.person(step.who)
    if person.kind == CHAT:
        await chat.gets(scene, step, person)
        return
    for item in await expect_arrivals(scene, step, scene.inbox(person), about, describe):
        scene.peers[person.name] = item["thread"]
        await scene.tell_that(person.name, "←", item["body"], f"from {item['from']}")


@sentence(
    "gets nothing",
    by=(PHONE, CHAT),
    says=Expected(keys=KEYS),
    optional=True,
    beside={"within": Duration(), "in": CONVERSATION},
    example="Ann gets nothing",
)
async def gets_nothing(scene: Scene, step: Step) -> None:
    """Nothing arrives, or nothing like this, while time passes."""
    await _expect_nothing(scene, step, step.says, step.beside.get("within", PATIENCE))


@sentence(
    "gets nothing for",
    by=(PHONE, CHAT),
    says=Duration(),
    beside={"like": Expected(keys=KEYS), "in": CONVERSATION},
    example="Ann gets nothing for: 1 hour",
)
async def gets_nothing_for(scene: Scene, step: Step) -> None:
    """Nothing arrives for so long, or nothing `like` this."""
    await _expect_nothing(scene, step, step.beside.get("like"), step.says)


async def _expect_nothing(scene: Scene, step: Step, unwanted: Any, within: timedelta) -> None:
    person = scene.person(step.who)
    if person.kind == CHAT:
        await chat.gets_nothing(scene, step, person, unwanted, within)
    else:
        inbox = scene.inbox(person)
        await expect_nothing(scene, step, inbox, about, describe, unwanted, within)


def about(expected: Any) -> Any:
    """What is expected of an item; a bare value is about its body."""
    if isinstance(expected, dict) and not expected.keys().isdisjoint(ITEM_KEYS):
        return expected
    return {"body": expected}


def describe(item: Item) -> str:
    """An item in a line."""
    return f"{matching.show(item['body'])} ({item['channel']} from {item['from']})"
