"""What a phone's owner has read, and receipts as REST finds them."""

from collections.abc import Callable

import pytest

from tests.core.conftest import ANN, Told
from twilio_emulator.core.carrier.delivery_reports import SetReceipt
from twilio_emulator.core.conversations import messages
from twilio_emulator.core.conversations.conversations import AddConversation, UpdateConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    ParticipantUpdated,
    RemoveParticipant,
)
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    Participant,
    Participants,
    Receipts,
)
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"
WHATSAPP = "whatsapp:+14155238886"
Advance = Callable[..., None]


@pytest.fixture
def conversation(world: World) -> Conversation:
    made = world.perform(AddConversation(service=SERVICE))
    assert isinstance(made, Conversation)
    return made


@pytest.fixture
def ann(world: World, conversation: Conversation) -> Participant:
    """Ann, by WhatsApp."""
    made = world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            messaging_binding_address=f"whatsapp:{ANN}",
            messaging_binding_proxy_address=WHATSAPP,
        )
    )
    assert isinstance(made, Participant)
    return made


@pytest.fixture
def say(world: World, conversation: Conversation, ann: Participant) -> Callable[[], Message]:
    """Say something to Ann."""

    def say() -> Message:
        made = world.perform(
            PostMessage(service=SERVICE, conversation=conversation.sid, body="Hello")
        )
        assert isinstance(made, Message)
        return made

    return say


def read(world: World, message: Message) -> None:
    (receipt,) = world[Receipts].all(world[Receipts].by_message, message.sid)
    world.perform(SetReceipt(text=receipt.text_sid or "", status="read"))


def test_who_reads_by_whatsapp_has_read_that_far(
    world: World, ann: Participant, say: Callable[[], Message], told: Told, advance: Advance
) -> None:
    first, second = say(), say()
    advance(seconds=1)
    assert world[Participants][ann.sid].last_read_message_index is None
    read(world, second)
    after = world[Participants][ann.sid]
    assert (after.last_read_message_index, after.last_read_timestamp) == (1, world.now)
    assert [event.participant for event in told.of(ParticipantUpdated)] == [after]
    read(world, first)
    assert world[Participants][ann.sid] == after


def test_nobody_reads_in_what_is_closed(
    world: World,
    conversation: Conversation,
    ann: Participant,
    say: Callable[[], Message],
    advance: Advance,
) -> None:
    said = say()
    advance(seconds=1)
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    read(world, said)
    assert world[Participants][ann.sid].last_read_message_index is None


def test_who_left_does_not_read(
    world: World,
    conversation: Conversation,
    ann: Participant,
    say: Callable[[], Message],
    told: Told,
    advance: Advance,
) -> None:
    said = say()
    advance(seconds=1)
    world.perform(
        RemoveParticipant(service=SERVICE, conversation=conversation.sid, participant=ann.sid)
    )
    read(world, said)
    assert told.of(ParticipantUpdated) == []


def test_a_receipt_is_found_at_its_message_only(
    world: World, conversation: Conversation, say: Callable[[], Message]
) -> None:
    first, second = say(), say()
    path = {"service": SERVICE, "conversation": conversation.sid}
    (receipt,) = messages.list_receipts(world, **path, message=first.sid)
    found = messages.fetch_receipt(world, **path, message=first.sid, receipt=receipt.sid)
    assert found == receipt
    for message, sid in ((second.sid, receipt.sid), (first.sid, "DY" + "9" * 32)):
        with pytest.raises(Refused, match="20404"):
            messages.fetch_receipt(world, **path, message=message, receipt=sid)
