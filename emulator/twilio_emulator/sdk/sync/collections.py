"""What Sync lists and maps have in common: items in order, page by page, and which changed when.

What objects.py says of events goes for items, too. An item that is removed leaves a tombstone for
those who knew it.
"""

from abc import abstractmethod
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic
from urllib.parse import quote

import msgspec

from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refusal, Refused
from twilio_emulator.sdk.sync.objects import (
    Contents,
    MapContents,
    SyncAddress,
    SyncObject,
)
from twilio_emulator.sdk.sync.pages import (
    K,
    Stretch,
    page_size,
    read_token,
    write_token,
)
from twilio_emulator.sdk.sync.watched import Change, Kind


@dataclass(frozen=True, slots=True)
class Item(Generic[K]):
    """One item of a list or a map, as it stands since event `event_id`."""

    key: K
    data: bytes
    event_id: int
    created_event_id: int
    revision: int
    date_created: str
    date_updated: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ItemsPage(Generic[K]):
    """Some items in the order that was asked for, and where there are more on either side."""

    items: Sequence[Item[K]]
    next: Stretch[K] | None = None
    previous: Stretch[K] | None = None


class Collection(SyncObject, Generic[K]):
    """What lists and maps have in common: items, in the order of their keys."""

    key_name: str
    item_not_found: Refusal

    def __init__(
        self, address: SyncAddress, contents: Contents, items: Iterable[tuple[K, object]]
    ) -> None:
        super().__init__(address, contents)
        dates = (self._date_created, self._date_updated)
        self._items: dict[K, Item[K]] = {
            key: Item(key, msgspec.json.encode(data), 0, 0, 0, *dates) for key, data in items
        }
        self._order: list[K] = sorted(self._items)
        self._log: list[Item[K]] = []
        """Every item that was changed or removed, by event id; also some that changed again since,
        which are no longer in `_items`."""

    @abstractmethod
    def key(self, said: str) -> K | None:
        """A key as it stands in a path or a parameter; None when it cannot be one."""

    def descriptor(self) -> dict[str, object]:
        return super().descriptor() | {"links": {"items": f"{self.url}/Items"}}

    def item(self, key: K) -> Item[K] | None:
        """The item under a key."""
        item = self._items.get(key)
        return None if item is None or item.removed else item

    def page(self, wanted: Stretch[K]) -> ItemsPage[K]:
        """Items from `start` on, itself included if it is there."""
        order, size = self._order, wanted.page_size
        if wanted.descending:
            end = len(order) if wanted.start is None else bisect_right(order, wanted.start)
            begin = max(0, end - wanted.count)
            later = min(len(order), end + size)
            return ItemsPage(
                [self._items[key] for key in order[begin:end][::-1]],
                Stretch(order[begin - 1], True, size, size) if begin else None,
                Stretch(order[later - 1], True, later - end, size) if end < later else None,
            )
        begin = 0 if wanted.start is None else bisect_left(order, wanted.start)
        end = min(len(order), begin + wanted.count)
        earlier = max(0, begin - size)
        return ItemsPage(
            [self._items[key] for key in order[begin:end]],
            Stretch(order[end], False, size, size) if end < len(order) else None,
            Stretch(order[earlier], False, begin - earlier, size) if earlier < begin else None,
        )

    def everything(self) -> list[dict[str, object]]:
        """All items as a GET shows them."""
        return [self.item_descriptor(self._items[key]) for key in self._order]

    def shown(self, said: str) -> dict[str, object]:
        """What a GET of one item answers.

        Raises:
            Refused: there is none under this key.
        """
        key = self.key(said)
        item = None if key is None else self.item(key)
        if item is None:
            raise Refused(self.item_not_found)
        return self.item_descriptor(item)

    def listed(self, param: Callable[[str], str | None]) -> dict[str, object]:
        """What a GET of the items answers: one by its key, which may be missing, or a page.

        Args:
            param: gives the request's parameters.

        Raises:
            Refused: a parameter makes no sense.
        """
        one = param(self.key_name.capitalize())
        if one is not None:
            key = self.key(one)
            item = None if key is None else self.item(key)
            return self._listed(ItemsPage([] if item is None else [item]))
        return self._listed(self.page(self._wanted(param)))

    def _wanted(self, param: Callable[[str], str | None]) -> Stretch[K]:
        token = param("PageToken")
        if token is not None:
            return read_token(token, self.key)
        order = param("Order") or "asc"
        if order not in ("asc", "desc"):
            raise Refused(INVALID_PARAMETER, parameter="Order")
        begin = param("From")
        start = None if begin is None else self.key(begin)
        if begin is not None and start is None:
            raise Refused(INVALID_PARAMETER, parameter="From")
        size = page_size(param("PageSize"))
        return Stretch(start, order == "desc", size, size)

    def _listed(self, page: ItemsPage[K]) -> dict[str, object]:
        return {
            "items": [self.item_descriptor(item) for item in page.items],
            "meta": {
                "key": "items",
                "page_size": len(page.items),
                "next_token": write_token(page.next),
                "previous_token": write_token(page.previous),
            },
        }

    def item_descriptor(self, item: Item[K]) -> dict[str, object]:
        """An item as a GET shows it."""
        return {
            self.key_name: item.key,
            "account_sid": self._account_sid,
            "service_sid": self._service_sid,
            f"{self.kind.value}_sid": self.sid,
            "url": self._item_url(item),
            "revision": f"{item.revision:x}",
            "last_event_id": item.event_id,
            "data": msgspec.Raw(item.data),
            "date_created": item.date_created,
            "date_updated": item.date_updated,
            "date_expires": None,
            "created_by": self._created_by,
        }

    def put(self, key: K, data: object, at: str) -> Change | None:
        """Add an item or give it another value; None when it has this one."""
        encoded = msgspec.json.encode(data)
        if self.is_removed:
            return None
        known = self.item(key)
        if known is None:
            insort(self._order, key)
            event_id = self._next(at)
            item = Item(key, encoded, event_id, event_id, 0, at, at)
        elif known.data == encoded:
            return None
        else:
            item = self._changed(known, at, encoded)
        return self._note(item, since=item.event_id - 1)

    def drop(self, key: K, at: str) -> Change | None:
        """Remove an item; None when there is none."""
        known = self.item(key)
        if known is None:
            return None
        del self._order[bisect_left(self._order, key)]
        removed = replace(self._changed(known, at, known.data), removed=True)
        return self._note(removed, since=known.event_id)

    def become(self, contents: Any, at: str) -> Iterator[Change]:
        wanted: dict[K, object] = dict(contents.items)
        gone = [key for key in self._order if key not in wanted]
        changes = [self.drop(key, at) for key in gone]
        changes += [self.put(key, data, at) for key, data in sorted(wanted.items())]
        return (change for change in changes if change is not None)

    def _changed(self, known: Item[K], at: str, data: bytes) -> Item[K]:
        return replace(
            known,
            data=data,
            event_id=self._next(at),
            revision=known.revision + 1,
            date_updated=at,
        )

    def _note(self, item: Item[K], since: int) -> Change:
        self._items[item.key] = item
        self._log.append(item)
        # Half of the log at most is of no use, so that what it holds follows what there is.
        if len(self._log) > 2 * len(self._items) + 64:
            self._log = [noted for noted in self._log if self._items[noted.key] is noted]
        return self._change(item, since)

    def _own_changes(self, position: int, since: int) -> Iterator[Change]:
        log = self._log
        for index in range(bisect_right(log, position, key=lambda item: item.event_id), len(log)):
            item = log[index]
            if self._items[item.key] is item:
                yield self._change(item, since)

    def _change(self, item: Item[K], since: int) -> Change:
        kind = self.kind.value
        event: dict[str, object] = {
            "id": item.event_id,
            "date_created": item.date_updated,
            f"{kind}_sid": self.sid,
            f"{kind}_unique_name": self.name,
            f"{kind}_revision": f"{self.revision:x}",
            f"item_{self.key_name}": item.key,
            "item_revision": f"{item.revision:x}",
            "item_data": msgspec.Raw(item.data),
        }
        if item.removed:
            what = "removed"
        else:
            what = "added" if item.created_event_id > since else "updated"
            event |= {"item_url": self._item_url(item), "date_expires": None}
        return Change(f"{kind}_item_{what}", item.event_id, msgspec.json.encode(event))

    def _item_url(self, item: Item[K]) -> str:
        return f"{self.url}/Items/{quote(str(item.key), safe='')}"

    def _clear(self) -> None:
        self._items.clear()
        self._order.clear()
        self._log.clear()


class SyncMap(Collection[str]):
    """Items by key."""

    kind = Kind.MAP
    key_name = "key"
    item_not_found = Refusal(54201, 404, "Item not found")

    def __init__(self, address: SyncAddress, contents: MapContents) -> None:
        super().__init__(address, contents, contents.items)

    def key(self, said: str) -> str:
        return said
