"""A real sequence of calls that comes by every operation, in one form of its paths."""

from dataclasses import dataclass
from typing import Any

from tests.conformance.inside import Inside, compact
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.conversations.push_notifications import RegisterBinding

ANN, BOB, CAT = "+12025550199", "+12025550198", "+12025550197"
NUMBER, OTHER_NUMBER = "+12025550100", "+12025550101"
WHATSAPP = "whatsapp:+14155238886"


@dataclass(frozen=True)
class Step:
    """One request and its answer; `path` is without `/v1`."""

    method: str
    path: str
    status: int
    body: Any


class Walk:
    """Requests, each of which is expected to go well.

    Args:
        root: what stands before the paths: nothing, or `/Services/IS...`.
    """

    def __init__(self, inside: Inside, root: str) -> None:
        self.inside = inside
        self.root = root
        self.steps: list[Step] = []

    def post(self, path: str, **form: Any) -> Any:
        return self._step("POST", path, form=form)

    def get(self, path: str, **query: Any) -> Any:
        return self._step("GET", path, query=query)

    def delete(self, path: str) -> None:
        self._step("DELETE", path)

    def _step(self, method: str, path: str, **given: Any) -> Any:
        path = path if path.startswith("!") else self.root + path
        path = path.removeprefix("!")
        answer = self.inside.ask(method, path, **given)
        assert answer.status < 300, (method, path, answer.body)
        self.steps.append(Step(method, path, answer.status, answer.body))
        return answer.body


def walk(inside: Inside, root: str) -> list[Step]:
    """Come by every operation that has the form with `root` before it."""
    it = Walk(inside, root)
    _conversations(it)
    _participants(it)
    _messages(it)
    _webhooks(it)
    _people(it)
    if root:
        _service(it)
    else:
        _account(it)
    return it.steps


def _conversations(it: Walk) -> None:
    it.post("/Conversations")
    made = it.post(
        "/Conversations",
        FriendlyName="Support",
        UniqueName=f"ticket {it.root}",
        Attributes='{ "topic": "feedback" }',
        **{
            "Timers.Inactive": "PT1M",
            "Timers.Closed": "PT10M",
            "Bindings.Email.Address": "help@example.com",
            "Bindings.Email.Name": "Help",
        },
    )
    it.get("/Conversations")
    it.get(f"/Conversations/{made['sid']}")
    it.post(f"/Conversations/{made['sid']}", State="inactive")
    it.post(f"/Conversations/{made['sid']}", State="closed")
    it.delete(f"/Conversations/{made['sid']}")
    it.post("/ConversationWithParticipants", FriendlyName="Alone")
    it.post(
        "/ConversationWithParticipants",
        State="inactive",
        Participant=[compact({"identity": "alice"}), compact({"identity": "bob"})],
    )
    it.inside.advance(seconds=1)
    it.get("/Conversations", State="inactive")


def _participants(it: Walk) -> None:
    path = f"/Conversations/{it.post('/Conversations')['sid']}/Participants"
    chat = it.post(path, Identity="alice", Attributes='{ "role": "driver" }')
    it.post(path, **_pair(CAT, NUMBER))
    it.post(path, **_pair(f"whatsapp:{CAT}", WHATSAPP))
    it.post(f"{path}/{chat['sid']}", LastReadMessageIndex="0")
    it.get(f"{path}/alice")
    it.get(path)
    for one in it.get(path)["participants"]:
        it.delete(f"{path}/{one['sid']}")
    group = f"/Conversations/{it.post('/Conversations')['sid']}/Participants"
    it.post(group, **{"MessagingBinding.Address": ANN})
    it.post(group, Identity="alice", **{"MessagingBinding.ProjectedAddress": NUMBER})
    it.post(group, **{"MessagingBinding.ProjectedAddress": OTHER_NUMBER})
    it.get(group)
    it.delete(group.removesuffix("/Participants"))


def _pair(address: str, proxy_address: str) -> dict[str, str]:
    return {"MessagingBinding.Address": address, "MessagingBinding.ProxyAddress": proxy_address}


def _messages(it: Walk) -> None:
    inside = it.inside
    conversation = it.post("/Conversations")
    path = f"/Conversations/{conversation['sid']}/Messages"
    people = f"/Conversations/{conversation['sid']}/Participants"
    inside.perform(UpsertHandset(address=BOB, power="off"))
    for address in (ANN, BOB):
        it.post(people, **_pair(address, NUMBER))
    said = it.post(path, Body="Hello", Author="alice", Attributes='{ "a" : 1 }')
    receipts = f"{path}/{said['sid']}/Receipts"
    it.get(receipts)
    inside.advance(days=4)
    first, second = it.get(receipts)["delivery_receipts"]
    assert (first["status"], second["status"]) == ("delivered", "undelivered")
    it.get(f"{receipts}/{first['sid']}")
    it.get(f"{receipts}/{second['sid']}")
    it.get(f"{path}/{said['sid']}")
    it.post(f"{path}/{said['sid']}", Body="Hello again")
    media = inside.made(
        f"https://mcs.us1.twilio.com/v1/Services/{conversation['chat_service_sid']}/Media",
        content=b"png",
        headers={"Content-Type": "image/png"},
    )
    it.post(path, MediaSid=media["sid"])
    template = inside.made(
        "https://content.twilio.com/v1/Content",
        said={"language": "en", "types": {"twilio/text": {"body": "Hello {{1}}"}}},
    )
    it.post(path, ContentSid=template["sid"], ContentVariables='{"1":"John"}')
    it.get(path)
    it.get(path, Order="desc", PageSize="1")
    it.delete(f"{path}/{said['sid']}")
    it.delete(f"/Conversations/{conversation['sid']}")


def _webhooks(it: Walk) -> None:
    path = f"/Conversations/{it.post('/Conversations')['sid']}/Webhooks"
    made = it.post(
        path,
        Target="webhook",
        **{
            "Configuration.Url": "https://example.com",
            "Configuration.Filters": ["onMessageAdded"],
            "Configuration.ReplayAfter": "0",
        },
    )
    it.post(
        path,
        Target="trigger",
        **{
            "Configuration.Url": "https://example.com",
            "Configuration.Method": "get",
            "Configuration.Triggers": ["help", "stop"],
        },
    )
    it.post(path, Target="studio", **{"Configuration.FlowSid": "FW" + "0" * 32})
    it.get(path)
    it.get(f"{path}/{made['sid']}")
    it.post(f"{path}/{made['sid']}", **{"Configuration.Method": "GET"})
    it.delete(f"{path}/{made['sid']}")


def _people(it: Walk) -> None:
    role = it.post("/Roles", FriendlyName="Guest", Type="service", Permission=["joinConversation"])
    it.post(f"/Roles/{role['sid']}", Permission=["joinConversation", "createConversation"])
    it.get(f"/Roles/{role['sid']}")
    it.get("/Roles")
    it.delete(f"/Roles/{role['sid']}")
    user = it.post("/Users", Identity=f"zoe{it.root}", FriendlyName="Zoe")
    it.post(f"/Users/{user['sid']}", Attributes='{"duty":"tech"}')
    it.get(f"/Users/{user['sid']}")
    it.get("/Users")
    conversation = it.post("/Conversations")
    people = f"/Conversations/{conversation['sid']}/Participants"
    it.post(people, Identity=user["identity"])
    it.post(people, **_pair(BOB, OTHER_NUMBER))
    it.get("/ParticipantConversations", Identity=user["identity"])
    it.get("/ParticipantConversations", Address=BOB)
    path = f"/Users/{user['sid']}/Conversations"
    it.get(path)
    it.get(f"{path}/{conversation['sid']}")
    it.post(f"{path}/{conversation['sid']}", NotificationLevel="muted", LastReadMessageIndex="0")
    it.delete(f"{path}/{conversation['sid']}")
    it.delete(f"/Users/{user['sid']}")
    it.delete(f"/Conversations/{conversation['sid']}")


def _account(it: Walk) -> None:
    it.get("/Configuration")
    it.post("/Configuration", DefaultInactiveTimer="PT1M", DefaultClosedTimer="PT10M")
    it.get("/Configuration/Webhooks")
    it.post(
        "/Configuration/Webhooks",
        Filters=["onMessageAdded", "onMessageAdd"],
        PostWebhookUrl="https://example.com/post",
    )
    addresses = "/Configuration/Addresses"
    made = it.post(
        addresses,
        Type="sms",
        Address="+12025550123",
        **{
            "AutoCreation.Enabled": True,
            "AutoCreation.Type": "webhook",
            "AutoCreation.WebhookUrl": "https://example.com",
            "AutoCreation.WebhookFilters": ["onMessageAdded"],
        },
    )
    it.post(addresses, Type="email", Address="help@example.com")
    it.post(
        f"{addresses}/{made['sid']}",
        **{"AutoCreation.Type": "studio", "AutoCreation.StudioFlowSid": "FW" + "0" * 32},
    )
    it.get(addresses)
    it.get(f"{addresses}/+12025550123")
    it.delete(f"{addresses}/{made['sid']}")
    credential = it.post("/Credentials", Type="apn", Sandbox=True, FriendlyName="Phones")
    it.post("/Credentials", Type="fcm", Secret="a")
    it.post(f"/Credentials/{credential['sid']}", FriendlyName="Telephones")
    it.get(f"/Credentials/{credential['sid']}")
    it.get("/Credentials")
    it.delete(f"/Credentials/{credential['sid']}")
    service = it.post("/Services", FriendlyName="Another")
    it.get(f"/Services/{service['sid']}")
    it.get("/Services")
    it.delete(f"/Services/{service['sid']}")


def _service(it: Walk) -> None:
    it.get("/Configuration")
    it.post("/Configuration", ReachabilityEnabled=True)
    user = it.post("/Users", Identity="reachable")
    it.get(f"/Users/{user['sid']}")
    it.get("/Configuration/Notifications")
    it.post(
        "/Configuration/Notifications",
        **{"NewMessage.Enabled": True, "NewMessage.Template": "${MESSAGE}"},
    )
    it.get("/Configuration/Webhooks")
    it.post("/Configuration/Webhooks", Filters=["onUserAdded"], Method="get")
    binding = it.inside.perform(
        RegisterBinding(
            service=it.inside.service_sid,
            identity="reachable",
            binding_type="fcm",
            endpoint="a",
            message_types=("new_message",),
        )
    )
    it.get("/Bindings")
    it.get(f"/Bindings/{binding.sid}")
    it.delete(f"/Bindings/{binding.sid}")
