"""What tables are kept in: a dict, and many small dicts beside it once there is much.

Python makes room in a dict by copying all of it, and everybody waits meanwhile: some 10 ms for
90,000 entries, 160 ms for 700,000. So a dict that is full is left as it is, and what comes next is
spread by hash over `PARTS` others, each of which grows by itself and stays small: 4,000 entries of
a million. Whatever there is, two dicts are looked into at most.

Hashes of strings differ from process to process, so that the order is kept besides, in chunks. A
key that went leaves its place in it, which is taken out later, a chunk with each that goes.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Generic, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

FULL = 43_690
"""Entries after which others are begun: as many as a dict of 65,536 places takes."""

PARTS = 256
"""Over how many dicts the rest is spread; a power of two."""

CHUNK = 256
"""Keys in one list of the order, and what is looked through of it at a time."""

MOST_GONE = 10_000
"""Keys that went and have a place yet, after which these places are taken out."""


class Pieces(Generic[K, V]):
    """What a dict does, as far as tables want it, in dicts of a bounded size.

    Its order is that in which the keys first came, as it is a dict's.

    Args:
        full: what there is so far; nothing new is put into it.
    """

    __slots__ = ("_count", "_first", "_gone", "_later", "_mask", "_order", "_parts", "_swept")

    def __init__(self, full: dict[K, V]) -> None:
        self._first = full  # the oldest of all, in their order
        self._parts: list[dict[K, V]] = [{} for _ in range(PARTS)]
        self._mask = PARTS - 1
        self._count = 0
        self._order: list[list[K]] = [[]]
        self._gone: dict[K, int] = {}  # how many of a key's places are nothing, from the first on
        self._later: dict[K, int] = {}  # the same of those that went since a sweep began
        self._swept: int | None = None  # how many chunks are behind a sweep that goes on

    def __len__(self) -> int:
        return len(self._first) + self._count

    def __iter__(self) -> Iterator[K]:
        return chain(self._first, self._spread())

    def values(self) -> Iterator[V]:
        """In the order of the keys."""
        parts, mask = self._parts, self._mask
        return chain(self._first.values(), (parts[hash(key) & mask][key] for key in self._spread()))

    def _spread(self) -> Iterator[K]:
        """The keys of the parts."""
        nothing = dict(self._gone)
        for key, times in self._later.items():
            nothing[key] = nothing.get(key, 0) + times
        keys = chain.from_iterable(self._order)
        return (key for key in keys if _stands(key, nothing)) if nothing else keys

    def __contains__(self, key: K) -> bool:
        return key in self._parts[hash(key) & self._mask] or key in self._first

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: D) -> V | D: ...

    def get(self, key: K, default: Any = None) -> Any:
        """What is under `key`; `default` when nothing is."""
        part = self._parts[hash(key) & self._mask]
        return part[key] if key in part else self._first.get(key, default)

    def __getitem__(self, key: K) -> V:
        part = self._parts[hash(key) & self._mask]
        return part[key] if key in part else self._first[key]

    def __setitem__(self, key: K, value: V) -> None:
        part = self._parts[hash(key) & self._mask]
        if key not in part:
            if key in self._first:
                self._first[key] = value
                return
            self._count += 1
            chunk = self._order[-1]
            if len(chunk) < CHUNK:
                chunk.append(key)
            else:
                self._order.append([key])
        part[key] = value

    def __delitem__(self, key: K) -> None:
        self.pop(key)

    def pop(self, key: K) -> V:
        """Take out what is under `key`. Raises KeyError when nothing is."""
        part = self._parts[hash(key) & self._mask]
        if key not in part:
            return self._first.pop(key)
        value = part.pop(key)
        self._count -= 1
        gone = self._gone if self._swept is None else self._later
        gone[key] = gone.get(key, 0) + 1
        if self._swept is not None:
            self._sweep(self._swept)
        elif len(gone) > MOST_GONE:
            self._sweep(0)
        return value

    def _sweep(self, at: int) -> None:
        """Take what is nothing out of one chunk of the order, and say where to go on."""
        order = self._order
        kept = [key for key in order[at] if _stands(key, self._gone)]
        if at and len(order[at - 1]) + len(kept) <= CHUNK:
            order[at - 1] += kept
            del order[at]
        else:
            order[at] = kept
            at += 1
        if at == len(order):
            self._gone, self._later, self._swept = self._later, {}, None
        else:
            self._swept = at


def _stands(key: K, nothing: dict[K, int]) -> bool:
    """Whether this place of a key is one; if not, it is counted as seen."""
    times = nothing.get(key)
    if times is None:
        return True
    if times == 1:
        del nothing[key]
    else:
        nothing[key] = times - 1
    return False


Much = dict[K, V] | Pieces[K, V]


def with_room(kept: Much[K, V]) -> Much[K, V]:
    """The same, but that something new may be put into it."""
    return Pieces(kept) if type(kept) is dict and len(kept) >= FULL else kept


def gathered(pairs: Iterable[tuple[K, V]]) -> Much[K, V]:
    """All these, in their order."""
    kept: Much[K, V] = {}
    for key, value in pairs:
        if len(kept) == FULL:
            kept = with_room(kept)
        kept[key] = value
    return kept
