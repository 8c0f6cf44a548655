"""Group texts on the phones of the group."""

from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from twilio_emulator.core.carrier.handset_commands import (
    ChangeHandset,
    ReadThread,
    RemoveHandset,
    UpsertHandset,
)
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import Conversation
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.clearing import ClearMessages
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import HandsetReceived, InboxItem, InboxItems, ItemWaits
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.core.texts.text import Texts

SERVICE = "IS00000000000000000000000000000001"
CROWD = tuple(f"+120255501{number}" for number in range(10, 50))
BOB, CAT = "+12025550198", "+12025550197"
OTHER_NUMBER = "+12025550101"
Advance = Callable[..., None]


@pytest.fixture
def conversation(world: World) -> Conversation:
    """A group: Ann, Bob, and Alice behind a number."""
    made: Conversation = world.perform(AddConversation(service=SERVICE))
    for asked in (
        {"messaging_binding_address": ANN},
        {"messaging_binding_address": BOB},
        {"identity": "alice", "messaging_binding_projected_address": NUMBER},
    ):
        world.perform(AddParticipant(service=SERVICE, conversation=made.sid, **asked))
    return made


def on(world: World, phone: str) -> list[InboxItem]:
    return list(world[InboxItems].all(world[InboxItems].by_handset, phone))


def texting(*others: str, **said: object) -> SendFromHandset:
    return SendFromHandset(address=ANN, to=NUMBER, body="Hi all", others=others, **said)  # type: ignore[arg-type]


def test_what_twilio_sends_to_a_group_shows_who_else_gets_it(
    world: World, conversation: Conversation, advance: Advance
) -> None:
    world.perform(
        PostMessage(service=SERVICE, conversation=conversation.sid, author="alice", body="Hello")
    )
    advance(minutes=1)
    (at_ann,), (at_bob,) = on(world, ANN), on(world, BOB)
    assert (at_ann.peer, at_ann.author, at_ann.others) == (NUMBER, None, (BOB,))
    assert (at_bob.peer, at_bob.author, at_bob.others) == (NUMBER, None, (ANN,))


def test_what_a_phone_says_to_a_group_is_on_the_others(
    world: World, conversation: Conversation, told: Told
) -> None:
    text = world.perform(texting(BOB, media=(Enclosure(url="http://files.test/a.jpg"),)))
    assert text.conversation_sid == conversation.sid
    (sent,), (got,) = on(world, ANN), on(world, BOB)
    assert (sent.sid, sent.others) == (text.sid, (BOB,))
    assert (got.copy_of, got.author, got.others) == (text.sid, ANN, (ANN,))
    assert (got.peer, got.channel, got.num_media, got.body) == (NUMBER, "mms", 1, "Hi all")
    assert (got.state, got.conversation_sid) == ("displayed", conversation.sid)
    assert [event.item.handset for event in told if isinstance(event, HandsetReceived)] == [BOB]
    assert world[Texts].get(got.sid) is None


def test_a_group_without_a_conversation_shares_its_texts_too(world: World) -> None:
    world.perform(texting(BOB, CAT, BOB, ANN, NUMBER, OTHER_NUMBER))
    (sent,), (at_bob,), (at_cat,) = on(world, ANN), on(world, BOB), on(world, CAT)
    assert sent.others == (BOB, CAT, OTHER_NUMBER)
    assert at_bob.others == (ANN, CAT, OTHER_NUMBER)
    assert at_cat.others == (ANN, BOB, OTHER_NUMBER)
    assert world[Handsets].get(OTHER_NUMBER) is None


def test_on_whatsapp_nobody_writes_to_several(world: World) -> None:
    to = "whatsapp:+14155238886"
    world.perform(SendFromHandset(address=ANN, to=to, body="Hi all", others=(BOB,)))
    assert world[Handsets].get(BOB) is None
    assert on(world, ANN)[0].others == ()


@pytest.mark.parametrize(
    "away", [{"network": "airplane"}, {"power": "off"}, {"storage_full": True}]
)
def test_a_phone_that_is_away_gets_it_later(
    world: World, told: Told, advance: Advance, away: dict[str, object]
) -> None:
    world.perform(UpsertHandset(address=BOB, **away))  # type: ignore[arg-type]
    world.perform(texting(BOB))
    (waiting,) = on(world, BOB)
    assert waiting.state == "pending"
    assert any(isinstance(event, ItemWaits) for event in told)
    advance(minutes=5)
    world.perform(ChangeHandset(address=BOB, label="Bob"))
    assert on(world, BOB) == [waiting]
    world.perform(ChangeHandset(address=BOB, network="online", power="on", storage_full=False))
    (got,) = on(world, BOB)
    assert (got.sid, got.state) == (waiting.sid, "displayed")
    assert got.received_at == world.now
    assert got.seq > waiting.seq
    world.perform(ReadThread(address=BOB, peer=NUMBER))
    assert on(world, BOB)[0].state == "read"


def waiting(world: World) -> int:
    return sum(item.state == "pending" for item in world[InboxItems])


def roam(world: World) -> None:
    """Have a crowd that roams with losses, and write to all of it."""
    for phone in CROWD:
        world.perform(UpsertHandset(address=phone, network="roaming_lossy"))
    world.perform(texting(*CROWD))


def test_a_phone_that_roams_with_losses_gets_its_copy_at_a_later_try(
    world: World, advance: Advance
) -> None:
    roam(world)
    first = waiting(world)
    assert 0 < first < len(CROWD)
    advance(minutes=1)
    assert 0 < waiting(world) < first
    advance(minutes=30)
    assert waiting(world) == 0


def test_a_copy_for_a_phone_that_is_back_is_brought_once(
    world: World, told: Told, advance: Advance
) -> None:
    roam(world)
    for phone in CROWD:
        world.perform(ChangeHandset(address=phone, network="online"))
    assert waiting(world) == 0
    advance(minutes=30)
    assert len(told.of(HandsetReceived)) == len(CROWD)


@pytest.mark.parametrize("away", [{"power": "off"}, {"storage_full": True}])
def test_a_phone_that_roams_and_is_away_gets_nothing(
    world: World, advance: Advance, away: dict[str, object]
) -> None:
    for phone in CROWD:
        world.perform(UpsertHandset(address=phone, network="roaming_lossy", **away))  # type: ignore[arg-type]
    world.perform(texting(*CROWD))
    advance(minutes=30)
    assert waiting(world) == len(CROWD)


def test_a_copy_for_a_phone_that_is_gone_is_not_brought(world: World, advance: Advance) -> None:
    roam(world)
    for phone in CROWD:
        world.perform(RemoveHandset(address=phone))
    advance(minutes=30)
    assert [item.handset for item in world[InboxItems]] == [ANN]


def test_a_copy_that_was_cleared_is_not_brought(world: World, advance: Advance) -> None:
    roam(world)
    world.perform(ClearMessages(account=ACCOUNT))
    advance(minutes=30)
    assert not len(world[InboxItems])
