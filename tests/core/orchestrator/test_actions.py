"""Actions send for real; what becomes of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from tests.core.orchestrator.traffic import (
    BY_WHATSAPP,
    WHATSAPP_ANN,
    WHATSAPP_NUMBER,
    configure,
    conversations,
    people,
    said,
    settings_of,
    words,
    write,
)
from twilio_emulator.core.carrier.opt_outs import AddOptOut
from twilio_emulator.core.content.templates import AddContent
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.message_resource import UpdateText
from twilio_emulator.core.orchestrator.action_resources import (
    ActionContent,
    ActionFinished,
    ActionParty,
    ActionStatus,
    ActionTexts,
    ConversationAction,
    ConversationActions,
    SendMessagePayload,
)
from twilio_emulator.core.orchestrator.actions import CreateAction, fetch_action
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
    RemoveOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    ParticipantDraft,
)
from twilio_emulator.core.orchestrator.resources import (
    OrchestratedConversation,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.texts.text import Text, Texts

MESSAGING_SERVICE = "MG00000000000000000000000000000001"
SMS = OrchestratorChannel.SMS
BOB = "+12025550155"
Advance = Callable[..., None]


@contextmanager
def refused(code: int) -> Iterator[None]:
    """Something is refused with a code."""
    with pytest.raises(Refused) as why:
        yield
    assert why.value.code == code


def party(address: str, channel: OrchestratorChannel = SMS) -> ActionParty:
    return ActionParty(address=address, channel=channel)


def act(world: World, conversation: OrchestratedConversation, **said: Any) -> ConversationAction:
    """Have something sent: "Hello" from the number to Ann, unless something else is said."""
    content = said.pop("content", {"text": "Hello"})
    return world.perform(
        CreateAction(
            account=said.pop("account", ACCOUNT),
            conversation=conversation.sid,
            type=said.pop("type", "SEND_MESSAGE"),
            payload=SendMessagePayload(
                from_=said.pop("from_", party(NUMBER)),
                to=said.pop("to", (party(ANN),)),
                content=ActionContent(**content),
                channel_settings=said.pop("settings", None),
            ),
        )
    )


def now(world: World, action: ConversationAction) -> ConversationAction:
    return fetch_action(
        world, account=ACCOUNT, conversation=action.conversation_sid, action=action.sid
    )


def text_of(world: World, action: ConversationAction) -> Text:
    assert action.message_sid is not None
    return world[Texts][action.message_sid]


def read(world: World, action: ConversationAction) -> str:
    """What the phone shows of an action's text."""
    assert action.message_sid is not None
    return world[InboxItems][action.message_sid].body


@pytest.fixture
def conversation(world: World) -> OrchestratedConversation:
    """What Ann began, captured."""
    configure(world)
    write(world)
    (conversation,) = conversations(world)
    return conversation


class TestSending:
    def test_a_text_is_on_the_phone_and_in_the_conversation(
        self, world: World, conversation: OrchestratedConversation, told: Told, advance: Advance
    ) -> None:
        customer, agent = people(world, conversation)

        action = act(
            world,
            conversation,
            from_=ActionParty(participant_id=agent.sid, channel=SMS),
            to=(ActionParty(participant_id=customer.sid, channel=SMS),),
        )

        assert action.sid.startswith("conv_action_")
        assert action.status is ActionStatus.PENDING
        text = text_of(world, action)
        assert (text.sender, text.to, text.body) == (NUMBER, ANN, "Hello")
        assert text.conversation_sid == conversation.sid
        _first, answer = said(world, conversation)
        assert (answer.resource_id, action.communication_id) == (text.sid, answer.sid)
        assert answer.author.participant_id == agent.sid
        assert answer.recipients[0].participant_id == customer.sid

        advance(minutes=1)

        assert read(world, action) == "Hello"
        after = now(world, action)
        assert (after.status, after.failure_reason) == (ActionStatus.COMPLETED, None)
        assert after.completed_at is not None
        assert after.completed_at > action.created_at
        assert said(world, conversation)[1].recipients[0].delivery_status == "DELIVERED"
        assert told.of(ActionFinished) == [ActionFinished(action=after)]
        assert not len(world[ActionTexts])

    def test_a_participant_with_one_address_needs_no_channel(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        customer, agent = people(world, conversation)
        action = act(
            world,
            conversation,
            from_=ActionParty(participant_id=agent.sid),
            to=(ActionParty(participant_id=customer.sid),),
        )

        assert text_of(world, action).to == ANN

    def test_it_is_in_its_own_conversation_where_nothing_is_captured(self, world: World) -> None:
        configuration = configure(world, sms=settings_of())
        conversation = world.perform(
            BeginConversation(account=ACCOUNT, configuration_id=configuration)
        )

        act(world, conversation)

        assert words(world, conversation) == [(NUMBER, "Hello")]
        assert said(world, conversation)[0].author.participant_id is None

    def test_another_configuration_captures_it_too(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        configure(world)

        act(world, conversation)

        _, other = conversations(world)
        assert words(world, conversation) == [(ANN, "Hi"), (NUMBER, "Hello")]
        assert words(world, other) == [(NUMBER, "Hello")]

    def test_media_goes_with_it(self, world: World, conversation: OrchestratedConversation) -> None:
        urls = ("https://example.com/a.png", "https://example.com/b.png")
        action = act(world, conversation, content={"text": "Look", "media_urls": urls})

        text = text_of(world, action)
        assert (text.sid[:2], text.num_media) == ("MM", 2)

    def test_a_template_is_rendered(
        self, world: World, conversation: OrchestratedConversation, advance: Advance
    ) -> None:
        content = world.perform(
            AddContent(
                account=ACCOUNT,
                friendly_name="shipped",
                language="en",
                variables='{"1": "you"}',
                types='{"twilio/text": {"body": "Hi {{1}}, order {{2}} has shipped"}}',
            )
        )
        said_of_it = {"content_id": content.sid, "variables": {"1": "Ann", "2": "7"}}
        action = act(world, conversation, content=said_of_it)

        assert text_of(world, action).body == "Hi Ann, order 7 has shipped"
        assert words(world, conversation)[-1] == (NUMBER, "Hi Ann, order 7 has shipped")

    def test_settings_are_said_to_the_sender(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        action = act(
            world,
            conversation,
            settings={
                "messagingServiceSid": MESSAGING_SERVICE,
                "statusCallback": "https://example.com/status",
                "validityPeriod": 60,
                "provideFeedback": True,
                "sendAsMms": "yes",
                "statusCallbackMethod": ["GET"],
                "unheardOf": {},
            },
        )

        text = text_of(world, action)
        assert (text.messaging_service_sid, text.sender) == (MESSAGING_SERVICE, NUMBER)
        assert text.status_callback == "https://example.com/status"
        assert (text.validity_period, text.provide_feedback) == (60, True)
        assert text.channel == "sms"

    @pytest.mark.parametrize("spelled", ["", "whatsapp:"])
    def test_by_whatsapp(self, world: World, advance: Advance, spelled: str) -> None:
        configure(world, sms=settings_of(), whatsapp=settings_of(BY_WHATSAPP))
        write(world, "join the-sandbox", to=WHATSAPP_NUMBER)
        write(world, to=WHATSAPP_NUMBER)
        (conversation,) = conversations(world)
        channel = OrchestratorChannel.WHATSAPP

        action = act(
            world,
            conversation,
            from_=party(f"{spelled}+14155238886", channel),
            to=(party(f"{spelled}{ANN}", channel),),
        )
        advance(minutes=1)

        assert read(world, action) == "Hello"
        answer = said(world, conversation)[-1]
        assert (answer.author.address, answer.recipients[0].address) == (
            WHATSAPP_NUMBER,
            WHATSAPP_ANN,
        )
        assert answer.author.participant_id is not None

    def test_everybody_gets_a_text_of_their_own(
        self, world: World, conversation: OrchestratedConversation, advance: Advance
    ) -> None:
        action = act(world, conversation, to=(party(ANN), party(BOB)))
        assert len(said(world, conversation)) == 3
        assert text_of(world, action).to == ANN

        advance(minutes=1)

        assert now(world, action).status is ActionStatus.COMPLETED
        assert [each.to for each in world[Texts] if each.sender == NUMBER] == [ANN, BOB]

    def test_an_inactive_conversation_is_active_then(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        world.perform(
            ChangeOrchestratedConversation(
                account=ACCOUNT,
                conversation=conversation.sid,
                status=OrchestratedStatus.INACTIVE,
            )
        )
        act(world, conversation)

        assert conversations(world)[0].status is OrchestratedStatus.ACTIVE


class TestFailing:
    def test_what_the_sender_refuses_has_failed(
        self, world: World, conversation: OrchestratedConversation, told: Told
    ) -> None:
        world.perform(AddOptOut(scope=MESSAGING_SERVICE, recipient=ANN))

        action = act(world, conversation)

        assert (action.status, action.message_sid) == (ActionStatus.FAILED, None)
        assert action.failure_reason is not None
        assert action.failure_reason.startswith("21610: ")
        assert len(said(world, conversation)) == 1
        assert len(told.of(ActionFinished)) == 1

    def test_one_of_several_is_enough(
        self, world: World, conversation: OrchestratedConversation, advance: Advance
    ) -> None:
        world.perform(AddOptOut(scope=MESSAGING_SERVICE, recipient=BOB))

        action = act(world, conversation, to=(party(ANN), party(BOB)))
        advance(minutes=1)

        assert now(world, action).status is ActionStatus.FAILED
        assert read(world, action) == "Hello"  # the first had left

    def test_what_fails_before_it_leaves_has_failed(
        self, world: World, conversation: OrchestratedConversation, advance: Advance
    ) -> None:
        world.perform(AddOptOut(scope=MESSAGING_SERVICE, recipient=ANN))
        action = act(world, conversation, settings={"messagingServiceSid": MESSAGING_SERVICE})
        assert action.status is ActionStatus.PENDING

        advance(minutes=1)

        after = now(world, action)
        assert after.status is ActionStatus.FAILED
        assert after.failure_reason == "21610: Attempt to send to unsubscribed recipient"
        assert said(world, conversation)[-1].recipients[0].delivery_status == "FAILED"

    def test_what_is_canceled_has_failed(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        action = act(
            world,
            conversation,
            settings={
                "messagingServiceSid": MESSAGING_SERVICE,
                "scheduleType": "fixed",
                "sendAt": "2026-01-05T10:00:00Z",
            },
        )
        world.perform(UpdateText(account=ACCOUNT, text=action.message_sid or "", status="canceled"))

        assert now(world, action).failure_reason == "the message is canceled"

    def test_rcs_has_no_senders_here(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        channel = OrchestratorChannel.RCS
        action = act(
            world, conversation, from_=party("rcs:brand", channel), to=(party(ANN, channel),)
        )

        assert action.status is ActionStatus.FAILED


class TestRefusing:
    def test_of_another_account_or_of_no_conversation(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        with refused(20404):
            act(world, conversation, account="AC" + "9" * 32)
        action = act(world, conversation)
        with refused(20404):
            fetch_action(
                world, account=ACCOUNT, conversation=conversation.sid, action="conv_action_1"
            )
        other = world.perform(
            BeginConversation(account=ACCOUNT, configuration_id=conversation.configuration_sid)
        )
        with refused(20404):
            fetch_action(world, account=ACCOUNT, conversation=other.sid, action=action.sid)

    def test_a_closed_conversation(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        world.perform(
            ChangeOrchestratedConversation(
                account=ACCOUNT, conversation=conversation.sid, status=OrchestratedStatus.CLOSED
            )
        )
        with refused(20409):
            act(world, conversation)

    @pytest.mark.parametrize(
        "said_of_it",
        [
            {"type": "CALL"},
            {"to": ()},
            {"from_": ActionParty()},
            {"from_": ActionParty(address=NUMBER)},
            {"from_": ActionParty(participant_id="conv_participant_1")},
            {"from_": party(NUMBER, OrchestratorChannel.VOICE)},
            {"to": (party(ANN, OrchestratorChannel.WHATSAPP),)},
            {"content": {}},
            {"content": {"text": ""}},
            {"content": {"variables": {"1": "x"}}},
        ],
    )
    def test_what_cannot_be_asked_for(
        self, world: World, conversation: OrchestratedConversation, said_of_it: dict[str, Any]
    ) -> None:
        before = world.snapshot()
        with refused(20001):
            act(world, conversation, **said_of_it)

        assert world.snapshot() == before

    def test_a_participant_with_several_addresses_needs_a_channel(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        whatsapp = OrchestratorChannel.WHATSAPP
        bob = world.perform(
            AddOrchestratedParticipant(
                account=ACCOUNT,
                conversation=conversation.sid,
                addresses=(
                    ParticipantAddress(channel=SMS, address=BOB),
                    ParticipantAddress(channel=whatsapp, address=f"whatsapp:{BOB}"),
                ),
            )
        )
        for one in (
            ActionParty(participant_id=bob.sid),
            ActionParty(participant_id=bob.sid, channel=OrchestratorChannel.CHAT),
            ActionParty(participant_id=bob.sid, channel=SMS, address=ANN),
        ):
            with refused(20001):
                act(world, conversation, to=(one,))
        for one, to in (
            (ActionParty(participant_id=bob.sid, address=BOB, channel=SMS), BOB),
            (ActionParty(participant_id=bob.sid, address=BOB), BOB),
        ):
            assert text_of(world, act(world, conversation, to=(one,))).to == to
        by_whatsapp = act(
            world,
            conversation,
            from_=party(WHATSAPP_NUMBER, whatsapp),
            to=(ActionParty(participant_id=bob.sid, address=BOB, channel=whatsapp),),
        )
        assert text_of(world, by_whatsapp).to == f"whatsapp:{BOB}"

    def test_somebody_of_another_conversation(
        self, world: World, conversation: OrchestratedConversation
    ) -> None:
        other = world.perform(
            BeginConversation(
                account=ACCOUNT,
                configuration_id=conversation.configuration_sid,
                participants=(
                    ParticipantDraft(
                        type=ParticipantType.CUSTOMER,
                        addresses=(ParticipantAddress(channel=SMS, address=BOB),),
                    ),
                ),
            )
        )
        (bob,) = people(world, other)
        with refused(20001):
            act(world, conversation, to=(ActionParty(participant_id=bob.sid),))


def test_actions_go_with_their_conversation(
    world: World, conversation: OrchestratedConversation, advance: Advance
) -> None:
    act(world, conversation)
    world.perform(RemoveOrchestratedConversation(account=ACCOUNT, conversation=conversation.sid))

    assert not len(world[ConversationActions])
    assert not len(world[ActionTexts])
    advance(minutes=1)
