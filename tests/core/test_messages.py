from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.core.conversations import messages
from twilio_emulator.core.conversations.conversations import AddConversation, UpdateConversation
from twilio_emulator.core.conversations.messages import (
    EditMessage,
    MessageAdded,
    MessageRemoved,
    MessageUpdated,
    PostMessage,
    RemoveMessage,
)
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Message,
    Messages,
    Participant,
    Receipts,
    Roles,
)
from twilio_emulator.core.conversations.users import AddUser
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Origin, Source, World
from twilio_emulator.core.texts.text import Texts

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SERVICE = "IS00000000000000000000000000000001"
ANN, BEN = "+12025550198", "+12025550199"
NUMBER = "+12025550100"

Advance = Callable[..., None]


@pytest.fixture
def conversation(world: World) -> Conversation:
    made = world.perform(AddConversation(service=SERVICE))
    assert isinstance(made, Conversation)
    return made


def post(world: World, conversation: Conversation, body: str = "Hello", **asked: str) -> Message:
    made = world.perform(
        PostMessage(service=SERVICE, conversation=conversation.sid, body=body, **asked)
    )
    assert isinstance(made, Message)
    return made


def join(world: World, conversation: Conversation, who: str) -> Participant:
    binding = (
        {"messaging_binding_address": who, "messaging_binding_proxy_address": NUMBER}
        if who.startswith("+")
        else {"identity": who}
    )
    made = world.perform(AddParticipant(service=SERVICE, conversation=conversation.sid, **binding))
    assert isinstance(made, Participant)
    return made


def refusal(world: World, command: object) -> int:
    """The code that a command is refused with, once it is known that it changed nothing."""
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(command)  # type: ignore[arg-type]
    assert world.snapshot() == before
    return refused.value.code


def outbox(world: World) -> list[tuple[str | None, str, str]]:
    """What went out to handsets: from, to, body."""
    return [(text.sender, text.to, text.body) for text in world[Texts]]


def test_a_bare_message_is_the_systems(
    world: World, conversation: Conversation, told: list[object]
) -> None:
    said = post(world, conversation)
    assert said == Message(
        sid=said.sid,
        account_sid=world.account_sid,
        service_sid=SERVICE,
        conversation_sid=conversation.sid,
        index=0,
        author="system",
        body="Hello",
        date_created=START,
        date_updated=START,
    )
    held = world[Conversations][conversation.sid]
    assert (held.next_index, held.last_message_index, held.last_message_date) == (1, 0, START)
    assert told == [MessageAdded(message=said, conversation=held)]


def test_everything_that_may_be_said(world: World, conversation: Conversation) -> None:
    alice = join(world, conversation, "alice")
    said = post(
        world,
        conversation,
        author="alice",
        attributes='{ "a" : 1 }',
        subject="Re: you",
        date_created="2020-01-01T00:00:00Z",
        date_updated="2020-01-02T00:00:00Z",
    )
    assert (said.author, said.participant_sid) == ("alice", alice.sid)
    assert (said.attributes, said.subject) == ('{ "a" : 1 }', "Re: you")
    assert said.date_created == datetime(2020, 1, 1, tzinfo=UTC)
    assert said.date_updated == datetime(2020, 1, 2, tzinfo=UTC)


def test_phones_are_written_to_through_a_messaging_service(
    world: World, conversation: Conversation
) -> None:
    where = {"service": SERVICE, "conversation": conversation.sid}
    world.perform(
        AddParticipant(
            **where, messaging_binding_address=ANN, messaging_binding_proxy_address=NUMBER
        )
    )
    world[Conversations].put(replace(conversation, messaging_service_sid=None))
    with pytest.raises(Refused) as refused:
        PostMessage(**where, body="Hi").check(world)
    assert refused.value.code == 50373


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"body": None}, 50503),
        ({"body": ""}, 50503),
        ({"body": "x" * (32 * 1024 + 1)}, 50504),
        ({"body": "é" * (16 * 1024 + 1)}, 50504),
        ({"author": "x" * 257}, 50310),
        ({"attributes": "{"}, 50304),
        ({"attributes": '"' + "x" * 4095 + '"'}, 50303),
        ({"date_created": "x"}, 50308),
        ({"date_updated": "x"}, 50309),
        ({"conversation": "nowhere"}, 20404),
    ],
)
def test_what_cannot_be_said(
    world: World, conversation: Conversation, asked: dict[str, str], code: int
) -> None:
    place = {"service": SERVICE, "conversation": conversation.sid, "body": "Hello"}
    assert refusal(world, PostMessage(**place | asked)) == code


def test_a_body_may_be_32_kilobytes(world: World, conversation: Conversation) -> None:
    assert post(world, conversation, "é" * (16 * 1024)).index == 0


def test_indexes_count_up_and_are_not_used_again(
    world: World, conversation: Conversation, told: list[object]
) -> None:
    said = [post(world, conversation) for _ in range(3)]
    told.clear()
    world.perform(
        RemoveMessage(service=SERVICE, conversation=conversation.sid, message=said[2].sid)
    )
    (removed,) = told
    assert removed == MessageRemoved(
        message=said[2], conversation=world[Conversations][conversation.sid]
    )
    assert post(world, conversation).index == 3


def listed(world: World, conversation: Conversation, **asked: str) -> list[int]:
    rows = messages.list_messages(world, service=SERVICE, conversation=conversation.sid, **asked)
    return [message.index for message in rows]


def test_the_list_goes_up_or_down(world: World, conversation: Conversation) -> None:
    for _ in range(3):
        post(world, conversation)
    assert listed(world, conversation) == [0, 1, 2]
    assert listed(world, conversation, order="DESC") == [2, 1, 0]
    with pytest.raises(Refused, match="20001 Invalid Order"):
        listed(world, conversation, order="sideways")


def test_a_message_is_found_in_its_own_conversation_only(
    world: World, conversation: Conversation
) -> None:
    said = post(world, conversation)
    other = world.perform(AddConversation(service=SERVICE))
    found = messages.fetch_message(
        world, service=SERVICE, conversation=conversation.sid, message=said.sid
    )
    assert found is said
    for place, sid in ((other.sid, said.sid), (conversation.sid, "IM" + "9" * 32)):
        with pytest.raises(Refused, match="20404"):
            messages.fetch_message(world, service=SERVICE, conversation=place, message=sid)


def test_editing_changes_what_was_given(
    world: World, conversation: Conversation, told: list[object], advance: Advance
) -> None:
    admin = next(role for role in world[Roles] if role.friendly_name == "service admin")
    world.perform(AddUser(service=SERVICE, identity="alice", role_sid=admin.sid))
    said = post(world, conversation, subject="Old")
    told.clear()
    advance(seconds=5)
    place = {"service": SERVICE, "conversation": conversation.sid, "message": said.sid}
    touched = world.perform(EditMessage(**place))
    assert touched == replace(
        said, last_updated_by="system", date_updated=START + timedelta(seconds=5)
    )
    edited = world.perform(
        EditMessage(
            **place,
            author="bob",
            body="Goodbye",
            subject="",
            attributes="[]",
            date_created="2020-01-01T00:00:00Z",
            date_updated="2020-01-02T00:00:00Z",
        ),
        Origin(source=Source.SDK, identity="alice"),
    )
    assert edited == replace(
        said,
        author="bob",
        body="Goodbye",
        subject=None,
        attributes="[]",
        last_updated_by="alice",
        date_created=datetime(2020, 1, 1, tzinfo=UTC),
        date_updated=datetime(2020, 1, 2, tzinfo=UTC),
    )
    held = world[Conversations][conversation.sid]
    assert told == [
        MessageUpdated(message=touched, before=said, conversation=held),
        MessageUpdated(message=edited, before=touched, conversation=held),
    ]


def test_editing_does_not_restart_timers_or_send_again(
    world: World, conversation: Conversation, advance: Advance
) -> None:
    join(world, conversation, ANN)
    timed = world.perform(AddConversation(service=SERVICE, timers_inactive="PT1M"))
    said = post(world, timed)
    advance(seconds=30)
    world.perform(
        EditMessage(service=SERVICE, conversation=timed.sid, message=said.sid, body="Changed")
    )
    assert world[Conversations][timed.sid].date_inactive == START + timedelta(minutes=1)
    assert outbox(world) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"author": "x" * 257}, 50310),
        ({"body": "x" * (32 * 1024 + 1)}, 50504),
        ({"attributes": ""}, 50304),
        ({"date_created": "x"}, 50308),
        ({"date_updated": "x"}, 50309),
        ({"message": "IM" + "9" * 32}, 20404),
    ],
)
def test_what_cannot_be_edited(
    world: World, conversation: Conversation, asked: dict[str, str], code: int
) -> None:
    said = post(world, conversation)
    place = {"service": SERVICE, "conversation": conversation.sid, "message": said.sid}
    assert refusal(world, EditMessage(**place | asked)) == code


def test_everybody_with_an_address_gets_a_text_but_the_author(
    world: World, conversation: Conversation
) -> None:
    ann = join(world, conversation, ANN)
    join(world, conversation, BEN)
    join(world, conversation, "alice")
    said = post(world, conversation, "From alice", author="alice")
    assert outbox(world) == [(NUMBER, ANN, "From alice"), (NUMBER, BEN, "From alice")]
    said = post(world, conversation, "From Ann", author=ANN)
    assert said.participant_sid == ann.sid
    assert outbox(world)[2:] == [(NUMBER, BEN, "From Ann")]
    post(world, conversation, "From us")
    assert [to for _, to, _ in outbox(world)[3:]] == [ANN, BEN]


def test_every_text_has_a_receipt_that_follows_it(
    world: World, conversation: Conversation, advance: Advance
) -> None:
    ann = join(world, conversation, ANN)
    said = post(world, conversation)
    (receipt,) = world[Receipts]
    (text,) = world[Texts]
    assert (receipt.message_sid, receipt.participant_sid) == (said.sid, ann.sid)
    assert receipt.text_sid == text.sid
    assert said.delivery is None
    advance(seconds=1)
    assert world[Receipts][receipt.sid].status == "delivered"
    delivery = world[Messages][said.sid].delivery
    assert delivery is not None
    assert (delivery.total, delivery.sent, delivery.delivered) == (1, "all", "all")


def test_removing_a_message_takes_its_receipts_along(
    world: World, conversation: Conversation, advance: Advance
) -> None:
    join(world, conversation, ANN)
    said = post(world, conversation)
    world.perform(RemoveMessage(service=SERVICE, conversation=conversation.sid, message=said.sid))
    assert len(world[Receipts]) == 0
    advance(seconds=1)
    (text,) = world[Texts]
    assert text.status == "delivered"


def test_nothing_is_said_edited_or_removed_in_a_closed_conversation(
    world: World, conversation: Conversation
) -> None:
    said = post(world, conversation)
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    place = {"service": SERVICE, "conversation": conversation.sid}
    for command in (
        PostMessage(**place, body="Hello"),
        EditMessage(**place, message=said.sid, body="Changed"),
        RemoveMessage(**place, message=said.sid),
    ):
        assert refusal(world, command) == 50377
    assert listed(world, conversation) == [0]
