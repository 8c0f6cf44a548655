"""Why no webhook of conversations was called, and what would change that."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from twilio_emulator.core.conversations import webhook_configurations
from twilio_emulator.core.conversations.resources import Conversations, Participants
from twilio_emulator.core.conversations.webhook_configurations import (
    POST_EVENTS,
    PRE_EVENTS,
    ScopedWebhooks,
    WebhookConfiguration,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import PhoneNumber, PhoneNumbers
from twilio_emulator.core.studio.resources import NOT_RUN
from twilio_emulator.core.texts.text import Text
from twilio_emulator.webhooks.conversations.post_events import webhooks_of
from twilio_emulator.webhooks.decisions import NO_KEYWORD, NOT_ENABLED, Decision
from twilio_emulator.webhooks.hints import API, PAGE, Hints

PRE_OF = {
    post: pre for pre in PRE_EVENTS for post in POST_EVENTS if post in (f"{pre}ed", f"{pre}d")
}
"""The pre-event that is asked about what a post-event tells."""

NAMES = {"ReceiptUpdated": "onDeliveryUpdated"}
"""Post-events that are not called as ours are."""


def captured(hints: Hints, text: Text) -> None:
    """A conversation took a text, and nobody hears of its messages."""
    world = hints.world
    conversation = world[Conversations].get(text.conversation_sid)
    number = world[PhoneNumbers].at(text.to)
    if conversation is None or _is_heard(world, conversation, number):
        return
    service, sid = conversation.service_sid, conversation.sid
    hints.give("captured", service, text.sid, lambda: _captured(sid, service, text))


def nothing_sent(hints: Hints, event: Any, decisions: Iterable[Decision]) -> None:
    """Something happened in a conversation, or to a user, and no webhook was called."""
    world = hints.world
    it = getattr(event, "conversation", None) or event.user
    for decision in decisions:
        about, subject = decision.setting.rpartition(" ")[2], decision.subject
        if decision.because == NOT_ENABLED:
            hints.give("not-enabled", it.account_sid, subject, _not_enabled)
        elif decision.because == NOT_RUN:
            hints.give("studio", about, subject, partial(_studio, about))
        elif decision.because == NO_KEYWORD:
            hints.give("no-keyword", about, subject, partial(_keyword, world, about))
    name = NAMES.get(type(event).__name__, f"on{type(event).__name__}")
    in_force, setting = webhooks_of(world, it.account_sid, it.service_sid)
    wrong = _wrong(in_force, name)
    if wrong is not None:
        cause, words = wrong
        hints.give(cause, in_force.sid, it.sid, lambda: words.format(setting=setting))
    elif in_force.sid == it.service_sid:
        _replaced(hints, it, name, setting)


def _replaced(hints: Hints, it: Any, name: str, setting: str) -> None:
    """The service's webhooks do not send what the account's would."""
    whole = webhook_configurations.for_account(hints.world, it.account_sid)
    if whole.post_webhook_url and name in (whole.filters or ()):
        words = (
            f"{setting} replace those of the account, whose filters name {name}: name it in "
            f"the service's, with PATCH {API}/services/{it.service_sid} or on {PAGE}"
        )
        hints.give("replaced", it.service_sid, it.sid, lambda: words)


def _is_heard(world: World, conversation: Any, number: PhoneNumber | None) -> bool:
    """Whether any webhook may hear of the messages of a conversation.

    A client SDK is nobody when the number has an URL: then an app waits for the text there.
    """
    if world[ScopedWebhooks].by_conversation.of(conversation.sid):
        return True
    in_force, _ = webhooks_of(world, conversation.account_sid, conversation.service_sid)
    if in_force.is_configured:
        return True  # if its filters do not name the message, another hint says so
    if number is not None and number.sms_url:
        return False
    members = world[Participants].all(world[Participants].by_conversation, conversation.sid)
    return any(each.is_chat for each in members)


def _captured(conversation: str, service: str, text: Text) -> str:
    return (
        f"conversation {conversation} has taken what {text.sender} wrote to {text.to}, so no "
        "SmsUrl is called, and no webhook is set for its messages: set PostWebhookUrl with the "
        f"filter onMessageAdded, with PATCH {API}/services/{service} "
        '{"post_webhook_url": "http://localhost:3000/conversations", '
        f'"filters": ["onMessageAdded"]}} or on {PAGE}'
    )


def _not_enabled() -> str:
    return (
        "what an app does by REST fires webhooks of conversations only when the request says "
        'X-Twilio-Webhook-Enabled: true, as with x_twilio_webhook_enabled="true" in Python; '
        "clients, phones and timers fire them always"
    )


def _studio(webhook: str) -> str:
    return (
        f"{webhook} starts a flow of Studio, and flows are not run here: a webhook with filters in "
        "its place tells an app of yours"
    )


def _keyword(world: World, sid: str) -> str:
    webhook = world[ScopedWebhooks].get(sid)
    keywords = ", ".join(webhook.triggers or ()) if webhook else ""
    return (
        f"{sid} is called for messages with a keyword only ({keywords}), and this one had none: "
        "a webhook with the filter onMessageAdded is called for all"
    )


def _wrong(it: WebhookConfiguration, event: str) -> tuple[str, str] | None:
    """What is wrong with a configuration that sends nothing of an event, as cause and words."""
    filters = it.filters or ()
    if not it.is_configured:
        return None
    how = f"with PATCH {API}/conversation-webhooks"
    if it.sid != it.account_sid:
        how = f"with PATCH {API}/services/{it.sid}"
    if not filters:
        return "no-filters", (
            f"{{setting}} have an URL but no filters, so nothing is sent: name events such as "
            f"onMessageAdded, {how} or on {PAGE}"
        )
    if it.post_webhook_url is None and event in filters:
        return "no-post-url", (
            f"{{setting}} name {event}, which goes to PostWebhookUrl, and only PreWebhookUrl is "
            f"set: set the other, {how} or on {PAGE}"
        )
    pre = PRE_OF.get(event)
    if it.pre_webhook_url is None and pre in filters and event not in filters:
        return "pre-event", (
            f"{{setting}} name {pre}, which goes to PreWebhookUrl, and only PostWebhookUrl is set: "
            f"name {event} for it, {how} or on {PAGE}"
        )
    return None
