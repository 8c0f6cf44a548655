from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.conversations import user_conversations
from twilio_emulator.core.conversations.conversations import AddConversation, UpdateConversation
from twilio_emulator.core.conversations.messages import PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    ParticipantRemoved,
    ParticipantUpdated,
)
from twilio_emulator.core.conversations.resources import Conversation, Participant, Participants
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.conversations.user_conversations import (
    Memberships,
    NotificationLevelChanged,
    RemoveUserConversation,
    UpdateUserConversation,
    unread_messages_count,
)
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"
Advance = Callable[..., None]


def join(world: World, service: str = SERVICE, **asked: str) -> tuple[Conversation, Participant]:
    """A new conversation with somebody in it."""
    conversation = world.perform(AddConversation(service=service))
    participant = world.perform(
        AddParticipant(
            service=service, conversation=conversation.sid, **(asked or {"identity": "alice"})
        )
    )
    return conversation, participant


def say(world: World, conversation: Conversation, body: str = "Hello") -> str:
    wish = PostMessage(service=SERVICE, conversation=conversation.sid, body=body)
    return str(world.perform(wish).sid)


def update(conversation: Conversation, **asked: str) -> UpdateUserConversation:
    return UpdateUserConversation(
        service=SERVICE, user="alice", conversation=conversation.sid, **asked
    )


def listed(world: World) -> list[Participant]:
    return list(user_conversations.list_user_conversations(world, service=SERVICE, user="alice"))


def test_the_latest_activity_comes_first(world: World) -> None:
    first, _ = join(world)
    second, _ = join(world)
    assert [each.conversation_sid for each in listed(world)] == [second.sid, first.sid]
    say(world, first)
    assert [each.conversation_sid for each in listed(world)] == [first.sid, second.sid]
    world.perform(UpdateConversation(service=SERVICE, conversation=first.sid, state="closed"))
    assert [each.conversation_sid for each in listed(world)] == [first.sid, second.sid]


def test_memberships_are_shown_page_by_page(world: World) -> None:
    everything = [join(world)[1].sid for _ in range(5)][::-1]
    rows = user_conversations.list_user_conversations(world, service=SERVICE, user="alice")

    def sids(page: tuple[list[Participant], bool]) -> tuple[list[str], bool]:
        return [each.sid for each in page[0]], page[1]

    assert sids(rows.after(None, 2)) == (everything[:2], True)
    second = rows.place(world[Participants][everything[1]])
    assert sids(rows.after(second, 3)) == (everything[2:], False)
    fourth = rows.place(world[Participants][everything[3]])
    assert sids(rows.before(fourth, 2)) == (everything[1:3], True)
    assert sids(rows.before(fourth, 5)) == (everything[:3], False)
    assert sids(Memberships(world, world[Participants].by_address.of("")).after(None, 2)) == (
        [],
        False,
    )


def test_people_are_found_by_identity_or_address_in_one_service(world: World) -> None:
    _, alice = join(world)
    pair = {"messaging_binding_address": ANN, "messaging_binding_proxy_address": NUMBER}
    _, ann = join(world, **pair)
    other = world.perform(AddService(account=ACCOUNT, friendly_name="Other"))
    join(world, other.sid, identity="alice")

    def found(**asked: str) -> list[Participant]:
        return list(
            user_conversations.list_participant_conversations(world, service=SERVICE, **asked)
        )

    assert found(identity="alice") == [alice]
    assert found(address=ANN) == [ann]
    assert found(address=NUMBER) == []
    for asked, expected in (({"identity": "a", "address": "b"}, "50451"), ({}, "20001")):
        with pytest.raises(Refused, match=expected):
            found(**asked)


def test_unread_counts_from_the_horizon_on(world: World) -> None:
    conversation, alice = join(world)
    said = [say(world, conversation) for _ in range(4)]
    assert unread_messages_count(world, alice) is None
    read = world.perform(update(conversation, last_read_message_index="0"))
    assert unread_messages_count(world, read) == 3
    world.perform(RemoveMessage(service=SERVICE, conversation=conversation.sid, message=said[2]))
    assert unread_messages_count(world, read) == 2
    for _ in range(1000):
        say(world, conversation)
    assert unread_messages_count(world, read) == 1000


def test_a_horizon_is_set_and_forgotten(world: World, told: Told, advance: Advance) -> None:
    conversation, alice = join(world)
    advance(seconds=5)
    read = world.perform(update(conversation, last_read_message_index="7"))
    assert (read.last_read_message_index, read.last_read_timestamp) == (7, world.now)
    assert told.of(ParticipantUpdated)[-1].participant == read
    found = user_conversations.fetch_user_conversation(
        world, service=SERVICE, user="alice", conversation=conversation.sid
    )
    assert found == read
    forgotten = world.perform(update(conversation, last_read_message_index="null"))
    assert (forgotten.last_read_message_index, forgotten.last_read_timestamp) == (None, None)
    assert alice.last_read_message_index is None


def test_notifications_are_muted(world: World, told: Told) -> None:
    conversation, alice = join(world)
    muted = world.perform(update(conversation, notification_level="MUTED"))
    assert muted.notification_level == "muted"
    assert told.of(NotificationLevelChanged) == [
        NotificationLevelChanged(participant=muted, conversation=conversation)
    ]
    assert told.of(ParticipantUpdated) == []
    assert world.perform(update(conversation, notification_level="muted")) == muted
    assert world.perform(update(conversation)) == muted
    assert len(told.of(NotificationLevelChanged)) == 1
    both = world.perform(
        update(conversation, notification_level="default", last_read_message_index="0")
    )
    assert (both.notification_level, both.last_read_message_index) == ("default", 0)
    assert alice.notification_level == "default"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"notification_level": "loud"}, 50210),
        ({"notification_level": "muted", "last_read_message_index": "x"}, 50421),
        ({"last_read_timestamp": "x"}, 20001),
    ],
)
def test_what_cannot_be_said(world: World, asked: dict[str, str], expected: int) -> None:
    conversation, _ = join(world)
    assert code(world, update(conversation, **asked)) == expected


def test_who_is_not_there_is_not_found(world: World) -> None:
    join(world)
    other = world.perform(AddConversation(service=SERVICE))
    assert code(world, update(other)) == 20404
    nobody = UpdateUserConversation(service=SERVICE, user="bob", conversation=other.sid)
    assert code(world, nobody) == 20404


def test_a_user_is_taken_out(world: World, told: Told) -> None:
    conversation, alice = join(world)
    wish = RemoveUserConversation(service=SERVICE, user="alice", conversation=conversation.sid)
    world.perform(wish)
    assert told.of(ParticipantRemoved)[-1].participant == alice
    assert (listed(world), code(world, wish)) == ([], 20404)


def test_a_closed_conversation_keeps_its_users(world: World) -> None:
    conversation, _ = join(world)
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    wish = RemoveUserConversation(service=SERVICE, user="alice", conversation=conversation.sid)
    assert code(world, wish) == 50377
    assert code(world, update(conversation, last_read_message_index="0")) == 50377
