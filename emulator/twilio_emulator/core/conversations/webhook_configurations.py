"""Webhooks as configured, not as sent: of the account, of a service, of one conversation."""

from datetime import datetime

from twilio_emulator.core.conversations.resources import Services
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_PARAMETER,
    INVALID_WEBHOOK_FILTER,
    INVALID_WEBHOOK_METHOD,
    INVALID_WEBHOOK_URL,
    WEBHOOK_URL_TOO_LONG,
    Refused,
)
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World

PRE_EVENTS = (
    "onMessageAdd",
    "onMessageUpdate",
    "onMessageRemove",
    "onConversationAdd",
    "onConversationUpdate",
    "onConversationRemove",
    "onParticipantAdd",
    "onParticipantUpdate",
    "onParticipantRemove",
    "onUserUpdate",
)
POST_EVENTS = (
    "onMessageAdded",
    "onMessageUpdated",
    "onMessageRemoved",
    "onConversationAdded",
    "onConversationUpdated",
    "onConversationRemoved",
    "onConversationStateUpdated",
    "onParticipantAdded",
    "onParticipantUpdated",
    "onParticipantRemoved",
    "onUserAdded",
    "onUserUpdated",
    "onDeliveryUpdated",
)
EVENTS = frozenset(PRE_EVENTS + POST_EVENTS)
TARGETS = ("webhook", "flex")
URL_LIMIT = 2048


@record
class WebhookConfiguration:
    """Where the events of an account or of a service go.

    Its sid is theirs; `filters` is an allow-list.
    """

    sid: str
    account_sid: str
    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    method: str | None = None
    filters: tuple[str, ...] | None = None
    target: str = "webhook"

    @property
    def is_configured(self) -> bool:
        return bool(self.pre_webhook_url or self.post_webhook_url)


class WebhookConfigurations(Table[WebhookConfiguration]):
    """One for an account, one for a service that has its own."""

    def __init__(self) -> None:
        super().__init__(WebhookConfiguration)


@record
class ScopedWebhook:
    """A webhook of one conversation (WH)."""

    sid: str
    account_sid: str
    service_sid: str
    conversation_sid: str
    target: str
    url: str | None = None
    method: str | None = None
    filters: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None
    flow_sid: str | None = None
    replay_after: int | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


class ScopedWebhooks(Table[ScopedWebhook]):
    """Scoped webhooks, by conversation."""

    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
        ("conversation_sid", "conversations"),
    )

    def __init__(self) -> None:
        self.by_conversation: Ordered[ScopedWebhook] = Ordered(
            lambda it: it.conversation_sid, lambda it: it.serial
        )
        super().__init__(ScopedWebhook, self.by_conversation)


def for_account(world: World, account_sid: str) -> WebhookConfiguration:
    """The account's configuration; a fresh one names no URL and no event."""
    return world[WebhookConfigurations].get(account_sid) or WebhookConfiguration(
        sid=account_sid, account_sid=account_sid, method="POST"
    )


def for_service(world: World, service_sid: str) -> WebhookConfiguration:
    """The service's own configuration; a fresh one is empty."""
    return world[WebhookConfigurations].get(service_sid) or WebhookConfiguration(
        sid=service_sid, account_sid=world[Services][service_sid].account_sid
    )


def fetch_account_webhooks(world: World, *, account: str) -> WebhookConfiguration:
    """The account's configuration."""
    return for_account(world, account)


def fetch_service_webhooks(world: World, *, service: str) -> WebhookConfiguration:
    """The service's own configuration."""
    return for_service(world, service)


def in_force(world: World, account_sid: str, service_sid: str) -> WebhookConfiguration:
    """The service's where it names an URL, which then replaces the account's.

    Else the account's; so it is of what went with a service, too, once that is deleted.
    """
    own = world[WebhookConfigurations].get(service_sid)
    if own is not None and own.is_configured:
        return own
    return for_account(world, account_sid)


@command
class ConfigureAccountWebhooks:
    """Say where the conversation events of an account go."""

    account: str
    method: str | None = None
    filters: tuple[str, ...] | None = None
    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    target: str | None = None

    def apply(self, world: World) -> WebhookConfiguration:
        changes = read_changes(
            self.pre_webhook_url, self.post_webhook_url, self.method, self.filters
        )
        if self.target is not None:
            if self.target.lower() not in TARGETS:
                raise Refused(INVALID_PARAMETER, parameter="Target")
            changes["target"] = self.target.lower()
        return world[WebhookConfigurations].put(
            replace(for_account(world, self.account), **changes)
        )


@command
class ConfigureServiceWebhooks:
    """Say where the conversation events of a service go, instead of where the account's go."""

    service: str
    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    filters: tuple[str, ...] | None = None
    method: str | None = None

    def apply(self, world: World) -> WebhookConfiguration:
        changes = read_changes(
            self.pre_webhook_url, self.post_webhook_url, self.method, self.filters
        )
        return world[WebhookConfigurations].put(
            replace(for_service(world, self.service), **changes)
        )


def read_changes(
    pre_webhook_url: str | None,
    post_webhook_url: str | None,
    method: str | None,
    filters: tuple[str, ...] | None,
) -> dict[str, object]:
    """What was asked of a configuration. A new list of filters replaces the old one whole.

    Raises:
        Refused: 50054, 50372 an URL, 50055 the method, 50365 a filter.
    """
    changes: dict[str, object] = {}
    if pre_webhook_url is not None:
        changes["pre_webhook_url"] = read_url(pre_webhook_url)
    if post_webhook_url is not None:
        changes["post_webhook_url"] = read_url(post_webhook_url)
    if method is not None:
        changes["method"] = read_method(method).upper()
    if filters is not None:
        changes["filters"] = read_filters(filters)
    return changes


def read_url(url: str) -> str | None:
    """Raises:
    Refused: 50054 not an URL, 50372 too long.
    """
    if not url:
        return None
    if len(url) > URL_LIMIT:
        raise Refused(WEBHOOK_URL_TOO_LONG)
    scheme, separator, rest = url.partition("://")
    if scheme.lower() not in ("http", "https") or not separator or not rest.strip("/"):
        raise Refused(INVALID_WEBHOOK_URL)
    return url


def read_method(method: str) -> str:
    """Raises:
    Refused: 50055 neither GET nor POST.
    """
    if method.upper() not in ("GET", "POST"):
        raise Refused(INVALID_WEBHOOK_METHOD)
    return method


def read_filters(filters: tuple[str, ...]) -> tuple[str, ...]:
    """Raises:
    Refused: 50365 no such event.
    """
    names = tuple(name for name in filters if name)
    if not EVENTS.issuperset(names):
        raise Refused(INVALID_WEBHOOK_FILTER)
    return names


def remove_of_service(world: World, removed: ServiceRemoved) -> None:
    """The webhooks of a service go with it."""
    if removed.service.sid in world[WebhookConfigurations]:
        world[WebhookConfigurations].remove(removed.service.sid)
