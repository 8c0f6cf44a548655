"""Sentences about who somebody is: codes on a phone or in a mailbox, challenges on a device."""

from datetime import timedelta
from typing import Any

from twilio_emulator.scenarios.language import matching
from twilio_emulator.scenarios.language.json_shapes import Expected
from twilio_emulator.scenarios.language.scenario import CHAT, PHONE, Person
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import (
    Duration,
    Known,
    NewName,
    Shape,
    WholeNumber,
    Word,
)
from twilio_emulator.scenarios.language.times import say_duration
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene, path_of
from twilio_emulator.scenarios.player.stage import ApiAnswer
from twilio_emulator.scenarios.sentences import phones
from twilio_emulator.scenarios.sentences.answers import REFUSAL, refused_as_expected
from twilio_emulator.scenarios.sentences.arrivals import (
    MOST_EXPECTED,
    Item,
    expect_arrivals,
    expect_nothing,
)
from twilio_emulator.scenarios.sentences.codes import calls_of, mailbox_of

NOT_FOUND = 404
LATEST = "latest"
"""What the control API calls the newest challenge that is pending."""

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


CHALLENGE: dict[str, Shape] = {
    "challenge": Known(("answer",), "a challenge that was named"),
    "within": Duration(),
    "fails": REFUSAL,
}


@sentence("approves", by=(PHONE, CHAT), beside=CHALLENGE, example="Ann approves")
async def approves(scene: Scene, step: Step) -> None:
    """A push challenge is approved on her device: the newest, unless `challenge` names one."""
    await _decide(scene, step, "approve")


@sentence("denies", by=(PHONE, CHAT), beside=CHALLENGE, example="Ann denies")
async def denies(scene: Scene, step: Step) -> None:
    """A push challenge is denied on her device: the newest, unless `challenge` names one."""
    await _decide(scene, step, "deny")


async def _decide(scene: Scene, step: Step, verb: str) -> None:
    """Press a button on a device as soon as there is a challenge.

    Raises:
        Unfulfilled: there is no such device, or no challenge in time.
    """
    person, named = scene.person(step.who), step.beside.get("challenge")
    sid = LATEST if named is None else scene.message_sid(named)
    path = f"/push-devices/{await _device_of(scene, person)}/challenges/{path_of(sid)}/{verb}"

    async def press() -> ApiAnswer | None:
        answer = await scene.control("POST", path)
        is_missing = sid == LATEST and answer.status == NOT_FOUND
        return None if is_missing else answer

    within = step.beside.get("within", PATIENCE)
    answer = await scene.until(press, within)
    if answer is None:
        raise Unfulfilled(f"a push challenge for {person.name} within {say_duration(within)}")
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    await scene.tell_that(person.name, "→", step.sentence.phrase, "on the device")


async def _device_of(scene: Scene, person: Person) -> str:
    """The device of a person: of their name, or the only one that there is."""
    answer = await scene.stage.control("GET", "/push-devices")
    devices = [] if answer.refused else answer.body["devices"]
    own = [each for each in devices if each["name"] == person.name] or devices
    if len(own) != 1:
        raise Unfulfilled(
            f"a device called {person.name}, which POST /push-devices adds",
            f"{len(devices)} of them, and none has that name" if devices else "no device at all",
        )
    return str(own[0]["id"])
