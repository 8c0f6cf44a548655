from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.core.conversations import membership, participants
from twilio_emulator.core.conversations.conversations import AddConversation, UpdateConversation
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    ParticipantAdded,
    ParticipantRemoved,
    ParticipantUpdated,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Participant,
    Roles,
    RoleType,
    Services,
    Users,
)
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.conversations.users import UserAdded
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SERVICE = "IS00000000000000000000000000000001"
ANN = "+12025550199"
NUMBER = "+12025550100"

Advance = Callable[..., None]


@pytest.fixture
def conversation(world: World) -> Conversation:
    made = world.perform(AddConversation(service=SERVICE))
    assert isinstance(made, Conversation)
    return made


def add(world: World, conversation: Conversation, **asked: str) -> Participant:
    made = world.perform(
        AddParticipant(service=conversation.service_sid, conversation=conversation.sid, **asked)
    )
    assert isinstance(made, Participant)
    return made


def add_number(
    world: World, conversation: Conversation, address: str = ANN, proxy: str = NUMBER
) -> Participant:
    return add(
        world,
        conversation,
        messaging_binding_address=address,
        messaging_binding_proxy_address=proxy,
    )


def update(world: World, participant: Participant, **asked: str) -> Participant:
    changed = world.perform(
        UpdateParticipant(
            service=participant.service_sid,
            conversation=participant.conversation_sid,
            participant=participant.sid,
            **asked,
        )
    )
    assert isinstance(changed, Participant)
    return changed


def refusal(world: World, command: object) -> int:
    """The code that a command is refused with, once it is known that it changed nothing."""
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(command)  # type: ignore[arg-type]
    assert world.snapshot() == before
    return refused.value.code


def test_an_identity_joins_and_its_user_comes_to_be(
    world: World, conversation: Conversation, told: list[object]
) -> None:
    alice = add(world, conversation, identity="alice")
    (user,) = world[Users]
    service = world[Services][SERVICE]
    assert alice == Participant(
        sid=alice.sid,
        account_sid=world.account_sid,
        service_sid=SERVICE,
        conversation_sid=conversation.sid,
        identity="alice",
        user_sid=user.sid,
        role_sid=service.default_conversation_role_sid,
        date_created=START,
        date_updated=START,
        serial=alice.serial,
    )
    assert (user.identity, user.role_sid) == ("alice", service.default_chat_service_role_sid)
    assert told == [
        UserAdded(user=user),
        ParticipantAdded(participant=alice, conversation=conversation),
    ]


def test_an_identity_has_one_user_in_a_service(world: World, conversation: Conversation) -> None:
    first = add(world, conversation, identity="alice")
    other = world.perform(AddConversation(service=SERVICE))
    assert add(world, other, identity="alice").user_sid == first.user_sid
    assert add(world, other, identity="Alice").user_sid != first.user_sid


def test_a_number_joins_by_its_pair(world: World, conversation: Conversation) -> None:
    ann = add_number(world, conversation, "+1 (202) 555-0199")
    assert (ann.identity, ann.user_sid, ann.channel) == (None, None, "sms")
    assert (ann.address, ann.proxy_address) == (ANN, NUMBER)


def test_a_whatsapp_address_joins(world: World, conversation: Conversation) -> None:
    bob = add_number(world, conversation, "WhatsApp:+4915200000000", "whatsapp:+14155238886")
    assert (bob.channel, bob.address, bob.proxy_address) == (
        "whatsapp",
        "whatsapp:+4915200000000",
        "whatsapp:+14155238886",
    )


def test_what_else_may_be_given(world: World, conversation: Conversation) -> None:
    role = world[Services][SERVICE].default_conversation_creator_role_sid
    alice = add(
        world,
        conversation,
        identity="alice",
        attributes='{ "a" : 1 }',
        role_sid=role,
        date_created="2020-01-01T00:00:00Z",
    )
    assert (alice.attributes, alice.role_sid) == ('{ "a" : 1 }', role)
    assert alice.date_created == alice.date_updated == datetime(2020, 1, 1, tzinfo=UTC)


def pair(address: str, proxy: str) -> dict[str, str]:
    return {"messaging_binding_address": address, "messaging_binding_proxy_address": proxy}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, 50411),
        ({"identity": ""}, 50411),
        (pair("", NUMBER), 50411),
        (pair(ANN, ""), 50412),
        (pair("555", NUMBER), 50407),
        (pair("2025550199", NUMBER), 50407),
        (pair("fax:+12025550199", NUMBER), 50407),
        (pair("whatsapp:", "whatsapp:+14155238886"), 50407),
        (pair("messenger:" + "9" * 256, "messenger:1"), 50407),
        (pair(ANN, "support"), 50408),
        (pair(NUMBER, NUMBER), 50409),
        (pair("whatsapp:" + ANN, NUMBER), 50414),
        (pair(ANN, "whatsapp:+14155238886"), 50414),
        ({"identity": "alice", **pair(ANN, NUMBER)}, 50211),
        ({"identity": "x" * 257}, 50207),
        ({"identity": "US" + "0" * 32}, 50206),
        ({"identity": "system"}, 50203),
        ({"identity": "alice", "attributes": "{"}, 50304),
        ({"identity": "alice", "attributes": '"' + "x" * 4095 + '"'}, 50303),
        ({"identity": "alice", "role_sid": "RL" + "9" * 32}, 50100),
        ({"identity": "alice", "date_created": "x"}, 50308),
        ({"identity": "alice", "date_updated": "x"}, 50309),
        ({"identity": "alice", "conversation": "CH" + "9" * 32}, 20404),
    ],
)
def test_what_cannot_be_added(
    world: World, conversation: Conversation, asked: dict[str, str], code: int
) -> None:
    command = AddParticipant(**{"service": SERVICE, "conversation": conversation.sid} | asked)
    assert refusal(world, command) == code


def test_other_channels_keep_their_addresses(world: World, conversation: Conversation) -> None:
    made = add_number(world, conversation, "Messenger:12345", "messenger:67890")
    assert (made.channel, made.address) == ("messenger", "messenger:12345")


def test_roles_are_those_of_conversations_in_the_same_service(
    world: World, conversation: Conversation
) -> None:
    service_role = next(role for role in world[Roles] if role.type is RoleType.SERVICE)
    other = world.perform(AddService(account=world.account_sid, friendly_name="Other"))
    for role, code in (
        (service_role.sid, 50109),
        (other.default_conversation_role_sid, 50100),
    ):
        command = AddParticipant(
            service=SERVICE, conversation=conversation.sid, identity="alice", role_sid=role
        )
        assert refusal(world, command) == code


def test_an_identity_is_in_a_conversation_once(world: World, conversation: Conversation) -> None:
    add(world, conversation, identity="alice")
    command = AddParticipant(service=SERVICE, conversation=conversation.sid, identity="alice")
    assert refusal(world, command) == 50433


def test_a_pair_is_bound_once_in_the_whole_account(
    world: World, conversation: Conversation
) -> None:
    ann = add_number(world, conversation)
    service = world.perform(AddService(account=world.account_sid, friendly_name="Other"))
    other = world.perform(AddConversation(service=service.sid))
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="inactive")
    )
    for place in (conversation, other):
        command = AddParticipant(
            service=place.service_sid, conversation=place.sid, **pair(ANN, NUMBER)
        )
        with pytest.raises(Refused) as refused:
            world.perform(command)
        assert refused.value.code == 50416
        assert refused.value.message.endswith(f" Conversation {conversation.sid}")
    add_number(world, other, ANN, "+12025550101")
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    add_number(world, other)
    listed = participants.list_participants(world, service=SERVICE, conversation=conversation.sid)
    assert [each.sid for each in listed] == [ann.sid]


def test_a_pair_is_free_again_when_its_participant_goes(
    world: World, conversation: Conversation
) -> None:
    ann = add_number(world, conversation)
    command = RemoveParticipant(service=SERVICE, conversation=conversation.sid, participant=ann.sid)
    world.perform(command)
    assert add_number(world, conversation).sid != ann.sid


def test_conversations_are_full_at_some_point(
    world: World, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "CHAT_LIMIT", 2)
    monkeypatch.setattr(membership, "NON_CHAT_LIMIT", 1)
    for identity in ("alice", "bob"):
        add(world, conversation, identity=identity)
    add_number(world, conversation)
    full = AddParticipant(service=SERVICE, conversation=conversation.sid, identity="carol")
    assert refusal(world, full) == 50417
    full = AddParticipant(
        service=SERVICE, conversation=conversation.sid, **pair("+12025550198", NUMBER)
    )
    assert refusal(world, full) == 50422


def test_an_identity_is_in_so_many_open_conversations(
    world: World, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "CONVERSATIONS_PER_IDENTITY", 1)
    add(world, conversation, identity="alice")
    other = world.perform(AddConversation(service=SERVICE))
    command = AddParticipant(service=SERVICE, conversation=other.sid, identity="alice")
    assert refusal(world, command) == 50214
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    add(world, other, identity="alice")


def test_participants_are_found_by_sid_and_identity(
    world: World, conversation: Conversation
) -> None:
    alice = add(world, conversation, identity="alice")
    other = world.perform(AddConversation(service=SERVICE))

    def fetch(place: Conversation, key: str) -> Participant:
        return participants.fetch_participant(
            world, service=SERVICE, conversation=place.sid, participant=key
        )

    assert fetch(conversation, alice.sid) is alice
    assert fetch(conversation, "alice") is alice
    for place, key in ((conversation, "bob"), (other, alice.sid), (other, "alice")):
        with pytest.raises(Refused, match="20404"):
            fetch(place, key)


def test_an_update_changes_what_was_given(
    world: World, conversation: Conversation, told: list[object], advance: Advance
) -> None:
    alice = add(world, conversation, identity="alice")
    role = world[Services][SERVICE].default_conversation_creator_role_sid
    told.clear()
    advance(seconds=5)
    changed = update(
        world, alice, attributes="[]", role_sid=role, date_created="2020-01-01T00:00:00Z"
    )
    assert changed == replace(
        alice,
        attributes="[]",
        role_sid=role,
        date_created=datetime(2020, 1, 1, tzinfo=UTC),
        date_updated=START + timedelta(seconds=5),
    )
    assert told == [
        ParticipantUpdated(participant=changed, before=alice, conversation=conversation)
    ]


def test_the_read_horizon(world: World, conversation: Conversation, advance: Advance) -> None:
    alice = add(world, conversation, identity="alice")
    advance(seconds=5)

    def horizon(**asked: str) -> tuple[int | None, datetime | None]:
        it = update(world, alice, **asked)
        return it.last_read_message_index, it.last_read_timestamp

    later = datetime(2026, 2, 1, tzinfo=UTC)
    assert horizon() == (None, None)
    assert horizon(last_read_message_index="7") == (7, START + timedelta(seconds=5))
    assert horizon(last_read_timestamp="2026-02-01T00:00:00Z") == (7, later)
    assert horizon(last_read_message_index="99", last_read_timestamp="2026-02-01T00:00:00Z") == (
        99,
        later,
    )
    assert horizon(last_read_message_index="null") == (None, None)
    update(world, alice, last_read_message_index="3")
    assert horizon(last_read_message_index="") == (None, None)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"last_read_message_index": "many"}, 50421),
        ({"last_read_timestamp": "noon"}, 20001),
        ({"attributes": ""}, 50304),
        ({"role_sid": "RL" + "9" * 32}, 50100),
        ({"participant": "bob"}, 20404),
        ({"date_created": "x"}, 50308),
        ({"date_updated": "x"}, 50309),
    ],
)
def test_what_cannot_be_updated(
    world: World, conversation: Conversation, asked: dict[str, str], code: int
) -> None:
    add(world, conversation, identity="alice")
    command = UpdateParticipant(
        **{"service": SERVICE, "conversation": conversation.sid, "participant": "alice"} | asked
    )
    assert refusal(world, command) == code


def test_removing_tells_who_it_was(
    world: World, conversation: Conversation, told: list[object]
) -> None:
    alice = add(world, conversation, identity="alice")
    told.clear()
    command = RemoveParticipant(service=SERVICE, conversation=conversation.sid, participant="alice")
    world.perform(command)
    assert told == [ParticipantRemoved(participant=alice, conversation=conversation)]
    assert len(world[Users]) == 1
    assert refusal(world, command) == 20404


def test_nobody_joins_leaves_or_changes_in_a_closed_conversation(
    world: World, conversation: Conversation
) -> None:
    add(world, conversation, identity="alice")
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    place = {"service": SERVICE, "conversation": conversation.sid}
    for command in (
        AddParticipant(**place, identity="bob"),
        UpdateParticipant(**place, participant="alice", attributes="{}"),
        RemoveParticipant(**place, participant="alice"),
    ):
        assert refusal(world, command) == 50377
