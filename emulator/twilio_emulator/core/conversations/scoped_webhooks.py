"""Webhooks of one conversation: what may be asked of them.

The rules of this file
(https://www.twilio.com/docs/conversations/api/conversation-scoped-webhook-resource):

- A conversation has five at most. They hear of post-events of their conversation, never of
  pre-events.
- What one needs depends on its target: an URL and events, an URL and keywords, or a Studio flow.
- One made with `ReplayAfter` hears of the messages from that index on as if they came now.
"""

from typing import TypeVar

from twilio_emulator.core.conversations import conversations, webhook_configurations
from twilio_emulator.core.conversations.resources import Conversation, Message, Messages
from twilio_emulator.core.conversations.webhook_configurations import (
    POST_EVENTS,
    ScopedWebhook,
    ScopedWebhooks,
)
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_FLOW_SID,
    INVALID_PARAMETER,
    INVALID_SCOPED_WEBHOOK_SID,
    INVALID_WEBHOOK_FILTER,
    INVALID_WEBHOOK_TARGET,
    INVALID_WEBHOOK_TRIGGER,
    MISSING_PARAMETER,
    NOT_FOUND,
    TOO_MANY_SCOPED_WEBHOOKS,
    TOO_MANY_TRIGGERS,
    WEBHOOK_FILTER_NOT_PROVIDED,
    WEBHOOK_TARGET_NOT_PROVIDED,
    WEBHOOK_TRIGGER_NOT_PROVIDED,
    WEBHOOK_URL_NOT_PROVIDED,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World

T = TypeVar("T")

LIMIT = 5
TRIGGER_LIMIT = 5
EVENTS = frozenset(POST_EVENTS) - {"onConversationAdded", "onUserAdded", "onUserUpdated"}
DEFAULT_METHOD = "POST"


@event
class ScopedWebhookAdded:
    """A conversation has a new webhook."""

    webhook: ScopedWebhook


@event
class MessagesReplayed:
    """A new webhook is to hear of messages that were there before it."""

    webhook: ScopedWebhook
    messages: tuple[Message, ...]
    conversation: Conversation


@event
class ScopedWebhookUpdated:
    """A webhook of a conversation hears of other things, or elsewhere."""

    webhook: ScopedWebhook


@event
class ScopedWebhookRemoved:
    """A conversation has a webhook less."""

    webhook: ScopedWebhook


@record
class WantedWebhook:
    """What a webhook of some target is to be; None where nothing was said."""

    url: str | None = None
    method: str | None = None
    filters: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None
    flow_sid: str | None = None


def find(world: World, conversation: Conversation, sid: str) -> ScopedWebhook:
    """The webhook of a conversation with this sid.

    Raises:
        Refused: 50363 no sid, 20404 no such webhook.
    """
    if not parameters.is_sid(sid, "WH"):
        raise Refused(INVALID_SCOPED_WEBHOOK_SID)
    webhook = world[ScopedWebhooks].get(sid)
    if webhook is None or webhook.conversation_sid != conversation.sid:
        raise Refused(NOT_FOUND)
    return webhook


def fetch_scoped_webhook(
    world: World, *, service: str, conversation: str, webhook: str
) -> ScopedWebhook:
    """The webhook of a conversation with this sid.

    Raises:
        Refused: 20404, 50363.
    """
    return find(world, conversations.find(world, service, conversation), webhook)


def list_scoped_webhooks(world: World, *, service: str, conversation: str) -> Rows[ScopedWebhook]:
    """In the order in which they came.

    Raises:
        Refused: 20404 no such conversation.
    """
    found = conversations.find(world, service, conversation)
    return Rows(world[ScopedWebhooks], world[ScopedWebhooks].by_conversation, found.sid)


def read(target: str, wanted: WantedWebhook) -> WantedWebhook:
    """What was asked for, once it is known to be complete and in order.

    Raises:
        Refused: 50364 the target, 50369 to 50371 what it lacks, 50365 to 50367 what is malformed,
            50362 too many triggers; 50054, 50055 and 50372 as for any webhook.
    """
    if target not in ("webhook", "trigger", "studio"):
        raise Refused(INVALID_WEBHOOK_TARGET)
    if target == "studio":
        if not parameters.is_sid(wanted.flow_sid or "", "FW"):
            raise Refused(INVALID_FLOW_SID)
        return WantedWebhook(flow_sid=wanted.flow_sid)
    url = webhook_configurations.read_url(wanted.url or "")
    if url is None:
        raise Refused(WEBHOOK_URL_NOT_PROVIDED)
    method = (
        DEFAULT_METHOD if not wanted.method else webhook_configurations.read_method(wanted.method)
    )
    if target == "webhook":
        return WantedWebhook(url=url, method=method, filters=_read_filters(wanted.filters))
    return WantedWebhook(url=url, method=method, triggers=_read_triggers(wanted.triggers))


def _read_filters(filters: tuple[str, ...] | None) -> tuple[str, ...]:
    names = tuple(name for name in filters or () if name)
    if not names:
        raise Refused(WEBHOOK_FILTER_NOT_PROVIDED)
    if not EVENTS.issuperset(names):
        raise Refused(INVALID_WEBHOOK_FILTER)
    return names


def _read_triggers(triggers: tuple[str, ...] | None) -> tuple[str, ...]:
    if not triggers:
        raise Refused(WEBHOOK_TRIGGER_NOT_PROVIDED)
    if not all(triggers):
        raise Refused(INVALID_WEBHOOK_TRIGGER)
    if len(triggers) > TRIGGER_LIMIT:
        raise Refused(TOO_MANY_TRIGGERS)
    return triggers


def attach(
    world: World,
    conversation: Conversation,
    target: str,
    wanted: WantedWebhook,
    replay_after: int | None = None,
) -> ScopedWebhook:
    """Give a conversation a webhook; what it says has been checked."""
    webhook = world[ScopedWebhooks].put(
        ScopedWebhook(
            sid=world.sids.new("WH"),
            account_sid=conversation.account_sid,
            service_sid=conversation.service_sid,
            conversation_sid=conversation.sid,
            target=target,
            url=wanted.url,
            method=wanted.method,
            filters=wanted.filters,
            triggers=wanted.triggers,
            flow_sid=wanted.flow_sid,
            replay_after=replay_after,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
    world.tell(ScopedWebhookAdded(webhook=webhook))
    return webhook


@command
class AddScopedWebhook:
    """Have something hear of what happens in one conversation."""

    service: str
    conversation: str
    target: str | None = None
    configuration_url: str | None = None
    configuration_method: str | None = None
    configuration_filters: tuple[str, ...] | None = None
    configuration_triggers: tuple[str, ...] | None = None
    configuration_flow_sid: str | None = None
    configuration_replay_after: str | None = None

    def apply(self, world: World) -> ScopedWebhook:
        conversation = conversations.find_writable(world, self.service, self.conversation)
        if self.target is None:
            raise Refused(MISSING_PARAMETER, parameter="Target")
        if not self.target:
            raise Refused(WEBHOOK_TARGET_NOT_PROVIDED)
        target = self.target.lower()
        wanted = read(
            target,
            WantedWebhook(
                url=self.configuration_url,
                method=self.configuration_method,
                filters=self.configuration_filters,
                triggers=self.configuration_triggers,
                flow_sid=self.configuration_flow_sid,
            ),
        )
        replay_after = self._replay_after()
        table = world[ScopedWebhooks]
        if len(table.by_conversation.of(conversation.sid)) >= LIMIT:
            raise Refused(TOO_MANY_SCOPED_WEBHOOKS)
        webhook = attach(world, conversation, target, wanted, replay_after)
        if replay_after is not None:
            said = world[Messages].by_conversation.of(conversation.sid).upward((replay_after, ""))
            messages = tuple(world[Messages][sid] for _, sid in said)
            world.tell(
                MessagesReplayed(webhook=webhook, messages=messages, conversation=conversation)
            )
        return webhook

    def _replay_after(self) -> int | None:
        text = self.configuration_replay_after
        if not text:
            return None
        try:
            return parameters.whole_number(text, INVALID_PARAMETER)
        except Refused:
            raise Refused(INVALID_PARAMETER, parameter="Configuration.ReplayAfter") from None


@command
class UpdateScopedWebhook:
    """Change what a webhook of a conversation hears of, or where. New lists replace old ones."""

    service: str
    conversation: str
    webhook: str
    configuration_url: str | None = None
    configuration_method: str | None = None
    configuration_filters: tuple[str, ...] | None = None
    configuration_triggers: tuple[str, ...] | None = None
    configuration_flow_sid: str | None = None

    def apply(self, world: World) -> ScopedWebhook:
        found = conversations.find(world, self.service, self.conversation)
        before = find(world, found, self.webhook)
        conversations.find_writable(world, self.service, found.sid)
        wanted = read(
            before.target,
            WantedWebhook(
                url=_given(self.configuration_url, before.url),
                method=_given(self.configuration_method, before.method),
                filters=_given(self.configuration_filters, before.filters),
                triggers=_given(self.configuration_triggers, before.triggers),
                flow_sid=_given(self.configuration_flow_sid, before.flow_sid),
            ),
        )
        webhook = world[ScopedWebhooks].put(
            replace(
                before,
                url=wanted.url,
                method=wanted.method,
                filters=wanted.filters,
                triggers=wanted.triggers,
                flow_sid=wanted.flow_sid,
                date_updated=world.now,
            )
        )
        world.tell(ScopedWebhookUpdated(webhook=webhook))
        return webhook


@command
class RemoveScopedWebhook:
    """Take a webhook off a conversation, even off a closed one."""

    service: str
    conversation: str
    webhook: str

    def apply(self, world: World) -> None:
        found = conversations.find(world, self.service, self.conversation)
        webhook = find(world, found, self.webhook)
        world[ScopedWebhooks].remove(webhook.sid)
        world.tell(ScopedWebhookRemoved(webhook=webhook))


def _given(asked: T | None, before: T | None) -> T | None:
    return before if asked is None else asked
