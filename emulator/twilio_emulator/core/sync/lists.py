"""Lists: items in the order in which they came (https://www.twilio.com/docs/sync/api/list-resource).

The rules of this file:

- An item's index is the id of the change that added it: it rises, it may have gaps, and none is
  given twice.
"""

from dataclasses import field
from typing import ClassVar

from twilio_emulator.core.kernel.records import NO_PARAMETER, command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import ends, items, names, objects, pages, sizes
from twilio_emulator.core.sync.items import SayingItem
from twilio_emulator.core.sync.objects import (
    InSyncService,
    OnSyncResource,
    RemoveSyncResource,
    UpdateSyncCollection,
)
from twilio_emulator.core.sync.pages import SyncRows
from twilio_emulator.core.sync.permissions import Right
from twilio_emulator.core.sync.resources import SyncItem, SyncKind, SyncResource, actor


@command
class AddSyncList(InSyncService):
    """Make a list; `context` is JSON text that clients alone can say, times are seconds.

    Raises of `apply`: Refused, 20404 there is no such service; 54006, 54008, 54011, 54301, 54302.
    """

    unique_name: str | None = None
    ttl: str | None = None
    collection_ttl: str | None = None
    context: str | None = field(default=None, metadata=NO_PARAMETER)

    def apply(self, world: World) -> SyncResource:
        service = self.where(world)
        end = ends.read_ttl(self.collection_ttl, self.ttl)
        context = "{}" if self.context is None else sizes.value(self.context)
        return objects.create(world, service, SyncKind.LIST, self.unique_name, end, context=context)


@command
class UpdateSyncList(UpdateSyncCollection):
    """Have a list end at another time."""

    kind: ClassVar[SyncKind] = SyncKind.LIST
    collection_ttl: str | None = None

    def end(self) -> ends.End | None:
        return ends.read_ttl(self.collection_ttl, self.ttl)


@command
class RemoveSyncList(RemoveSyncResource):
    """Remove a list with its items."""

    kind: ClassVar[SyncKind] = SyncKind.LIST


@command
class AddSyncListItem(SayingItem):
    """Add an item at the end of a list.

    Raises of `apply`: Refused, 20404 (for a client 54150, 54300) there is no such list; 54007 a
        client may not; 20001, 54006, 54008, 54011.
    """

    kind: ClassVar[SyncKind] = SyncKind.LIST

    def apply(self, world: World) -> SyncItem:
        found = self.found(world, Right.WRITE)
        return items.add(world, found, self.said(), actor(world))


@command
class UpdateSyncListItem(SayingItem):
    """Change an item of a list; raises as `items.update` says, and 54458."""

    kind: ClassVar[SyncKind] = SyncKind.LIST
    index: str

    def apply(self, world: World) -> SyncItem:
        return items.update(world, self, str(names.index(self.index)))


@command
class RemoveSyncListItem(OnSyncResource):
    """Remove an item of a list; raises as `items.remove` says, and 54458."""

    kind: ClassVar[SyncKind] = SyncKind.LIST
    index: str
    if_match: str | None = field(default=None, metadata=NO_PARAMETER)

    def apply(self, world: World) -> SyncItem:
        return items.remove(world, self, str(names.index(self.index)), self.if_match)


def list_sync_lists(world: World, *, account: str, service: str) -> SyncRows[SyncResource]:
    """The lists of a service, the oldest first.

    Raises:
        Refused: 20404 there is no such service.
    """
    return objects.listed(world, account, service, SyncKind.LIST)


def fetch_sync_list(world: World, *, account: str, service: str, resource: str) -> SyncResource:
    """A list by its sid or its name.

    Raises:
        Refused: 20404.
    """
    return objects.fetched(world, account, service, SyncKind.LIST, resource)


def fetch_sync_list_item(
    world: World, *, account: str, service: str, resource: str, index: str
) -> SyncItem:
    """An item of a list.

    Raises:
        Refused: 20404, 54458.
    """
    found = fetch_sync_list(world, account=account, service=service, resource=resource)
    return items.fetched_item(world, found, str(names.index(index)))


def list_sync_list_items(
    world: World,
    *,
    account: str,
    service: str,
    resource: str,
    order: str = "asc",
    from_: str | None = None,
    bounds: str = "inclusive",
) -> pages.ItemRows:
    """The items of a list by their indexes, from one on.

    Raises:
        Refused: 20404 there is no such list, 54451, 54452, 54458.
    """
    found = fetch_sync_list(world, account=account, service=service, resource=resource)
    return pages.items_from(world, found, order, from_, bounds)
