from typing import Any

import pytest

from tests.webhooks.conftest import ACCOUNT, ANN, MESSAGING_SERVICE, NUMBER, SERVICE
from twilio_emulator.core.conversations.address_configurations import AddAddressConfiguration
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.resources import Conversation, Conversations, Services
from twilio_emulator.core.conversations.users import AddUser, UpdateUser
from twilio_emulator.core.conversations.webhook_configurations import (
    PRE_EVENTS,
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
)
from twilio_emulator.core.kernel.world import LOUD, QUIET, Command, Origin, Source, World
from twilio_emulator.core.messaging.inbound import ReceiveText, SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.webhooks.conversations import post_events, pre_events
from twilio_emulator.webhooks.http.exchange import Request

URL = "https://example.com/pre"
NOW = "2026-01-05T09:00:00.000Z"
COMMON = {"AccountSid": ACCOUNT, "Source": "API", "RetryCount": "0"}


@pytest.fixture
def asked(world: World) -> None:
    """The account's webhook is asked about everything."""
    world.perform(
        ConfigureAccountWebhooks(account=ACCOUNT, pre_webhook_url=URL, filters=PRE_EVENTS)
    )


@pytest.fixture
def conversation(world: World) -> Conversation:
    return world.perform(AddConversation(service=SERVICE))


def request_about(world: World, command: Command, origin: Origin = LOUD) -> Request:
    outcome = pre_events.question(world, command, origin)
    assert outcome is not None
    decision, request = outcome
    assert request is not None
    assert (decision.sent, decision.url, request.url) == (True, URL, URL)
    return request


def said_about(world: World, command: Command, origin: Origin = LOUD) -> dict[str, str]:
    return dict(request_about(world, command, origin).parameters)


def ann_in(world: World, conversation: Conversation, proxy: str = NUMBER) -> str:
    """The sid of Ann's participant."""
    return world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=proxy,
        )
    ).sid


@pytest.mark.usefixtures("asked")
class TestWhatIsAsked:
    def test_a_new_conversation_has_no_sid(self, world: World) -> None:
        command = AddConversation(service=SERVICE, friendly_name="A", attributes='{"a":1}')

        assert said_about(world, command) == COMMON | {
            "EventType": "onConversationAdd",
            "FriendlyName": "A",
            "Attributes": '{"a":1}',
            "ChatServiceSid": SERVICE,
            "MessagingServiceSid": MESSAGING_SERVICE,
            "State": "active",
        }
        assert len(world[Conversations]) == 0

    def test_a_change_shows_new_values(self, world: World, conversation: Conversation) -> None:
        command = UpdateConversation(
            service=SERVICE, conversation=conversation.sid, friendly_name="B", state="Closed"
        )

        said = said_about(world, command)

        assert said["EventType"] == "onConversationUpdate"
        assert (said["FriendlyName"], said["State"]) == ("B", "closed")
        assert (said["ConversationSid"], said["DateCreated"]) == (conversation.sid, NOW)
        assert world[Conversations][conversation.sid] == conversation

        again = UpdateConversation(service=SERVICE, conversation=conversation.sid)
        assert said_about(world, again)["State"] == "active"

    def test_a_new_message_has_neither_sid_nor_index(
        self, world: World, conversation: Conversation
    ) -> None:
        ann = ann_in(world, conversation)
        joins = AddParticipant(service=SERVICE, conversation=conversation.sid, identity="dave")
        world.perform(joins)
        command = PostMessage(service=SERVICE, conversation=conversation.sid, author=ANN, body="Hi")

        assert said_about(world, command, Origin(source=Source.SDK, identity="dave")) == COMMON | {
            "EventType": "onMessageAdd",
            "Source": "SDK",
            "ClientIdentity": "dave",
            "ConversationSid": conversation.sid,
            "ChatServiceSid": SERVICE,
            "Body": "Hi",
            "Author": ANN,
            "ParticipantSid": ann,
            "Attributes": "{}",
        }

    def test_a_new_participant_has_no_sid(self, world: World, conversation: Conversation) -> None:
        command = AddParticipant(
            service=SERVICE, conversation=conversation.sid, identity="bob", attributes='{"a":1}'
        )

        assert said_about(world, command) == COMMON | {
            "EventType": "onParticipantAdd",
            "ConversationSid": conversation.sid,
            "ChatServiceSid": SERVICE,
            "Identity": "bob",
            "RoleSid": world[Services][SERVICE].default_conversation_role_sid,
            "Attributes": '{"a":1}',
            "MessagingBinding.Type": "chat",
        }

    def test_everything_else(self, world: World, conversation: Conversation) -> None:
        here: dict[str, Any] = {"service": SERVICE, "conversation": conversation.sid}
        message = world.perform(PostMessage(**here, body="Hi")).sid
        ann = ann_in(world, conversation)
        world.perform(AddUser(service=SERVICE, identity="bob"))
        dates = {"DateCreated", "DateUpdated"}

        for command, event, names in (
            (EditMessage(**here, message=message, body="x"), "onMessageUpdate", {"Index"} | dates),
            (RemoveMessage(**here, message=message), "onMessageRemove", {"Index"} | dates),
            (UpdateParticipant(**here, participant=ann), "onParticipantUpdate", dates),
            (RemoveParticipant(**here, participant=ann), "onParticipantRemove", dates),
            (RemoveConversation(**here), "onConversationRemove", dates),
            (UpdateUser(service=SERVICE, user="bob"), "onUserUpdate", {"DateUpdated", "UserSid"}),
        ):
            said = said_about(world, command)
            assert said["EventType"] == event
            assert names <= said.keys()
            assert "DateRemoved" not in said
        assert "DateCreated" not in said


@pytest.mark.usefixtures("asked")
class TestTexts:
    def test_a_text_for_a_conversation_is_asked_about_as_its_message(
        self, world: World, conversation: Conversation
    ) -> None:
        ann = ann_in(world, conversation)
        file = Enclosure(content_type="image/png", size=3, filename="a.png", digest="d")
        command = SendFromHandset(address=ANN, to=NUMBER, body="Hi", media=(file, Enclosure()))

        assert said_about(world, command) == COMMON | {
            "EventType": "onMessageAdd",
            "Source": "SMS",
            "ConversationSid": conversation.sid,
            "ChatServiceSid": SERVICE,
            "Body": "Hi",
            "Author": ANN,
            "ParticipantSid": ann,
            "Attributes": "{}",
            "Media": '[{"Filename":"a.png","ContentType":"image/png","Size":3},'
            '{"Filename":null,"ContentType":"application/octet-stream","Size":0}]',
        }

    def test_whatsapp_is_a_source_of_its_own(
        self, world: World, conversation: Conversation
    ) -> None:
        sender = "whatsapp:+14155238886"
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=conversation.sid,
                messaging_binding_address=f"whatsapp:{ANN}",
                messaging_binding_proxy_address=sender,
            )
        )

        said = said_about(world, SendFromHandset(address=ANN, to=sender, body="Hi"))

        assert (said["Source"], said["Author"]) == ("WHATSAPP", f"whatsapp:{ANN}")

    def test_a_text_that_opens_a_conversation_is_asked_about_as_that(self, world: World) -> None:
        world.perform(
            AddAddressConfiguration(
                account=ACCOUNT, type="sms", address=NUMBER, auto_creation_enabled=True
            )
        )

        assert said_about(world, SendFromHandset(address=ANN, to=NUMBER, body="Hello")) == (
            COMMON
            | {
                "EventType": "onConversationAdd",
                "Source": "SMS",
                "Attributes": "{}",
                "ChatServiceSid": SERVICE,
                "MessagingServiceSid": MESSAGING_SERVICE,
                "MessagingBinding.ProxyAddress": NUMBER,
                "MessagingBinding.Address": ANN,
                "MessageBody": "Hello",
                "State": "active",
            }
        )

    def test_a_text_between_two_own_numbers(self, world: World, conversation: Conversation) -> None:
        sent = world.perform(
            CreateText(account=ACCOUNT, from_="+12025550101", to=NUMBER, body="Ping")
        )
        assert pre_events.question(world, ReceiveText(text=sent.sid), LOUD) is None
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=conversation.sid,
                messaging_binding_address="+12025550101",
                messaging_binding_proxy_address=NUMBER,
            )
        )

        assert said_about(world, ReceiveText(text=sent.sid))["Body"] == "Ping"

    def test_a_text_of_the_number_itself_is_not_asked_about(self, world: World) -> None:
        command = SendFromHandset(address=ANN, to=NUMBER, body="Hi")

        assert pre_events.question(world, command, LOUD) is None


class TestWhoIsAsked:
    def test_nobody_where_nothing_is_configured(
        self, world: World, conversation: Conversation
    ) -> None:
        command = PostMessage(service=SERVICE, conversation=conversation.sid, body="Hi")
        assert pre_events.question(world, command, LOUD) is None

        world.perform(ConfigureAccountWebhooks(account=ACCOUNT, filters=PRE_EVENTS))
        assert pre_events.question(world, command, LOUD) is None

    @pytest.mark.usefixtures("asked")
    def test_the_services_own_in_place_of_the_accounts(
        self, world: World, conversation: Conversation
    ) -> None:
        command = PostMessage(service=SERVICE, conversation=conversation.sid, body="Hi")
        world.perform(
            ConfigureServiceWebhooks(
                service=SERVICE, pre_webhook_url=f"{URL}/own", method="GET", filters=PRE_EVENTS
            )
        )

        outcome = pre_events.question(world, command, LOUD)

        assert outcome is not None
        assert outcome[1] is not None
        assert (outcome[1].url, outcome[1].method) == (f"{URL}/own", "GET")

    @pytest.mark.usefixtures("asked")
    @pytest.mark.parametrize(
        ("filters", "origin", "because"),
        [
            (PRE_EVENTS, QUIET, post_events.NOT_ENABLED),
            (("onMessageAdded",), LOUD, "its filters do not name onMessageAdd"),
        ],
    )
    def test_not_what_the_settings_speak_against(
        self,
        world: World,
        conversation: Conversation,
        filters: tuple[str, ...],
        origin: Origin,
        because: str,
    ) -> None:
        world.perform(ConfigureAccountWebhooks(account=ACCOUNT, filters=filters))
        command = PostMessage(service=SERVICE, conversation=conversation.sid, body="Hi")

        outcome = pre_events.question(world, command, origin)

        assert outcome is not None
        decision, request = outcome
        assert (request, decision.sent, decision.because) == (None, False, because)

    @pytest.mark.usefixtures("asked")
    def test_not_about_what_cannot_be(self, world: World, conversation: Conversation) -> None:
        for command in (
            PostMessage(service=SERVICE, conversation=conversation.sid),
            PostMessage(service=SERVICE, conversation="CH" + "0" * 32, body="Hi"),
            PostMessage(service="IS" + "0" * 32, conversation=conversation.sid, body="Hi"),
            SendFromHandset(address=ANN, to="+12025550150", body="Hi"),
            ConfigureAccountWebhooks(account=ACCOUNT),
        ):
            assert pre_events.question(world, command, LOUD) is None

    def test_every_pre_event_of_twilio_has_its_place(self) -> None:
        assert {pre.name for pre in pre_events.PRE_EVENTS.values()} == set(PRE_EVENTS)
