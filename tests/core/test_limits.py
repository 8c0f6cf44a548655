"""What is just as long or as many as may be is taken; the tests of each rule refuse one more."""

import json

import pytest

from tests.core.conftest import ACCOUNT
from twilio_emulator.core.accounts.api_keys import AddApiKey
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.carrier.caller_id_verification import RequestValidation
from twilio_emulator.core.content.templates import AddContent
from twilio_emulator.core.conversations import membership
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.push_credentials import AddCredential
from twilio_emulator.core.conversations.push_notifications import ConfigureNotifications
from twilio_emulator.core.conversations.resources import Participants
from twilio_emulator.core.conversations.roles import AddRole
from twilio_emulator.core.conversations.scoped_webhooks import AddScopedWebhook
from twilio_emulator.core.conversations.users import AddUser
from twilio_emulator.core.conversations.webhook_configurations import ConfigureServiceWebhooks
from twilio_emulator.core.conversations.with_participants import AddConversationWithParticipants
from twilio_emulator.core.kernel.world import Command, World
from twilio_emulator.core.senders.messaging_services import AddMessagingService
from twilio_emulator.core.senders.twiml_apps import AddApplication
from twilio_emulator.core.senders.whatsapp_senders import AddChannelSender

SERVICE = "IS00000000000000000000000000000001"
URL = "https://example.com/"
NAME = "x" * 64
LONGER_NAME = "x" * 256
EXAMPLE = json.dumps({"twilio/text": {"body": "Hi"}})


def quoted(length: int) -> str:
    """JSON of as many bytes."""
    return '"' + "x" * (length - 2) + '"'


TAKEN: dict[str, Command] = {
    "the name of an app": AddApplication(account=ACCOUNT, friendly_name=NAME),
    "the name of a caller id": RequestValidation(
        account=ACCOUNT, phone_number="+12025550142", friendly_name=NAME
    ),
    "the least delay of a call": RequestValidation(
        account=ACCOUNT, phone_number="+12025550142", call_delay="0"
    ),
    "the longest delay of a call": RequestValidation(
        account=ACCOUNT, phone_number="+12025550142", call_delay="60"
    ),
    "the name of a key": AddApiKey(account=ACCOUNT, friendly_name=NAME),
    "the name of a credential": AddCredential(
        account=ACCOUNT, type="fcm", friendly_name=NAME, secret="s"
    ),
    "the name of a channel sender": AddChannelSender(
        account=ACCOUNT, sender_id="whatsapp:+12025550142", friendly_name=NAME
    ),
    "the name of a messaging service": AddMessagingService(account=ACCOUNT, friendly_name=NAME),
    "the least validity period": AddMessagingService(
        account=ACCOUNT, friendly_name="x", validity_period="1"
    ),
    "the longest validity period": AddMessagingService(
        account=ACCOUNT, friendly_name="x", validity_period="36000"
    ),
    "the name of a role": AddRole(
        service=SERVICE, friendly_name=NAME, type="service", permission=("joinConversation",)
    ),
    "the name of a subaccount": AddSubaccount(account=ACCOUNT, friendly_name=NAME),
    "the names of a conversation": AddConversation(
        service=SERVICE, friendly_name=LONGER_NAME, unique_name=LONGER_NAME
    ),
    "the attributes of a conversation": AddConversation(
        service=SERVICE, attributes=quoted(16 * 1024)
    ),
    "the attributes of a user": AddUser(
        service=SERVICE, identity="alice", attributes=quoted(4 * 1024)
    ),
    "the shortest timers": AddConversation(
        service=SERVICE, timers_inactive="PT1M", timers_closed="PT10M"
    ),
    "the longest timer": AddConversation(service=SERVICE, timers_closed="P36500D"),
    "participants made with their conversation": AddConversationWithParticipants(
        service=SERVICE,
        participant=tuple(json.dumps({"identity": f"user{number}"}) for number in range(10)),
    ),
    "the URL of a webhook": ConfigureServiceWebhooks(
        service=SERVICE, post_webhook_url=URL + "x" * (2048 - len(URL))
    ),
    "what a notification says and sounds like": ConfigureNotifications(
        service=SERVICE, new_message_template="x" * 1024, new_message_sound="x" * 256
    ),
}


@pytest.mark.parametrize("command", TAKEN.values(), ids=TAKEN)
def test_the_longest_of_it_is_taken(world: World, command: Command) -> None:
    world.perform(command)


SAID: dict[str, dict[str, str]] = {
    "body": {"body": "x" * 32 * 1024},
    "author": {"body": "x", "author": LONGER_NAME},
    "attributes": {"body": "x", "attributes": quoted(4 * 1024)},
    "variables": {"content_variables": json.dumps({str(number): "x" for number in range(100)})},
    "spacious variables": {"content_variables": "{}" + " " * (32 * 1024 - 2)},
    "long variables": {"content_variables": json.dumps({"k" * 16: "v" * 256})},
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_the_longest_message_is_taken(world: World, said: dict[str, str]) -> None:
    conversation = world.perform(AddConversation(service=SERVICE))
    if "content_variables" in said:
        content = world.perform(AddContent(account=ACCOUNT, types=EXAMPLE, language="en"))
        said = {"content_sid": content.sid, **said}
    message = world.perform(PostMessage(service=SERVICE, conversation=conversation.sid, **said))
    assert message.index == 0


JOINED: dict[str, dict[str, str]] = {
    "identity": {"identity": LONGER_NAME},
    "attributes": {"identity": "alice", "attributes": quoted(4 * 1024)},
    "address": {
        "messaging_binding_address": "messenger:" + "9" * 246,
        "messaging_binding_proxy_address": "messenger:1",
    },
}


@pytest.mark.parametrize("asked", JOINED.values(), ids=JOINED)
def test_the_longest_participant_is_taken(world: World, asked: dict[str, str]) -> None:
    conversation = world.perform(AddConversation(service=SERVICE))
    world.perform(AddParticipant(service=SERVICE, conversation=conversation.sid, **asked))
    assert len(world[Participants]) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"target": "trigger", "configuration_triggers": tuple("abcde")},
        {"target": "webhook", "configuration_filters": ("onMessageAdded",)},
    ],
)
def test_the_fullest_webhook_is_taken(world: World, asked: dict[str, object]) -> None:
    conversation = world.perform(AddConversation(service=SERVICE))
    url = URL + "x" * (2048 - len(URL))
    world.perform(
        AddScopedWebhook(
            service=SERVICE, conversation=conversation.sid, configuration_url=url, **asked
        )
    )


def test_how_many_take_part() -> None:
    assert (membership.CHAT_LIMIT, membership.NON_CHAT_LIMIT) == (1000, 50)
    assert membership.CONVERSATIONS_PER_IDENTITY == 1000
