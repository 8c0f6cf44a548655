"""Texts of an account become communications, and go on as before."""

import json
from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, START, Told
from tests.core.orchestrator.traffic import (
    BOTH_WAYS,
    BY_WHATSAPP,
    STORE,
    WHATSAPP_ANN,
    WHATSAPP_NUMBER,
    configure,
    conversations,
    people,
    said,
    send,
    settings_of,
    words,
    write,
)
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.kernel.records import plain_command, replace
from twilio_emulator.core.kernel.reviving import revive_command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.identifiers import AddProfileIdentifier
from twilio_emulator.core.memory.profiles import AddMemoryProfile
from twilio_emulator.core.memory.resources import MemoryProfiles
from twilio_emulator.core.messaging.inbound import ReceiveText, TextCaptured, TextReceived
from twilio_emulator.core.orchestrator import capture
from twilio_emulator.core.orchestrator.action_resources import (
    ActionContent,
    ActionParty,
    SendMessagePayload,
)
from twilio_emulator.core.orchestrator.actions import CreateAction
from twilio_emulator.core.orchestrator.bridge import BridgedConversations
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.participants import ParticipantDraft
from twilio_emulator.core.orchestrator.resources import (
    CaptureRule,
    CommunicationCreated,
    Communications,
    CommunicationStatus,
    CommunicationUpdated,
    GroupingType,
    OrchestratedConversationCreated,
    OrchestratedConversationUpdated,
    OrchestratedParticipantAdded,
    OrchestratedParticipantUpdated,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
    V1Bridge,
)
from twilio_emulator.core.senders.number_orders import BuyNumber
from twilio_emulator.core.wings import RULES

SERVICE = "IS00000000000000000000000000000001"
MESSAGING_SERVICE = "MG00000000000000000000000000000001"
TOLD_OF_V2 = (
    OrchestratedConversationCreated,
    OrchestratedConversationUpdated,
    OrchestratedParticipantAdded,
    OrchestratedParticipantUpdated,
    CommunicationCreated,
    CommunicationUpdated,
)


def of_v2(told: Told) -> list[str]:
    """What was told of conversations of v2, by name."""
    return [type(event).__name__ for event in told if isinstance(event, TOLD_OF_V2)]


class TestWhatBegins:
    def test_a_text_that_comes_in_begins_a_conversation(self, world: World, told: Told) -> None:
        configuration = configure(world)

        text = write(world, "Where is my order?")

        (conversation,) = conversations(world)
        assert (conversation.configuration_sid, conversation.status) == (configuration, "ACTIVE")
        customer, agent = people(world, conversation)
        assert (customer.type, customer.name) == (ParticipantType.CUSTOMER, ANN)
        assert (agent.type, agent.name) == (ParticipantType.AGENT, NUMBER)
        assert [(at.channel, at.address) for at in customer.addresses] == [("SMS", ANN)]
        (communication,) = said(world, conversation)
        assert communication.author.participant_id == customer.sid
        assert communication.resource_id == text.sid
        assert (communication.content.type, communication.content.text) == (
            "TEXT",
            "Where is my order?",
        )
        (recipient,) = communication.recipients
        assert (recipient.address, recipient.participant_id) == (NUMBER, agent.sid)
        assert recipient.delivery_status is CommunicationStatus.DELIVERED
        assert of_v2(told) == [
            "OrchestratedConversationCreated",
            "OrchestratedParticipantAdded",
            "OrchestratedParticipantAdded",
            "CommunicationCreated",
        ]
        assert told.of(TextReceived)[0].text == text  # the number's webhook goes on as before

    def test_a_text_that_goes_out_does(
        self, world: World, told: Told, advance: Callable[..., None]
    ) -> None:
        configure(world)

        text = send(world)

        (conversation,) = conversations(world)
        agent, customer = people(world, conversation)
        assert (agent.type, customer.type) == (ParticipantType.AGENT, ParticipantType.CUSTOMER)
        (communication,) = said(world, conversation)
        assert (communication.author.address, communication.resource_id) == (NUMBER, text.sid)
        assert communication.recipients[0].delivery_status is CommunicationStatus.IN_PROGRESS

        advance(minutes=1)

        (communication,) = said(world, conversation)
        assert communication.recipients[0].delivery_status is CommunicationStatus.DELIVERED
        assert of_v2(told)[-2:] == ["CommunicationCreated", "CommunicationUpdated"]

    def test_what_follows_is_in_the_same_conversation(self, world: World) -> None:
        configure(world)

        write(world, "One")
        send(world, "Two")
        write(world, "Three")
        write(world, "Another", address="+12025550155")

        first, second = conversations(world)
        assert words(world, first) == [(ANN, "One"), (NUMBER, "Two"), (ANN, "Three")]
        assert words(world, second) == [("+12025550155", "Another")]

    def test_whom_no_rule_names_is_unknown(self, world: World) -> None:
        configure(world, sms=settings_of((CaptureRule(from_="*", to="*"),)))

        write(world)
        send(world, to="+12025550155")

        first, second = conversations(world)
        assert [each.type for each in people(world, first)] == ["CUSTOMER", "UNKNOWN"]
        assert [each.type for each in people(world, second)] == ["UNKNOWN", "CUSTOMER"]

    def test_mms_is_sms_and_has_no_media_here(self, world: World) -> None:
        configure(world)

        text = send(world, "", media_url=("https://example.com/a.png",))

        (conversation,) = conversations(world)
        (communication,) = said(world, conversation)
        assert (communication.author.channel, communication.content.text) == ("SMS", "")
        assert communication.resource_id == text.sid
        assert text.sid.startswith("MM")


class TestRules:
    def test_each_direction_has_a_rule_of_its_own(self, world: World) -> None:
        configure(world, sms=settings_of(BOTH_WAYS[:1]))

        send(world)
        assert conversations(world) == []
        write(world)
        send(world)

        (conversation,) = conversations(world)
        assert words(world, conversation) == [(ANN, "Hi")]

    def test_both_sides_must_fit(self, world: World) -> None:
        configure(world, sms=settings_of((CaptureRule(from_="+12025550155", to=NUMBER),)))

        write(world)
        write(world, address="+12025550155")

        (conversation,) = conversations(world)
        assert words(world, conversation) == [("+12025550155", "Hi")]

    @pytest.mark.parametrize("own", [WHATSAPP_NUMBER, "+14155238886"])
    def test_whatsapp_is_meant_with_its_prefix_and_without(self, world: World, own: str) -> None:
        rules = (CaptureRule(from_="*", to=own),)
        configure(world, whatsapp=settings_of(rules))

        write(world, "join the-sandbox", to=WHATSAPP_NUMBER)
        write(world, "Hi", to=WHATSAPP_NUMBER)

        (conversation,) = conversations(world)
        assert words(world, conversation)[-1] == (WHATSAPP_ANN, "Hi")
        _customer, agent = people(world, conversation)
        assert [(at.channel, at.address) for at in agent.addresses] == [
            ("WHATSAPP", WHATSAPP_NUMBER)
        ]

    def test_a_channel_without_rules_is_left_alone(self, world: World) -> None:
        configure(world)

        write(world, to=WHATSAPP_NUMBER)

        assert conversations(world) == []

    def test_every_configuration_captures_by_itself(self, world: World) -> None:
        one, other = configure(world), configure(world)

        write(world)

        assert [each.configuration_sid for each in conversations(world)] == [one, other]

    def test_where_nothing_is_captured_nothing_is_drawn(self, world: World) -> None:
        drawn = world.sids.drawn
        write(world)
        one = world.sids.drawn - drawn
        configure(world, sms=settings_of((CaptureRule(from_="+12025550155", to="*"),)))
        drawn = world.sids.drawn
        write(world)

        assert world.sids.drawn - drawn == one

    def test_where_nothing_is_captured_nothing_is_made_ready_for_it(
        self, world: World, advance: Callable[..., None]
    ) -> None:
        chat = world.perform(AddConversation(service=SERVICE))
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=chat.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )
        world.perform(PostMessage(service=SERVICE, conversation=chat.sid, body="Hi"))
        write(world)
        send(world)
        advance(minutes=1)

        assert Communications not in world
        assert BridgedConversations not in world

    def test_fits(self) -> None:
        rule = CaptureRule(from_="*", to="whatsapp:+1")
        assert capture.fits(rule, "whatsapp:+2", "whatsapp:+1")
        assert not capture.fits(rule, "whatsapp:+2", "whatsapp:+3")


class TestWhatIsLeftOut:
    def test_a_text_without_a_sender_is_captured_when_it_has_one(
        self, world: World, advance: Callable[..., None]
    ) -> None:
        configure(world)
        send(world, from_=None, messaging_service_sid=MESSAGING_SERVICE)
        assert conversations(world) == []

        advance(minutes=1)

        (conversation,) = conversations(world)
        assert words(world, conversation) == [(NUMBER, "Hello")]
        (communication,) = said(world, conversation)
        assert communication.recipients[0].delivery_status is CommunicationStatus.DELIVERED

    def test_one_that_waits_for_its_hour_is_initiated_and_captured_once(
        self, world: World, advance: Callable[..., None]
    ) -> None:
        configure(world)
        send(
            world,
            messaging_service_sid=MESSAGING_SERVICE,
            schedule_type="fixed",
            send_at="2026-01-05T10:00:00Z",
        )
        (conversation,) = conversations(world)
        (communication,) = said(world, conversation)
        assert communication.recipients[0].delivery_status is CommunicationStatus.INITIATED

        advance(hours=2)

        (communication,) = said(world, conversation)
        assert communication.recipients[0].delivery_status is CommunicationStatus.DELIVERED

    def test_a_text_from_number_to_number_is_two(
        self, world: World, advance: Callable[..., None]
    ) -> None:
        other = world.perform(BuyNumber(account=ACCOUNT, phone_number="+12025550123")).address
        configure(world, sms=settings_of((CaptureRule(from_="*", to="*"),)))

        sent = send(world, to=other)
        advance(minutes=1)
        world.perform(ReceiveText(text=sent.sid))

        (conversation,) = conversations(world)
        assert words(world, conversation) == [(NUMBER, "Hello"), (NUMBER, "Hello")]

    def test_what_a_conversation_of_v1_has_is_captured_too(self, world: World, told: Told) -> None:
        configure(world)
        chat = world.perform(AddConversation(service=SERVICE))
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=chat.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )

        write(world)

        assert len(told.of(TextCaptured)) == 1
        (conversation,) = conversations(world)
        assert words(world, conversation) == [(ANN, "Hi")]
        assert said(world, conversation)[0].channel_id is None

    def test_what_v1_sends_by_its_messaging_service_is_captured_once(
        self, world: World, advance: Callable[..., None]
    ) -> None:
        configure(world)
        chat = world.perform(AddConversation(service=SERVICE))
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=chat.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )
        world.perform(PostMessage(service=SERVICE, conversation=chat.sid, author="bob", body="Hi"))
        advance(minutes=1)

        (conversation,) = conversations(world)
        assert words(world, conversation) == [(NUMBER, "Hi")]

    def test_what_comes_over_the_bridge_is_not_captured_besides(self, world: World) -> None:
        configure(world, conversations_v1_bridge=V1Bridge(service_id=SERVICE))
        chat = world.perform(AddConversation(service=SERVICE))
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=chat.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )

        write(world)

        (conversation,) = conversations(world)
        (communication,) = said(world, conversation)
        assert communication.channel_id == chat.sid


class TestGrouping:
    def test_by_addresses_and_channel(self, world: World) -> None:
        number = NUMBER.removeprefix("whatsapp:")
        configure(
            world,
            sms=settings_of((CaptureRule(from_="*", to="*"),)),
            whatsapp=settings_of((CaptureRule(from_="*", to="*"),)),
        )
        write(world, to=number)
        write(world, to=WHATSAPP_NUMBER)

        assert len(conversations(world)) == 2

    def test_by_profile_a_customer_goes_on_by_another_channel(
        self, world: World, told: Told
    ) -> None:
        configure(world, GroupingType.PROFILE, whatsapp=settings_of(BY_WHATSAPP))

        write(world, "By SMS")
        write(world, "By WhatsApp", to=WHATSAPP_NUMBER)

        (conversation,) = conversations(world)
        assert words(world, conversation) == [(ANN, "By SMS"), (WHATSAPP_ANN, "By WhatsApp")]
        customer, sms, whatsapp = people(world, conversation)
        (profile,) = world[MemoryProfiles]
        assert customer.profile_id == profile.sid
        assert [at.address for at in customer.addresses] == [ANN, WHATSAPP_ANN]
        assert [at.address for at in whatsapp.addresses] == [WHATSAPP_NUMBER]
        assert sms.profile_id is None
        assert whatsapp.type is ParticipantType.AGENT
        assert told.of(OrchestratedParticipantUpdated)[0].participant == customer

    def test_each_customer_of_a_conversation_goes_on_in_it(self, world: World) -> None:
        configuration = configure(world, GroupingType.PROFILE)
        bob = "+12025550155"
        world.perform(
            BeginConversation(
                account=ACCOUNT,
                configuration_id=configuration,
                participants=tuple(
                    ParticipantDraft(
                        type=ParticipantType.CUSTOMER,
                        addresses=(
                            ParticipantAddress(channel=OrchestratorChannel.SMS, address=address),
                        ),
                    )
                    for address in (ANN, bob)
                ),
            )
        )
        write(world)
        write(world, address=bob)

        (conversation,) = conversations(world)
        assert words(world, conversation) == [(ANN, "Hi"), (bob, "Hi")]

    @pytest.mark.parametrize("is_open", [True, False])
    def test_a_customer_who_turns_out_to_be_another_goes_on(
        self, world: World, is_open: bool
    ) -> None:
        configure(world, GroupingType.PROFILE)
        earlier = world.perform(
            AddMemoryProfile(
                account=ACCOUNT,
                store=STORE,
                traits={"Contact": {"email": "ann@example.com"}},
            )
        )
        write(world, "One")
        (conversation,) = conversations(world)
        profile = people(world, conversation)[0].profile_id or ""
        if not is_open:
            world.perform(
                ChangeOrchestratedConversation(
                    account=ACCOUNT,
                    conversation=conversation.sid,
                    status=OrchestratedStatus.CLOSED,
                )
            )
        world.perform(
            AddProfileIdentifier(
                account=ACCOUNT,
                store=STORE,
                profile=profile,
                id_type="email",
                value="ann@example.com",
            )
        )
        write(world, "Two")

        last = conversations(world)[-1]
        assert (last.sid == conversation.sid) is is_open
        assert people(world, last)[0].profile_id == earlier.sid != profile
        assert (people(world, conversation)[0].profile_id == profile) is not is_open

    def test_without_a_store_they_are_grouped_by_addresses(self, world: World) -> None:
        configure(world, GroupingType.PROFILE, store="mem_store_0000000000000000000000000z")

        write(world)
        send(world)
        write(world, address="+12025550155")

        first, second = conversations(world)
        assert words(world, first) == [(ANN, "Hi"), (NUMBER, "Hello")]
        assert people(world, first)[0].profile_id is None
        assert words(world, second) == [("+12025550155", "Hi")]


def test_all_of_it_is_written_down_and_read_again(
    world: World, advance: Callable[..., None]
) -> None:
    """What is kept, with its timers."""
    bridge = V1Bridge(service_id=SERVICE)
    sms = settings_of(BOTH_WAYS, inactive=10, closed=30)
    configure(world, GroupingType.PROFILE, sms=sms, conversations_v1_bridge=bridge)
    write(world)
    chat = world.perform(AddConversation(service=SERVICE))
    world.perform(PostMessage(service=SERVICE, conversation=chat.sid, author="ann", body="Hi"))
    conversation, _ = conversations(world)
    wish = CreateAction(
        account=ACCOUNT,
        conversation=conversation.sid,
        type="SEND_MESSAGE",
        payload=SendMessagePayload(
            from_=ActionParty(address=NUMBER, channel=OrchestratorChannel.SMS),
            to=(ActionParty(address=ANN, channel=OrchestratorChannel.SMS),),
            content=ActionContent(text="Hello", variables={"1": "a"}),
            channel_settings={"validityPeriod": 60, "tags": {"a": [True, None]}},
        ),
    )
    assert revive_command(plain_command(wish), RULES.commands) == wish
    world.perform(replace(wish, payload=replace(wish.payload, content=ActionContent(text="Hi"))))

    snapshot = json.loads(json.dumps(world.snapshot()))
    advance(minutes=40)
    ended = world.snapshot()
    world.clock.set(START)
    world.restore(snapshot)
    assert world.snapshot() == snapshot
    advance(minutes=40)

    assert world.snapshot() == ended
    assert [each.status for each in conversations(world)] == ["CLOSED", "ACTIVE"]
