"""Sentences about who somebody is: codes that arrive, on a phone or in a mailbox."""

from datetime import timedelta
from typing import Any

from twilio_emulator.scenarios.language import matching
from twilio_emulator.scenarios.language.json_shapes import Expected
from twilio_emulator.scenarios.language.scenario import CHAT, PHONE
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import Duration, NewName, WholeNumber, Word
from twilio_emulator.scenarios.language.times import say_duration
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene
from twilio_emulator.scenarios.sentences import phones
from twilio_emulator.scenarios.sentences.arrivals import (
    MOST_EXPECTED,
    Item,
    expect_arrivals,
    expect_nothing,
)
from twilio_emulator.scenarios.sentences.codes import calls_of, mailbox_of

CALL = "call"
WAYS = ("sms", "mms", "rcs", "whatsapp", CALL)

MAIL_KEYS = (
    "subject",
    "body",
    "text",
    "html",
    "from",
    "from_name",
    "to",
    "codes",
    "links",
    "template_id",
    "substitutions",
    "about",
)


@sentence(
    "gets a code",
    by=(PHONE,),
    beside={"by": Word(WAYS), "within": Duration(), "as": NewName()},
    example="Ann gets a code",
)
async def gets_a_code(scene: Scene, step: Step) -> None:
    """A one-time code arrives that no earlier step expected: in a text, on WhatsApp or by call."""
    person, way = scene.person(step.who), step.beside.get("by")
    inbox, calls = scene.inbox(person), calls_of(scene, person)

    async def look() -> Item | None:
        while True:
            for item in await inbox.look() if way != CALL else []:
                if item["codes"] and way in (None, item["channel"]):
                    inbox.claim(item)
                    return item
            if way not in (None, CALL):
                return None
            for call in await calls.look():
                calls.claim(call)
                return {**call, "channel": CALL}
            if not await calls.take():
                return None

    within = step.beside.get("within", PATIENCE)
    found = await scene.until(look, within)
    if found is None:
        others = ", ".join(map(phones.describe, inbox.unclaimed)) or "nothing arrived"
        by = f" by {way}" if way else ""
        raise Unfulfilled(f"a code{by} within {say_duration(within)}", others)
    if found["channel"] != CALL:
        scene.peers[person.name] = found["thread"]
    scene.keep(step.beside.get("as"), found["codes"][0])
    await scene.tell_that(person.name, "←", found["body"], f"{found['channel']}: a code")


@sentence(
    "'s mailbox gets",
    by=(PHONE, CHAT),
    says=Expected(keys=MAIL_KEYS),
    beside={
        "within": Duration(),
        "count": WholeNumber(1, most=MOST_EXPECTED),
        "as": NewName(),
    },
    example="Ann's mailbox gets: /verification code is/",
)
async def mailbox_gets(scene: Scene, step: Step) -> None:
    """An e-mail arrives that no earlier step expected: exactly this text, or a /pattern/."""
    person = scene.person(step.who)
    for mail in await expect_arrivals(scene, step, mailbox_of(scene, person), _about, _describe):
        await scene.tell_that(person.name, "←", mail["subject"], f"mail from {mail['from']}")


@sentence(
    "'s mailbox gets nothing",
    by=(PHONE, CHAT),
    says=Expected(keys=MAIL_KEYS),
    optional=True,
    beside={"within": Duration()},
    example="Ann's mailbox gets nothing",
)
async def mailbox_gets_nothing(scene: Scene, step: Step) -> None:
    """No e-mail arrives, or none like this, while time passes."""
    within: timedelta = step.beside.get("within", PATIENCE)
    mailbox = mailbox_of(scene, scene.person(step.who))
    await expect_nothing(scene, step, mailbox, _about, _describe, step.says, within)


def _about(expected: Any) -> Any:
    """What is expected of an e-mail; a bare value is about its text."""
    if isinstance(expected, dict) and not expected.keys().isdisjoint(MAIL_KEYS):
        return expected
    return {"body": expected}


def _describe(mail: Item) -> str:
    """An e-mail in a line."""
    return f"{matching.show(mail['body'])} ({mail['subject']}, from {mail['from']})"
