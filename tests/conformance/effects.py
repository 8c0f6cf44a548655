"""What each parameter of each operation does: what is sent, and where it can be seen afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.inside import Inside, Said, compact
from twilio_emulator.core.conversations.push_notifications import RegisterBinding
from twilio_emulator.core.conversations.resources import Participants
from twilio_emulator.core.senders.messaging_services import AddMessagingService

ANN, BOB = "+12025550199", "+12025550198"
NUMBER, OTHER_NUMBER = "+12025550100", "+12025550101"
FLOW, OTHER_FLOW = "FW" + "0" * 32, "FW" + "1" * 32
URL, OTHER_URL = "https://example.com/a", "https://example.com/b"
OLD = "2020-01-01T00:00:00Z"
ODD = '{ "a" :  1 }'


class Scene:
    """An account in which there is one of everything.

    Args:
        root: what stands before the paths: nothing, or `/Services/IS...`.
    """

    def __init__(self, inside: Inside, root: str) -> None:
        self.inside = inside
        self.root = root

    def post(self, path: str, form: Any = None) -> Any:
        return self.inside.made(self.root + path, form).body

    def get(self, path: str, query: Any = None) -> Any:
        return self.inside.seen(self.root + path, query).body

    def conversation(self, **form: str) -> str:
        """The path of a new conversation."""
        return f"/Conversations/{self.post('/Conversations', form)['sid']}"

    def participant(self, **form: str) -> str:
        """The path of a participant in a new conversation."""
        people = f"{self.conversation()}/Participants"
        return f"{people}/{self.post(people, form)['sid']}"

    def message(self) -> str:
        """The path of a message in a new conversation."""
        messages = f"{self.conversation()}/Messages"
        return f"{messages}/{self.post(messages, {'Body': 'Hello'})['sid']}"

    def webhook(self, target: str) -> str:
        """The path of a webhook of a new conversation."""
        webhooks = f"{self.conversation()}/Webhooks"
        return f"{webhooks}/{self.post(webhooks, WEBHOOKS[target])['sid']}"

    def role(self, kind: str, permission: str = "editOwnUserInfo") -> str:
        """The sid of a new role."""
        form = {"FriendlyName": "New", "Type": kind, "Permission": [permission]}
        return str(self.post("/Roles", form)["sid"])

    def user(self, identity: str = "alice") -> str:
        """The path of a new user."""
        return f"/Users/{self.post('/Users', {'Identity': identity})['sid']}"

    def media(self) -> str:
        """The sid of an uploaded file."""
        url = f"https://mcs.us1.twilio.com/v1/Services/{self.inside.service_sid}/Media"
        headers = {"Content-Type": "image/png"}
        return str(self.inside.made(url, content=b"png", headers=headers)["sid"])

    def messaging_service(self) -> str:
        """The sid of another messaging service than the default one."""
        wish = AddMessagingService(account=self.inside.account_sid, friendly_name="Another")
        return str(self.inside.perform(wish).sid)

    def template(self) -> str:
        """The sid of a content template."""
        types = {"twilio/text": {"body": "Hello {{1}}"}}
        said = {"language": "en", "types": types, "variables": {"1": "you"}}
        return str(self.inside.made("https://content.twilio.com/v1/Content", said=said)["sid"])


WEBHOOKS = {
    "webhook": {
        "Target": "webhook",
        "Configuration.Url": URL,
        "Configuration.Filters": ["onMessageAdded"],
    },
    "trigger": {
        "Target": "trigger",
        "Configuration.Url": URL,
        "Configuration.Triggers": ["help"],
    },
    "studio": {"Target": "studio", "Configuration.FlowSid": FLOW},
}

Read = Callable[[Scene, Said], object]


@dataclass(frozen=True)
class Effect:
    """What one parameter does.

    Attributes:
        sent: its value, or what makes it in a scene.
        read: finds in the answer, or in the scene, what it did.
        expected: what is found there; the value itself unless another is given.
        besides: what else is sent.
        path: of the request, where it is not that of the other parameters.
    """

    parameter: str
    sent: Any
    read: Read
    expected: Any = None
    besides: dict[str, Any] = field(default_factory=dict)
    path: Callable[[Scene], str] | None = None


@dataclass(frozen=True)
class Case:
    """An operation with the effects of all its parameters."""

    path: Callable[[Scene], str]
    effects: tuple[Effect, ...]
    method: str = "POST"


def at(*keys: Any) -> Read:
    """Reads the answer."""

    def read(_: Scene, said: Said) -> object:
        value = said.body
        for key in keys:
            value = value[key]
        return value

    return read


def kept(name: str, table: str) -> Read:
    """Reads what the world keeps and no answer shows."""
    return lambda scene, said: getattr(scene.inside.world.tables()[table][said["sid"]], name)


def sids(key: str) -> Read:
    """Reads which rows a list has."""
    return lambda _, said: [row["sid"] for row in said[key]]


def effect(parameter: str, sent: Any, *keys: Any, **more: Any) -> Effect:
    """One that is seen in the answer under some keys."""
    return Effect(parameter, sent, at(*keys), **more)


# What several operations have in common

DATES = (
    effect("DateCreated", OLD, "date_created"),
    effect("DateUpdated", OLD, "date_updated"),
)
CONVERSATION = (
    effect("FriendlyName", "New", "friendly_name"),
    effect("UniqueName", "new", "unique_name"),
    *DATES,
    effect(
        "MessagingServiceSid",
        lambda scene: scene.messaging_service(),
        "messaging_service_sid",
    ),
    effect("Attributes", ODD, "attributes"),
    effect("Timers.Inactive", "PT1M", "timers", "date_inactive", expected="2026-01-05T09:01:00Z"),
    effect("Timers.Closed", "PT10M", "timers", "date_closed", expected="2026-01-05T09:10:00Z"),
    effect(
        "Bindings.Email.Address",
        "help@example.com",
        "bindings",
        "email",
        "projected_address",
    ),
    effect("Bindings.Email.Name", "Help", "bindings", "email", "name"),
)
STATE = effect("State", "inactive", "state")
MESSAGE = (
    effect("Author", "alice", "author", besides={"Body": "Hello"}),
    effect("Body", "New", "body"),
    *(Effect(each.parameter, each.sent, each.read, besides={"Body": "Hello"}) for each in DATES),
    effect("Attributes", ODD, "attributes", besides={"Body": "Hello"}),
    Effect("Subject", "New", kept("subject", "messages"), besides={"Body": "Hello"}),
)
USER = (
    effect("FriendlyName", "New", "friendly_name"),
    effect("Attributes", ODD, "attributes"),
    effect("RoleSid", lambda scene: scene.role("service"), "role_sid"),
)


# Conversations and what is in them


def _by_date(scene: Scene) -> Any:
    old = scene.post("/Conversations", {"DateCreated": OLD})["sid"]
    new = scene.post("/Conversations")["sid"]
    return old, new


def _started(scene: Scene, said: Said) -> object:
    return [row["date_created"] for row in said["conversations"]]


def _filled(scene: Scene) -> str:
    _by_date(scene)
    scene.post("/Conversations", {"State": "inactive", "DateCreated": "2022-01-01T00:00:00Z"})
    return "/Conversations"


def _two_messages(scene: Scene) -> str:
    messages = f"{scene.conversation()}/Messages"
    for body in ("first", "second"):
        scene.post(messages, {"Body": body})
    return messages


def _people(scene: Scene) -> str:
    return f"{scene.conversation()}/Participants"


def _chat(scene: Scene) -> str:
    return scene.participant(Identity="alice")


def _phone(scene: Scene) -> str:
    return scene.participant(**{"MessagingBinding.Address": ANN})


def _projected(scene: Scene) -> str:
    return scene.participant(**{"MessagingBinding.ProjectedAddress": NUMBER})


PARTICIPANT = (
    *(Effect(each.parameter, each.sent, each.read, besides={"Identity": "bob"}) for each in DATES),
    effect("Attributes", ODD, "attributes", besides={"Identity": "bob"}),
    effect(
        "RoleSid",
        lambda scene: scene.role("conversation"),
        "role_sid",
        besides={"Identity": "bob"},
    ),
)


def _replayed(scene: Scene, said: Said) -> object:
    return said["configuration"]["replay_after"]


def _assembled(scene: Scene, said: Said) -> object:
    scene.inside.advance(seconds=1)
    people = scene.get(f"/Conversations/{said['sid']}/Participants")["participants"]
    return said.status, [each["identity"] for each in people]


def _state_after(scene: Scene, said: Said) -> object:
    scene.inside.advance(seconds=1)
    return scene.get(f"/Conversations/{said['sid']}")["state"]


def _known(scene: Scene) -> str:
    """Two conversations, of whom one has alice and the other Ann's phone."""
    scene.participant(Identity="alice")
    _phone(scene)
    return "/ParticipantConversations"


def _who(scene: Scene, said: Said) -> object:
    return [
        each["participant_identity"] or each["participant_messaging_binding"]["address"]
        for each in said["conversations"]
    ]


def _user_conversation(scene: Scene) -> str:
    path = _chat(scene)
    conversation = path.split("/")[2]
    return f"/Users/alice/Conversations/{conversation}"


def _muted(scene: Scene, said: Said) -> object:
    return said["notification_level"]


def _read_at(scene: Scene, said: Said) -> object:
    world = scene.inside.world
    at = world[Participants][said["participant_sid"]].last_read_timestamp
    return at and at.isoformat()


# Configuration


def _address(scene: Scene) -> str:
    form = {"Type": "sms", "Address": "+12025550123", **AUTOCREATION}
    return f"/Configuration/Addresses/{scene.post('/Configuration/Addresses', form)['sid']}"


AUTOCREATION = {
    "AutoCreation.Type": "webhook",
    "AutoCreation.WebhookUrl": URL,
    "AutoCreation.WebhookFilters": ["onMessageAdded"],
}
STUDIO = {"AutoCreation.Type": "studio", "AutoCreation.StudioFlowSid": FLOW}
ADDRESS = (
    effect("FriendlyName", "New", "friendly_name"),
    effect("AutoCreation.Enabled", True, "auto_creation", "enabled"),
    effect(
        "AutoCreation.Type",
        "studio",
        "auto_creation",
        "type",
        besides={"AutoCreation.StudioFlowSid": FLOW},
    ),
    effect(
        "AutoCreation.ConversationServiceSid",
        lambda scene: scene.inside.service_sid,
        "auto_creation",
        "conversation_service_sid",
    ),
    effect(
        "AutoCreation.WebhookUrl",
        OTHER_URL,
        "auto_creation",
        "webhook_url",
        besides=AUTOCREATION,
    ),
    effect(
        "AutoCreation.WebhookMethod",
        "GET",
        "auto_creation",
        "webhook_method",
        besides=AUTOCREATION,
    ),
    effect(
        "AutoCreation.WebhookFilters",
        ["onMessageUpdated", "onMessageRemoved"],
        "auto_creation",
        "webhook_filters",
        besides=AUTOCREATION,
    ),
    effect(
        "AutoCreation.StudioFlowSid",
        OTHER_FLOW,
        "auto_creation",
        "studio_flow_sid",
        besides=STUDIO,
    ),
    effect(
        "AutoCreation.StudioRetryCount",
        "2",
        "auto_creation",
        "studio_retry_count",
        expected=2,
        besides=STUDIO,
    ),
)


def _number(form: dict[str, Any]) -> tuple[Effect, ...]:
    """The same effects, with what creating needs besides."""
    return tuple(
        Effect(each.parameter, each.sent, each.read, each.expected, {**form, **each.besides})
        for each in ADDRESS
    )


SMS = {"Type": "sms", "Address": "+12025550123"}


def _two_addresses(scene: Scene) -> str:
    _address(scene)
    scene.post("/Configuration/Addresses", {"Type": "email", "Address": "a@example.com"})
    return "/Configuration/Addresses"


CREDENTIAL = (
    effect("Type", "gcm", "type"),
    effect("FriendlyName", "New", "friendly_name"),
    Effect("Certificate", "-----BEGIN", kept("certificate", "credentials")),
    Effect("PrivateKey", "-----BEGIN", kept("private_key", "credentials")),
    effect("Sandbox", True, "sandbox", expected="True"),
    Effect("ApiKey", "key", kept("api_key", "credentials")),
    Effect("Secret", "secret", kept("secret", "credentials")),
)


def _credential(scene: Scene) -> str:
    return f"/Credentials/{scene.post('/Credentials', {'Type': 'apn'})['sid']}"


def _bindings(scene: Scene) -> str:
    for identity, kind in (("alice", "fcm"), ("bob", "apn")):
        scene.inside.perform(
            RegisterBinding(
                service=scene.inside.service_sid,
                identity=identity,
                binding_type=kind,
                endpoint=identity,
            )
        )
    return "/Bindings"


def _another_service(scene: Scene) -> str:
    return str(scene.inside.made("/Services", {"FriendlyName": "Another"})["sid"])


def _switch(parameter: str, *keys: str) -> Effect:
    return effect(parameter, True, *keys)


NOTIFICATIONS = (
    _switch("LogEnabled", "log_enabled"),
    _switch("NewMessage.Enabled", "new_message", "enabled"),
    effect("NewMessage.Template", "New", "new_message", "template"),
    effect("NewMessage.Sound", "ring", "new_message", "sound"),
    _switch("NewMessage.BadgeCountEnabled", "new_message", "badge_count_enabled"),
    _switch("NewMessage.WithMedia.Enabled", "new_message", "with_media", "enabled"),
    effect("NewMessage.WithMedia.Template", "New", "new_message", "with_media", "template"),
    _switch("AddedToConversation.Enabled", "added_to_conversation", "enabled"),
    effect("AddedToConversation.Template", "New", "added_to_conversation", "template"),
    effect("AddedToConversation.Sound", "ring", "added_to_conversation", "sound"),
    _switch("RemovedFromConversation.Enabled", "removed_from_conversation", "enabled"),
    effect("RemovedFromConversation.Template", "New", "removed_from_conversation", "template"),
    effect("RemovedFromConversation.Sound", "ring", "removed_from_conversation", "sound"),
)
HOOKS = (
    effect("Method", "get", "method", expected="GET"),
    effect("Filters", ["onMessageAdd", "onUserAdded"], "filters"),
    effect("PreWebhookUrl", URL, "pre_webhook_url"),
    effect("PostWebhookUrl", URL, "post_webhook_url"),
)

CASES: dict[str, Case] = {
    "ListConversation": Case(
        _filled,
        (
            Effect(
                "StartDate",
                "2022-01-01T00:00:00Z",
                _started,
                ["2026-01-05T09:00:00Z", "2022-01-01T00:00:00Z"],
            ),
            Effect("EndDate", "2021-12-31T23:59:59Z", _started, [OLD]),
            Effect("State", "inactive", _started, ["2022-01-01T00:00:00Z"]),
        ),
        "GET",
    ),
    "CreateConversation": Case(lambda _: "/Conversations", (*CONVERSATION, STATE)),
    "UpdateConversation": Case(lambda scene: scene.conversation(), (*CONVERSATION, STATE)),
    "ListConversationMessage": Case(
        _two_messages,
        (
            Effect(
                "Order",
                "DESC",
                lambda _, said: [each["body"] for each in said["messages"]],
                ["second", "first"],
            ),
        ),
        "GET",
    ),
    "CreateConversationMessage": Case(
        lambda scene: f"{scene.conversation()}/Messages",
        (
            *MESSAGE,
            Effect("MediaSid", lambda scene: scene.media(), at("media", 0, "sid")),
            Effect("ContentSid", lambda scene: scene.template(), at("content_sid")),
            Effect(
                "ContentVariables",
                '{"1":"John"}',
                at("body"),
                "Hello John",
                {"ContentSid": lambda scene: scene.template()},
            ),
        ),
    ),
    "UpdateConversationMessage": Case(lambda scene: scene.message(), MESSAGE),
    "CreateConversationParticipant": Case(
        _people,
        (
            effect("Identity", "Alice", "identity"),
            effect(
                "MessagingBinding.Address",
                ANN,
                "messaging_binding",
                "address",
                besides={"MessagingBinding.ProxyAddress": NUMBER},
            ),
            effect(
                "MessagingBinding.ProxyAddress",
                NUMBER,
                "messaging_binding",
                "proxy_address",
                besides={"MessagingBinding.Address": ANN},
            ),
            effect(
                "MessagingBinding.ProjectedAddress",
                NUMBER,
                "messaging_binding",
                "projected_address",
            ),
            *PARTICIPANT,
        ),
    ),
    "UpdateConversationParticipant": Case(
        _chat,
        (
            *(Effect(each.parameter, each.sent, each.read) for each in PARTICIPANT),
            effect(
                "MessagingBinding.ProxyAddress",
                OTHER_NUMBER,
                "messaging_binding",
                "proxy_address",
                path=_phone,
            ),
            effect(
                "MessagingBinding.ProjectedAddress",
                NUMBER,
                "messaging_binding",
                "projected_address",
            ),
            effect("Identity", "bob", "identity", path=_projected),
            effect("LastReadMessageIndex", "7", "last_read_message_index", expected=7),
            effect("LastReadTimestamp", OLD, "last_read_timestamp"),
        ),
    ),
    "CreateConversationScopedWebhook": Case(
        lambda scene: f"{scene.conversation()}/Webhooks",
        (
            effect("Target", "studio", "target", besides=WEBHOOKS["studio"]),
            effect(
                "Configuration.Url",
                OTHER_URL,
                "configuration",
                "url",
                besides=WEBHOOKS["webhook"],
            ),
            effect(
                "Configuration.Method",
                "get",
                "configuration",
                "method",
                besides=WEBHOOKS["webhook"],
            ),
            effect(
                "Configuration.Filters",
                ["onMessageAdded", "onDeliveryUpdated"],
                "configuration",
                "filters",
                besides=WEBHOOKS["webhook"],
            ),
            effect(
                "Configuration.Triggers",
                ["help", "stop"],
                "configuration",
                "triggers",
                besides=WEBHOOKS["trigger"],
            ),
            effect(
                "Configuration.FlowSid",
                OTHER_FLOW,
                "configuration",
                "flow_sid",
                besides=WEBHOOKS["studio"],
            ),
            Effect("Configuration.ReplayAfter", "3", _replayed, 3, besides=WEBHOOKS["webhook"]),
        ),
    ),
    "UpdateConversationScopedWebhook": Case(
        lambda scene: scene.webhook("webhook"),
        (
            effect("Configuration.Url", OTHER_URL, "configuration", "url"),
            effect("Configuration.Method", "GET", "configuration", "method"),
            effect("Configuration.Filters", ["onMessageRemoved"], "configuration", "filters"),
            effect(
                "Configuration.Triggers",
                ["stop"],
                "configuration",
                "triggers",
                path=lambda scene: scene.webhook("trigger"),
            ),
            effect(
                "Configuration.FlowSid",
                OTHER_FLOW,
                "configuration",
                "flow_sid",
                path=lambda scene: scene.webhook("studio"),
            ),
        ),
    ),
    "CreateConversationWithParticipants": Case(
        lambda _: "/ConversationWithParticipants",
        (
            *CONVERSATION,
            Effect(
                "State",
                "inactive",
                _state_after,
                besides={"Participant": [compact({"identity": "alice"})]},
            ),
            Effect(
                "Participant",
                [compact({"identity": "alice"}), compact({"identity": "bob"})],
                _assembled,
                (202, ["alice", "bob"]),
            ),
        ),
    ),
    "ListParticipantConversation": Case(
        _known,
        (
            Effect("Identity", "alice", _who, ["alice"]),
            Effect("Address", ANN, _who, [ANN]),
        ),
        "GET",
    ),
    "CreateRole": Case(
        lambda _: "/Roles",
        (
            effect(
                "FriendlyName",
                "New",
                "friendly_name",
                besides={"Type": "service", "Permission": ["joinConversation"]},
            ),
            effect(
                "Type",
                "Conversation",
                "type",
                expected="conversation",
                besides={"FriendlyName": "New", "Permission": ["sendMessage"]},
            ),
            effect(
                "Permission",
                ["sendMessage", "sendMediaMessage"],
                "permissions",
                besides={"FriendlyName": "New", "Type": "conversation"},
            ),
        ),
    ),
    "UpdateRole": Case(
        lambda scene: f"/Roles/{scene.role('conversation', 'sendMessage')}",
        (effect("Permission", ["leaveConversation"], "permissions"),),
    ),
    "CreateUser": Case(
        lambda _: "/Users",
        (
            effect("Identity", "Alice", "identity"),
            *(
                Effect(each.parameter, each.sent, each.read, besides={"Identity": "alice"})
                for each in USER
            ),
        ),
    ),
    "UpdateUser": Case(lambda scene: scene.user(), USER),
    "UpdateUserConversation": Case(
        _user_conversation,
        (
            Effect("NotificationLevel", "Muted", _muted, "muted"),
            Effect("LastReadTimestamp", OLD, _read_at, "2020-01-01T00:00:00+00:00"),
            effect("LastReadMessageIndex", "0", "last_read_message_index", expected=0),
        ),
    ),
    "CreateService": Case(lambda _: "/Services", (effect("FriendlyName", "New", "friendly_name"),)),
    "ListServiceBinding": Case(
        _bindings,
        (
            Effect(
                "BindingType",
                ["apn", "gcm"],
                lambda _, said: [each["identity"] for each in said["bindings"]],
                ["bob"],
            ),
            Effect(
                "Identity",
                ["alice", "zoe"],
                lambda _, said: [each["identity"] for each in said["bindings"]],
                ["alice"],
            ),
        ),
        "GET",
    ),
    "CreateCredential": Case(
        lambda _: "/Credentials",
        tuple(
            Effect(each.parameter, each.sent, each.read, each.expected, {"Type": "apn"})
            for each in CREDENTIAL
        ),
    ),
    "UpdateCredential": Case(_credential, CREDENTIAL),
    "ListConfigurationAddress": Case(
        _two_addresses,
        (
            Effect(
                "Type",
                "EMAIL",
                lambda _, said: [each["address"] for each in said["address_configurations"]],
                ["a@example.com"],
            ),
        ),
        "GET",
    ),
    "CreateConfigurationAddress": Case(
        lambda _: "/Configuration/Addresses",
        (
            effect(
                "Type",
                "whAtsAPP",
                "type",
                expected="whatsapp",
                besides={"Address": "whatsapp:+12025550123"},
            ),
            effect("Address", "+12025550124", "address", besides={"Type": "sms"}),
            *_number(SMS),
            effect(
                "AddressCountry",
                "ca",
                "address_country",
                expected="CA",
                besides={"Type": "sms", "Address": "12345"},
            ),
        ),
    ),
    "UpdateConfigurationAddress": Case(_address, ADDRESS),
    "UpdateConfiguration": Case(
        lambda _: "/Configuration",
        (
            effect("DefaultChatServiceSid", _another_service, "default_chat_service_sid"),
            effect(
                "DefaultMessagingServiceSid",
                lambda scene: scene.messaging_service(),
                "default_messaging_service_sid",
            ),
            effect("DefaultInactiveTimer", "PT90S", "default_inactive_timer", expected="PT1M30S"),
            effect("DefaultClosedTimer", "P2D", "default_closed_timer"),
        ),
    ),
    "UpdateConfigurationWebhook": Case(
        lambda _: "/Configuration/Webhooks",
        (*HOOKS, effect("Target", "Flex", "target", expected="flex")),
    ),
    "UpdateServiceWebhookConfiguration": Case(lambda _: "/Configuration/Webhooks", HOOKS),
    "UpdateServiceConfiguration": Case(
        lambda _: "/Configuration",
        (
            effect(
                "DefaultConversationCreatorRoleSid",
                lambda scene: scene.role("conversation"),
                "default_conversation_creator_role_sid",
            ),
            effect(
                "DefaultConversationRoleSid",
                lambda scene: scene.role("conversation"),
                "default_conversation_role_sid",
            ),
            effect(
                "DefaultChatServiceRoleSid",
                lambda scene: scene.role("service"),
                "default_chat_service_role_sid",
            ),
            effect("ReachabilityEnabled", True, "reachability_enabled"),
        ),
    ),
    "UpdateServiceNotification": Case(lambda _: "/Configuration/Notifications", NOTIFICATIONS),
}
"""By the operation's name in the short form, or in the only one that it has."""
