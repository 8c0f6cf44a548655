"""What the webhooks of conversations hear of, and what they are asked about."""

from twilio_emulator.core.conversations.scoped_webhooks import MessagesReplayed
from twilio_emulator.core.conversations.webhook_configurations import WebhookConfigurations
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.messaging.inbound import TextCaptured
from twilio_emulator.webhooks.conversations import (
    hints,
    post_events,
    pre_event_answers,
    pre_events,
)
from twilio_emulator.webhooks.conversations.manner import CONVERSATIONS
from twilio_emulator.webhooks.delivery import Asking, ProductWebhooks, Webhooks


def _post_event(webhooks: Webhooks, event: object, happened: Happened) -> None:
    world = webhooks.world
    outcomes = post_events.fired(world, happened)
    if not outcomes and not len(world[WebhookConfigurations]):
        return
    sent = [webhooks.send(outcome) for outcome in outcomes]
    if not any(sent):
        hints.nothing_sent(webhooks.hints, event, [decision for decision, _ in outcomes])


def _messages_replayed(webhooks: Webhooks, event: MessagesReplayed, happened: Happened) -> None:
    for outcome in post_events.replayed(event, happened):
        webhooks.send(outcome)


def _text_captured(webhooks: Webhooks, event: TextCaptured, _: Happened) -> None:
    hints.captured(webhooks.hints, event.text)


WEBHOOKS = ProductWebhooks(
    manner=CONVERSATIONS,
    begin=lambda webhooks: webhooks,
    hears={
        **dict.fromkeys(post_events.POST_EVENTS, _post_event),
        MessagesReplayed: _messages_replayed,
        TextCaptured: _text_captured,
    },
    asks=dict.fromkeys(
        pre_events.ASKED_ABOUT,
        Asking(question=pre_events.question, judge=pre_event_answers.judge),
    ),
)
