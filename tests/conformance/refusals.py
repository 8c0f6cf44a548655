"""How each of Twilio's refusals is brought about over HTTP, and which cannot be, and why."""

from collections.abc import Callable
from typing import Any

from tests.conformance.effects import ANN, BOB, NUMBER, URL, WEBHOOKS, Scene
from tests.conformance.inside import Said, compact
from tests.webhooks.conftest import http
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.conversations.address_rules import ChangeAddressRules
from twilio_emulator.core.conversations.media import UploadMedia
from twilio_emulator.core.kernel import refusals
from twilio_emulator.core.kernel.refusals import Refusal

Provoke = Callable[[Scene], Said]


def post(path: str, **form: Any) -> Provoke:
    """A POST that is refused whatever there is."""
    return lambda scene: scene.inside.ask("POST", path, form)


def get(path: str, **query: Any) -> Provoke:
    """A GET that is refused whatever there is."""
    return lambda scene: scene.inside.ask("GET", path, query=query)


def to(place: Callable[[Scene], str], form: Any) -> Provoke:
    """A POST to something that is made before."""
    return lambda scene: scene.inside.ask("POST", place(scene), form)


def conversation(scene: Scene) -> str:
    return scene.conversation()


def people(scene: Scene) -> str:
    return f"{scene.conversation()}/Participants"


def messages(scene: Scene) -> str:
    return f"{scene.conversation()}/Messages"


def webhooks(scene: Scene) -> str:
    return f"{scene.conversation()}/Webhooks"


def pair(address: str, proxy_address: str) -> dict[str, str]:
    return {"MessagingBinding.Address": address, "MessagingBinding.ProxyAddress": proxy_address}


def projected(address: str) -> dict[str, str]:
    return {"MessagingBinding.ProjectedAddress": address}


def chat(scene: Scene) -> str:
    return scene.participant(Identity="alice")


def phone(scene: Scene) -> str:
    return scene.participant(**pair(ANN, NUMBER))


def user(scene: Scene) -> str:
    return scene.user()


def _closed(scene: Scene) -> Said:
    path = scene.conversation()
    scene.post(path, {"State": "closed"})
    return scene.inside.ask("POST", f"{path}/Messages", {"Body": "Hello"})


def _initializing(scene: Scene) -> Said:
    form = {"Participant": [compact({"identity": "alice"})]}
    sid = scene.post("/ConversationWithParticipants", form)["sid"]
    return scene.inside.ask("POST", f"/Conversations/{sid}/Messages", {"Body": "Hello"})


def _twice(path: Callable[[Scene], str], form: dict[str, Any]) -> Provoke:
    """Something that can be made once only."""

    def provoke(scene: Scene) -> Said:
        place = path(scene)
        scene.post(place, form)
        return scene.inside.ask("POST", place, form)

    return provoke


def _without_messaging_service(scene: Scene) -> Said:
    path = phone(scene).rpartition("/Participants")[0]
    scene.post(path, {"MessagingServiceSid": ""})
    return scene.inside.ask("POST", f"{path}/Messages", {"Body": "Hello"})


def _many_webhooks(scene: Scene) -> Said:
    path = webhooks(scene)
    for _ in range(5):
        scene.post(path, WEBHOOKS["webhook"])
    return scene.inside.ask("POST", path, WEBHOOKS["webhook"])


def _own_addresses_only(form: dict[str, str]) -> Provoke:
    def provoke(scene: Scene) -> Said:
        scene.inside.perform(ChangeAddressRules(own_addresses_only=True))
        return scene.inside.ask("POST", people(scene), form)

    return provoke


def _no_group_mms(scene: Scene) -> Said:
    scene.inside.perform(ChangeAddressRules(group_mms=False))
    return scene.inside.ask("POST", people(scene), {"MessagingBinding.Address": ANN})


def _pair_elsewhere(scene: Scene) -> Said:
    scene.post(people(scene), pair(ANN, NUMBER))
    return scene.inside.ask("POST", people(scene), pair(ANN, NUMBER))


def _pair_in_request(scene: Scene) -> Said:
    phone(scene)
    binding = {"address": ANN, "proxy_address": NUMBER}
    form = {"Participant": [compact({"messaging_binding": binding})]}
    return scene.inside.ask("POST", "/ConversationWithParticipants", form)


def _full(count: int, one: Callable[[int], dict[str, str]]) -> Provoke:
    """A conversation that has room for `count` participants of a kind."""

    def provoke(scene: Scene) -> Said:
        path = people(scene)
        for number in range(count):
            scene.post(path, one(number))
        return scene.inside.ask("POST", path, one(count))

    return provoke


def _everywhere(scene: Scene) -> Said:
    for _ in range(1000):
        scene.post(people(scene), {"Identity": "alice"})
    return scene.inside.ask("POST", people(scene), {"Identity": "alice"})


def _group_elsewhere(scene: Scene) -> Said:
    for _ in range(2):
        path = people(scene)
        scene.post(path, projected(NUMBER))
        answer = scene.inside.ask("POST", path, {"MessagingBinding.Address": ANN})
    return answer


def _chat_in_group(scene: Scene) -> Said:
    path = people(scene)
    scene.post(path, {"MessagingBinding.Address": ANN})
    return scene.inside.ask("POST", path, {"Identity": "alice"})


def _stranger_in_group(scene: Scene) -> Said:
    path = people(scene)
    scene.post(path, {"MessagingBinding.Address": ANN})
    place = path.replace("Participants", "Messages")
    return scene.inside.ask("POST", place, {"Body": "Hello", "Author": "alice"})


def _with(*participants: object) -> Provoke:
    form = {"Participant": [compact(each) for each in participants]}
    return post("/ConversationWithParticipants", **form)


def _sent_media(scene: Scene) -> Said:
    sid = scene.media()
    scene.post(messages(scene), {"MediaSid": sid})
    return scene.inside.ask("POST", messages(scene), {"MediaSid": sid})


def _uploaded(content_type: str, size: int) -> Provoke:
    def provoke(scene: Scene) -> Said:
        service = scene.inside.service_sid
        wish = UploadMedia(service=service, content_type=content_type, size=size, digest="d")
        sid = scene.inside.perform(wish).sid
        return scene.inside.ask("POST", messages(scene), {"MediaSid": sid})

    return provoke


def _with_template(variables: str) -> Provoke:
    def provoke(scene: Scene) -> Said:
        form = {"ContentSid": scene.template(), "ContentVariables": variables}
        return scene.inside.ask("POST", messages(scene), form)

    return provoke


def _unsupported_template(scene: Scene) -> Said:
    said = {"language": "en", "types": {"twilio/flows": {"body": "Hello"}}}
    sid = scene.inside.made("https://content.twilio.com/v1/Content", said=said)["sid"]
    return scene.inside.ask("POST", messages(scene), {"ContentSid": sid})


def _wrong_role(path: Callable[[Scene], str], kind: str) -> Provoke:
    def provoke(scene: Scene) -> Said:
        place = path(scene)
        return scene.inside.ask("POST", place, {"RoleSid": scene.role(kind)})

    return provoke


def _default_service(scene: Scene) -> Said:
    return scene.inside.ask("DELETE", f"/Services/{scene.inside.service_sid}")


def _default_role(scene: Scene) -> Said:
    configuration = scene.get(f"/Services/{scene.inside.service_sid}/Configuration")
    sid = configuration["default_conversation_role_sid"]
    return scene.inside.ask("DELETE", f"/Roles/{sid}")


def _service_configuration(**form: str) -> Provoke:
    path = "/Services/{}/Configuration"
    return lambda scene: scene.inside.ask("POST", path.format(scene.inside.service_sid), form)


def _notifications(**form: str) -> Provoke:
    path = "/Services/{}/Configuration/Notifications"
    return lambda scene: scene.inside.ask("POST", path.format(scene.inside.service_sid), form)


def _forbidden(scene: Scene) -> Said:
    scene.inside.app.answers["/forbid"] = http(status=403)
    scene.inside.made(
        "/Configuration/Webhooks",
        {"PreWebhookUrl": scene.inside.app.url + "/forbid", "Filters": ["onMessageAdd"]},
    )
    return scene.inside.ask("POST", messages(scene), {"Body": "Hello"}, loud=True)


def _wrong_password(scene: Scene) -> Said:
    return scene.inside.ask("GET", "/Conversations", auth=(scene.inside.account_sid, "wrong"))


def _with_test_credentials(scene: Scene) -> Said:
    account = scene.inside.world[Accounts][scene.inside.account_sid]
    credentials = (account.test_account_sid, account.test_auth_token)
    return scene.inside.ask("GET", "/Conversations", auth=credentials)


def _large(scene: Scene) -> Said:
    return scene.inside.ask("POST", "/Conversations", {"Attributes": "x" * 17_000_000})


REFUSALS: dict[str, Provoke] = {
    # General
    "MISSING_PARAMETER": post("/Users", FriendlyName="Alice"),
    "MISSING_IDENTIFIER": get("/ParticipantConversations"),
    "INVALID_PARAMETER": get("/Conversations", PageSize="0"),
    "AUTHENTICATE": _wrong_password,
    "TEST_CREDENTIALS": _with_test_credentials,
    "METHOD_NOT_ALLOWED": lambda scene: scene.inside.ask(
        "POST", f"/Services/{scene.inside.service_sid}", {"FriendlyName": "New"}
    ),
    "NOT_FOUND": get(f"/Conversations/CH{'0' * 32}"),
    "CONFLICT": _twice(
        lambda _: "/Configuration/Addresses", {"Type": "sms", "Address": "+12025550123"}
    ),
    "TOO_LARGE": _large,
    "DEFAULT_SERVICE": _default_service,
    "ROLE_IN_USE": _default_role,
    # Service, account, rate
    "FRIENDLY_NAME_NOT_PROVIDED": post("/Services", FriendlyName=""),
    "FRIENDLY_NAME_TOO_LONG": post("/Conversations", FriendlyName="x" * 257),
    "UNIQUE_NAME_TOO_LONG": post("/Conversations", UniqueName="x" * 257),
    "INVALID_WEBHOOK_URL": post("/Configuration/Webhooks", PreWebhookUrl="example"),
    "INVALID_WEBHOOK_METHOD": post("/Configuration/Webhooks", Method="PUT"),
    "WEBHOOK_CANCELLED": _forbidden,
    "NOTIFICATION_TEMPLATE_TOO_LONG": _notifications(**{"NewMessage.Template": "x" * 1025}),
    "NOTIFICATION_SOUND_TOO_LONG": _notifications(**{"NewMessage.Sound": "x" * 257}),
    # Roles
    "ROLE_NOT_FOUND": to(user, {"RoleSid": "RL" + "0" * 32}),
    "NOT_A_SERVICE_ROLE": _wrong_role(user, "conversation"),
    "ROLE_SID_NOT_PROVIDED": to(user, {"RoleSid": ""}),
    "PERMISSION_NOT_FOUND": post("/Roles", FriendlyName="A", Type="service", Permission="fly"),
    "INVALID_ROLE_TYPE": post("/Roles", FriendlyName="A", Type="x", Permission="sendMessage"),
    "CREATOR_ROLE_NOT_FOUND": _service_configuration(
        DefaultConversationCreatorRoleSid="RL" + "0" * 32
    ),
    "NOT_A_CONVERSATION_ROLE": _wrong_role(chat, "service"),
    # Users
    "USER_EXISTS": _twice(lambda _: "/Users", {"Identity": "alice"}),
    "IDENTITY_RESERVED": post("/Users", Identity="system"),
    "IDENTITY_NOT_PROVIDED": post("/Users", Identity=""),
    "IDENTITY_LIKE_SID": post("/Users", Identity="US" + "0" * 32),
    "IDENTITY_TOO_LONG": post("/Users", Identity="x" * 257),
    "INVALID_BINDING_TYPE": lambda scene: scene.inside.ask(
        "GET", f"/Services/{scene.inside.service_sid}/Bindings", query={"BindingType": "pigeon"}
    ),
    "INVALID_NOTIFICATION_LEVEL": lambda scene: scene.inside.ask(
        "POST",
        f"/Users/alice{chat(scene).rpartition('/Participants')[0]}",
        {"NotificationLevel": "loud"},
    ),
    "IDENTITY_NOT_ACCEPTABLE": to(people, {"Identity": "alice", **pair(ANN, NUMBER)}),
    "USER_CONVERSATION_LIMIT": _everywhere,
    # Attributes, dates, author
    "ATTRIBUTES_TOO_LONG": post("/Conversations", Attributes=compact("x" * 16_384)),
    "ATTRIBUTES_NOT_JSON": post("/Conversations", Attributes="{bad"),
    "INVALID_DATE_CREATED": post("/Conversations", DateCreated="yesterday"),
    "INVALID_DATE_UPDATED": post("/Conversations", DateUpdated="today"),
    "AUTHOR_TOO_LONG": to(messages, {"Body": "Hello", "Author": "x" * 257}),
    # Conversation
    "MESSAGING_SERVICE_NOT_PROVIDED": post("/Conversations", MessagingServiceSid=""),
    "INVALID_MESSAGING_SERVICE": post("/Conversations", MessagingServiceSid="MG1"),
    "FOREIGN_MESSAGING_SERVICE": post("/Conversations", MessagingServiceSid="MG" + "9" * 32),
    "UNIQUE_NAME_TAKEN": _twice(lambda _: "/Conversations", {"UniqueName": "mine"}),
    "NO_MESSAGING_SERVICE": _without_messaging_service,
    "STATE_EMPTY": to(conversation, {"State": ""}),
    "INACTIVE_TIMER_TOO_SHORT": post("/Conversations", **{"Timers.Inactive": "PT30S"}),
    "CLOSED_TIMER_TOO_SHORT": post("/Conversations", **{"Timers.Closed": "PT5M30S"}),
    "CONVERSATION_CLOSED": _closed,
    "INVALID_STATE": to(conversation, {"State": "initializing"}),
    "INVALID_INACTIVE_TIMER": post("/Conversations", **{"Timers.Inactive": "a minute"}),
    "INVALID_CLOSED_TIMER": post("/Conversations", **{"Timers.Closed": "10"}),
    "INITIAL_STATE_CLOSED": post("/Conversations", State="closed"),
    "CONVERSATION_INITIALIZING": _initializing,
    "UNIQUE_NAME_LIKE_SID": post("/Conversations", UniqueName="CH" + "0" * 32),
    # Scoped webhooks
    "TOO_MANY_SCOPED_WEBHOOKS": _many_webhooks,
    "TOO_MANY_TRIGGERS": to(
        webhooks, {**WEBHOOKS["trigger"], "Configuration.Triggers": list("abcdef")}
    ),
    "INVALID_SCOPED_WEBHOOK_SID": lambda scene: scene.inside.ask("GET", f"{webhooks(scene)}/WH1"),
    "INVALID_WEBHOOK_TARGET": to(webhooks, {"Target": "pigeon"}),
    "INVALID_WEBHOOK_FILTER": to(
        webhooks, {**WEBHOOKS["webhook"], "Configuration.Filters": ["onMessageAdd"]}
    ),
    "INVALID_WEBHOOK_TRIGGER": to(
        webhooks, {**WEBHOOKS["trigger"], "Configuration.Triggers": ["help", ""]}
    ),
    "INVALID_FLOW_SID": to(webhooks, {"Target": "studio", "Configuration.FlowSid": "FW1"}),
    "WEBHOOK_TARGET_NOT_PROVIDED": to(webhooks, {"Target": ""}),
    "WEBHOOK_URL_NOT_PROVIDED": to(webhooks, {"Target": "webhook"}),
    "WEBHOOK_FILTER_NOT_PROVIDED": to(webhooks, {"Target": "webhook", "Configuration.Url": URL}),
    "WEBHOOK_TRIGGER_NOT_PROVIDED": to(webhooks, {"Target": "trigger", "Configuration.Url": URL}),
    "WEBHOOK_URL_TOO_LONG": to(
        webhooks, {**WEBHOOKS["webhook"], "Configuration.Url": URL + "a" * 2048}
    ),
    # Participants
    "INVALID_ADDRESS": to(people, pair("555", NUMBER)),
    "INVALID_PROXY_ADDRESS": to(people, pair(ANN, "support")),
    "ADDRESS_EQUALS_PROXY": to(people, pair(NUMBER, NUMBER)),
    "ADDRESS_EMPTY": to(people, {}),
    "PROXY_ADDRESS_EMPTY": to(people, pair(ANN, "")),
    "PROXY_ADDRESS_NOT_OWNED": _own_addresses_only(pair(ANN, "+12025550177")),
    "ADDRESS_TYPE_MISMATCH": to(people, pair(f"whatsapp:{ANN}", NUMBER)),
    "PROXY_NOT_WHATSAPP": _own_addresses_only(pair(f"whatsapp:{ANN}", f"whatsapp:{NUMBER}")),
    "BINDING_TAKEN": _pair_elsewhere,
    "TOO_MANY_PARTICIPANTS": _full(1000, lambda number: {"Identity": f"user{number}"}),
    "BINDING_PARAMETERS_NOT_SUPPORTED": to(
        people, {**pair(ANN, NUMBER), "MessagingBinding.Name": "Ann"}
    ),
    "INVALID_LAST_READ_INDEX": to(chat, {"LastReadMessageIndex": "many"}),
    "TOO_MANY_NON_CHAT_PARTICIPANTS": _full(
        50, lambda number: pair(f"+1202555{number:04}", NUMBER)
    ),
    "PARTICIPANT_EXISTS": _twice(people, {"Identity": "alice"}),
    "PROJECTED_ADDRESS_NOT_PROVIDED": _chat_in_group,
    "GROUP_ACTIVATION_FAILED": _with(
        {"identity": "alice", "messaging_binding": {"projected_address": NUMBER}},
        {"messaging_binding": {"address": ANN}},
    ),
    "GROUP_FULL": _full(10, lambda number: {"MessagingBinding.Address": f"+1202555{number:04}"}),
    "GROUP_PARTICIPANT_EXISTS": _twice(people, {"MessagingBinding.Address": ANN}),
    "GROUP_TAKEN": _group_elsewhere,
    "PROJECTED_ADDRESS_NOT_OWNED": _own_addresses_only(projected("+12025550177")),
    "PROXY_ADDRESS_NOT_REMOVABLE": to(chat, {"MessagingBinding.ProxyAddress": "null"}),
    "PROXY_ADDRESS_NOT_ADDABLE": to(chat, {"MessagingBinding.ProxyAddress": NUMBER}),
    "PROJECTED_ADDRESS_NOT_REMOVABLE": to(chat, projected("null")),
    "PROJECTED_ADDRESS_NOT_ADDABLE": to(phone, projected(NUMBER)),
    "IDENTITY_NOT_ADDABLE": to(phone, {"Identity": "alice"}),
    "ONE_IDENTIFIER_ONLY": get("/ParticipantConversations", Identity="alice", Address=BOB),
    "GROUP_MMS_DISABLED": _no_group_mms,
    "PROXY_ADDRESS_NOT_SUPPORTED": to(people, pair("ann@example.com", NUMBER)),
    # ConversationWithParticipants
    "PAIRS_IN_USE": _pair_in_request,
    "TOO_MANY_IN_REQUEST": _with(*({"identity": f"user{number}"} for number in range(11))),
    # Messages, media, content
    "MESSAGE_BODY_NOT_PROVIDED": to(messages, {"Author": "alice"}),
    "MESSAGE_BODY_TOO_LONG": to(messages, {"Body": "x" * 32_769}),
    "MEDIA_SID_NOT_PROVIDED": to(messages, {"MediaSid": ""}),
    "MEDIA_NOT_FOUND": to(messages, {"MediaSid": "ME" + "0" * 32}),
    "MEDIA_ALREADY_SENT": _sent_media,
    "INVALID_MEDIA_SID": to(messages, {"MediaSid": "ME1"}),
    "INVALID_MEDIA_TYPE": _uploaded("png", 3),
    "MEDIA_TOO_LARGE": _uploaded("image/png", 150 * 1024 * 1024 + 1),
    "AUTHOR_NOT_IN_GROUP": _stranger_in_group,
    "INVALID_CONTENT_SID": to(messages, {"ContentSid": "HX1"}),
    "INVALID_CONTENT_VARIABLES": _with_template('{"1":1}'),
    "CONTENT_SID_MISSING": to(messages, {"ContentVariables": '{"1":"Ann"}'}),
    "CONTENT_VARIABLES_TOO_LONG": _with_template(
        compact({str(number): "x" for number in range(101)})
    ),
    "CONTENT_VARIABLE_KEY_TOO_LONG": _with_template(compact({"x" * 17: "Ann"})),
    "CONTENT_VARIABLE_VALUE_TOO_LONG": _with_template(compact({"1": "x" * 257})),
    "UNSUPPORTED_CONTENT_TYPE": _unsupported_template,
}
"""By the name in refusals.py."""

_SDK = "only client SDKs hear it; REST answers 20404"
_OFF = "a limit or a state of accounts that is not emulated"

NEVER_OVER_REST = {
    "ACCOUNT_NOT_ACTIVE": _OFF,
    "TOO_MANY_REQUESTS": _OFF,
    "SERVER_ERROR": "it would be a fault of the emulator's own",
    "CONVERSATION_RATE_EXCEEDED": _OFF,
    "ACCOUNT_RATE_EXCEEDED": _OFF,
    "USER_UNAUTHORIZED": "roles bind client SDKs; REST calls are never checked against them",
    "USER_NOT_FOUND": _SDK,
    "USER_UNAUTHORIZED_TO_SET_ROLE": "roles bind client SDKs",
    "CONVERSATION_NOT_FOUND": _SDK,
    "SCOPED_WEBHOOK_NOT_FOUND": _SDK,
    "TOO_MANY_NON_CHAT": "Twilio's second code for the same limit; 50422 is raised",
    "NOT_A_PARTICIPANT": "REST calls need not be from a participant",
    "PARTICIPANT_NOT_FOUND": _SDK,
    "MESSAGE_NOT_FOUND": _SDK,
}
"""Entries of refusals.py that no REST call brings about, and why."""

NOT_IN_THE_CATALOGUE = {
    20006: "an object of another account is not found (20404), as if it did not exist",
    20007: "a page size over the maximum is taken as the maximum",
    20422: "newer products only",
    20503: "it would be a fault of Twilio's own",
    50002: "a service is deleted at once",
    50050: "only client SDKs hear it; REST answers 20404",
    50057: "in the debugger log only: a webhook answered an error",
    50076: "in the debugger log only: a webhook timed out",
    50101: "an older code for 50109",
    50213: "two changes at the same time cannot be: one comes first",
    50382: "timers without a state are accepted, as by the live API",
    50385: "there are no regions without Conversations",
    50391: "two changes at the same time cannot be: one comes first",
    50419: "two changes at the same time cannot be: one comes first",
    50427: "in the debugger log only: participants could not be added in the background",
    50509: "the body of a message with media can be changed",
    50610: "in the debugger log only: a number was released with its address configuration",
}
"""Codes that Twilio documents for Conversations and no REST call here is answered with."""


def every_refusal() -> dict[str, Refusal]:
    """All entries of refusals.py by name."""
    return {name: value for name, value in vars(refusals).items() if isinstance(value, Refusal)}
