"""Conversations v2 by Twilio's own library for Python: every operation."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.conversations.v2.action import ActionList
from twilio.rest.conversations.v2.communication import CommunicationList
from twilio.rest.conversations.v2.configuration import ConfigurationList
from twilio.rest.conversations.v2.conversation import ConversationList
from twilio.rest.conversations.v2.participant import ParticipantList

FIRST = "conv_configuration_00000000000000000000000001"
STORE = "mem_store_01k1etk2y5f1y9fpe2epfdtvv2"
KEY = "01890a5d-aa0f-7c80-b8e6-0242ac140001"
ANN, SHOP = "+12025550199", "+12025550100"
SETTINGS = {
    "displayName": "Support",
    "description": "Answers customers",
    "conversationGroupingType": "GROUP_BY_PARTICIPANT_ADDRESSES",
    "memoryStoreId": STORE,
    "channelSettings": {
        "SMS": {
            "statusTimeouts": {"inactive": 10, "closed": 30},
            "captureRules": [{"from": "*", "to": SHOP}],
        }
    },
    "statusCallbacks": [{"url": "https://example.com/told", "method": "POST"}],
}
TWO = [
    {"type": "CUSTOMER", "addresses": [{"channel": "SMS", "address": ANN}]},
    {"type": "AI_AGENT", "name": "Robo", "addresses": [{"channel": "SMS", "address": SHOP}]},
]


@pytest.fixture
def v2(client: Client) -> Any:
    """The resources of Conversations v2."""
    return client.conversations.v2


def begin(v2: Any, **said: object) -> Any:
    return v2.conversations.create(
        ConversationList.CreateConversationWithConfigRequest(
            {"configurationId": FIRST, "participants": TWO, **said}
        )
    )


def test_configurations(v2: Any, http: Any) -> None:
    request = ConfigurationList.CreateConfigurationRequest(SETTINGS)
    accepted = v2.configurations.create(idempotency_key=KEY, create_configuration_request=request)
    assert accepted.status_url.startswith("https://conversations.twilio.com/v2/ControlPlane/Op")
    again = v2.configurations.create(idempotency_key=KEY, create_configuration_request=request)
    assert again.status_url == accepted.status_url
    sid = http.asked.headers["operation-id"]
    operation = v2.operations(sid).fetch()
    assert (operation.status, operation.operation_id) == ("COMPLETED", sid)
    made = operation.related["configurationId"]
    configuration = v2.configurations(made).fetch()
    assert configuration.display_name == "Support"
    assert configuration.channel_settings["SMS"]["statusTimeouts"] == {"inactive": 10, "closed": 30}
    assert [each.id for each in v2.configurations.list()] == [FIRST, made]
    assert [each.id for each in v2.configurations.list(memory_store_id=STORE)] == [made]
    v2.configurations(made).patch(
        patch_configuration_request=ConfigurationList.PatchConfigurationRequest(
            {"description": "Else", "channelSettings": {"WHATSAPP": {"captureRules": []}}}
        )
    )
    patched = v2.configurations(made).fetch()
    assert (patched.description, patched.display_name, patched.version) == ("Else", "Support", 2)
    assert list(patched.channel_settings) == ["SMS", "WHATSAPP"]
    v2.configurations(made).update(
        update_configuration_request=ConfigurationList.UpdateConfigurationRequest(
            {**SETTINGS, "channelSettings": {}, "statusCallbacks": []}
        )
    )
    updated = v2.configurations(made).fetch()
    assert (updated.channel_settings, updated.status_callbacks) == ({}, [])
    assert v2.configurations(made).delete()
    assert http.asked.status_code == 202
    with pytest.raises(TwilioRestException) as caught:
        v2.configurations(made).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_conversations(v2: Any, http: Any) -> None:
    begun = begin(v2, name="Order 1")
    assert (begun.status, begun.name, begun.configuration_id) == ("ACTIVE", "Order 1", FIRST)
    with pytest.raises(TwilioRestException) as caught:
        begin(v2)
    assert (caught.value.status, caught.value.code) == (409, 20409)
    assert http.asked.headers["x-conflicting-resource-id"] == begun.id
    assert v2.conversations(begun.id).fetch().participants[1]["name"] == "Robo"
    assert [each.id for each in v2.conversations.list(status=["ACTIVE"])] == [begun.id]
    assert v2.conversations.list(status=["CLOSED"], channel_id="CA1") == []
    put = ConversationList.UpdateConversationByIdRequest({"status": "INACTIVE", "name": "Two"})
    assert v2.conversations(begun.id).update(put).status == "INACTIVE"
    patch = ConversationList.PatchConversationByIdRequest({"status": "CLOSED"})
    assert v2.conversations(begun.id).patch(patch).name == "Two"
    assert v2.conversations(begun.id).delete()
    assert v2.conversations.list() == []


def test_participants(v2: Any) -> None:
    begun = begin(v2)
    participants = v2.participants(begun.id)
    added = participants.create(
        ParticipantList.CreateParticipantInConversationRequest(
            {"name": "Ben", "addresses": [{"channel": "CHAT", "address": "ben"}]}
        )
    )
    assert (added.name, added.type) == ("Ben", "UNKNOWN")
    said = {"type": "HUMAN_AGENT", "addresses": [{"channel": "CHAT", "address": "ben"}]}
    updated = participants.get(added.id).update(
        ParticipantList.UpdateParticipantInConversationRequest(said)
    )
    assert (updated.name, updated.type) == ("ben", "HUMAN_AGENT")
    assert participants.get(added.id).fetch().addresses[0]["channel"] == "CHAT"
    assert len(participants.list(page_size=1)) == 3
    assert [each.name for each in participants.page(page_size=2)] == [ANN, "Robo"]


def test_communications(v2: Any) -> None:
    begun = begin(v2)
    communications = v2.communications(begun.id)
    said = {
        "author": {"address": ANN, "channel": "SMS"},
        "content": {"type": "TEXT", "text": "Hello"},
        "recipients": [{"address": SHOP, "channel": "SMS"}],
        "channelId": "CA1",
    }
    for _ in range(3):
        made = communications.create(
            CommunicationList.CreateCommunicationInConversationRequest(said)
        )
    assert made.content["text"] == "Hello"
    assert communications.get(made.id).fetch().author["participantId"]
    assert len(communications.list(channel_id="CA1", page_size=2)) == 3
    page = communications.page(page_size=2)
    assert len(list(page)) == 2
    rest = page.next_page()
    assert len(list(rest)) == 1
    assert rest.next_page() is None
    assert len(list(rest.previous_page())) == 2


def test_actions(v2: Any, advance: Any) -> None:
    begun = begin(v2)
    customer, agent = (each["id"] for each in begun.participants)
    said = {
        "type": "SEND_MESSAGE",
        "payload": {
            "from": {"participantId": agent, "channel": "SMS"},
            "to": [{"participantId": customer, "channel": "SMS"}],
            "content": {"text": "Hello"},
        },
    }
    actions = v2.actions(begun.id)
    asked = actions.create(ActionList.CreateConversationActionRequest(said))
    assert (asked.status, asked.type) == ("PENDING", "SEND_MESSAGE")
    advance(seconds=10)
    assert actions.get(asked.id).fetch().status == "COMPLETED"
