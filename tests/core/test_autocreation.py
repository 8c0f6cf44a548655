import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.conversations.account_configuration import ConfigureAccount
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    UpdateAddressConfiguration,
)
from twilio_emulator.core.conversations.autocreation import Opening
from twilio_emulator.core.conversations.capture import Capture
from twilio_emulator.core.conversations.conversations import (
    ConversationAdded,
    OpenedBy,
    UpdateConversation,
)
from twilio_emulator.core.conversations.group_mms import Groups
from twilio_emulator.core.conversations.messages import MessageAdded
from twilio_emulator.core.conversations.participants import ParticipantAdded
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Messages,
    Participants,
    Services,
    State,
)
from twilio_emulator.core.conversations.scoped_webhooks import ScopedWebhookAdded
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.conversations.states import ConversationStateUpdated, Reason
from twilio_emulator.core.conversations.webhook_configurations import ScopedWebhooks
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import (
    ReceiveText,
    SendFromHandset,
    TextCaptured,
    TextReceived,
)
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.texts.text import Texts

SERVICE = "IS00000000000000000000000000000001"
MESSAGING_SERVICE = "MG00000000000000000000000000000001"
WHATSAPP = "whatsapp:+14155238886"
OTHER_NUMBER = "+12025550101"
BOB = "+12025550198"


@pytest.fixture(autouse=True)
def configured(world: World) -> None:
    """Texts to the number open conversations."""
    world.perform(
        AddAddressConfiguration(
            account=ACCOUNT, type="sms", address=NUMBER, auto_creation_enabled=True
        )
    )


def write(**asked: object) -> SendFromHandset:
    given = {"address": ANN, "to": NUMBER, "body": "Hello"} | asked
    return SendFromHandset(**given)  # type: ignore[arg-type]


def configure(world: World, **asked: object) -> None:
    world.perform(
        UpdateAddressConfiguration(
            account=ACCOUNT,
            configuration=NUMBER,
            **asked,  # type: ignore[arg-type]
        )
    )


def the_conversation(world: World) -> Conversation:
    (conversation,) = world[Conversations]
    return conversation


def test_the_order_of_things(world: World, told: Told) -> None:
    text = world.perform(write())
    kinds = (
        ConversationAdded,
        ParticipantAdded,
        TextCaptured,
        MessageAdded,
        ConversationStateUpdated,
        TextReceived,
    )
    assert [type(event) for event in told if isinstance(event, kinds)] == [
        ConversationAdded,
        ParticipantAdded,
        TextCaptured,
        MessageAdded,
    ]
    conversation = the_conversation(world)
    assert (conversation.state, conversation.service_sid) == (State.ACTIVE, SERVICE)
    assert conversation.messaging_service_sid == MESSAGING_SERVICE
    assert (conversation.friendly_name, conversation.attributes) == (None, "{}")
    assert text.conversation_sid == conversation.sid
    (added,) = told.of(ConversationAdded)
    assert added.opened_by == OpenedBy(address=ANN, proxy_address=NUMBER)
    (ann,) = told.of(ParticipantAdded)
    assert (ann.participant.address, ann.participant.proxy_address) == (ANN, NUMBER)
    assert ann.participant.role_sid == world[Services][SERVICE].default_conversation_role_sid
    (said,) = told.of(MessageAdded)
    assert (said.message.index, said.message.author, said.message.body) == (0, ANN, "Hello")
    assert said.message.participant_sid == ann.participant.sid


def test_the_next_text_is_captured(world: World, told: Told) -> None:
    world.perform(write())
    world.perform(write(body="Again"))
    assert [event.message.index for event in told.of(MessageAdded)] == [0, 1]
    assert len(world[Conversations]) == 1


def test_a_closed_conversation_makes_room_for_another(world: World) -> None:
    world.perform(write())
    world.perform(
        UpdateConversation(
            service=SERVICE, conversation=the_conversation(world).sid, state="closed"
        )
    )
    world.perform(write())
    assert len(world[Conversations]) == 2


def test_a_pre_event_is_asked_about_what_will_be(world: World) -> None:
    claimed = write().check(world)
    assert isinstance(claimed, Capture)
    opening = claimed.found
    assert isinstance(opening, Opening)
    assert (opening.conversation.sid, opening.sender, opening.to) == ("", ANN, NUMBER)
    assert not len(world[Conversations])


def test_a_webhook_may_name_the_conversation(world: World) -> None:
    world.perform(
        write(
            rewritten_friendly_name="Ann",
            rewritten_conversation_attributes='{"vip": true}',
            rewritten_attributes='{"first": true}',
        )
    )
    conversation = the_conversation(world)
    assert (conversation.friendly_name, conversation.attributes) == ("Ann", '{"vip": true}')
    (message,) = world[Messages]
    assert message.attributes == '{"first": true}'


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"rewritten_friendly_name": "x" * 257}, 50003),
        ({"rewritten_conversation_attributes": "{"}, 50304),
        ({"rewritten_attributes": "{"}, 50304),
        ({"rewritten_author": "x" * 257}, 50310),
        ({"rewritten_body": "x" * 32_769}, 50504),
    ],
)
def test_what_a_webhook_says_is_input_like_any_other(
    world: World, asked: dict[str, object], expected: int
) -> None:
    assert code(world, write(**asked)) == expected


def test_a_webhook_may_drop_the_text(world: World, told: Told) -> None:
    text = world.perform(write(dropped=True))
    assert (text.conversation_sid, len(world[Conversations])) == (None, 0)
    assert told.of(TextReceived) == told.of(TextCaptured) == []
    assert text.sid in world[Texts]


def test_it_has_to_be_enabled(world: World, told: Told) -> None:
    configure(world, auto_creation_enabled=False)
    world.perform(write())
    assert not len(world[Conversations])
    assert len(told.of(TextReceived)) == 1
    world.perform(write(to=OTHER_NUMBER))
    assert len(told.of(TextReceived)) == 2


def test_the_conversation_has_its_webhook_first(world: World, told: Told) -> None:
    service = world.perform(AddService(account=ACCOUNT, friendly_name="Other"))
    world.perform(ConfigureAccount(account=ACCOUNT, default_closed_timer="PT10M"))
    configure(
        world,
        auto_creation_type="webhook",
        auto_creation_webhook_url="https://example.com",
        auto_creation_webhook_filters=("onMessageAdded",),
        auto_creation_conversation_service_sid=service.sid,
    )
    world.perform(write())
    conversation = the_conversation(world)
    assert (conversation.service_sid, conversation.closed_after) == (service.sid, 600)
    (webhook,) = world[ScopedWebhooks]
    assert (webhook.conversation_sid, webhook.target) == (conversation.sid, "webhook")
    kinds = [type(event) for event in told]
    assert kinds.index(ScopedWebhookAdded) < kinds.index(ConversationAdded)


def test_whatsapp_opens_conversations_too(world: World) -> None:
    world.perform(
        AddAddressConfiguration(
            account=ACCOUNT, type="whatsapp", address=WHATSAPP, auto_creation_enabled=True
        )
    )
    world.perform(write(to=WHATSAPP))
    (ann,) = world[Participants]
    assert (ann.channel, ann.address, ann.proxy_address) == (
        "whatsapp",
        f"whatsapp:{ANN}",
        WHATSAPP,
    )


def test_a_text_from_an_own_number_opens_one(world: World) -> None:
    sent = world.perform(CreateText(account=ACCOUNT, from_=OTHER_NUMBER, to=NUMBER, body="Hello"))
    world.perform(ReceiveText(text=sent.sid))
    (participant,) = world[Participants]
    assert (participant.address, participant.proxy_address) == (OTHER_NUMBER, NUMBER)


def test_a_text_to_many_opens_a_group(world: World, told: Told) -> None:
    world.perform(write(others=(BOB,)))
    (added,) = told.of(ConversationAdded)
    assert added.conversation.state is State.INITIALIZING
    assert added.opened_by == OpenedBy(
        address=f"{ANN},{BOB}", projected_address=NUMBER, author_address=ANN
    )
    bound = [(it.address, it.projected_address) for it in world[Participants]]
    assert bound == [(ANN, None), (BOB, None), (None, NUMBER)]
    state = told[-1]
    assert isinstance(state, ConversationStateUpdated)
    assert (state.state_from, state.conversation.state) == (State.INITIALIZING, State.ACTIVE)
    assert state.reason is Reason.EVENT
    (group,) = world[Groups]
    assert group.parties == tuple(sorted((ANN, BOB, NUMBER)))


def test_a_group_captures_what_its_phones_say(world: World, told: Told) -> None:
    world.perform(write(others=(BOB,)))
    world.perform(write(address=BOB, others=(ANN,), body="Hi Ann"))
    said = told.of(MessageAdded)[-1].message
    assert (said.index, said.author, said.body) == (1, BOB, "Hi Ann")
    world.perform(write(body="Just to you"))
    assert len(world[Conversations]) == 2
