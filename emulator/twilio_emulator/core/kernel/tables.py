"""Tables of records, found by what they say.

The rules of this file:

- A table keeps records by sid. Its indexes are functions of the records, so they cannot disagree
  with them, and a snapshot needs no index: restoring puts the records and the indexes follow.
- A page costs its own length, and finding where it starts the logarithm of what is stored.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from operator import attrgetter
from typing import Any, ClassVar, Generic, Protocol, Self, cast

from twilio_emulator.core.kernel.indexes import (
    NO_PLACES,
    Counted,
    Joined,
    Ordered,
    Place,
    R,
    Ranks,
    Summed,
    Unique,
)
from twilio_emulator.core.kernel.pieces import Much, gathered, with_room


class Undoable(Protocol):
    """What can take back a change, and tell what it has now."""

    def get(self, key: str, /) -> Any:
        """What is there under `key`; None when nothing is."""

    def keys(self) -> Iterable[str]:
        """Under which keys something is, in the order in which it first came."""

    def undo(self, key: str, old: Any) -> None:
        """Have under `key` what was there before; None when nothing was."""


Changes = list[tuple[Undoable, str, object]]
"""What was changed, in order: where, under which key, and what was there before."""


_WORD = re.compile("(?<=[a-z])(?=[A-Z])")


class Table(Generic[R]):
    """Records of one kind.

    Args:
        kind: the record's class, for restoring.
        indexes: how its records are found besides by sid.
        by: all fields that the indexes go by, for a table whose records mostly change in others.

    Attributes:
        changes: where changes are noted, so that they can be taken back.
        name: what a snapshot calls the table.
        refers: its fields that name a record which must be there, each with that one's table: in
            every world, after every command.
        shows_bytes: whether its records show any.
        digests: of the bytes that its records show, then.
    """

    __slots__ = ("_indexes", "_mixed", "_records", "_said", "changes", "kind")

    name: ClassVar[str]
    shows_bytes: ClassVar[bool] = False
    digests: "Counted[Any] | None" = None
    refers: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.name = _WORD.sub("_", cls.__name__.removesuffix("Table")).lower()

    def __init__(
        self,
        kind: type[R],
        *indexes: Unique[R] | Ordered[R] | Counted[R] | Summed[R],
        by: tuple[str, ...] | None = None,
    ) -> None:
        self.kind = kind
        self._records: Much[str, R] = {}
        self._mixed = False  # whether some that were put back stand too late
        self._indexes = indexes
        self._said = None if by is None else attrgetter(*by)
        self.changes: Changes | None = None

    @classmethod
    def empty(cls) -> Self:
        """One without records: subclasses know by themselves what they keep."""
        return cast(Callable[[], Self], cls)()

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[R]:
        """In the order in which they first came."""
        return iter(self._ordered().values())

    def __contains__(self, sid: str) -> bool:
        return sid in self._records

    def __getitem__(self, sid: str) -> R:
        return self._records[sid]

    def get(self, sid: str | None) -> R | None:
        """The record with `sid`, if there is one."""
        return None if sid is None else self._records.get(sid)

    def keys(self) -> Iterable[str]:
        """The sids of all, in the order in which they first came."""
        return self._ordered()

    def _ordered(self) -> Much[str, R]:
        """The records in the order in which they first came, which is that of their serials."""
        if self._mixed:
            by_age = sorted(self._records.values(), key=lambda kept: getattr(kept, "serial", 0))
            self._records = gathered((kept.sid, kept) for kept in by_age)
            self._mixed = False
        return self._records

    def found(self, index: Unique[R], key: Hashable) -> R | None:
        """The record that a unique index finds."""
        sid = index._sids.get(key)  # every request finds something
        return None if sid is None else self._records[sid]

    def all(self, index: Ordered[R], group: Hashable) -> Iterator[R]:
        """The records of a group in order; they may be changed and removed meanwhile."""
        return iter([self._records[sid] for _, sid in index.of(group).upward()])

    def put(self, record: R) -> R:
        """Keep `record`, in place of the one with its sid."""
        sid, records, said = record.sid, self._records, self._said
        old = records.get(sid)
        if self.changes is not None:
            self.changes.append((self, sid, old))
        if old is None or said is None or said(old) != said(record):
            for index in self._indexes:
                index.change(old, record)
        if old is None:
            records = self._records = with_room(records)
        records[sid] = record
        return record

    def remove(self, sid: str) -> None:
        """Forget a record."""
        old = self._records.pop(sid)
        if self.changes is not None:
            self.changes.append((self, sid, old))
        for index in self._indexes:
            index.change(old, None)

    def undo(self, key: str, old: R | None) -> None:
        """Have the record that was there before, where it was before."""
        if old is not None:
            self._mixed = self._mixed or key not in self._records  # to sort is for who goes through
            self.put(old)
        elif key in self._records:
            self.remove(key)

    def is_taken(self, record: R) -> bool:
        """Whether another record has its sid, or what it alone is to be found by."""
        if record.sid in self._records:
            return True
        return any(type(index) is Unique and index.is_taken(record) for index in self._indexes)

    def load(self, record: R) -> bool:
        """Keep a record of a snapshot in a table that nobody uses yet; answers whether it is new
        there, and nothing else has what it alone is to be found by."""
        if self.is_taken(record):
            return False
        for index in self._indexes:
            index.change(None, record)
        self._records = with_room(self._records)
        self._records[record.sid] = record
        return True

    def become(self, other: "Table[R]") -> None:
        """Hold what another table of this kind holds, which is not to be used any more."""
        self._records, self._mixed = other._records, other._mixed
        for index, made in zip(self._indexes, other._indexes, strict=True):
            index.become(made)  # type: ignore[arg-type]  # both are of one kind of table

    def clear(self) -> None:
        """Forget all."""
        for sid in list(self._records):
            self.remove(sid)


class Rows(Generic[R]):
    """What a list shows, page by page, from a place on.

    Args:
        table: where the records are.
        groups: whose places it shows.
        downward: highest rank first.
        keep: shows only what it says yes to.
        lowest: looks at no rank below.
        highest: looks at no rank above.
        besides: places below `lowest` that are looked at nevertheless.
    """

    __slots__ = (
        "_besides",
        "_downward",
        "_highest",
        "_keep",
        "_lowest",
        "_order",
        "_ranks",
        "_table",
    )

    def __init__(
        self,
        table: Table[R],
        order: Ordered[R],
        *groups: Hashable,
        downward: bool = False,
        keep: Callable[[R], bool] | None = None,
        lowest: int | None = None,
        highest: int | None = None,
        besides: Ranks = NO_PLACES,
    ) -> None:
        self._table = table
        self._order = order
        self._ranks = order.of(groups[0]) if len(groups) == 1 else Joined(map(order.of, groups))
        self._downward = downward
        self._keep = keep
        self._lowest = lowest
        self._highest = highest
        self._besides = besides

    def __iter__(self) -> Iterator[R]:
        return self._walk(None, self._downward)

    def place(self, record: R) -> Place:
        """Where `record` stands in this list."""
        return self._order.place(record)

    def after(self, place: Place | None, size: int) -> tuple[list[R], bool]:
        """The `size` records that follow `place` (or come first), and whether more follow."""
        return self._take(self._walk(place, self._downward), size)

    def before(self, place: Place, size: int) -> tuple[list[R], bool]:
        """The `size` records that stand just before `place`, and whether more stand before them."""
        records, more = self._take(self._walk(place, not self._downward), size)
        return records[::-1], more

    def _take(self, walk: Iterator[R], size: int) -> tuple[list[R], bool]:
        records: list[R] = []
        for found in walk:
            if len(records) == size:
                return records, True
            records.append(found)
        return records, False

    def _walk(self, place: Place | None, downward: bool) -> Iterator[R]:
        table, keep = self._table, self._keep
        for _, sid in self._places(place, downward):
            found = table[sid]
            if keep is None or keep(found):
                yield found

    def _places(self, place: Place | None, downward: bool) -> Iterator[Place]:
        """What is looked at, from a place on."""
        if self._lowest is None and self._highest is None:
            return self._ranks.downward(place) if downward else self._ranks.upward(place)
        return self._between_downward(place) if downward else self._between_upward(place)

    def _between_downward(self, place: Place | None) -> Iterator[Place]:
        highest, lowest = self._highest, self._lowest
        if highest is not None:
            top: Place = (highest + 1, "")
            place = top if place is None else min(place, top)
        for each in self._ranks.downward(place):
            if lowest is not None and each[0] < lowest:
                break
            yield each
        if lowest is not None:
            bottom: Place = (lowest, "")
            yield from self._besides.downward(bottom if place is None else min(place, bottom))

    def _between_upward(self, place: Place | None) -> Iterator[Place]:
        for each in self._from_lowest(place):
            if self._highest is not None and each[0] > self._highest:
                return
            yield each

    def _from_lowest(self, place: Place | None) -> Iterator[Place]:
        if self._lowest is not None:
            bottom: Place = (self._lowest, "")
            for each in self._besides.upward(place):
                if each >= bottom:
                    break
                yield each
            place = bottom if place is None else max(place, bottom)
        yield from self._ranks.upward(place)
