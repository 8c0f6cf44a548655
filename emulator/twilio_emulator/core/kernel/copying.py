"""A world copied row by row while it goes on: the copy is of one instant.

The rules of this file:

- Nothing here takes longer the more a world holds: a copy begins at once, and goes on in pieces of
  `PIECE` rows, between which the world may change.
- What a copy has not come to yet and is changed meanwhile it shows as it was when it began.
- Rows are copied in the order in which they first came, as a snapshot shows them. Python's dicts
  cannot be gone through in pieces while they grow, so the order is kept here besides.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from twilio_emulator.core.kernel.records import Plain, plain
from twilio_emulator.core.kernel.tables import Changes, Undoable
from twilio_emulator.core.kernel.world import World

PIECE = 64
"""Rows that are copied at a time."""

MOST_STALE = 1000
"""Keys of what is there no more that are remembered besides as many as there are, since timers may
come and go for ever without a copy."""

TIMERS = "timers"
"""What the timers are called among the tables."""


class _Order:
    """The keys of one source, in the order in which they first came.

    Attributes:
        pieces: the keys, some of which may be gone; at most `PIECE` in each.
        gone: keys that are there no more.
        again: how often a key stands too early, since it went and came again.
        old: while a copy goes on, what it shows of keys that were changed meanwhile.
        held: how many keys stand there.
        stale: how many of them in vain.
    """

    __slots__ = ("again", "gone", "held", "old", "pieces", "stale")

    def __init__(self, keys: Iterable[str] = ()) -> None:
        every = list(keys)
        self.pieces = [every[at : at + PIECE] for at in range(0, len(every), PIECE)]
        self.gone: set[str] = set()
        self.again: dict[str, int] = {}
        self.old: dict[str, Any] | None = None
        self.held = len(every)
        self.stale = 0

    def add(self, key: str, *, again: bool) -> None:
        """A key came."""
        if again or key in self.gone:
            self.gone.discard(key)
            self.again[key] = self.again.get(key, 0) + 1
        self.held += 1
        pieces = self.pieces
        if pieces and len(pieces[-1]) < PIECE:
            pieces[-1].append(key)
        else:
            pieces.append([key])

    def go(self, key: str) -> None:
        """A key went."""
        self.gone.add(key)
        self.stale += 1

    def walk(self, source: Undoable) -> Iterator[list[Any]]:
        """What stands under the keys now, in pieces, however it is changed meanwhile."""
        old = self.old = {}
        pieces, gone, again, stale = self.pieces, self.gone, self.again, self.stale
        self.pieces, self.gone, self.again = [], set(), {}
        return self._walk(source, old, pieces, gone, again, stale)

    def _walk(
        self,
        source: Undoable,
        old: dict[str, Any],
        pieces: list[list[str]],
        gone: set[str],
        again: dict[str, int],
        stale: int,
    ) -> Iterator[list[Any]]:
        kept: list[list[str]] = []
        for piece in pieces:
            keys: list[str] = []
            for key in piece:
                if key in again:
                    again[key] -= 1
                    if not again[key]:
                        del again[key]
                elif key not in gone:
                    keys.append(key)
            self.held -= len(piece) - len(keys)
            yield [old.pop(key, None) or source.get(key) for key in keys]
            if kept and len(kept[-1]) + len(keys) <= PIECE:
                kept[-1] += keys
            else:
                kept.append(keys)
        self.pieces = kept + self.pieces
        self.stale -= stale
        self.old = None


class Copying:
    """Follows a world, so that it can be copied at any time.

    Args:
        world: which nobody else follows.

    Attributes:
        rows: how many rows and timers it has.
        replaced_times: how often everything became another; a copy from before is none of it.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.replaced_times = 0
        self._follow()
        world.watch = self

    def _follow(self) -> None:
        world = self._world
        self._orders: dict[Undoable, _Order] = {}
        for _, source, keys in _sources(world):
            order = _Order(keys)
            if order.held:
                self._orders[source] = order
        self.rows = sum(order.held for order in self._orders.values())

    @property
    def stale(self) -> int:
        """How many keys it remembers in vain, until the next copy."""
        return sum(order.stale for order in self._orders.values())

    def part(self) -> None:
        """Follow it no more."""
        self._world.watch = None

    def replaced(self) -> None:
        """Everything is another."""
        self.replaced_times += 1
        self._follow()

    def changed(self, changes: Changes) -> None:
        """Note what came and went, and what a copy still has to show."""
        orders = self._orders
        touched: dict[tuple[Any, str], bool] = {}
        for where, key, old in changes:
            order = orders.get(where)
            if order is None:
                order = orders[where] = _Order()
            place = where, key
            if old is None:
                order.add(key, again=place in touched)
            elif order.old is not None and key not in order.old:
                order.old[key] = old
            if place not in touched:
                touched[place] = old is not None
        for (where, key), was_there in touched.items():
            is_there = where.get(key) is not None
            self.rows += is_there - was_there
            if not is_there:
                order = orders[where]
                order.go(key)
                if order.old is None and 2 * order.stale > MOST_STALE + order.held:
                    orders[where] = _Order(where.keys())

    def copy(self) -> tuple[dict[str, Plain], Iterator[tuple[str, list[Plain]]]]:
        """What a snapshot of this instant shows.

        Returns:
            its circumstances, and an iterator of its rows, piece by piece, each with the name of
            the table. The timers come first, in no order. It must be gone through to its end
            before another copy begins, unless everything becomes another.
        """
        world = self._world
        walks = [
            (name, order.walk(source))
            for name, source, _ in _sources(world)
            if (order := self._orders.get(source)) is not None
        ]
        return world.circumstances(), _shown(walks)


def _sources(world: World) -> Iterator[tuple[str, Undoable, Iterable[str]]]:
    """Everything that is copied: its name, what it is, and its keys."""
    yield TIMERS, world.timers, world.timers.keys()
    for name, table in world.tables().items():
        yield name, table, table.keys()


def _shown(
    walks: list[tuple[str, Iterator[list[Any]]]],
) -> Iterator[tuple[str, list[Plain]]]:
    for name, walk in walks:
        for rows in walk:
            if name == TIMERS:
                yield name, [timer.plain() for timer in rows]
            else:
                yield name, [plain(row) for row in rows]
