"""Sentences that fill an account with made-up people and their conversations, from the seed."""

import random
from typing import Any

from twilio_emulator.scenarios.language.scenario import CHAT, Person
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import Keys, Known, WholeNumber
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import Scene
from twilio_emulator.scenarios.player.stage import ApiAnswer
from twilio_emulator.scenarios.sentences.answers import refused_as_expected

AREA_CODES = ("202", "206", "212", "303", "312", "415", "503", "512", "617", "702", "808", "907")
"""Of fictional numbers: 555-0100 to 555-0199 in each are never given to anybody."""

MOST_MESSAGES = 1_000
"""In one conversation."""

GREETINGS = (
    "Hello, is anybody there?",
    "Hi! I have a question about my order.",
    "Good morning, can you help me?",
    "My parcel has not arrived.",
    "Can I change my appointment?",
    "I was charged twice.",
)


class MadeUp:
    """People and texts that are made up, the same for the same seed.

    Args:
        seed: of everything that is made up.
    """

    def __init__(self, seed: int) -> None:
        from faker import Faker  # slow to import, and most scenarios make nothing up

        self._faker = Faker("en_US")
        self._faker.seed_instance(seed)
        self._dice = random.Random(seed)
        numbers = [
            f"+1{area}5550{last}" for last in range(199, 99, -1) for area in reversed(AREA_CODES)
        ]
        self._numbers = numbers

    def person(self, taken: set[str]) -> Person | None:
        """A person with an unused number; None when there are no more fictional numbers."""
        while self._numbers:
            number = self._numbers.pop()
            if number not in taken:
                name = self._faker.first_name()
                habits = {"label": name, "profile_name": name}
                return Person(name, "phone", number, "sms", habits)
        return None

    def text(self, place: int) -> str:
        """What a person says: first of all, a greeting."""
        if place == 0:
            return self._dice.choice(GREETINGS)
        return str(self._faker.sentence(nb_words=self._dice.randint(4, 14)))


@sentence(
    "make up",
    says=Keys(
        {
            "conversations": WholeNumber(1),
            "messages": WholeNumber(most=MOST_MESSAGES),
            "with": Known((CHAT,), "a chat identity"),
        },
        "what can be made up",
        short="conversations",
        hints={
            "conversations": "how many, each with a customer of its own",
            "messages": "how many in each; 4 unless given",
            "with": "who answers",
        },
    ),
    example="make up: {conversations: 20, messages: 6, with: Alice}",
)
async def make_up(scene: Scene, step: Step) -> None:
    """Conversations come to be, with customers and texts that are made up from the seed."""
    messages = step.says.get("messages", 4)
    agent = scene.person(step.says["with"]) if "with" in step.says else None
    if scene.made_up is None:
        scene.made_up = MadeUp(scene.scenario.seed or 0)
    made_up = scene.made_up
    taken = {person.address for person in scene.scenario.people.values()}
    taken.update(scene.account.numbers)
    for _ in range(step.says["conversations"]):
        customer = made_up.person(taken)
        if customer is None:
            raise Unfulfilled(f"at most {len(AREA_CODES) * 100} made-up customers")
        await _converse(scene, made_up, customer, agent, messages)
    count = step.says["conversations"]
    await scene.tell_that("", "·", f"{count} conversations of {messages} messages each")


async def _converse(
    scene: Scene, made_up: MadeUp, customer: Person, agent: Person | None, messages: int
) -> None:
    number = scene.numbers_for(customer)[0]
    path = f"/handsets/{customer.address}"
    _done(await scene.control("PUT", path, customer.habits))
    made = await scene.call("conversations.create", {"friendly_name": customer.name})
    _done(made)
    conversation = made.body["sid"]
    members: list[dict[str, Any]] = [
        {
            "messaging_binding_address": customer.address,
            "messaging_binding_proxy_address": number,
        }
    ]
    if agent is not None:
        members.append({"identity": agent.address})
    for member in members:
        given = {"conversation": conversation, **member}
        _done(await scene.call("conversations.participants.create", given))
    for place in range(messages):
        body = made_up.text(place)
        if place % 2 and agent is not None:
            given = {"conversation": conversation, "author": agent.address, "body": body}
            _done(await scene.call("conversations.messages.create", given))
        else:
            _done(await scene.write(customer, number, body))


def _done(answer: ApiAnswer) -> None:
    refused_as_expected(answer, None, "what is made up")
