"""Sentences about chat identities: what they say, and what their conversations hold for them."""

import itertools
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from twilio_emulator.scenarios.language import matching
from twilio_emulator.scenarios.language.json_shapes import Anything
from twilio_emulator.scenarios.language.scenario import CHAT, PHONE, Person
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import ADDRESS, Known, NewName, TextShape
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import Scene
from twilio_emulator.scenarios.player.stage import ApiAnswer
from twilio_emulator.scenarios.player.unclaimed import Unclaimed
from twilio_emulator.scenarios.sentences.answers import REFUSAL, refused_as_expected
from twilio_emulator.scenarios.sentences.arrivals import Item, expect_arrivals, expect_nothing

FIRST_PAGE, LATER_PAGES = 5, 100
"""Messages to ask for at once: mostly there is one new one since the last look."""

MESSAGE_KEYS = ("author", "attributes", "index", "participant_sid", "delivery", "sid")
CONVERSATION = Known(("conversation", "answer"), "a conversation")


@sentence(
    "says",
    by=(CHAT,),
    says=TextShape(),
    beside={
        "in": CONVERSATION,
        "attributes": Anything("a JSON object"),
        "as": NewName(),
        "fails": REFUSAL,
    },
    example="Alice says: Let me look.",
)
async def says(scene: Scene, step: Step) -> None:
    """A chat identity writes in a conversation: in the only one, unless it says `in`."""
    person = scene.person(step.who)
    body = scene.text(step.says)
    said = {"conversation": scene.talk(step.beside.get("in")), "body": body}
    if "attributes" in step.beside:
        said["attributes"] = json.dumps(scene.fill(step.beside["attributes"]))
    client = scene.clients.get(person.name)
    if client is None:
        given = {**said, "author": person.address}
        answer = await scene.call("conversations.messages.create", given, loud=True)
    else:
        url = f"{client.links['conversations']}/{said.pop('conversation')}/Messages"
        answer = ApiAnswer(*await client.ask("POST", url, said))
        await scene.settle()
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    scene.keep(step.beside.get("as"), answer.body)
    await scene.tell_that(person.name, "→", body)


@sentence(
    "joins",
    by=(CHAT, PHONE),
    says=CONVERSATION,
    beside={
        "by": Known(("number", "answer"), "one of the numbers", also=ADDRESS),
        "as": NewName(),
        "fails": REFUSAL,
    },
    example="Ann joins: Parcel 42",
)
async def joins(scene: Scene, step: Step) -> None:
    """A person becomes a participant; a phone by the first number that it can, unless `by`."""
    person = scene.person(step.who)
    by = scene.address(step.beside["by"]) if "by" in step.beside else None
    answer = await scene.call(
        "conversations.participants.create",
        {"conversation": scene.address(step.says), **membership(scene, person, by)},
        loud=True,
    )
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    scene.keep(step.beside.get("as"), answer.body)
    await scene.tell_that(person.name, "·", f"joins {scene.text(step.says)}")


@sentence(
    "leaves",
    by=(CHAT, PHONE),
    says=CONVERSATION,
    beside={"fails": REFUSAL},
    example="Ann leaves: Parcel 42",
)
async def leaves(scene: Scene, step: Step) -> None:
    """A person is removed from the participants."""
    person = scene.person(step.who)
    conversation = scene.address(step.says)
    answer = await scene.call("conversations.participants.list", {"conversation": conversation})
    refused_as_expected(answer, None, step.key)
    found = next((each for each in answer.body["participants"] if _is(each, person)), None)
    if found is None:
        raise Unfulfilled(f"{person.name} in {scene.text(step.says)}")
    given = {"conversation": conversation, "participant": found["sid"]}
    answer = await scene.call("conversations.participants.delete", given, loud=True)
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    await scene.tell_that(person.name, "·", f"leaves {scene.text(step.says)}")


def _is(participant: Item, person: Person) -> bool:
    binding = participant["messaging_binding"] or {}
    return person.said in (participant["identity"], binding.get("address"))


def membership(scene: Scene, person: Person, by: str | None = None) -> dict[str, Any]:
    """The parameters that make a person a participant.

    Raises:
        Unfulfilled: every number that the phone can use has a conversation with it already.
    """
    if person.kind == CHAT:
        return {"identity": person.address}
    if by is None:
        free = (n for n in scene.numbers_for(person) if (person.name, n) not in scene.pairs)
        by = next(free, None)
    if by is None:
        raise Unfulfilled(f"a number by which {person.name} is in no conversation yet")
    scene.pairs.add((person.name, by))
    scene.peers[person.name] = by
    return {
        "messaging_binding_address": person.said,
        "messaging_binding_proxy_address": by,
    }


class Read(Unclaimed):
    """What the others said in a conversation and no step expected yet, oldest first."""

    def __init__(self, scene: Scene, conversation: str, reader: Person) -> None:
        super().__init__()
        self._scene = scene
        self._conversation = conversation
        self._reader = reader
        self._seen = -1

    async def look(self) -> list[Item]:
        """What is there now, as Twilio's API shows it."""
        new: list[Item] = []
        given: dict[str, Any] = {"conversation": self._conversation, "order": "desc"}
        for page in itertools.count():
            given["page_size"] = FIRST_PAGE if page == 0 else LATER_PAGES
            answer = await self._scene.call("conversations.messages.list", {**given, "page": page})
            refused_as_expected(answer, None, "conversations.messages.list")
            later = [each for each in answer.body["messages"] if each["index"] > self._seen]
            new += later
            more = answer.body["meta"]["next_page_url"]
            if more is None or len(later) < len(answer.body["messages"]):
                break
            given["page_token"] = dict(parse_qsl(urlsplit(more).query))["PageToken"]
        if new:
            self._seen = new[0]["index"]
        self.unclaimed += [m for m in reversed(new) if m["author"] != self._reader.address]
        return self.unclaimed


async def gets(scene: Scene, step: Step, person: Person) -> None:
    """A message of another author is in the conversation, and no earlier step expected it."""
    for message in await expect_arrivals(scene, step, _read(scene, step, person), about, describe):
        await scene.tell_that(person.name, "←", message["body"] or "", f"from {message['author']}")


async def gets_nothing(
    scene: Scene, step: Step, person: Person, unwanted: Any, within: timedelta
) -> None:
    """Nobody else says anything, or anything like this, while time passes."""
    read = _read(scene, step, person)
    await expect_nothing(scene, step, read, about, describe, unwanted, within)


def _read(scene: Scene, step: Step, person: Person) -> Read:
    conversation = scene.talk(step.beside.get("in"))
    key = (person.name, conversation)
    if key not in scene.reads:
        scene.reads[key] = Read(scene, conversation, person)
    found = scene.reads[key]
    assert isinstance(found, Read)
    return found


def about(expected: Any) -> Any:
    """What is expected of a message; a bare value is about its body."""
    if isinstance(expected, dict) and not expected.keys() <= matching.WORDS.keys():
        return expected
    return {"body": expected}


def describe(message: Item) -> str:
    """A message in a line."""
    return f"{matching.show(message['body'])} (by {message['author']})"
