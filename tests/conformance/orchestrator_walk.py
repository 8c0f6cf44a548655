"""A sequence of calls that comes by every operation of Conversations v2, says everything that can
be said there and is shown everything that can be shown."""

from typing import TYPE_CHECKING, Any

from twilio_emulator.core.messaging.inbound import SendFromHandset

if TYPE_CHECKING:
    from tests.conformance.test_json_operations import JsonWalk

V2 = "https://conversations.twilio.com/v2"
CONFIGURATIONS = f"{V2}/ControlPlane/Configurations"
CONVERSATIONS = f"{V2}/Conversations"
STORE = "mem_store_01k1etk2y5f1y9fpe2epfdtvv2"
ANN, SHOP = "+12025550199", "+12025550100"
KEY = "01890a5d-aa0f-7c80-b8e6-0242ac14000"

CALLBACKS = [{"url": "https://example.com/told", "method": "POST"}]

SAID = {
    "displayName": "Support",
    "description": "Answers customers",
    "conversationGroupingType": "GROUP_BY_PARTICIPANT_ADDRESSES",
    "memoryStoreId": STORE,
    "channelSettings": {
        "SMS": {
            "statusTimeouts": {"inactive": 10, "closed": 30},
            "captureRules": [
                {"from": "*", "to": SHOP, "metadata": {"callType": "PSTN"}},
                {"from": SHOP, "to": "*"},
            ],
        }
    },
    "statusCallbacks": CALLBACKS,
    "intelligenceConfigurationIds": ["intelligence_configuration_1"],
    "memoryExtractionEnabled": True,
}


def walk(it: "JsonWalk") -> None:
    """Come by every operation."""
    configuration = _configurations(it)
    begun = it.ask(
        "POST",
        CONVERSATIONS,
        {
            "configurationId": configuration,
            "name": "Order 1",
            "configuration": {"intelligenceConfigurationIds": ["intelligence_configuration_2"]},
            "participants": [
                {
                    "name": "Ann",
                    "type": "CUSTOMER",
                    "profileId": "mem_profile_01k1etk2y5f1y9fpe2epfdtvv2",
                    "addresses": [{"channel": "SMS", "address": ANN, "channelId": "SM1"}],
                },
                {"type": "AI_AGENT", "addresses": [{"channel": "SMS", "address": SHOP}]},
            ],
            "metadata": {"order": "1"},
        },
    )
    conversation = f"{CONVERSATIONS}/{begun['id']}"
    it.ask("PUT", conversation, {"status": "INACTIVE", "name": "Order 2", "metadata": {"a": "b"}})
    it.ask("GET", CONVERSATIONS, status=["ACTIVE", "INACTIVE"], channelId="SM1", pageSize="2")
    it.ask("POST", CONVERSATIONS, {"configurationId": configuration})
    pages(it, CONVERSATIONS)
    it.ask("GET", conversation)
    participants = _participants(it, conversation)
    _communications(it, conversation, participants)
    _actions(it, conversation, [each["id"] for each in begun["participants"]])
    it.ask(
        "PATCH",
        conversation,
        {
            "name": "Order 3",
            "status": "CLOSED",
            "configuration": {"statusCallbacks": CALLBACKS},
            "metadata": {"a": None},
        },
    )
    removed = it.ask("DELETE", conversation, key=f"{KEY}5")
    it.ask("GET", removed["statusUrl"])
    it.ask("DELETE", f"{CONFIGURATIONS}/{configuration}", key=f"{KEY}6")


def pages(it: "JsonWalk", url: str) -> None:
    """Come by two pages of one item each."""
    first = it.ask("GET", url, pageSize="1")
    it.ask("GET", url, pageSize="1", pageToken=first["meta"]["nextToken"])


def _configurations(it: "JsonWalk") -> str:
    bridge = {"conversationsV1Bridge": {"serviceId": it.inside.service_sid}}
    accepted = it.ask("POST", CONFIGURATIONS, {**SAID, **bridge}, key=f"{KEY}1")
    made = str(accepted["related"]["configurationId"])
    it.ask("PUT", f"{CONFIGURATIONS}/{made}", {**SAID, **bridge}, key=f"{KEY}2")
    it.ask("PATCH", f"{CONFIGURATIONS}/{made}", {**SAID, **bridge}, key=f"{KEY}3")
    it.ask("PATCH", f"{CONFIGURATIONS}/{made}", {"channelSettings": {"CHAT": None}})
    it.ask("GET", f"{CONFIGURATIONS}/{made}")
    pages(it, CONFIGURATIONS)
    it.ask("GET", CONFIGURATIONS, memoryStoreId=STORE)
    return made


def _participants(it: "JsonWalk", conversation: str) -> list[Any]:
    chat = {"channel": "CHAT", "address": "ben", "channelId": "CH1"}
    ben = {"name": "Ben", "type": "HUMAN_AGENT", "profileId": "mem_profile_1", "addresses": [chat]}
    added = it.ask("POST", f"{conversation}/Participants", ben)
    it.ask("PUT", f"{conversation}/Participants/{added['id']}", ben)
    it.ask("GET", f"{conversation}/Participants/{added['id']}")
    pages(it, f"{conversation}/Participants")
    return list(it.ask("GET", f"{conversation}/Participants")["participants"][1:])


def _communications(it: "JsonWalk", conversation: str, participants: list[Any]) -> None:
    url = f"{conversation}/Communications"
    agent, ben = participants
    said = {
        "author": {"address": SHOP, "channel": "SMS", "participantId": agent["id"]},
        "content": {
            "type": "TRANSCRIPTION",
            "text": "Hello",
            "transcription": {
                "channel": 1,
                "confidence": 0.5,
                "engine": "e",
            },
        },
        "recipients": [
            {
                "address": "ben",
                "channel": "CHAT",
                "participantId": ben["id"],
            }
        ],
        "channelId": "CA1",
        "resourceId": "GT1-0",
        "occurredAt": "2026-01-05T08:59:00Z",
    }
    made = it.ask("POST", url, said)
    it.ask("POST", url, {**said, "content": {"type": "TEXT", "text": "Hi"}, "resourceId": "x"})
    it.ask("GET", f"{url}/{made['id']}")
    it.ask("GET", url, channelId="CA1")
    pages(it, url)


def _actions(it: "JsonWalk", conversation: str, parties: list[str]) -> None:
    it.inside.perform(SendFromHandset(address=ANN, to=SHOP, body="Hello"))
    customer, agent = parties
    payload = {
        "from": {"participantId": agent, "channel": "SMS"},
        "to": [{"participantId": customer, "channel": "SMS"}],
        "content": {"text": "Hello"},
        "channelSettings": {"statusCallback": "https://example.com/status"},
    }
    picture = {**payload, "content": {"mediaUrls": ["https://example.com/a.png"]}}
    for said in (payload, picture):
        asked = {"type": "SEND_MESSAGE", "payload": said}
        action = it.ask("POST", f"{conversation}/Actions", asked)
        it.inside.advance(seconds=10)
        it.ask("GET", f"{conversation}/Actions/{action['id']}")
    for sent in it.ask("GET", f"{conversation}/Communications")["communications"]:
        it.ask("GET", f"{conversation}/Communications/{sent['id']}")
