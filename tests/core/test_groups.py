from collections.abc import Callable

import pytest

from tests.core.conftest import ANN, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.conversations.address_rules import ChangeAddressRules
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.group_mms import Groups
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    ParticipantUpdated,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    Messages,
    Participant,
)
from twilio_emulator.core.conversations.users import UserAdded
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset, TextReceived
from twilio_emulator.core.texts.text import Texts

SERVICE = "IS00000000000000000000000000000001"
BOB, CAT = "+12025550198", "+12025550197"
OTHER_NUMBER = "+12025550101"
FOREIGN = "+12025550177"
Advance = Callable[..., None]


@pytest.fixture
def conversation(world: World) -> Conversation:
    return opened(world)


def opened(world: World) -> Conversation:
    made = world.perform(AddConversation(service=SERVICE))
    assert isinstance(made, Conversation)
    return made


def joining(conversation: Conversation, **asked: str) -> AddParticipant:
    given = {
        name if name in ("identity", "role_sid") else f"messaging_binding_{name}": value
        for name, value in asked.items()
    }
    return AddParticipant(service=SERVICE, conversation=conversation.sid, **given)


def join(world: World, conversation: Conversation, **asked: str) -> Participant:
    made = world.perform(joining(conversation, **asked))
    assert isinstance(made, Participant)
    return made


def changing(participant: Participant, **asked: str) -> UpdateParticipant:
    given = {
        name if name == "identity" else f"messaging_binding_{name}": value
        for name, value in asked.items()
    }
    return UpdateParticipant(
        service=SERVICE,
        conversation=participant.conversation_sid,
        participant=participant.sid,
        **given,
    )


def change(world: World, participant: Participant, **asked: str) -> Participant:
    changed = world.perform(changing(participant, **asked))
    assert isinstance(changed, Participant)
    return changed


def parties(world: World, conversation: Conversation) -> tuple[str, ...]:
    group = world[Groups].get(conversation.sid)
    return () if group is None else group.parties


def say(world: World, conversation: Conversation, author: str) -> Message:
    wish = PostMessage(service=SERVICE, conversation=conversation.sid, author=author, body="Hello")
    said = world.perform(wish)
    assert isinstance(said, Message)
    return said


def test_who_is_in_a_group(world: World, conversation: Conversation) -> None:
    join(world, conversation, address=CAT, proxy_address=OTHER_NUMBER)
    assert parties(world, conversation) == ()
    ann = join(world, conversation, address=ANN)
    alice = join(world, conversation, identity="alice", projected_address=NUMBER)
    assert (ann.channel, ann.proxy_address) == ("sms", None)
    assert (alice.channel, alice.projected_address) == ("sms", NUMBER)
    assert parties(world, conversation) == tuple(sorted((ANN, NUMBER)))
    world.perform(
        RemoveParticipant(service=SERVICE, conversation=conversation.sid, participant=ann.sid)
    )
    assert parties(world, conversation) == (NUMBER,)
    world.perform(
        RemoveParticipant(service=SERVICE, conversation=conversation.sid, participant="alice")
    )
    assert parties(world, conversation) == ()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"address": "+447700900123"}, 50407),
        ({"address": NUMBER}, 50407),
        ({"address": f"whatsapp:{ANN}"}, 50412),
        ({"proxy_address": NUMBER}, 50411),
        ({"address": ""}, 50411),
        ({"projected_address": ""}, 50434),
        ({"projected_address": "+447700900123"}, 50407),
        ({"projected_address": "555"}, 50407),
        ({"address": ANN, "projected_address": NUMBER}, 50443),
        ({"address": "ann@example.com"}, 50407),
        ({"address": "ann@example.com", "proxy_address": NUMBER}, 50453),
        ({"address": ANN, "proxy_address": NUMBER, "name": "Ann"}, 50420),
        ({"address": ANN, "proxy_address": NUMBER, "level": "to"}, 50420),
        ({"identity": "alice", "projected_address": NUMBER, "role_sid": ""}, 50103),
    ],
)
def test_who_cannot_be_in_one(
    world: World, conversation: Conversation, asked: dict[str, str], expected: int
) -> None:
    assert code(world, joining(conversation, **asked)) == expected


def test_chat_users_need_a_projected_address(world: World, conversation: Conversation) -> None:
    join(world, conversation, address=ANN)
    assert code(world, joining(conversation, identity="alice")) == 50434
    chat = opened(world)
    join(world, chat, identity="alice")
    assert code(world, joining(chat, address=ANN)) == 50434


def test_an_address_is_in_a_group_once(world: World, conversation: Conversation) -> None:
    join(world, conversation, address=ANN)
    join(world, conversation, projected_address=NUMBER)
    assert code(world, joining(conversation, address=ANN)) == 50437
    assert code(world, joining(conversation, projected_address=NUMBER)) == 50437


def test_a_group_has_ten(world: World, conversation: Conversation) -> None:
    for number in range(10):
        join(world, conversation, address=f"+1202555{number:04}")
    assert code(world, joining(conversation, address=ANN)) == 50436


def test_a_set_of_parties_is_in_one_open_conversation(
    world: World, conversation: Conversation
) -> None:
    join(world, conversation, projected_address=NUMBER)
    join(world, conversation, address=ANN)
    second = opened(world)
    join(world, second, projected_address=NUMBER)
    assert code(world, joining(second, address=ANN)) == 50438
    join(world, second, address=BOB)
    join(world, conversation, address=BOB)
    assert code(world, joining(second, address=ANN)) == 50438
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    join(world, second, address=ANN)
    world.perform(RemoveConversation(service=SERVICE, conversation=second.sid))
    assert not len(world[Groups])


def test_a_pair_does_not_conflict_with_a_group(world: World, conversation: Conversation) -> None:
    join(world, conversation, projected_address=NUMBER)
    join(world, conversation, address=ANN)
    join(world, opened(world), address=ANN, proxy_address=NUMBER)


def test_groups_may_be_switched_off(world: World, conversation: Conversation) -> None:
    world.perform(ChangeAddressRules(group_mms=False))
    assert code(world, joining(conversation, address=ANN)) == 50452
    assert code(world, joining(conversation, projected_address=NUMBER)) == 50452


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"address": ANN, "proxy_address": FOREIGN}, 50413),
        ({"address": f"whatsapp:{ANN}", "proxy_address": f"whatsapp:{FOREIGN}"}, 50415),
        ({"projected_address": FOREIGN}, 50439),
    ],
)
def test_only_own_numbers_where_the_rules_say_so(
    world: World, conversation: Conversation, asked: dict[str, str], expected: int
) -> None:
    world.perform(ChangeAddressRules(own_addresses_only=True))
    assert code(world, joining(conversation, **asked)) == expected
    join(world, conversation, address=ANN, proxy_address=NUMBER)
    world.perform(ChangeAddressRules(own_addresses_only=False))
    join(world, opened(world), **asked)


class TestChanges:
    """What an update makes of a binding."""

    def test_a_phone_of_a_group_becomes_a_pair_and_back(
        self, world: World, conversation: Conversation
    ) -> None:
        ann = join(world, conversation, address=ANN)
        pair = change(world, ann, proxy_address=NUMBER)
        assert (pair.address, pair.proxy_address) == (ANN, NUMBER)
        assert parties(world, conversation) == ()
        assert change(world, pair, proxy_address="null").proxy_address is None
        assert parties(world, conversation) == (ANN,)

    def test_a_pair_is_still_bound_once(self, world: World, conversation: Conversation) -> None:
        join(world, opened(world), address=ANN, proxy_address=NUMBER)
        ann = join(world, conversation, address=ANN)
        assert code(world, changing(ann, proxy_address=NUMBER)) == 50416

    def test_a_chat_user_gets_a_projected_address_and_loses_it(
        self, world: World, conversation: Conversation
    ) -> None:
        alice = join(world, conversation, identity="alice")
        projected = change(world, alice, projected_address=NUMBER)
        assert (projected.channel, projected.projected_address) == ("sms", NUMBER)
        assert parties(world, conversation) == (NUMBER,)
        plain = change(world, projected, projected_address="null")
        assert (plain.channel, plain.projected_address) == ("chat", None)
        assert parties(world, conversation) == ()

    def test_an_identity_takes_a_projected_address_over(
        self, world: World, conversation: Conversation, told: Told
    ) -> None:
        nobody = join(world, conversation, projected_address=NUMBER)
        alice = change(world, nobody, identity="alice")
        assert (alice.identity, alice.projected_address) == ("alice", NUMBER)
        (added,) = told.of(UserAdded)
        assert alice.user_sid == added.user.sid
        assert told.of(ParticipantUpdated)[-1].participant == alice
        assert code(world, changing(alice, identity="alice")) == 50444
        assert code(world, changing(alice, identity="bob")) == 50444
        second = join(world, conversation, projected_address=OTHER_NUMBER)
        assert code(world, changing(second, identity="alice")) == 50433
        assert code(world, changing(second, identity="system")) == 50203

    @pytest.mark.parametrize(
        ("member", "asked", "expected"),
        [
            ({"identity": "alice"}, {"proxy_address": NUMBER}, 50441),
            ({"identity": "alice"}, {"proxy_address": "null"}, 50440),
            ({"identity": "alice"}, {"projected_address": "null"}, 50442),
            ({"identity": "alice"}, {"projected_address": ""}, 50434),
            ({"identity": "alice"}, {"identity": "bob"}, 50444),
            ({"projected_address": NUMBER}, {"proxy_address": OTHER_NUMBER}, 50441),
            ({"projected_address": NUMBER}, {"projected_address": "null"}, 50442),
            ({"address": ANN, "proxy_address": NUMBER}, {"proxy_address": NUMBER}, 50441),
            ({"address": ANN, "proxy_address": NUMBER}, {"proxy_address": OTHER_NUMBER}, 50441),
            ({"projected_address": NUMBER}, {"projected_address": NUMBER}, 50443),
            (
                {"identity": "alice", "projected_address": NUMBER},
                {"projected_address": OTHER_NUMBER},
                50443,
            ),
            ({"identity": "alice"}, {"identity": "alice"}, 50444),
            ({"address": ANN}, {"proxy_address": ""}, 50412),
            ({"address": ANN}, {"proxy_address": "null"}, 50440),
            ({"address": ANN}, {"proxy_address": ANN}, 50409),
            ({"address": ANN}, {"proxy_address": f"whatsapp:{NUMBER}"}, 50414),
            ({"address": ANN}, {"projected_address": NUMBER}, 50443),
            ({"address": ANN, "proxy_address": NUMBER}, {"projected_address": NUMBER}, 50443),
            ({"address": ANN, "proxy_address": NUMBER}, {"identity": "alice"}, 50444),
            (
                {"address": f"whatsapp:{ANN}", "proxy_address": f"whatsapp:{NUMBER}"},
                {"proxy_address": "null"},
                50440,
            ),
        ],
    )
    def test_what_cannot_be(
        self,
        world: World,
        conversation: Conversation,
        member: dict[str, str],
        asked: dict[str, str],
        expected: int,
    ) -> None:
        participant = join(world, conversation, **member)
        assert code(world, changing(participant, **asked)) == expected

    def test_a_group_stays_in_order(self, world: World, conversation: Conversation) -> None:
        alice = join(world, conversation, identity="alice", projected_address=NUMBER)
        join(world, conversation, address=ANN)
        assert code(world, changing(alice, projected_address="null")) == 50434


class TestTalking:
    """Who hears what in a group."""

    def test_it_goes_out_from_the_projected_address_of_the_author(
        self, world: World, conversation: Conversation, advance: Advance
    ) -> None:
        for address in (ANN, BOB):
            join(world, conversation, address=address)
        join(world, conversation, identity="alice", projected_address=NUMBER)
        join(world, conversation, projected_address=OTHER_NUMBER)
        said = say(world, conversation, "alice")
        sent = [(text.sender, text.to, text.channel) for text in world[Texts]]
        assert sent == [(NUMBER, ANN, "mms"), (NUMBER, BOB, "mms")]
        advance(seconds=1)
        delivery = world[Messages][said.sid].delivery
        assert delivery is not None
        assert (delivery.total, delivery.delivered) == (2, "all")
        assert say(world, conversation, OTHER_NUMBER).participant_sid is not None
        assert [text.sender for text in world[Texts]][2:] == [OTHER_NUMBER, OTHER_NUMBER]

    def test_two_write_sms(self, world: World, conversation: Conversation) -> None:
        join(world, conversation, address=ANN)
        join(world, conversation, identity="alice", projected_address=NUMBER)
        say(world, conversation, "alice")
        assert [text.channel for text in world[Texts]] == ["sms"]

    def test_only_who_is_in_it_can_speak(self, world: World, conversation: Conversation) -> None:
        join(world, conversation, address=ANN)
        for author in ("alice", "system"):
            wish = PostMessage(
                service=SERVICE, conversation=conversation.sid, author=author, body="Hello"
            )
            assert code(world, wish) == 50513

    def test_carriers_bring_what_a_phone_says_to_the_others(
        self, world: World, conversation: Conversation
    ) -> None:
        for address in (ANN, BOB):
            join(world, conversation, address=address)
        join(world, conversation, projected_address=NUMBER)
        say(world, conversation, ANN)
        assert not len(world[Texts])
        world.perform(SendFromHandset(address=BOB, to=NUMBER, others=(ANN,), body="Hi"))
        assert [text.direction for text in world[Texts]] == ["inbound"]
        assert [message.author for message in world[Messages]] == [ANN, BOB]

    def test_other_parties_are_another_group(
        self, world: World, conversation: Conversation, told: Told
    ) -> None:
        for address in (ANN, BOB):
            join(world, conversation, address=address)
        join(world, conversation, projected_address=NUMBER)
        world.perform(SendFromHandset(address=CAT, to=NUMBER, others=(ANN,), body="Hi"))
        world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
        assert len(told.of(TextReceived)) == 2
        assert not len(world[Messages])

    def test_an_own_number_cannot_write_to_its_group(
        self, world: World, conversation: Conversation, told: Told
    ) -> None:
        join(world, conversation, projected_address=NUMBER)
        join(world, conversation, projected_address=OTHER_NUMBER)
        world.perform(SendFromHandset(address=OTHER_NUMBER, to=NUMBER, body="Hi"))
        assert len(told.of(TextReceived)) == 1

    def test_who_has_a_pair_in_a_group_is_written_to_from_there(
        self, world: World, conversation: Conversation
    ) -> None:
        join(world, conversation, address=CAT, proxy_address=OTHER_NUMBER)
        join(world, conversation, address=ANN)
        join(world, conversation, identity="alice", projected_address=NUMBER)
        say(world, conversation, "alice")
        assert [(text.sender, text.to) for text in world[Texts]] == [
            (OTHER_NUMBER, CAT),
            (NUMBER, ANN),
        ]
