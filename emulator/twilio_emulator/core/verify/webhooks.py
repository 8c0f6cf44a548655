"""Webhooks of a Verify service: who hears of factors and challenges.

The rules of this file (https://www.twilio.com/docs/verify/api/webhooks):

- They hear of factors and challenges, never of verifications by a code.
- Decided: a wrong event, URL, state or version is 60200, which names it; texts are taken as they
  are, of any length.
"""

from datetime import datetime

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import errors, services
from twilio_emulator.core.verify.resources import VerifyServiceChanged

ALL = "*"

EVENT_TYPES = (
    ALL,
    "factor.deleted",
    "factor.created",
    "factor.verified",
    "challenge.approved",
    "challenge.denied",
)

ENABLED, DISABLED = "enabled", "disabled"
STATUSES = (ENABLED, DISABLED)
V1, V2 = "v1", "v2"
VERSIONS = (V1, V2)


@record
class VerifyWebhook:
    """Where a Verify service tells what happens (YW)."""

    sid: str
    account_sid: str
    service_sid: str
    friendly_name: str
    event_types: tuple[str, ...]
    webhook_url: str
    webhook_method: str = "POST"
    status: str = ENABLED
    version: str = V2
    date_created: datetime
    date_updated: datetime
    serial: int


class VerifyWebhooks(Table[VerifyWebhook]):
    """Webhooks, by service."""

    refers = (("account_sid", "accounts"), ("service_sid", "verify_services"))

    def __init__(self) -> None:
        self.by_service: Ordered[VerifyWebhook] = Ordered(
            lambda it: it.service_sid, lambda it: it.serial
        )
        super().__init__(VerifyWebhook, self.by_service)


@event
class VerifyWebhookChanged:
    """A webhook is new or another; None when it is gone."""

    sid: str
    webhook: VerifyWebhook | None


def fetch_webhook(world: World, *, account: str, service: str, webhook: str) -> VerifyWebhook:
    """The webhook of a service with this sid.

    Raises:
        Refused: 20404.
    """
    found = services.fetch_verify_service(world, account=account, service=service)
    kept = world[VerifyWebhooks].get(webhook)
    if kept is None or kept.service_sid != found.sid:
        raise Refused(NOT_FOUND)
    return kept


def list_webhooks(world: World, *, account: str, service: str) -> Rows[VerifyWebhook]:
    """The newest first.

    Raises:
        Refused: 20404 no such service.
    """
    found = services.fetch_verify_service(world, account=account, service=service)
    return Rows(world[VerifyWebhooks], world[VerifyWebhooks].by_service, found.sid, downward=True)


def webhooks_of(world: World, service_sid: str) -> tuple[VerifyWebhook, ...]:
    """The webhooks of a service, the oldest first."""
    table = world[VerifyWebhooks]
    return tuple(table.all(table.by_service, service_sid))


@command
class AddVerifyWebhook:
    """Tell somebody what happens to the factors and challenges of a service.

    Raises:
        Refused: 20001 something is missing, 60200 something is wrong.
    """

    account: str
    service: str
    friendly_name: str | None = None
    event_types: tuple[str, ...] = ()
    webhook_url: str | None = None
    status: str | None = None
    version: str | None = None

    def apply(self, world: World) -> VerifyWebhook:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        webhook = VerifyWebhook(
            sid="",
            account_sid=service.account_sid,
            service_sid=service.sid,
            friendly_name=errors.required("FriendlyName", self.friendly_name),
            event_types=_event_types(self.event_types),
            webhook_url=_url(errors.required("WebhookUrl", self.webhook_url)),
            status=_choice("Status", self.status, STATUSES) or ENABLED,
            version=_choice("Version", self.version, VERSIONS) or V2,
            date_created=world.now,
            date_updated=world.now,
            serial=0,
        )
        return _keep(world, replace(webhook, sid=world.sids.new("YW"), serial=world.serial()))


@command
class UpdateVerifyWebhook:
    """Tell somebody else, or something else; what is not given stays.

    Raises:
        Refused: 60200 something is wrong.
    """

    account: str
    service: str
    webhook: str
    friendly_name: str | None = None
    event_types: tuple[str, ...] | None = None
    webhook_url: str | None = None
    status: str | None = None
    version: str | None = None

    def apply(self, world: World) -> VerifyWebhook:
        before = fetch_webhook(
            world, account=self.account, service=self.service, webhook=self.webhook
        )
        return _keep(
            world,
            replace(
                before,
                friendly_name=self.friendly_name or before.friendly_name,
                event_types=(
                    before.event_types
                    if self.event_types is None
                    else _event_types(self.event_types)
                ),
                webhook_url=_url(self.webhook_url) if self.webhook_url else before.webhook_url,
                status=_choice("Status", self.status, STATUSES) or before.status,
                version=_choice("Version", self.version, VERSIONS) or before.version,
                date_updated=world.now,
            ),
        )


@command
class RemoveVerifyWebhook:
    """Tell somebody no more."""

    account: str
    service: str
    webhook: str

    def apply(self, world: World) -> None:
        webhook = fetch_webhook(
            world, account=self.account, service=self.service, webhook=self.webhook
        )
        _remove(world, webhook)


def _keep(world: World, webhook: VerifyWebhook) -> VerifyWebhook:
    world[VerifyWebhooks].put(webhook)
    world.tell(VerifyWebhookChanged(sid=webhook.sid, webhook=webhook))
    return webhook


def _remove(world: World, webhook: VerifyWebhook) -> None:
    world[VerifyWebhooks].remove(webhook.sid)
    world.tell(VerifyWebhookChanged(sid=webhook.sid, webhook=None))


def _event_types(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in the spelling of Twilio's page.

    Raises:
        Refused: 20001 there is none, 60200 one is none of those that there are.
    """
    errors.required("EventTypes", "".join(given))
    types = tuple(dict.fromkeys(each.lower() for each in given))
    if not set(types) <= set(EVENT_TYPES):
        raise errors.invalid("EventTypes")
    return types


def _url(given: str) -> str:
    if not parameters.is_url(given):
        raise errors.invalid("WebhookUrl")
    return given


def _choice(parameter: str, given: str | None, choices: tuple[str, ...]) -> str | None:
    """A choice in any case; None when none is made.

    Raises:
        Refused: 60200 it is none.
    """
    if not given:
        return None
    if given.lower() not in choices:
        raise errors.invalid(parameter)
    return given.lower()


def service_changed(world: World, event: VerifyServiceChanged) -> None:
    """The webhooks of a service go with it."""
    if event.service is None:
        for webhook in webhooks_of(world, event.sid):
            _remove(world, webhook)
