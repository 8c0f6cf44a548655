"""What clients can watch, whatever it is and whoever keeps it.

The rules of this file:

- Every change of an object has an id from the object's own counter, and ids only rise.
- `changes_after` may be compact: of what changed more than once the last value is enough, under the
  id of its last change. A reader who is told them in order, and then of every further change, has
  missed nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from twilio_emulator.sdk.twilsock.outbox import Outbox

BATCH = 32 * 1024
"""Bytes of events that a replay puts into one notification: the JavaScript client reads a frame
byte by byte."""


class Kind(StrEnum):
    """What an object is, as subscriptions call it."""

    DOCUMENT = "document"
    LIST = "list"
    MAP = "map"
    STREAM = "stream"

    @property
    def collection(self) -> str:
        """As paths call it."""
        return f"{self.capitalize()}s"


@dataclass(frozen=True, slots=True)
class Change:
    """What subscribers are told: the type and the id of an event, and the event as JSON."""

    type: str
    id: int
    event: bytes


class Watched(ABC):
    """An object that clients watch."""

    kind: Kind
    before_first = 0
    """Where a reader stands who knows of no change."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.live: dict[object, Outbox] = {}
        """Where the frame of a change goes: the outbox of every subscription that is up to date."""
        self.live_before: dict[object, Outbox] = {}
        """The same for clients that speak an older version of the event protocol."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Its unique name, or its sid if it has none."""

    @property
    @abstractmethod
    def last_id(self) -> int:
        """The id of its last change."""

    @property
    def position(self) -> int:
        """Where a client stands that reads it now."""
        return self.last_id

    @property
    def told_position(self) -> int | None:
        """Where a client stands that has caught up, as it is told; None for what does not count."""
        return self.last_id

    @abstractmethod
    def catch_up(self, position: int) -> None:
        """Count on from where a reader stands who is ahead of us.

        It was here in an earlier life of this server, and would take what comes next for old.

        Raises:
            Refused: nothing that it knows can be brought up to date.
        """

    def changes_after(self, position: int, since: int) -> list[Change]:
        """The next changes for a reader, some at a time; none when it is up to date.

        Args:
            position: the id of the last change that it was told.
            since: where it stood when it began to catch up: what came into being since is added,
                what was there is updated.

        Returns:
            Changes of one type, in order, at most `BATCH` bytes of them and at least one.
        """
        batch: list[Change] = []
        room = BATCH
        for change in self._changes(position, since):
            if batch and (change.type != batch[0].type or len(change.event) > room):
                break
            batch.append(change)
            room -= len(change.event)
        return batch

    @abstractmethod
    def _changes(self, position: int, since: int) -> Iterator[Change]:
        """Everything that changed after `position`, in order."""
