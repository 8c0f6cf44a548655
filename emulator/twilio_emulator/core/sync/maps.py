"""Maps: items by their keys (https://www.twilio.com/docs/sync/api/map-resource)."""

from dataclasses import field
from typing import ClassVar, NamedTuple

from twilio_emulator.core.kernel.records import NO_PARAMETER, command
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import ends, items, names, objects, pages, revisions
from twilio_emulator.core.sync.errors import MAP_ITEM_REVISION, MAP_KEY_TAKEN, required
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
class AddSyncMap(InSyncService):
    """Make a map; times are seconds.

    Raises of `apply`: Refused, 20404 there is no such service; 54011, 54301, 54302.
    """

    unique_name: str | None = None
    ttl: str | None = None
    collection_ttl: str | None = None

    def apply(self, world: World) -> SyncResource:
        service = self.where(world)
        end = ends.read_ttl(self.collection_ttl, self.ttl)
        return objects.create(world, service, SyncKind.MAP, self.unique_name, end)


@command
class UpdateSyncMap(UpdateSyncCollection):
    """Have a map end at another time."""

    kind: ClassVar[SyncKind] = SyncKind.MAP
    collection_ttl: str | None = None

    def end(self) -> ends.End | None:
        return ends.read_ttl(self.collection_ttl, self.ttl)


@command
class RemoveSyncMap(RemoveSyncResource):
    """Remove a map with its items."""

    kind: ClassVar[SyncKind] = SyncKind.MAP


@command
class AddSyncMapItem(SayingItem):
    """Add an item under a key that none has.

    Raises of `apply`: Refused, 20404 (for a client 54200, 54300) there is no such map; 54007 a
        client may not; 54208 the key is taken; 20001, 54006, 54008, 54011, 54209.
    """

    kind: ClassVar[SyncKind] = SyncKind.MAP
    key: str | None = None

    def apply(self, world: World) -> SyncItem:
        found = self.found(world, Right.WRITE)
        key = required("Key", self.key)
        names.check_key(key)
        said = self.said()
        required("Data", said.data)
        if items.kept_item(world, found, key) is not None:
            raise Refused(MAP_KEY_TAKEN)
        return items.add(world, found, said, actor(world), key)


class PutItem(NamedTuple):
    """An item that is there now, and whether it is new."""

    item: SyncItem
    added: bool


@command
class PutSyncMapItem(SayingItem):
    """Have an item under a key, whether or not there was one: what clients do. With `if_match` only
    if it has that revision, or, for -1, if there is none.

    Raises of `apply`: Refused, as `AddSyncMapItem`, and 54205 for the wrong revision. Decided: also
        of an item that is gone, as a client would take a 404 for the end of the whole map.
    """

    kind: ClassVar[SyncKind] = SyncKind.MAP
    key: str

    def apply(self, world: World) -> PutItem:
        by = actor(world)
        collection = self.found(world, Right.WRITE)
        names.check_key(self.key)
        said = self.said()
        item = items.kept_item(world, collection, self.key)
        revisions.check(
            self.if_match,
            revisions.NO_ITEM if item is None else item.revision,
            MAP_ITEM_REVISION,
        )
        if item is None:
            return PutItem(items.add(world, collection, said, by, self.key), added=True)
        return PutItem(items.change(world, collection, item, said, by), added=False)


@command
class UpdateSyncMapItem(SayingItem):
    """Change an item of a map; raises as `items.update` says."""

    kind: ClassVar[SyncKind] = SyncKind.MAP
    key: str

    def apply(self, world: World) -> SyncItem:
        return items.update(world, self, self.key)


@command
class RemoveSyncMapItem(OnSyncResource):
    """Remove an item of a map; raises as `items.remove` says."""

    kind: ClassVar[SyncKind] = SyncKind.MAP
    key: str
    if_match: str | None = field(default=None, metadata=NO_PARAMETER)

    def apply(self, world: World) -> SyncItem:
        return items.remove(world, self, self.key, self.if_match)


def list_sync_maps(world: World, *, account: str, service: str) -> SyncRows[SyncResource]:
    """The maps of a service, the oldest first.

    Raises:
        Refused: 20404 there is no such service.
    """
    return objects.listed(world, account, service, SyncKind.MAP)


def fetch_sync_map(world: World, *, account: str, service: str, resource: str) -> SyncResource:
    """A map by its sid or its name.

    Raises:
        Refused: 20404.
    """
    return objects.fetched(world, account, service, SyncKind.MAP, resource)


def fetch_sync_map_item(
    world: World, *, account: str, service: str, resource: str, key: str
) -> SyncItem:
    """An item of a map.

    Raises:
        Refused: 20404.
    """
    found = fetch_sync_map(world, account=account, service=service, resource=resource)
    return items.fetched_item(world, found, key)


def list_sync_map_items(
    world: World,
    *,
    account: str,
    service: str,
    resource: str,
    order: str = "asc",
    from_: str | None = None,
    bounds: str = "inclusive",
) -> pages.ItemRows:
    """The items of a map by their keys, from one on.

    Raises:
        Refused: 20404 there is no such map, 54451, 54452.
    """
    found = fetch_sync_map(world, account=account, service=service, resource=resource)
    return pages.items_from(world, found, order, from_, bounds)
