"""What is said in a bridged service of v1 is said in v2, and the other way round."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from tests.core.orchestrator.test_actions import act, now
from tests.core.orchestrator.traffic import (
    configure,
    conversations,
    people,
    said,
    settings_of,
    words,
    write,
)
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    Participant,
    RemoveParticipant,
)
from twilio_emulator.core.conversations.resources import Conversation, Conversations, Messages
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.action_resources import ActionParty, ActionStatus
from twilio_emulator.core.orchestrator.bridge import BridgedConversations
from twilio_emulator.core.orchestrator.communications import (
    CommunicationContentSaid,
    CommunicationEndSaid,
    RecordCommunication,
)
from twilio_emulator.core.orchestrator.configurations import RemoveConversationConfiguration
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
    RemoveOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    ParticipantDraft,
    SetOrchestratedParticipant,
)
from twilio_emulator.core.orchestrator.resources import (
    CommunicationUpdated,
    ContentType,
    GroupingType,
    OrchestratedConversation,
    OrchestratedParticipantAdded,
    OrchestratedParticipantRemoved,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
    V1Bridge,
)
from twilio_emulator.core.phones.inbox import InboxItems

SERVICE = "IS00000000000000000000000000000001"
CHAT = OrchestratorChannel.CHAT
AGENT = "ai-assistant"
WHATSAPP = "whatsapp:+14155238886"


@pytest.fixture(params=list(GroupingType))
def configuration(world: World, request: pytest.FixtureRequest) -> str:
    """The bridge, whatever conversations are grouped by."""
    bridge = V1Bridge(service_id=SERVICE)
    return configure(world, request.param, sms=settings_of(), conversations_v1_bridge=bridge)


@pytest.fixture
def chat(world: World, configuration: str) -> Conversation:
    """A conversation of v1 that Ann chats in."""
    chat = world.perform(AddConversation(service=SERVICE))
    join(world, chat, identity="ann")
    return chat


def join(world: World, chat: Conversation, **who: Any) -> Participant:
    return world.perform(AddParticipant(service=SERVICE, conversation=chat.sid, **who))


def join_by_phone(world: World, chat: Conversation) -> Participant:
    return join(
        world,
        chat,
        messaging_binding_address=ANN,
        messaging_binding_proxy_address=NUMBER,
    )


def say(world: World, chat: Conversation, body: str = "Hi", author: str | None = "ann") -> Any:
    return world.perform(
        PostMessage(service=SERVICE, conversation=chat.sid, author=author, body=body)
    )


def the_one(world: World) -> OrchestratedConversation:
    (conversation,) = conversations(world)
    return conversation


def agent_at(chat: Conversation) -> tuple[ParticipantAddress, ...]:
    return (ParticipantAddress(channel=CHAT, address=AGENT, channel_id=chat.sid),)


class TestFromV1:
    def test_the_first_message_begins_a_conversation(
        self, world: World, chat: Conversation, configuration: str
    ) -> None:
        assert conversations(world) == []
        message = say(world, chat)

        conversation = the_one(world)
        assert conversation.configuration_sid == configuration
        (ann,) = people(world, conversation)
        assert (ann.type, ann.name) == (ParticipantType.UNKNOWN, "ann")
        assert ann.addresses == (
            ParticipantAddress(channel=CHAT, address="ann", channel_id=chat.sid),
        )
        (communication,) = said(world, conversation)
        assert (communication.channel_id, communication.resource_id) == (chat.sid, message.sid)
        assert communication.author.participant_id == ann.sid
        assert communication.recipients == ()

    def test_everybody_else_is_a_recipient(self, world: World, chat: Conversation) -> None:
        join(world, chat, identity="bob")
        say(world, chat)

        _ann, bob = people(world, the_one(world))
        (recipient,) = said(world, the_one(world))[0].recipients
        assert (recipient.participant_id, recipient.delivery_status) == (bob.sid, "DELIVERED")

    def test_who_joins_and_leaves(self, world: World, chat: Conversation, told: Told) -> None:
        say(world, chat)
        bob = join(world, chat, identity="bob")
        assert [each.name for each in people(world, the_one(world))] == ["ann", "bob"]

        world.perform(
            RemoveParticipant(service=SERVICE, conversation=chat.sid, participant=bob.sid)
        )

        assert [each.name for each in people(world, the_one(world))] == ["ann"]
        assert len(told.of(OrchestratedParticipantAdded)) == 2
        assert len(told.of(OrchestratedParticipantRemoved)) == 1

    def test_who_is_reached_elsewhere_too_stays(self, world: World, chat: Conversation) -> None:
        say(world, chat)
        conversation, other = the_one(world), world.perform(AddConversation(service=SERVICE))
        elsewhere = ParticipantAddress(channel=CHAT, address="bob", channel_id=other.sid)
        here = ParticipantAddress(channel=CHAT, address="bobby", channel_id=chat.sid)
        world.perform(
            AddOrchestratedParticipant(
                account=ACCOUNT, conversation=conversation.sid, addresses=(elsewhere, here)
            )
        )
        bobby = join(world, chat, identity="bobby")
        bob = join(world, chat, identity="bob")
        for left in (bob, bobby):
            world.perform(
                RemoveParticipant(service=SERVICE, conversation=chat.sid, participant=left.sid)
            )

        assert people(world, conversation)[1].addresses == (elsewhere,)

    def test_who_is_not_here_cannot_leave(self, world: World, chat: Conversation) -> None:
        bob = join(world, chat, identity="bob")
        world.perform(
            RemoveParticipant(service=SERVICE, conversation=chat.sid, participant=bob.sid)
        )
        assert conversations(world) == []
        say(world, chat)
        carol = join(world, chat, identity="carol")
        conversation = the_one(world)
        # Said anew by a request: nobody is at her address any more.
        (_, of_v2) = people(world, conversation)
        world.perform(
            SetOrchestratedParticipant(
                account=ACCOUNT,
                conversation=conversation.sid,
                participant=of_v2.sid,
                addresses=(ParticipantAddress(channel=CHAT, address="dora"),),
            )
        )
        world.perform(
            RemoveParticipant(service=SERVICE, conversation=chat.sid, participant=carol.sid)
        )

        assert [each.name for each in people(world, conversation)] == ["ann", "dora"]

    def test_whoever_says_something_is_a_participant(
        self, world: World, chat: Conversation
    ) -> None:
        say(world, chat, "By REST", author=None)

        _ann, system = people(world, the_one(world))
        assert (system.name, said(world, the_one(world))[0].author.participant_id) == (
            "system",
            system.sid,
        )

    def test_an_edit_is_an_update(self, world: World, chat: Conversation, told: Told) -> None:
        message = say(world, chat)
        for body in ("Hello", None, "Hello"):
            world.perform(
                EditMessage(
                    service=SERVICE,
                    conversation=chat.sid,
                    message=message.sid,
                    body=body,
                    attributes="{}",
                )
            )

        assert words(world, the_one(world)) == [("ann", "Hello")]
        assert len(told.of(CommunicationUpdated)) == 1

    def test_a_phone_gets_it_as_its_receipt_says(
        self, world: World, chat: Conversation, advance: Callable[..., None]
    ) -> None:
        world.perform(UpsertHandset(address=ANN))
        join_by_phone(world, chat)
        say(world, chat)
        (recipient,) = said(world, the_one(world))[0].recipients
        assert (recipient.address, recipient.channel) == (ANN, "SMS")
        assert recipient.delivery_status == "IN_PROGRESS"

        advance(minutes=1)

        (recipient,) = said(world, the_one(world))[0].recipients
        assert recipient.delivery_status == "DELIVERED"

    def test_a_number_is_the_same_with_the_prefix_of_its_channel_and_without(
        self, world: World, chat: Conversation, advance: Callable[..., None]
    ) -> None:
        """In how far something has come, in what is said anew, and in who leaves."""
        say(world, chat)
        number = ParticipantAddress(
            channel=OrchestratorChannel.WHATSAPP, address=ANN, channel_id=chat.sid
        )
        conversation = the_one(world)
        world.perform(
            AddOrchestratedParticipant(
                account=ACCOUNT, conversation=conversation.sid, addresses=(number,)
            )
        )
        phone = join(
            world,
            chat,
            messaging_binding_address=f"whatsapp:{ANN}",
            messaging_binding_proxy_address=WHATSAPP,
        )
        message = say(world, chat, "Hello")
        advance(minutes=1)
        (recipient,) = said(world, conversation)[1].recipients
        assert (recipient.address, recipient.delivery_status) == (ANN, "DELIVERED")

        world.perform(
            RecordCommunication(
                account=ACCOUNT,
                conversation=conversation.sid,
                author=CommunicationEndSaid(address="ann", channel=CHAT),
                content=CommunicationContentSaid(type=ContentType.TEXT, text="Hello there"),
                recipients=(
                    CommunicationEndSaid(
                        address=f"whatsapp:{ANN}", channel=OrchestratorChannel.WHATSAPP
                    ),
                ),
                resource_id=message.sid,
            )
        )
        (recipient,) = said(world, conversation)[1].recipients
        assert (recipient.address, recipient.delivery_status) == (f"whatsapp:{ANN}", "DELIVERED")

        world.perform(
            RemoveParticipant(service=SERVICE, conversation=chat.sid, participant=phone.sid)
        )
        assert [each.name for each in people(world, conversation)] == ["ann"]

    def test_what_was_said_before_the_bridge_stays_there(
        self, world: World, advance: Callable[..., None]
    ) -> None:
        chat = world.perform(AddConversation(service=SERVICE))
        join_by_phone(world, chat)
        message = say(world, chat, author="bob")
        world.perform(
            EditMessage(service=SERVICE, conversation=chat.sid, message=message.sid, body="Once")
        )
        configure(world, sms=settings_of(), conversations_v1_bridge=V1Bridge(service_id=SERVICE))
        say(world, chat, "Two", author="bob")

        advance(minutes=1)
        world.perform(
            EditMessage(service=SERVICE, conversation=chat.sid, message=message.sid, body="One")
        )

        assert words(world, the_one(world)) == [("bob", "Two")]

    def test_who_has_the_number_by_another_channel_is_the_same(
        self, world: World, chat: Conversation
    ) -> None:
        say(world, chat)
        whatsapp = ParticipantAddress(
            channel=OrchestratorChannel.WHATSAPP, address=f"whatsapp:{ANN}"
        )
        world.perform(
            AddOrchestratedParticipant(
                account=ACCOUNT, conversation=the_one(world).sid, addresses=(whatsapp,)
            )
        )
        join_by_phone(world, chat)

        _, ann = people(world, the_one(world))
        assert [each.address for each in ann.addresses] == [f"whatsapp:{ANN}", ANN]

    def test_a_phone_writes(self, world: World, chat: Conversation) -> None:
        join_by_phone(world, chat)
        write(world, "By SMS")

        (communication,) = said(world, the_one(world))
        assert (communication.author.address, communication.author.channel) == (ANN, "SMS")
        assert communication.channel_id == chat.sid

    def test_other_services_are_left_alone(self, world: World, configuration: str) -> None:
        other = world.perform(AddService(account=ACCOUNT, friendly_name="Other")).sid
        chat = world.perform(AddConversation(service=other))
        world.perform(PostMessage(service=other, conversation=chat.sid, body="Hi"))

        assert conversations(world) == []

    def test_two_chats_are_two_conversations(self, world: World, chat: Conversation) -> None:
        other = world.perform(AddConversation(service=SERVICE))
        join(world, other, identity="ann")
        for each in (chat, other):
            say(world, each)
        for each, conversation in zip((chat, other), conversations(world), strict=True):
            world.perform(
                AddOrchestratedParticipant(
                    account=ACCOUNT,
                    conversation=conversation.sid,
                    type=ParticipantType.AI_AGENT,
                    addresses=agent_at(each),
                )
            )

        assert len(conversations(world)) == 2

    def test_no_bridge_any_more(self, world: World, chat: Conversation, configuration: str) -> None:
        say(world, chat)
        world.perform(RemoveConversationConfiguration(account=ACCOUNT, configuration=configuration))
        say(world, chat, "Still there?")

        assert words(world, the_one(world)) == [("ann", "Hi")]


class TestEnds:
    def test_closed_in_v1_is_closed_here(self, world: World, chat: Conversation) -> None:
        say(world, chat)
        world.perform(UpdateConversation(service=SERVICE, conversation=chat.sid, state="inactive"))
        assert the_one(world).status is OrchestratedStatus.ACTIVE
        world.perform(UpdateConversation(service=SERVICE, conversation=chat.sid, state="closed"))

        assert the_one(world).status is OrchestratedStatus.CLOSED

    def test_closed_here_is_closed_in_v1(self, world: World, chat: Conversation) -> None:
        say(world, chat)
        for status in (OrchestratedStatus.INACTIVE, OrchestratedStatus.CLOSED):
            world.perform(
                ChangeOrchestratedConversation(
                    account=ACCOUNT, conversation=the_one(world).sid, status=status
                )
            )

        assert world[Conversations][chat.sid].state == "closed"

    def test_what_was_never_said_here_is_closed_alone(
        self, world: World, chat: Conversation
    ) -> None:
        world.perform(UpdateConversation(service=SERVICE, conversation=chat.sid, state="closed"))
        other = world.perform(AddConversation(service=SERVICE))
        world.perform(RemoveConversation(service=SERVICE, conversation=other.sid))

        assert conversations(world) == []

    def test_deleted_in_v1_is_closed_here(self, world: World, chat: Conversation) -> None:
        say(world, chat)
        world.perform(RemoveConversation(service=SERVICE, conversation=chat.sid))

        assert the_one(world).status is OrchestratedStatus.CLOSED
        assert not len(world[BridgedConversations])

    def test_removed_here_begins_anew(self, world: World, chat: Conversation) -> None:
        say(world, chat)
        world.perform(
            RemoveOrchestratedConversation(account=ACCOUNT, conversation=the_one(world).sid)
        )
        say(world, chat, "Again")

        assert words(world, the_one(world)) == [("ann", "Again")]


class TestFromV2:
    def test_an_action_is_a_message_in_v1(
        self, world: World, chat: Conversation, told: Told
    ) -> None:
        say(world, chat)
        conversation = the_one(world)
        agent = world.perform(
            AddOrchestratedParticipant(
                account=ACCOUNT,
                conversation=conversation.sid,
                type=ParticipantType.AI_AGENT,
                addresses=agent_at(chat),
            )
        )
        ann = people(world, conversation)[0]

        action = act(
            world,
            conversation,
            from_=ActionParty(participant_id=agent.sid, channel=CHAT),
            to=(ActionParty(participant_id=ann.sid, channel=CHAT),),
            settings={"channelId": chat.sid},
        )

        assert now(world, action).status is ActionStatus.COMPLETED
        message = world[Messages][action.message_sid or ""]
        assert (message.author, message.body) == (AGENT, "Hello")
        answer = said(world, conversation)[-1]
        assert (answer.sid, answer.resource_id) == (action.communication_id, message.sid)
        assert answer.author.participant_id == agent.sid
        assert [each.participant_id for each in answer.recipients] == [ann.sid]

    def test_the_chat_is_known_by_who_is_in_it(self, world: World, chat: Conversation) -> None:
        say(world, chat)
        both = ActionParty(address=AGENT, channel=CHAT), ActionParty(address="ann", channel=CHAT)
        action = act(world, the_one(world), from_=both[0], to=both[1:])

        assert words(world, the_one(world))[-1] == (AGENT, "Hello")
        assert action.status is ActionStatus.COMPLETED

    @pytest.mark.parametrize(
        ("settings", "attributes"),
        [
            ({"Attributes": '{"quick": ["Yes"]}'}, '{"quick": ["Yes"]}'),
            ({"Attributes": {"quick": ["Yes"]}}, '{"quick": ["Yes"]}'),
            ({"attributes": '{"a": 1}'}, '{"a": 1}'),
            ({}, "{}"),
            ({"Attributes": "{"}, None),
        ],
    )
    def test_attributes_are_those_of_the_message(
        self, world: World, chat: Conversation, settings: dict[str, Any], attributes: str | None
    ) -> None:
        say(world, chat)
        both = ActionParty(address=AGENT, channel=CHAT), ActionParty(address="ann", channel=CHAT)
        action = act(world, the_one(world), from_=both[0], to=both[1:], settings=settings)

        if attributes is None:
            assert action.status is ActionStatus.FAILED
            return
        assert world[Messages][action.message_sid or ""].attributes == attributes

    def test_a_conversation_that_names_a_chat_is_that_one(
        self, world: World, chat: Conversation, configuration: str
    ) -> None:
        """As Twilio Agent Connect begins one."""
        ann = ParticipantAddress(channel=CHAT, address="ann", channel_id=chat.sid)
        conversation = world.perform(
            BeginConversation(
                account=ACCOUNT,
                configuration_id=configuration,
                participants=(
                    ParticipantDraft(type=ParticipantType.CUSTOMER, addresses=(ann,)),
                    ParticipantDraft(type=ParticipantType.AI_AGENT, addresses=agent_at(chat)),
                ),
            )
        )
        customer, agent = people(world, conversation)
        act(
            world,
            conversation,
            from_=ActionParty(participant_id=agent.sid, channel=CHAT),
            to=(ActionParty(participant_id=customer.sid, channel=CHAT),),
            settings={"channelId": chat.sid},
        )
        say(world, chat, "Thanks")

        assert words(world, the_one(world)) == [(AGENT, "Hello"), ("ann", "Thanks")]

    def test_a_phone_in_v1_is_answered_there(
        self, world: World, chat: Conversation, advance: Callable[..., None]
    ) -> None:
        join_by_phone(world, chat)
        write(world, "By SMS")
        action = act(world, the_one(world), settings={"channelId": chat.sid})
        advance(minutes=1)

        assert (action.message_sid or "").startswith("IM")
        assert words(world, the_one(world))[-1] == (NUMBER, "Hello")
        assert [item.body for item in world[InboxItems] if item.peer == NUMBER] == [
            "By SMS",
            "Hello",
        ]

    def test_a_phone_in_v1_is_answered_there_though_nobody_says_so(
        self, world: World, chat: Conversation
    ) -> None:
        join_by_phone(world, chat)
        write(world, "By SMS")
        conversation = the_one(world)
        ann = next(each for each in people(world, conversation) if each.name == ANN)
        to = (ActionParty(participant_id=ann.sid),)

        in_v1 = act(world, conversation, to=to)
        urls = ("https://example.com/a.png",)
        by_text = act(world, conversation, to=to, content={"media_urls": urls})

        assert (in_v1.message_sid or "").startswith("IM")
        assert (by_text.message_sid or "").startswith("MM")
        assert words(world, conversation)[1:] == [(NUMBER, "Hello"), (NUMBER, "")]

    @pytest.mark.parametrize(
        ("settings", "content", "words"),
        [
            ({"channelId": "CH" + "9" * 32}, {"text": "Hello"}, "20404: "),
            ({"channelId": "{other}"}, {"text": "Hello"}, "20404: "),
            ({}, {"text": "Hello"}, "20001: CHAT needs the channelId"),
            ({"channelId": "{chat}"}, {"media_urls": ("https://example.com/a.png",)}, "20001: "),
            ({"channelId": "{chat}"}, {"text": "a" * 40_000}, "50504: "),
        ],
    )
    def test_what_v1_does_not_take_has_failed(
        self,
        world: World,
        chat: Conversation,
        settings: dict[str, str],
        content: dict[str, Any],
        words: str,
    ) -> None:
        say(world, chat)
        service = world.perform(AddService(account=ACCOUNT, friendly_name="Other")).sid
        other = world.perform(AddConversation(service=service))
        named = {
            name: value.format(other=other.sid, chat=chat.sid) for name, value in settings.items()
        }
        strangers = (
            ActionParty(address=AGENT, channel=CHAT),
            ActionParty(address="zoe", channel=CHAT),
        )
        action = act(
            world,
            the_one(world),
            from_=strangers[0],
            to=strangers[1:],
            settings=named,
            content=content,
        )

        assert action.status is ActionStatus.FAILED
        assert (action.failure_reason or "").startswith(words)
        assert len(said(world, the_one(world))) == 1

    def test_without_a_bridge_there_is_no_chat(self, world: World) -> None:
        chat = world.perform(AddConversation(service=SERVICE))
        conversation = world.perform(
            BeginConversation(
                account=ACCOUNT,
                configuration_id=configure(world),
                participants=(ParticipantDraft(addresses=agent_at(chat)),),
            )
        )
        (agent,) = people(world, conversation)
        action = act(
            world,
            conversation,
            from_=ActionParty(participant_id=agent.sid),
            to=(ActionParty(address="ann", channel=CHAT),),
        )

        assert (action.failure_reason or "").startswith("20404: ")

    def test_a_chat_that_is_one_already_stays_that(
        self, world: World, chat: Conversation, configuration: str
    ) -> None:
        say(world, chat)
        bob = ParticipantAddress(channel=CHAT, address="bob", channel_id=chat.sid)
        world.perform(
            BeginConversation(
                account=ACCOUNT,
                configuration_id=configuration,
                participants=(ParticipantDraft(addresses=(bob,)),),
            )
        )
        say(world, chat, "Here")

        first, second = conversations(world)
        assert (len(said(world, first)), len(said(world, second))) == (2, 0)
