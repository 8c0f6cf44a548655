"""Indexes of tables: what is found by a value, in order, counted and added up.

The rule of this file: to find by a value, and to change what is found, costs the same however much
is stored; to find a place in an order costs the logarithm of it.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Hashable, Iterable, Iterator
from heapq import merge
from typing import Generic, Protocol, TypeVar

from twilio_emulator.core.kernel.pieces import Much, with_room


class Kept(Protocol):
    """A record with a sid."""

    @property
    def sid(self) -> str: ...


R = TypeVar("R", bound=Kept)

Place = tuple[int, str]
"""Where a record stands in an order: its rank, then its sid."""

_CHUNK = 512


class Ranks:
    """Places in order, in chunks, so that changing one of a million is as fast as one of ten."""

    __slots__ = ("_chunks", "_count")

    def __init__(self) -> None:
        self._chunks: list[list[Place]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, place: Place) -> None:
        """Put a place where it belongs; cheapest at the end, where most of them belong."""
        chunks = self._chunks
        self._count += 1
        if not chunks:
            chunks.append([place])
            return
        at, chunk = len(chunks) - 1, chunks[-1]
        if place > chunk[-1]:
            chunk.append(place)
        else:
            at = bisect_left(chunks, place, key=_last)
            chunk = chunks[at]
            insort(chunk, place)
        if len(chunk) > 2 * _CHUNK:
            chunks.insert(at + 1, chunk[_CHUNK:])
            del chunk[_CHUNK:]

    def remove(self, place: Place) -> None:
        """Take a place out."""
        chunks = self._chunks
        self._count -= 1
        at, chunk = len(chunks) - 1, chunks[-1]
        if place == chunk[-1]:
            chunk.pop()
        else:
            at = bisect_left(chunks, place, key=_last)
            chunk = chunks[at]
            del chunk[bisect_left(chunk, place)]
        if not chunk:
            del chunks[at]

    def upward(self, after: Place | None = None) -> Iterator[Place]:
        """From the lowest, or from the first above `after`."""
        chunks = self._chunks
        at, within = 0, 0
        if after is not None:
            at = bisect_left(chunks, after, key=_last)
            within = bisect_right(chunks[at], after) if at < len(chunks) else 0
        for chunk in chunks[at:]:
            yield from chunk[within:] if within else chunk
            within = 0

    def downward(self, after: Place | None = None) -> Iterator[Place]:
        """From the highest, or from the first below `after`."""
        chunks = self._chunks
        at, within = len(chunks) - 1, None
        if after is not None:
            at = min(bisect_left(chunks, after, key=_last), at)
            within = bisect_left(chunks[at], after) if chunks else None
        for position in range(at, -1, -1):
            chunk = chunks[position]
            yield from reversed(chunk if within is None else chunk[:within])
            within = None

    def first(self, reached: Callable[[str], bool]) -> Place | None:
        """The lowest place for whose sid `reached` says yes, as it does then for all above."""
        at = bisect_left(self._chunks, True, key=lambda chunk: reached(chunk[-1][1]))
        if at == len(self._chunks):
            return None
        chunk = self._chunks[at]
        return chunk[bisect_left(chunk, True, key=lambda place: reached(place[1]))]

    def above(self, rank: int) -> int:
        """How many stand above `rank`."""
        beyond: Place = (rank + 1, "")
        at = bisect_left(self._chunks, beyond, key=_last)
        if at == len(self._chunks):
            return 0
        count = len(self._chunks[at]) - bisect_left(self._chunks[at], beyond)
        return count + sum(len(chunk) for chunk in self._chunks[at + 1 :])


def _last(chunk: list[Place]) -> Place:
    return chunk[-1]


NO_PLACES = Ranks()


class Joined:
    """The places of several groups as one order."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Iterable[Ranks]) -> None:
        self._parts = [part for part in parts if part]

    def upward(self, after: Place | None = None) -> Iterator[Place]:
        """From the lowest, or from the first above `after`."""
        return _merged([part.upward(after) for part in self._parts])

    def downward(self, after: Place | None = None) -> Iterator[Place]:
        """From the highest, or from the first below `after`."""
        return _merged([part.downward(after) for part in self._parts], reverse=True)


def _merged(walks: list[Iterator[Place]], *, reverse: bool = False) -> Iterator[Place]:
    return walks[0] if len(walks) == 1 else merge(*walks, reverse=reverse)


class Unique(Generic[R]):
    """Finds the one record with a key.

    `key` answers None for a record that is not to be found by it.
    """

    __slots__ = ("_key", "_sids")

    def __init__(self, key: Callable[[R], Hashable | None]) -> None:
        self._key = key
        self._sids: Much[Hashable, str] = {}

    def find(self, key: Hashable) -> str | None:
        """The sid of the record with `key`."""
        return self._sids.get(key)

    def is_taken(self, record: R) -> bool:
        """Whether a record has the key that `record` is to be found by."""
        return self._key(record) in self._sids

    def become(self, other: "Unique[R]") -> None:
        """Find what another finds."""
        self._sids = other._sids

    def change(self, old: R | None, new: R | None) -> None:
        before = None if old is None else self._key(old)
        after = None if new is None else self._key(new)
        if before == after:
            return
        if before is not None:
            del self._sids[before]
        if after is not None and new is not None:
            sids = self._sids = with_room(self._sids)
            sids[after] = new.sid


class Ordered(Generic[R]):
    """Lists the records of a group in order. `group` answers None for a record in no group."""

    __slots__ = ("_group", "_groups", "_rank")

    def __init__(self, group: Callable[[R], Hashable | None], rank: Callable[[R], int]) -> None:
        self._group = group
        self._rank = rank
        self._groups: Much[Hashable, Ranks] = {}

    def of(self, group: Hashable) -> Ranks:
        """The places of a group; empty for one that has none."""
        return self._groups.get(group, NO_PLACES)

    def place(self, record: R) -> Place:
        """Where `record` stands."""
        return self._rank(record), record.sid

    def become(self, other: "Ordered[R]") -> None:
        """List what another lists."""
        self._groups = other._groups

    def change(self, old: R | None, new: R | None) -> None:
        after = None if new is None else self._group(new)
        if old is not None and (before := self._group(old)) is not None:
            rank = self._rank(old)
            if before == after and new is not None and rank == self._rank(new):
                return
            ranks = self._groups[before]
            ranks.remove((rank, old.sid))
            if before == after and new is not None:
                ranks.add((self._rank(new), new.sid))
                return
            if not ranks:
                del self._groups[before]
        if after is not None and new is not None:
            held = self._groups.get(after)
            if held is None:
                groups = self._groups = with_room(self._groups)
                held = groups[after] = Ranks()
            held.add((self._rank(new), new.sid))


class Counted(Generic[R]):
    """Counts how many records say a value; `value` answers None for a record that says none.

    Attributes:
        heard: told of a value that the first record says now, and, with False, of one that none
            says any more. It must only note that: what is changed may yet be taken back.
    """

    __slots__ = ("_counts", "_value", "heard")

    def __init__(self, value: Callable[[R], str | None]) -> None:
        self._value = value
        self._counts: Much[str, int] = {}
        self.heard: Callable[[str, bool], None] | None = None

    def __iter__(self) -> Iterator[str]:
        """All that is said."""
        return iter(self._counts)

    def become(self, other: "Counted[R]") -> None:
        """Count what another counts."""
        before, self._counts = self._counts, other._counts
        if self.heard is not None:
            for value in self._counts:
                self.heard(value, True)
            for value in before:
                self.heard(value, False)

    def change(self, old: R | None, new: R | None) -> None:
        before = None if old is None else self._value(old)
        after = None if new is None else self._value(new)
        if before == after:
            return
        if after is not None:
            counts = self._counts = with_room(self._counts)
            count = counts[after] = counts.get(after, 0) + 1
            if count == 1 and self.heard is not None:
                self.heard(after, True)
        if before is not None:
            count = self._counts[before] = self._counts[before] - 1
            if not count:
                del self._counts[before]
                if self.heard is not None:
                    self.heard(before, False)


class Summed(Generic[R]):
    """Adds up a number that each record says.

    Attributes:
        total: of all.
    """

    __slots__ = ("_number", "total")

    def __init__(self, number: Callable[[R], int]) -> None:
        self._number = number
        self.total = 0

    def become(self, other: "Summed[R]") -> None:
        """Have what another has added up."""
        self.total = other.total

    def change(self, old: R | None, new: R | None) -> None:
        if old is not None:
            self.total -= self._number(old)
        if new is not None:
            self.total += self._number(new)
