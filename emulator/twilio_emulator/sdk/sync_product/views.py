"""Objects of Sync as clients watch them: views of what the world keeps, which keep nothing.

The rules of this file:

- What changed since a client was here is read from the items themselves, each of which knows its
  last change, and from the removals that are remembered.
- Of what came and went while a client was away it is told both: it may have made it itself, and
  know it by the answer alone.
- Nobody can say what a client has missed that stands before removals that are not remembered any
  more, or ahead of us, as after the world was put back: `WHO_KNOWS_OTHERWISE_OPENS_ANEW`.
"""

from collections.abc import Iterator
from heapq import merge

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.resources import (
    COLLECTIONS,
    SyncItems,
    SyncKind,
    SyncRemovals,
    SyncResource,
    SyncResources,
)
from twilio_emulator.sdk.sync.engine import OBJECT_NOT_FOUND
from twilio_emulator.sdk.sync.watched import Change, Kind, Watched
from twilio_emulator.sdk.sync_product import look

WHO_KNOWS_OTHERWISE_OPENS_ANEW = True
"""Decided: a client of which nobody can say what it has missed is told that the object is gone. It
would show what is not there, otherwise."""

_BEHIND_ALL = "\U0010ffff"
"""Comes after every sid."""


class SharedObject(Watched):
    """An object of Sync.

    Args:
        world: where it is kept.
        resource: what it is now.
        root: the URL of its service.
    """

    before_first = -1

    def __init__(self, world: World, resource: SyncResource, root: str) -> None:
        super().__init__(resource.sid)
        self.kind = Kind(resource.kind.value)
        self._world = world
        self._root = root
        self._first = resource
        self._gone: SyncResource | None = None

    @property
    def resource(self) -> SyncResource:
        """What it is now. Where all went at once, with a service, it is what it was at first."""
        return self._gone or self._world[SyncResources].get(self.sid) or self._first

    @property
    def is_gone(self) -> bool:
        """Whether it was removed."""
        return self._gone is not None

    @property
    def name(self) -> str:
        return self.resource.unique_name or self.sid

    @property
    def last_id(self) -> int:
        return self.resource.last_event_id

    @property
    def told_position(self) -> int | None:
        return None if self.kind is Kind.STREAM else self.last_id

    def go(self, resource: SyncResource) -> Change:
        """It was removed, and is told so to those who are only catching up."""
        self._gone = resource
        return look.object_removed(resource)

    def catch_up(self, position: int) -> None:
        it = self.resource
        is_known = self.kind is Kind.STREAM or it.forgotten_event_id <= position <= self.last_id
        if WHO_KNOWS_OTHERWISE_OPENS_ANEW and not is_known:
            raise Refused(OBJECT_NOT_FOUND[self.kind])

    def _changes(self, position: int, since: int) -> Iterator[Change]:
        it = self.resource
        if self._gone is not None:
            if position < it.last_event_id:
                yield look.object_removed(it)
        elif position < it.forgotten_event_id:  # forgotten since it began to catch up
            yield look.object_removed(it)
        elif it.kind in COLLECTIONS:
            yield from self._changes_of_items(it, position, since)
        elif it.kind is SyncKind.DOCUMENT and it.last_event_id > position:
            yield look.document_updated(it)

    def _changes_of_items(self, it: SyncResource, position: int, since: int) -> Iterator[Change]:
        items, removals = self._world[SyncItems], self._world[SyncRemovals]
        after = (position, _BEHIND_ALL)
        removed = list(removals.by_collection.of(it.sid).upward(after))
        gone = (removals[sid].item for _, sid in removed)
        come_and_gone = {
            each.added_event_id: replace(each, event_id=each.added_event_id)
            for each in gone
            if each.added_event_id > max(position, since)
        }
        for id, sid in merge(
            items.by_change.of(it.sid).upward(after),
            removed,
            ((id, "") for id in sorted(come_and_gone)),
        ):
            if id in come_and_gone:
                yield look.item_changed(it, come_and_gone[id], self._root, added=True)
            elif (item := items.get(sid)) is not None and item.event_id == id:
                yield look.item_changed(it, item, self._root, added=item.added_event_id > since)
            else:
                yield look.item_removed(it, removals[sid].item)
