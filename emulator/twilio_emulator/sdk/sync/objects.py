"""Sync objects: what they hold at first, and what changed in them when.

The rules of this file:

- Every change of an object has an id from the object's own counter, and whatever it changed carries
  that id. A client drops an event that is not newer than what it has, so pages and events must
  count alike.
- An object begins with what it holds at that moment, all of it under id 0. Nobody can have seen an
  earlier change, since nobody could read the object before.
- What is removed leaves a tombstone, so that a client who was away can be told.
- Values are kept as JSON, encoded once. Setting an equal value changes nothing.
- Dates come as the text that clients see: ISO 8601 in UTC with milliseconds.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from twilio_emulator.sdk.sync.watched import Change, Kind, Watched


@dataclass(frozen=True, slots=True)
class SyncAddress:
    """Where an object is. The URL is the service's, without a slash at its end."""

    account_sid: str
    service_sid: str
    url: str
    sid: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Contents:
    """What an object of any kind is when it is first read.

    Args:
        removed: whether it existed and was removed. It is then readable, and a client that opens it
            is told that it was removed.
    """

    date_created: str
    date_updated: str
    created_by: str = "system"
    removed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentContents(_Contents):
    """What a document holds when it is first read: its value, as JSON can say it."""

    data: object


@dataclass(frozen=True, kw_only=True, slots=True)
class ListContents(_Contents):
    """What a list holds when it is first read: index and value of each item, in any order.

    A list may have a context: a value of its own beside its items.
    """

    items: Iterable[tuple[int, object]]
    context: object = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MapContents(_Contents):
    """What a map holds when it is first read: key and value of each item, in any order."""

    items: Iterable[tuple[str, object]]


Contents = DocumentContents | ListContents | MapContents


class SyncObject(Watched):
    """What documents, lists and maps have in common."""

    def __init__(self, address: SyncAddress, contents: Contents) -> None:
        super().__init__(address.sid)
        self._name = address.name
        self.url = f"{address.url}/{self.kind.collection}/{address.sid}"
        self.last_event_id = 0
        self.revision = 0
        self._account_sid = address.account_sid
        self._service_sid = address.service_sid
        self._date_created = contents.date_created
        self._date_updated = contents.date_updated
        self._created_by = contents.created_by
        self._removed: Change | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def last_id(self) -> int:
        return self.last_event_id

    @property
    def is_removed(self) -> bool:
        """Whether only its tombstone is left."""
        return self._removed is not None

    @property
    def position(self) -> int:
        """Where a client stands that reads it now: behind its removal, to be told of that yet."""
        return self.last_event_id if self._removed is None else self._removed.id - 1

    def descriptor(self) -> dict[str, object]:
        """The object as a GET shows it."""
        return {
            "sid": self.sid,
            "unique_name": self.name,
            "account_sid": self._account_sid,
            "service_sid": self._service_sid,
            "url": self.url,
            "revision": f"{self.revision:x}",
            "last_event_id": self.position,
            "date_created": self._date_created,
            "date_updated": self._date_updated,
            "date_expires": None,
            "created_by": self._created_by,
            "type": self.kind.value,
        }

    def catch_up(self, position: int) -> None:
        self.last_event_id = max(self.last_event_id, position)

    @abstractmethod
    def become(self, contents: Any, at: str) -> Iterator[Change]:
        """Change whatever differs from what it is to hold, which is of its own kind."""

    def remove(self, at: str) -> Change | None:
        """Remove the whole object; None when that was done before."""
        if self._removed is not None:
            return None
        self._clear()
        event_id = self._next(at)
        kind = self.kind.value
        event = {
            "id": event_id,
            "date_created": self._date_updated,
            f"{kind}_sid": self.sid,
            f"{kind}_unique_name": self.name,
        }
        self._removed = Change(f"{kind}_removed", event_id, msgspec.json.encode(event))
        return self._removed

    def _next(self, at: str) -> int:
        self.last_event_id += 1
        self.revision += 1
        self._date_updated = at
        return self.last_event_id

    def _changes(self, position: int, since: int) -> Iterator[Change]:
        if self._removed is None:
            yield from self._own_changes(position, since)
        elif self._removed.id > position:
            yield self._removed

    @abstractmethod
    def _own_changes(self, position: int, since: int) -> Iterator[Change]:
        """What changed after `position`, short of its removal."""

    @abstractmethod
    def _clear(self) -> None:
        """Let go what a tombstone does not need."""


class Document(SyncObject):
    """One value."""

    kind = Kind.DOCUMENT

    def __init__(self, address: SyncAddress, contents: DocumentContents) -> None:
        super().__init__(address, contents)
        self._data = msgspec.json.encode(contents.data)
        self._changed_by = 0

    def descriptor(self) -> dict[str, object]:
        return super().descriptor() | {"data": msgspec.Raw(self._data)}

    def set(self, data: object, at: str) -> Change | None:
        """Give it another value; None when it has this one, or was removed."""
        encoded = msgspec.json.encode(data)
        if encoded == self._data or self.is_removed:
            return None
        self._data = encoded
        self._changed_by = self._next(at)
        return self._updated()

    def become(self, contents: DocumentContents, at: str) -> Iterator[Change]:
        change = self.set(contents.data, at)
        if change is not None:
            yield change

    def _updated(self) -> Change:
        event = {
            "id": self._changed_by,
            "date_created": self._date_updated,
            "document_sid": self.sid,
            "document_unique_name": self.name,
            "document_revision": f"{self.revision:x}",
            "document_data": msgspec.Raw(self._data),
            "date_expires": None,
        }
        return Change("document_updated", self._changed_by, msgspec.json.encode(event))

    def _own_changes(self, position: int, since: int) -> Iterator[Change]:
        if self._changed_by > position:
            yield self._updated()

    def _clear(self) -> None:
        """Clients read the value of a tombstone too, and expect its fields."""
