"""Sync services: opened, changed, closed, found (https://www.twilio.com/docs/sync/api/service).

The rules of this file:

- Every account begins with one that is called `default`, and can be named so wherever its sid could
  be. When it is deleted there is another at once; that is decided, as Twilio is known to make one
  when it is needed.
- A service takes everything that is in it along.
"""

import re

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.sids import Sids
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.errors import (
    INVALID_DEBOUNCING_WINDOW,
    INVALID_FRIENDLY_NAME,
    INVALID_WEBHOOK,
    NOTHING_TO_CHANGE,
    flag,
)
from twilio_emulator.core.sync.pages import SyncRows
from twilio_emulator.core.sync.resources import (
    DEFAULT_NAME,
    SyncService,
    SyncServiceChanged,
    SyncServices,
)

FIRST_SYNC_SERVICE = "IS00000000000000000000000000000002"
"""Decided: the service that an account begins with, unless another is named for it. Subaccounts,
which live beside it, have others."""

DEFAULT_FRIENDLY_NAME = "Sync Default Service"
"""Decided: what that one is called."""

LONGEST_WEBHOOK_URL = 512
LONGEST_SERVICE_NAME = 255
SHORTEST_WINDOW, LONGEST_WINDOW = 1000, 30_000
"""Milliseconds."""

_URL = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


@record
class SyncServiceSettings:
    """What can be said of a service, as it is said in a form."""

    friendly_name: str | None = None
    webhook_url: str | None = None
    webhooks_from_rest_enabled: str | None = None
    acl_enabled: str | None = None
    reachability_webhooks_enabled: str | None = None
    reachability_debouncing_enabled: str | None = None
    reachability_debouncing_window: str | None = None

    def changes(self) -> dict[str, object]:
        """What is given, in its proper type; an empty webhook URL takes it away.

        Raises:
            Refused: 54008, 54051 or 54053 something given cannot be.
        """
        given: dict[str, object] = {}
        if self.friendly_name is not None:
            if not 0 < len(self.friendly_name) <= LONGEST_SERVICE_NAME:
                raise Refused(INVALID_FRIENDLY_NAME)
            given["friendly_name"] = self.friendly_name
        if self.webhook_url is not None:
            given["webhook_url"] = _webhook_url(self.webhook_url)
        for name in FLAGS:
            said = getattr(self, name)
            if said is not None:
                given[name] = flag(said)
        if self.reachability_debouncing_window is not None:
            given["reachability_debouncing_window"] = _window(self.reachability_debouncing_window)
        return given


FLAGS = (
    "webhooks_from_rest_enabled",
    "acl_enabled",
    "reachability_webhooks_enabled",
    "reachability_debouncing_enabled",
)


@command
class AddSyncService(SyncServiceSettings):
    """Open a Sync service."""

    account: str

    def apply(self, world: World) -> SyncService:
        given = self.changes()
        service = SyncService(
            sid=world.sids.new("IS"),
            account_sid=self.account,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
        return changed(world, replace(service, **given))


@command
class UpdateSyncService(SyncServiceSettings):
    """Change a Sync service.

    Raises of `apply`: Refused, 20404 there is none, 54010 nothing is said of it, and as `changes`
    says.
    """

    account: str
    service: str

    def apply(self, world: World) -> SyncService:
        service = fetch_sync_service(world, account=self.account, service=self.service)
        given = self.changes()
        if not given:
            raise Refused(NOTHING_TO_CHANGE)
        return changed(world, replace(service, **given, date_updated=world.now))


def changed(world: World, service: SyncService) -> SyncService:
    """Keep a service as it is now, and tell it."""
    world[SyncServices].put(service)
    world.tell(SyncServiceChanged(sid=service.sid, service=service))
    return service


def find_sync_service(world: World, account: str, said: str) -> SyncService | None:
    """A service of an account by its sid, or its default one as `default`."""
    table = world[SyncServices]
    if said == DEFAULT_NAME:
        return table.found(table.default, account)
    found = table.get(said)
    return found if found is not None and found.account_sid == account else None


def fetch_sync_service(world: World, *, account: str, service: str) -> SyncService:
    """The Sync service of an account with this sid, or its `default` one.

    Raises:
        Refused: 20404.
    """
    found = find_sync_service(world, account, service)
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def list_sync_services(world: World, *, account: str) -> SyncRows[SyncService]:
    """The Sync services of an account; that the oldest is first is decided."""
    table = world[SyncServices]
    return SyncRows(table, table.by_account, account, "IS")


def default_service_sid(world: World, account: str) -> str | None:
    """The default service of an account."""
    table = world[SyncServices]
    return table.default.find(account)


def open_default(world: World, opened: AccountOpened) -> None:
    """A new account has a service.

    It takes none of the numbers that others draw: who has the seed of old has the sids of old.
    """
    account = opened.account
    sid = opened.start.sync_service_sid
    if sid is None and account.sid == world.account_sid:
        sid = FIRST_SYNC_SERVICE
    _open_default(world, sid or Sids(world.seed, account.sid, "sync").new("IS"), account.sid, 0)


def open_next_default(world: World, account: str) -> SyncService:
    """The default service that takes the place of one that is gone."""
    return _open_default(world, world.sids.new("IS"), account, world.serial())


def _open_default(world: World, sid: str, account: str, serial: int) -> SyncService:
    return world[SyncServices].put(
        SyncService(
            sid=sid,
            account_sid=account,
            unique_name=DEFAULT_NAME,
            friendly_name=DEFAULT_FRIENDLY_NAME,
            date_created=world.now,
            date_updated=world.now,
            serial=serial,
        )
    )


def _webhook_url(said: str) -> str | None:
    if len(said) > LONGEST_WEBHOOK_URL or (said and not _URL.fullmatch(said)):
        raise Refused(INVALID_WEBHOOK)
    return said or None


def _window(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise Refused(INVALID_DEBOUNCING_WINDOW)
    window = int(said)
    if not SHORTEST_WINDOW <= window <= LONGEST_WINDOW:
        raise Refused(INVALID_DEBOUNCING_WINDOW)
    return window
