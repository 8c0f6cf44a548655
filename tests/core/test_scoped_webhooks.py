import pytest

from tests.core.conftest import Told
from tests.core.refused import code
from twilio_emulator.core.conversations import scoped_webhooks
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    ConversationRemoved,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.resources import Conversation
from twilio_emulator.core.conversations.scoped_webhooks import (
    AddScopedWebhook,
    MessagesReplayed,
    RemoveScopedWebhook,
    ScopedWebhookAdded,
    ScopedWebhookRemoved,
    ScopedWebhookUpdated,
    UpdateScopedWebhook,
)
from twilio_emulator.core.conversations.webhook_configurations import ScopedWebhook, ScopedWebhooks
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"
URL = "https://example.com/hook"
FLOW = "FW" + "0" * 32
WEBHOOK = {
    "target": "webhook",
    "configuration_url": URL,
    "configuration_filters": ("onMessageAdded",),
}
TRIGGER = {
    "target": "Trigger",
    "configuration_url": URL,
    "configuration_triggers": ("help", "stop"),
}
STUDIO = {"target": "studio", "configuration_flow_sid": FLOW}


@pytest.fixture
def conversation(world: World) -> Conversation:
    made = world.perform(AddConversation(service=SERVICE))
    assert isinstance(made, Conversation)
    return made


def wish(conversation: Conversation, **asked: object) -> AddScopedWebhook:
    return AddScopedWebhook(
        service=SERVICE,
        conversation=conversation.sid,
        **asked,  # type: ignore[arg-type]
    )


def add(world: World, conversation: Conversation, **asked: object) -> ScopedWebhook:
    made = world.perform(wish(conversation, **asked))
    assert isinstance(made, ScopedWebhook)
    return made


def test_each_target_has_what_belongs_to_it(world: World, conversation: Conversation) -> None:
    everything = {**STUDIO, **TRIGGER, **WEBHOOK}
    webhook = add(world, conversation, **everything)
    assert (webhook.url, webhook.method, webhook.filters) == (URL, "POST", ("onMessageAdded",))
    assert (webhook.triggers, webhook.flow_sid) == (None, None)
    trigger = add(world, conversation, **TRIGGER, configuration_method="get")
    assert (trigger.target, trigger.method) == ("trigger", "get")
    assert trigger.triggers == ("help", "stop")
    studio = add(world, conversation, **STUDIO)
    assert (studio.flow_sid, studio.url, studio.method) == (FLOW, None, None)
    listed = scoped_webhooks.list_scoped_webhooks(
        world, service=SERVICE, conversation=conversation.sid
    )
    assert list(listed) == [webhook, trigger, studio]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 20001),
        ({"target": ""}, 50368),
        ({"target": "pigeon"}, 50364),
        ({"target": "studio"}, 50367),
        ({**STUDIO, "configuration_flow_sid": "FW1"}, 50367),
        ({"target": "webhook"}, 50369),
        ({"target": "webhook", "configuration_url": URL}, 50370),
        ({**WEBHOOK, "configuration_url": "example.com"}, 50054),
        ({**WEBHOOK, "configuration_url": URL + "x" * 2048}, 50372),
        ({**WEBHOOK, "configuration_method": "PUT"}, 50055),
        ({**WEBHOOK, "configuration_filters": ("",)}, 50370),
        ({**WEBHOOK, "configuration_filters": ("onMessageAdd",)}, 50365),
        ({**WEBHOOK, "configuration_filters": ("onUserAdded",)}, 50365),
        ({"target": "trigger", "configuration_url": URL}, 50371),
        ({**TRIGGER, "configuration_triggers": ("",)}, 50366),
        ({**TRIGGER, "configuration_triggers": tuple("abcdef")}, 50362),
        ({**WEBHOOK, "configuration_replay_after": "first"}, 20001),
        ({**WEBHOOK, "conversation": "CH" + "9" * 32}, 20404),
    ],
)
def test_what_cannot_be_a_webhook(
    world: World, conversation: Conversation, asked: dict[str, object], expected: int
) -> None:
    given = {"service": SERVICE, "conversation": conversation.sid} | asked
    assert code(world, AddScopedWebhook(**given)) == expected  # type: ignore[arg-type]


def test_a_conversation_has_five(world: World, conversation: Conversation) -> None:
    for _ in range(5):
        add(world, conversation, **WEBHOOK)
    assert code(world, wish(conversation, **WEBHOOK)) == 50361


def test_messages_are_replayed_from_an_index_on(
    world: World, conversation: Conversation, told: Told
) -> None:
    said = [
        world.perform(PostMessage(service=SERVICE, conversation=conversation.sid, body=body))
        for body in ("a", "b", "c")
    ]
    made = add(world, conversation, **WEBHOOK, configuration_replay_after="1")
    assert made.replay_after == 1
    (replayed,) = told.of(MessagesReplayed)
    assert (replayed.webhook, replayed.messages) == (made, tuple(said[1:]))
    add(world, conversation, **WEBHOOK, configuration_replay_after="")
    assert len(told.of(MessagesReplayed)) == 1


def test_a_webhook_is_changed(world: World, conversation: Conversation, told: Told) -> None:
    made = add(world, conversation, **WEBHOOK)
    path = {"service": SERVICE, "conversation": conversation.sid, "webhook": made.sid}
    changed = world.perform(
        UpdateScopedWebhook(
            **path,
            configuration_filters=("onMessageRemoved",),
            configuration_triggers=("help",),
            configuration_method="GET",
        )
    )
    assert (changed.filters, changed.method, changed.url) == (("onMessageRemoved",), "GET", URL)
    assert changed.triggers is None
    found = scoped_webhooks.fetch_scoped_webhook(world, **path)
    assert found == changed
    assert code(world, UpdateScopedWebhook(**path, configuration_url="")) == 50369
    world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
    )
    assert code(world, UpdateScopedWebhook(**path, configuration_method="POST")) == 50377
    assert code(world, wish(conversation, **WEBHOOK)) == 50377
    world.perform(RemoveScopedWebhook(**path))
    assert told.of(ScopedWebhookAdded) == [ScopedWebhookAdded(webhook=made)]
    assert told.of(ScopedWebhookUpdated) == [ScopedWebhookUpdated(webhook=changed)]
    assert told.of(ScopedWebhookRemoved) == [ScopedWebhookRemoved(webhook=changed)]


def test_webhooks_go_with_their_conversation(
    world: World, conversation: Conversation, told: Told
) -> None:
    made = add(world, conversation, **STUDIO)
    world.perform(RemoveConversation(service=SERVICE, conversation=conversation.sid))
    assert not len(world[ScopedWebhooks])
    assert told.of(ConversationRemoved)[0].webhooks == (made,)


def test_a_webhook_is_found_in_its_conversation_only(
    world: World, conversation: Conversation
) -> None:
    made = add(world, conversation, **STUDIO)
    other = world.perform(AddConversation(service=SERVICE))
    for sid, expected in ((made.sid, "20404"), ("WH" + "9" * 32, "20404"), ("WH1", "50363")):
        with pytest.raises(Refused, match=expected):
            scoped_webhooks.find(world, other, sid)
