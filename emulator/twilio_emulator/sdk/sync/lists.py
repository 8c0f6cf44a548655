"""Sync lists: items in the order of their indexes, and perhaps a value of its own beside them.

The context, as that value is called, and items that clients add are what version 1 of the
JavaScript SDK talks to Conversations by.
"""

from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.sdk.sync.collections import Collection, Item
from twilio_emulator.sdk.sync.objects import ListContents, SyncAddress
from twilio_emulator.sdk.sync.pages import DIGITS
from twilio_emulator.sdk.sync.watched import Change, Kind


class SyncList(Collection[int]):
    """Items in the order of their indexes."""

    kind = Kind.LIST
    key_name = "index"
    item_not_found = Refusal(54151, 404, "Item not found")

    def __init__(self, address: SyncAddress, contents: ListContents) -> None:
        super().__init__(address, contents, contents.items)
        self.has_context = contents.context is not None
        self._context = msgspec.json.encode(contents.context)
        self._context_event_id = 0

    def key(self, said: str) -> int | None:
        return int(said) if DIGITS.fullmatch(said) else None

    def descriptor(self) -> dict[str, object]:
        said = super().descriptor()
        if self.has_context:
            links = {"items": f"{self.url}/Items", "context": f"{self.url}/Context"}
            said |= {"links": links}
        return said

    def context_descriptor(self) -> dict[str, object]:
        """The context as a GET shows it.

        A client that has read it would take an event of the same id for old, and the one of version
        1 begins with that event only. So it is shown as if it was about to be told of.
        """
        return {
            "account_sid": self._account_sid,
            "service_sid": self._service_sid,
            "list_sid": self.sid,
            "url": f"{self.url}/Context",
            "revision": f"{self.revision:x}",
            "last_event_id": max(0, self._context_event_id - 1),
            "data": msgspec.Raw(self._context),
        }

    def set_context(self, data: object, at: str) -> Change:
        """Give the list another context."""
        self._context = msgspec.json.encode(data)
        self._context_event_id = self._next(at)
        return self._context_change()

    def append(self, data: object, at: str) -> tuple[Item[int], Change]:
        """Add an item at the end."""
        index = self._order[-1] + 1 if self._order else 0
        change = self.put(index, data, at)
        assert change is not None
        return self._items[index], change

    def discard_before(self, index: int) -> None:
        """Forget items as if they had never been, without an event."""
        for gone in [each for each in self._items if each < index]:
            del self._items[gone]
        del self._order[: bisect_left(self._order, index)]
        self._log = [noted for noted in self._log if noted.key >= index]

    def _own_changes(self, position: int, since: int) -> Iterator[Change]:
        context = self._context_change() if self._context_event_id > position else None
        for change in super()._own_changes(position, since):
            if context is not None and context.id < change.id:
                yield context
                context = None
            yield change
        if context is not None:
            yield context

    def _context_change(self) -> Change:
        event = {
            "id": self._context_event_id,
            "date_created": self._date_updated,
            "list_sid": self.sid,
            "list_unique_name": self.name,
            "list_revision": f"{self.revision:x}",
            "context_revision": f"{self.revision:x}",
            "context_data": msgspec.Raw(self._context),
        }
        return Change("list_context_updated", self._context_event_id, msgspec.json.encode(event))
