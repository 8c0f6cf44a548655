import json

import pytest

from tests.core.conftest import ACCOUNT, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    AddressConfiguration,
)
from twilio_emulator.core.conversations.conversations import ConversationAdded
from twilio_emulator.core.conversations.participants import ParticipantAdded
from twilio_emulator.core.conversations.resources import Conversations, Participant, Users
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.conversations.users import UserUpdated
from twilio_emulator.core.conversations.web_chats import OpenWebChat
from twilio_emulator.core.conversations.webhook_configurations import ScopedWebhooks
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"
HOOK = "https://example.com/hook"


def configure(world: World, **said: object) -> AddressConfiguration:
    wish = {"account": ACCOUNT, "type": "chat", "address": "site"} | said
    configured: AddressConfiguration = world.perform(AddAddressConfiguration(**wish))
    return configured


def opened(world: World, address_sid: str, **said: str) -> Participant:
    visitor: Participant = world.perform(
        OpenWebChat(account=ACCOUNT, address_sid=address_sid, **said)
    )
    return visitor


def test_a_visitor_is_in_a_conversation_of_the_address(world: World, told: Told) -> None:
    service = world.perform(AddService(account=ACCOUNT, friendly_name="Shop"))
    address = configure(
        world,
        auto_creation_enabled=True,
        auto_creation_type="webhook",
        auto_creation_webhook_url=HOOK,
        auto_creation_webhook_filters=("onMessageAdded",),
        auto_creation_conversation_service_sid=service.sid,
    )
    visitor = opened(
        world,
        address.sid,
        chat_friendly_name="Webchat widget",
        customer_friendly_name="Ann",
        pre_engagement_data='{"friendlyName": "Ann", "query": "Où?"}',
    )
    conversation = world[Conversations][visitor.conversation_sid]
    assert (conversation.service_sid, conversation.friendly_name) == (service.sid, "Webchat widget")
    assert json.loads(conversation.attributes) == {
        "pre_engagement_data": {"friendlyName": "Ann", "query": "Où?"}
    }
    assert visitor.identity is not None
    assert len(visitor.identity) == 32
    assert world[Users][visitor.user_sid or ""].friendly_name == "Ann"
    (hook,) = world[ScopedWebhooks]
    assert (hook.conversation_sid, hook.url) == (conversation.sid, HOOK)
    for kind in (ConversationAdded, UserUpdated, ParticipantAdded):
        assert len(told.of(kind)) == 1


def test_little_has_to_be_said(world: World) -> None:
    visitor = opened(world, configure(world).sid)
    conversation = world[Conversations][visitor.conversation_sid]
    assert (conversation.service_sid, conversation.attributes) == (SERVICE, "{}")
    assert len(world[ScopedWebhooks]) == 0
    assert opened(world, configure(world, address="2").sid).identity != visitor.identity


def test_who_is_known_comes_again(world: World) -> None:
    address = configure(world)
    first = opened(world, address.sid, identity="ann")
    second = opened(world, address.sid, identity="ann", pre_engagement_data="no JSON")
    assert first.user_sid == second.user_sid
    assert first.conversation_sid != second.conversation_sid
    assert json.loads(world[Conversations][second.conversation_sid].attributes) == {
        "pre_engagement_data": "no JSON"
    }


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"address_sid": "IG" + "0" * 32}, 20404),
        ({"address_sid": "site"}, 20001),
        ({"address_sid": "of a number"}, 20001),
        ({"identity": "system"}, 50203),
        ({"customer_friendly_name": "x" * 257}, 50003),
        ({"chat_friendly_name": "x" * 257}, 50003),
        ({"pre_engagement_data": "x" * 20_000}, 50303),
    ],
)
def test_what_is_refused_leaves_nothing(world: World, said: dict[str, str], refusal: int) -> None:
    address = configure(world)
    number = configure(world, type="sms", address=NUMBER)
    wish = {"account": ACCOUNT, "address_sid": address.sid} | said
    if said.get("address_sid") == "of a number":
        wish["address_sid"] = number.sid
    assert code(world, OpenWebChat(**wish)) == refusal
