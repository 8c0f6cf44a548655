"""Why an app was told nothing, and what would change that.

The rules of this file:

- A hint is for what somebody takes for a fault of ours: a setting lacks, or does not say what it
  seems to. Where nothing is sent because somebody wanted it so, nothing is said.
- Each cause is told once, for as long as the log holds that.
- The words say what is the case, then what to do about it, by Twilio's names and by ours.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
from twilio_emulator.core.senders.resources import (
    MessagingService,
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
)
from twilio_emulator.core.senders.twiml_apps import Applications
from twilio_emulator.core.texts.text import Text
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.webhooks.conversations.post_events import webhooks_of
from twilio_emulator.webhooks.decisions import NO_KEYWORD, NOT_ENABLED, NOT_RUN, Decision

KIND = "hint"
"""What such an entry of the log is called."""

PAGE = "the Numbers page of the console"
API = "/_emulator/v1"

PRE_OF = {
    post: pre for pre in PRE_EVENTS for post in POST_EVENTS if post in (f"{pre}ed", f"{pre}d")
}
"""The pre-event that is asked about what a post-event tells."""


NAMES = {"ReceiptUpdated": "onDeliveryUpdated"}
"""Post-events that are not called as ours are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A hint, as the log keeps it.

    Attributes:
        cause: which of the reasons, such as `no-sms-url`.
        about: the number, service, webhook or account whose setting it is.
        subject: sid of the text or the conversation of which nobody was told.
        words: what is the case, and what would change it.
    """

    cause: str
    about: str
    subject: str
    words: str


class Hints:
    """Gives each hint once; `gate` has the log that it goes into."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._given: dict[tuple[str, str], int] = {}

    def give(self, cause: str, about: str, subject: str, words: Callable[[], str]) -> None:
        """Note a hint, unless the log still has it."""
        log, key = self._gate.log, (cause, about)
        if self._given.get(key, 0) > log.dropped:
            return
        hint = Hint(cause=cause, about=about, subject=subject, words=words())
        self._given[key] = log.add(self._gate.world.clock.now(), KIND, hint)

    def not_reported(self, text: Text) -> None:
        """A text came in, and no setting says whom to tell."""
        world = self._gate.world
        about, words = why_not_reported(world, text)
        self.give("no-sms-url", about, text.sid, lambda: words)

    def captured(self, text: Text) -> None:
        """A conversation took a text, and nobody hears of its messages."""
        world = self._gate.world
        conversation = world[Conversations].get(text.conversation_sid)
        number = world[PhoneNumbers].at(text.to)
        if conversation is None or _is_heard(world, conversation, number):
            return
        service, sid = conversation.service_sid, conversation.sid
        self.give("captured", service, text.sid, lambda: _captured(sid, service, text))

    def nothing_sent(self, event: Any, decisions: Iterable[Decision]) -> None:
        """Something happened in a conversation, or to a user, and no webhook was called."""
        world = self._gate.world
        it = getattr(event, "conversation", None) or event.user
        for decision in decisions:
            about, subject = decision.setting.rpartition(" ")[2], decision.subject
            if decision.because == NOT_ENABLED:
                self.give("not-enabled", it.account_sid, subject, _not_enabled)
            elif decision.because == NOT_RUN:
                self.give("studio", about, subject, partial(_studio, about))
            elif decision.because == NO_KEYWORD:
                self.give("no-keyword", about, subject, partial(_keyword, world, about))
        name = NAMES.get(type(event).__name__, f"on{type(event).__name__}")
        in_force, setting = webhooks_of(world, it.account_sid, it.service_sid)
        wrong = _wrong(in_force, name)
        if wrong is not None:
            cause, words = wrong
            self.give(cause, in_force.sid, it.sid, lambda: words.format(setting=setting))
        elif in_force.sid == it.service_sid:
            self._replaced(it, name, setting)

    def _replaced(self, it: Any, name: str, setting: str) -> None:
        """The service's webhooks do not send what the account's would."""
        whole = webhook_configurations.for_account(self._gate.world, it.account_sid)
        if whole.post_webhook_url and name in (whole.filters or ()):
            words = (
                f"{setting} replace those of the account, whose filters name {name}: name it in "
                f"the service's, with PATCH {API}/services/{it.service_sid} or on {PAGE}"
            )
            self.give("replaced", it.service_sid, it.sid, lambda: words)

    def not_called_back(self, text: Text) -> None:
        """A text came to its end with nobody to tell, though its number has such an URL."""
        number = self._gate.world[PhoneNumbers].at(text.sender or "")
        if number is not None and number.status_callback and number.kind is not SenderKind.WHATSAPP:
            words = (
                f"the StatusCallback of {number.address} is for calls: give each message its "
                "StatusCallback, or set the one of its messaging service"
            )
            self.give("callback-of-calls", number.address, text.sid, lambda: words)


def why_not_reported(world: World, text: Text) -> tuple[str, str]:
    """Whose setting lacks for a text that nobody was told of, and the words of the hint."""
    number = world[PhoneNumbers].at(text.to)
    if number is None:
        return text.to, f"{text.to} is no number of the account any more, so it has no SmsUrl"
    service = world[MessagingServices].get(number.messaging_service_sid)
    if service is not None and not service.use_inbound_webhook_on_number:
        return service.sid, _of_service(service)
    app = world[Applications].get(number.sms_application_sid)
    if app is not None:
        words = (
            f"{app.sid}, which {number.address} leaves its texts to, has no SmsUrl: set it with "
            f'client.applications("{app.sid}").update(sms_url=...)'
        )
        return app.sid, words
    if number.kind is SenderKind.WHATSAPP:
        return number.address, _of_whatsapp(number)
    return number.address, _of_number(number) + _besides(world, number, service)


def _of_number(it: PhoneNumber) -> str:
    resource = "short_codes" if it.kind is SenderKind.SHORT_CODE else "incoming_phone_numbers"
    return (
        f'{it.address} has no SmsUrl: set it with client.{resource}("{it.sid}")'
        f".update(sms_url=...), {_patch(it)}, or on {PAGE}"
    )


def _of_whatsapp(it: PhoneNumber) -> str:
    return (
        f"{it.address} has no webhook: set its callback_url with the Senders API ({it.sid}), "
        f"{_patch(it)}, or on {PAGE}"
    )


def _patch(it: PhoneNumber) -> str:
    return f'PATCH {API}/numbers/{it.address} {{"sms_url": "http://localhost:3000/sms"}}'


def _of_service(it: MessagingService) -> str:
    return (
        f"{it.sid} takes the texts of its numbers (UseInboundWebhookOnNumber is false) and has no "
        f"InboundRequestUrl: set it with PATCH {API}/services/{it.sid} "
        '{"inbound_request_url": "http://localhost:3000/sms"} or on '
        f"{PAGE}, or leave texts to the number"
    )


def _besides(world: World, number: PhoneNumber, service: MessagingService | None) -> str:
    """What may have been meant to be told instead."""
    if service is not None and service.inbound_request_url:
        return (
            f"; the InboundRequestUrl of {service.sid} is not called while its "
            "UseInboundWebhookOnNumber is true"
        )
    services = world[MessagingServices]
    for each in services.all(services.by_account, number.account_sid):
        if each.inbound_request_url and each is not service:
            return f"; it is not in the pool of {each.sid}, which has an InboundRequestUrl"
    return ""


def _is_heard(world: World, conversation: Any, number: PhoneNumber | None) -> bool:
    """Whether somebody may hear of the messages of a conversation.

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
