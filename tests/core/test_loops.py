"""Two numbers of an account that answer each other through a conversation."""

from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.carrier.delivery import TextReachedNumber
from twilio_emulator.core.carrier.message_loops import TURNS
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import Conversation
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import ReceiveText
from twilio_emulator.core.texts.text import Direction, Texts, TextStatus

SERVICE = "IS00000000000000000000000000000001"
NUMBER, OTHER = "+12025550100", "+12025550101"

Advance = Callable[..., None]


@pytest.fixture
def conversation(world: World) -> Conversation:
    """A conversation of both numbers, each reached from the other."""
    conversation = world.perform(AddConversation(service=SERVICE))
    for address, proxy_address in ((NUMBER, OTHER), (OTHER, NUMBER)):
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=conversation.sid,
                messaging_binding_address=address,
                messaging_binding_proxy_address=proxy_address,
            )
        )
    return conversation


def say(world: World, conversation: Conversation) -> None:
    world.perform(PostMessage(service=SERVICE, conversation=conversation.sid, body="Hi"))


def bring(world: World, told: Told, advance: Advance) -> int:
    """Bring texts from number to number until no more come; answers how many came."""
    brought = 0
    while True:
        advance(seconds=1)
        reached = told.of(TextReachedNumber)[brought:]
        if not reached:
            return brought
        for event in reached:
            world.perform(ReceiveText(text=event.text.sid))
        brought += len(reached)


def ends(world: World) -> list[tuple[TextStatus, int | None]]:
    """How the texts that left ended."""
    return [
        (text.status, text.error_code)
        for text in world[Texts]
        if text.direction is not Direction.INBOUND
    ]


def test_what_goes_round_comes_to_an_end(
    world: World, told: Told, advance: Advance, conversation: Conversation
) -> None:
    say(world, conversation)
    assert bring(world, told, advance) == 2 * TURNS
    assert ends(world)[-2:] == [(TextStatus.FAILED, 30039)] * 2
    assert ends(world)[:-2] == [(TextStatus.DELIVERED, None)] * (len(ends(world)) - 2)

    advance(seconds=30)
    told.clear()
    say(world, conversation)
    assert bring(world, told, advance) == 2 * TURNS


def test_what_an_app_says_goes_nowhere_by_itself(
    world: World, told: Told, advance: Advance, conversation: Conversation
) -> None:
    for _ in range(2 * TURNS):
        say(world, conversation)
    advance(seconds=1)
    assert ends(world) == [(TextStatus.DELIVERED, None)] * (4 * TURNS)
