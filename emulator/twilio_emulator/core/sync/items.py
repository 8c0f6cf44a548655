"""Items of lists and maps alike: added, changed, removed, and when their time is over.

The rules of this file:

- Each change of an item is one of its collection, with the next id of its counter. That another end
  is a change of an item is decided, as it is one of a document.
- A time to live of the collection may be said along with an item's change.
- Who was away is told of removed items too, as long as they are remembered (`REMOVALS_KEPT`).
"""

from dataclasses import field
from typing import NamedTuple

from twilio_emulator.core.kernel.records import NO_PARAMETER, command, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refusal, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import ends, objects, revisions, sizes
from twilio_emulator.core.sync.ends import End
from twilio_emulator.core.sync.errors import (
    LIST_ITEM_NOT_FOUND,
    LIST_ITEM_REVISION,
    MAP_ITEM_NOT_FOUND,
    MAP_ITEM_REVISION,
    required,
)
from twilio_emulator.core.sync.objects import OnSyncResource
from twilio_emulator.core.sync.permissions import Right
from twilio_emulator.core.sync.resources import (
    BY_EXPIRY,
    BY_REST,
    REMOVALS_KEPT,
    SyncActor,
    SyncDoor,
    SyncItem,
    SyncItemAdded,
    SyncItemRemoved,
    SyncItems,
    SyncItemUpdated,
    SyncKind,
    SyncRemoval,
    SyncRemovals,
    SyncResource,
    SyncResources,
    actor,
    item_sid,
)

NO_SUCH_ITEM = {SyncKind.LIST: LIST_ITEM_NOT_FOUND, SyncKind.MAP: MAP_ITEM_NOT_FOUND}
"""What a client is told of an item that is not there."""

OTHER_REVISION: dict[SyncKind, Refusal] = {
    SyncKind.LIST: LIST_ITEM_REVISION,
    SyncKind.MAP: MAP_ITEM_REVISION,
}


@command
class ExpireSyncItem:
    """The time of an item of a list or a map is over."""

    item: str

    def apply(self, world: World) -> None:
        found = world[SyncItems].get(self.item)
        if found is not None and ends.has_ended(found, world.now):
            drop(world, world[SyncResources][found.collection_sid], found, BY_EXPIRY)


class ItemSaid(NamedTuple):
    """What is said of an item, checked: its value, its end, and that of its whole collection."""

    data: str | None
    end: End | None
    end_of_all: End | None


@record
class SayingItem(OnSyncResource):
    """A wish about an item's value and its end; `data` is JSON text, all times are seconds."""

    data: str | None = None
    ttl: str | None = None
    item_ttl: str | None = None
    collection_ttl: str | None = None
    if_match: str | None = field(default=None, metadata=NO_PARAMETER)

    def said(self) -> ItemSaid:
        """What is said of it.

        Raises:
            Refused: 54006, 54008 or 54011 it cannot be so.
        """
        data = None if self.data is None else sizes.value(self.data)
        return ItemSaid(
            data=data,
            end=ends.read_ttl(self.item_ttl, self.ttl),
            end_of_all=ends.read_ttl(self.collection_ttl),
        )


def find_item(world: World, collection: SyncResource, name: str) -> SyncItem | None:
    """The item with an index or a key, for who only looks; None when there is none, or none any
    more."""
    found = kept_item(world, collection, name)
    return None if found is None or ends.has_ended(found, world.clock.now()) else found


def kept_item(world: World, collection: SyncResource, name: str) -> SyncItem | None:
    """The same for a command, as `objects.kept` says."""
    return world[SyncItems].get(item_sid(collection, name))


def fetched_item(world: World, collection: SyncResource, name: str) -> SyncItem:
    """The item with an index or a key, as REST fetches it.

    Raises:
        Refused: 20404.
    """
    return _there(find_item(world, collection, name), collection, BY_REST)


def need_item(world: World, collection: SyncResource, name: str, by: SyncActor) -> SyncItem:
    """The item with an index or a key that a command is about.

    Raises:
        Refused: it is not there: 20404; for a client 54151 in a list, 54201 in a map.
    """
    return _there(kept_item(world, collection, name), collection, by)


def _there(found: SyncItem | None, collection: SyncResource, by: SyncActor) -> SyncItem:
    if found is None:
        raise Refused(NOT_FOUND if by.door is SyncDoor.REST else NO_SUCH_ITEM[collection.kind])
    return found


def add(
    world: World, collection: SyncResource, said: ItemSaid, by: SyncActor, key: str | None = None
) -> SyncItem:
    """Add an item that is not there yet: with a `key` to a map, without one to a list."""
    data = required("Data", said.data)
    event_id = collection.last_event_id + 1
    item = world[SyncItems].put(
        SyncItem(
            sid=item_sid(collection, str(event_id) if key is None else key),
            kind=collection.kind,
            account_sid=collection.account_sid,
            service_sid=collection.service_sid,
            collection_sid=collection.sid,
            index=event_id if key is None else -1,
            key=key or "",
            data=data,
            event_id=event_id,
            added_event_id=event_id,
            date_expires=None if said.end is None else said.end.at(world.now),
            date_created=world.now,
            date_updated=world.now,
            created_by=by.identity,
        )
    )
    _set_end(world, item)
    changed = _counted(world, collection, said.end_of_all)
    world.tell(SyncItemAdded(resource=changed, item=item, by=by))
    return item


def change(
    world: World, collection: SyncResource, item: SyncItem, said: ItemSaid, by: SyncActor
) -> SyncItem:
    """Change an item: its value, its end, or both; nothing of it when nothing is said."""
    if said.data is None and said.end is None:
        if said.end_of_all is not None:
            objects.move_end(world, collection, said.end_of_all, by)
        return item
    changed = world[SyncItems].put(
        replace(
            item,
            data=item.data if said.data is None else said.data,
            event_id=collection.last_event_id + 1,
            date_expires=item.date_expires if said.end is None else said.end.at(world.now),
            date_updated=world.now,
        )
    )
    if said.end is not None:
        _set_end(world, changed)
    collection = _counted(world, collection, said.end_of_all)
    world.tell(SyncItemUpdated(resource=collection, item=changed, by=by))
    return changed


def update(world: World, wish: SayingItem, name: str) -> SyncItem:
    """Change the item that a wish is about.

    Raises:
        Refused: the collection or the item is not there, a client may not, `if_match` names another
            revision, or what is said cannot be.
    """
    by = actor(world)
    collection = wish.found(world, Right.WRITE)
    item = need_item(world, collection, name, by)
    said = wish.said()
    revisions.check(wish.if_match, item.revision, OTHER_REVISION[collection.kind])
    return change(world, collection, item, said, by)


def remove(world: World, wish: OnSyncResource, name: str, if_match: str | None) -> SyncItem:
    """Remove the item that a wish is about; answers it as its removal shows it.

    Raises:
        Refused: the collection or the item is not there, a client may not, or `if_match` names
            another revision.
    """
    by = actor(world)
    collection = wish.found(world, Right.WRITE)
    item = need_item(world, collection, name, by)
    revisions.check(if_match, item.revision, OTHER_REVISION[collection.kind])
    return drop(world, collection, item, by)


def drop(world: World, collection: SyncResource, item: SyncItem, by: SyncActor) -> SyncItem:
    """Remove an item; answers it as its removal shows it."""
    ends.forget_end(world, item)
    world[SyncItems].remove(item.sid)
    changed = _counted(world, collection, None)
    gone = replace(item, event_id=changed.last_event_id, date_updated=world.now)
    _remember(world, changed, gone, by)
    world.tell(SyncItemRemoved(resource=world[SyncResources][changed.sid], item=gone, by=by))
    return gone


def _remember(world: World, collection: SyncResource, gone: SyncItem, by: SyncActor) -> None:
    """Keep what was removed for whoever is away, and forget what is too long ago."""
    table = world[SyncRemovals]
    table.put(
        SyncRemoval(
            sid=f"{collection.sid}/{gone.event_id}",
            collection_sid=collection.sid,
            event_id=gone.event_id,
            item=gone,
            date_created=world.now,
            by=by,
        )
    )
    remembered = table.by_collection.of(collection.sid)
    if len(remembered) > REMOVALS_KEPT:
        event_id, sid = next(remembered.upward())
        table.remove(sid)
        world[SyncResources].put(replace(collection, forgotten_event_id=event_id))


def _counted(world: World, collection: SyncResource, end: End | None) -> SyncResource:
    """The collection after one more change, with another end if one is said."""
    if end is not None:
        collection = objects.ended(world, collection, end)
    return world[SyncResources].put(
        replace(collection, last_event_id=collection.last_event_id + 1, date_updated=world.now)
    )


def _set_end(world: World, item: SyncItem) -> None:
    ends.set_end(world, item, ExpireSyncItem(item=item.sid))
