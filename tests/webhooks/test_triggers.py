from datetime import timedelta

import pytest

from tests.webhooks.conftest import ACCOUNT, ANN, MESSAGING_SERVICE, NUMBER, SERVICE
from twilio_emulator.core.conversations.address_configurations import AddAddressConfiguration
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.media import MediaTable
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.removal import RemoveService
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    Participant,
    Receipts,
    Services,
    Users,
)
from twilio_emulator.core.conversations.scoped_webhooks import AddScopedWebhook, MessagesReplayed
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.conversations.users import UpdateUser
from twilio_emulator.core.conversations.webhook_configurations import (
    POST_EVENTS,
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
)
from twilio_emulator.core.kernel.world import LOUD, QUIET, Happened, Origin, Source, World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.webhooks.conversations import post_events
from twilio_emulator.webhooks.conversations.manner import CONVERSATIONS
from twilio_emulator.webhooks.decisions import Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request

URL = "https://example.com/post"
NOW = "2026-01-05T09:00:00.000Z"
COMMON = {"AccountSid": ACCOUNT, "Source": "API", "RetryCount": "0"}


class Fired:
    """What the events of a world fire, from its making on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.outcomes: list[Outcome] = []
        world.listeners.append(self.hear)

    def hear(self, happened: Happened) -> None:
        if isinstance(happened.event, MessagesReplayed):
            self.outcomes += post_events.replayed(happened.event, happened)
        elif type(happened.event) in post_events.POST_EVENTS:
            self.outcomes += post_events.fired(self.world, happened)

    def clear(self) -> None:
        self.outcomes.clear()

    @property
    def decisions(self) -> list[Decision]:
        return [decision for decision, _ in self.outcomes]

    @property
    def requests(self) -> list[Request]:
        return [request for _, request in self.outcomes if request is not None]

    @property
    def events(self) -> list[str]:
        return [request.event for request in self.requests]

    def only(self, event: str) -> dict[str, str]:
        """What the one request about `event` says."""
        (request,) = [request for request in self.requests if request.event == event]
        said = dict(request.parameters)
        assert said.pop("EventType") == event
        return said


@pytest.fixture
def fired(world: World) -> Fired:
    return Fired(world)


@pytest.fixture
def everything(world: World) -> None:
    """The account's webhook hears of everything."""
    world.perform(
        ConfigureAccountWebhooks(account=ACCOUNT, post_webhook_url=URL, filters=POST_EVENTS)
    )


@pytest.fixture
def conversation(world: World) -> Conversation:
    return world.perform(AddConversation(service=SERVICE, friendly_name="Support"))


def join(world: World, conversation: Conversation, origin: Origin = QUIET) -> Participant:
    return world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=NUMBER,
        ),
        origin,
    )


def post(world: World, conversation: Conversation, body: str, origin: Origin = LOUD) -> Message:
    return world.perform(
        PostMessage(service=SERVICE, conversation=conversation.sid, body=body), origin
    )


def scoped(world: World, conversation: Conversation, **configuration: object) -> str:
    """The sid of a new webhook of the conversation."""
    target = configuration.pop("target", "webhook")
    settings = {f"configuration_{name}": value for name, value in configuration.items()}
    return world.perform(
        AddScopedWebhook(
            service=SERVICE,
            conversation=conversation.sid,
            target=target,
            **settings,
        )
    ).sid


@pytest.mark.usefixtures("everything")
class TestParameters:
    def test_a_conversation(self, world: World, fired: Fired) -> None:
        added = world.perform(
            AddConversation(service=SERVICE, friendly_name="A", unique_name="a"), LOUD
        )
        here = COMMON | {
            "ConversationSid": added.sid,
            "DateCreated": NOW,
            "DateUpdated": NOW,
            "FriendlyName": "A",
            "UniqueName": "a",
            "Attributes": "{}",
            "ChatServiceSid": SERVICE,
            "MessagingServiceSid": MESSAGING_SERVICE,
            "State": "active",
        }
        assert fired.only("onConversationAdded") == here

        world.perform(
            UpdateConversation(
                service=SERVICE, conversation=added.sid, friendly_name="", unique_name=""
            ),
            LOUD,
        )
        nameless = {name: here[name] for name in here if name not in ("FriendlyName", "UniqueName")}
        assert fired.only("onConversationUpdated") == nameless

        world.perform(RemoveConversation(service=SERVICE, conversation=added.sid), LOUD)
        assert fired.only("onConversationRemoved") == nameless | {"DateRemoved": NOW}

    def test_a_change_of_state(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        world.perform(
            UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed"), LOUD
        )

        assert fired.events == ["onConversationStateUpdated", "onConversationUpdated"]
        assert fired.only("onConversationStateUpdated") == COMMON | {
            "ConversationSid": conversation.sid,
            "ChatServiceSid": SERVICE,
            "MessagingServiceSid": MESSAGING_SERVICE,
            "StateUpdated": NOW,
            "StateFrom": "active",
            "StateTo": "closed",
            "Reason": "API",
        }
        assert fired.only("onConversationUpdated")["State"] == "closed"

    def test_a_change_of_state_and_name_is_one_update(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        wish = UpdateConversation(
            service=SERVICE, conversation=conversation.sid, state="inactive", friendly_name="Idle"
        )
        world.perform(wish, LOUD)

        assert fired.events == ["onConversationStateUpdated", "onConversationUpdated"]
        said = fired.only("onConversationUpdated")
        assert (said["FriendlyName"], said["State"]) == ("Idle", "inactive")

    def test_a_client_changes_the_state_without_an_update(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        world.perform(
            UpdateConversation(service=SERVICE, conversation=conversation.sid, state="inactive"),
            Origin(source=Source.SDK, webhooks=True),
        )

        assert fired.events == ["onConversationStateUpdated"]

    def test_a_message(self, world: World, conversation: Conversation, fired: Fired) -> None:
        origin = Origin(source=Source.SDK, identity="bob")
        world.perform(
            AddParticipant(service=SERVICE, conversation=conversation.sid, identity="bob")
        )
        said = world.perform(
            PostMessage(
                service=SERVICE,
                conversation=conversation.sid,
                author="bob",
                body="Hi",
                attributes='{"a":1}',
            ),
            origin,
        )
        here = COMMON | {
            "Source": "SDK",
            "ClientIdentity": "bob",
            "ConversationSid": conversation.sid,
            "ChatServiceSid": SERVICE,
            "MessagingServiceSid": MESSAGING_SERVICE,
            "MessageSid": said.sid,
            "Index": "0",
            "DateCreated": NOW,
            "Body": "Hi",
            "Author": "bob",
            "ParticipantSid": said.participant_sid,
            "Attributes": '{"a":1}',
        }
        assert fired.only("onMessageAdded") == here

        where = {"service": SERVICE, "conversation": conversation.sid, "message": said.sid}
        world.perform(EditMessage(**where, body="Ho"), origin)
        assert fired.only("onMessageUpdated") == here | {"Body": "Ho", "DateUpdated": NOW}

        world.perform(RemoveMessage(**where), origin)
        assert fired.only("onMessageRemoved") == here | {
            "Body": "Ho",
            "DateUpdated": NOW,
            "DateRemoved": NOW,
        }

    def test_participants(self, world: World, conversation: Conversation, fired: Fired) -> None:
        ann = join(world, conversation, LOUD)
        role = world[Services][SERVICE].default_conversation_role_sid
        here = COMMON | {
            "ConversationSid": conversation.sid,
            "ChatServiceSid": SERVICE,
            "ParticipantSid": ann.sid,
            "DateCreated": NOW,
            "RoleSid": role,
            "Attributes": "{}",
            "MessagingBinding.ProxyAddress": NUMBER,
            "MessagingBinding.Address": ANN,
            "MessagingBinding.Type": "sms",
        }
        assert fired.only("onParticipantAdded") == here

        where = {"service": SERVICE, "conversation": conversation.sid, "participant": ann.sid}
        world.perform(UpdateParticipant(**where, last_read_message_index="3"), LOUD)
        assert fired.only("onParticipantUpdated") == here | {
            "DateUpdated": NOW,
            "LastReadMessageIndex": "3",
        }

        world.perform(RemoveParticipant(**where), LOUD)
        assert fired.only("onParticipantRemoved") == here | {
            "DateUpdated": NOW,
            "DateRemoved": NOW,
        }

    def test_a_chat_participant_and_its_user(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        bob = world.perform(
            AddParticipant(service=SERVICE, conversation=conversation.sid, identity="bob"), LOUD
        )
        user = world[Users][bob.user_sid]

        assert fired.events == ["onUserAdded", "onParticipantAdded"]
        said = fired.only("onParticipantAdded")
        assert (said["Identity"], said["MessagingBinding.Type"]) == ("bob", "chat")
        assert "MessagingBinding.Address" not in said
        here = COMMON | {
            "ChatServiceSid": SERVICE,
            "UserSid": user.sid,
            "DateCreated": NOW,
            "Identity": "bob",
            "RoleSid": user.role_sid,
            "Attributes": "{}",
        }
        assert fired.only("onUserAdded") == here

        world.perform(UpdateUser(service=SERVICE, user="bob", friendly_name="Bob"), LOUD)
        assert fired.only("onUserUpdated") == here | {
            "DateUpdated": NOW,
            "FriendlyName": "Bob",
            "isOnline": "false",
            "isNotifiable": "false",
        }

    def test_a_receipt(self, world: World, conversation: Conversation, fired: Fired) -> None:
        ann = join(world, conversation)
        said = post(world, conversation, "Hi", QUIET)
        assert fired.events == []

        world.catch_up(world.now + timedelta(seconds=5))

        assert fired.events == ["onDeliveryUpdated"] * 2
        (receipt,) = world[Receipts]
        sent, delivered = [dict(request.parameters) for request in fired.requests]
        assert sent["Status"] == "sent"
        assert delivered == COMMON | {
            "EventType": "onDeliveryUpdated",
            "ConversationSid": conversation.sid,
            "ChatServiceSid": SERVICE,
            "MessageSid": said.sid,
            "DeliveryReceiptSid": receipt.sid,
            "ChannelMessageSid": receipt.text_sid,
            "ParticipantSid": ann.sid,
            "Status": "delivered",
            "DateCreated": NOW,
            "DateUpdated": delivered["DateUpdated"],
        }
        assert delivered["DateUpdated"] > NOW

    def test_media_are_an_array_in_capitals(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        join(world, conversation)
        file = Enclosure(content_type="image/jpeg", size=42056, filename="voilà.jpg", digest="d")
        world.perform(
            SendFromHandset(address=ANN, to=NUMBER, media=(file,)), Origin(source=Source.SMS)
        )

        said = fired.only("onMessageAdded")
        (media,) = world[MediaTable]
        assert said["Media"] == (
            f'[{{"Sid":"{media.sid}","Filename":"voilà.jpg",'
            '"ContentType":"image/jpeg","Size":42056}]'
        )
        assert said["Source"] == "SMS"
        assert "Body" not in said

    def test_a_text_that_opens_a_conversation(self, world: World, fired: Fired) -> None:
        world.perform(
            AddAddressConfiguration(
                account=ACCOUNT, type="sms", address=NUMBER, auto_creation_enabled=True
            )
        )

        world.perform(
            SendFromHandset(address=ANN, to=NUMBER, body="Hello"), Origin(source=Source.SMS)
        )

        assert fired.events == ["onConversationAdded", "onParticipantAdded", "onMessageAdded"]
        said = fired.only("onConversationAdded")
        assert said["MessagingBinding.Address"] == ANN
        assert said["MessagingBinding.ProxyAddress"] == NUMBER
        assert said["Source"] == "SMS"


class TestScopes:
    def test_nothing_is_said_where_nothing_is_configured(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        post(world, conversation, "Hi")
        assert fired.outcomes == []

        world.perform(ConfigureAccountWebhooks(account=ACCOUNT, filters=POST_EVENTS))
        post(world, conversation, "Hi")
        assert fired.outcomes == []

    def test_the_request_goes_where_the_account_says(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        world.perform(
            ConfigureAccountWebhooks(
                account=ACCOUNT, post_webhook_url=URL, method="get", filters=("onMessageAdded",)
            )
        )
        post(world, conversation, "Hi")

        (request,) = fired.requests
        assert (request.url, request.method, request.subject) == (URL, "GET", conversation.sid)
        assert (request.account_sid, request.manner) == (ACCOUNT, CONVERSATIONS)
        (decision,) = fired.decisions
        assert decision == Decision(
            event="onMessageAdded",
            subject=conversation.sid,
            setting="the webhooks of the account",
            url=URL,
            sent=True,
            because="the setting asks for it",
        )

    @pytest.mark.parametrize("filters", [None, (), ("onMessageUpdated",)])
    def test_filters_are_an_allow_list(
        self,
        world: World,
        conversation: Conversation,
        fired: Fired,
        filters: tuple[str, ...] | None,
    ) -> None:
        world.perform(
            ConfigureAccountWebhooks(account=ACCOUNT, post_webhook_url=URL, filters=filters)
        )
        post(world, conversation, "Hi")

        assert fired.requests == []
        assert [it.because for it in fired.decisions] == ["its filters do not name onMessageAdded"]

    @pytest.mark.usefixtures("everything")
    def test_the_services_own_replace_the_accounts(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        other = "https://example.com/service"
        world.perform(
            ConfigureServiceWebhooks(
                service=SERVICE, post_webhook_url=other, filters=("onMessageAdded",)
            )
        )
        post(world, conversation, "Hi")

        assert [request.url for request in fired.requests] == [other]
        assert [(it.url, it.sent, it.because) for it in fired.decisions] == [
            (URL, False, f"replaced by the webhooks of service {SERVICE}"),
            (other, True, "the setting asks for it"),
        ]

    def test_the_services_own_suffice(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        world.perform(
            ConfigureServiceWebhooks(
                service=SERVICE, post_webhook_url=URL, filters=("onMessageAdded",)
            )
        )
        post(world, conversation, "Hi")

        assert [decision.sent for decision in fired.decisions] == [True]

    @pytest.mark.usefixtures("everything")
    def test_a_services_pre_url_alone_replaces_the_accounts_too(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        world.perform(ConfigureServiceWebhooks(service=SERVICE, pre_webhook_url=URL))
        post(world, conversation, "Hi")

        assert fired.requests == []

    @pytest.mark.usefixtures("everything")
    def test_a_conversations_own_fire_besides(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        other = world.perform(AddConversation(service=SERVICE))
        mine = "https://example.com/mine"
        scoped(world, conversation, url=mine, filters=("onMessageAdded",), method="GET")

        post(world, conversation, "Hi")
        assert [(it.url, it.method) for it in fired.requests] == [(URL, "POST"), (mine, "GET")]

        fired.clear()
        post(world, other, "Hi")
        assert [request.url for request in fired.requests] == [URL]

    def test_a_conversations_own_hear_of_its_removal(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        scoped(world, conversation, url=URL, filters=("onConversationRemoved",))
        world.perform(RemoveConversation(service=SERVICE, conversation=conversation.sid), LOUD)

        assert fired.events == ["onConversationRemoved"]

    def test_what_goes_with_its_service_is_told_to_the_account(
        self, world: World, everything: None, fired: Fired
    ) -> None:
        service = world.perform(AddService(account=ACCOUNT, friendly_name="Shop"))
        going = world.perform(AddConversation(service=service.sid))
        world.perform(RemoveService(account=ACCOUNT, service_sid=service.sid), LOUD)

        assert fired.only("onConversationRemoved")["ConversationSid"] == going.sid

    def test_a_trigger_is_a_keyword_anywhere(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        sid = scoped(world, conversation, target="trigger", url=URL, triggers=("HELP", "stop"))

        post(world, conversation, "Please help me")
        post(world, conversation, "unSTOPpable")
        post(world, conversation, "thanks")
        world.perform(
            UpdateConversation(service=SERVICE, conversation=conversation.sid, attributes="{}"),
            LOUD,
        )

        assert [dict(request.parameters)["Index"] for request in fired.requests] == ["0", "1"]
        assert {decision.setting for decision in fired.decisions} == {f"trigger {sid}"}
        assert [it.because for it in fired.decisions if not it.sent] == [
            "the body holds no keyword",
            "triggers are for onMessageAdded",
        ]

    def test_a_flow_of_studio_is_noted(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        scoped(world, conversation, target="studio", flow_sid="FW" + "0" * 32)
        post(world, conversation, "Hi")

        assert fired.requests == []
        (decision,) = fired.decisions
        assert (decision.url, decision.because) == (None, "flows of Studio are not run here")

    def test_a_new_webhook_hears_what_was_said_before(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        for body in ("a", "b", "c"):
            post(world, conversation, body)

        scoped(world, conversation, url=URL, filters=("onMessageAdded",), replay_after="1")

        assert [dict(request.parameters)["Body"] for request in fired.requests] == ["b", "c"]
        assert set(fired.events) == {"onMessageAdded"}


@pytest.mark.usefixtures("everything")
class TestWhen:
    def test_a_rest_call_fires_only_when_it_says_so(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        scoped(world, conversation, url=URL, filters=("onMessageAdded",))

        post(world, conversation, "Hi", QUIET)

        assert fired.requests == []
        assert [it.because for it in fired.decisions] == [post_events.NOT_ENABLED] * 2

    def test_a_filter_is_named_before_the_header(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        world.perform(ConfigureAccountWebhooks(account=ACCOUNT, filters=("onMessageUpdated",)))

        post(world, conversation, "Hi", QUIET)

        assert [it.because for it in fired.decisions] == ["its filters do not name onMessageAdded"]

    def test_a_timer_fires_always(self, world: World, fired: Fired) -> None:
        world.perform(AddConversation(service=SERVICE, timers_inactive="PT1M"))
        world.catch_up(world.now + timedelta(minutes=2))

        assert fired.events == ["onConversationStateUpdated"]
        said = fired.only("onConversationStateUpdated")
        assert (said["Source"], said["Reason"]) == ("API", "TIMER")
        assert said["StateUpdated"] == "2026-01-05T09:01:00.000Z"

    def test_a_message_that_wakes_a_conversation_fires_always(
        self, world: World, conversation: Conversation, fired: Fired
    ) -> None:
        world.perform(
            UpdateConversation(service=SERVICE, conversation=conversation.sid, state="inactive")
        )
        assert fired.events == []

        post(world, conversation, "Hi", QUIET)

        assert fired.events == ["onConversationStateUpdated"]
        assert fired.only("onConversationStateUpdated")["Reason"] == "EVENT"


def test_every_post_event_of_twilio_has_its_place() -> None:
    assert len(post_events.POST_EVENTS) == len(POST_EVENTS)
