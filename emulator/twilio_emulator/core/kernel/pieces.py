"""What tables are kept in: a dict, and dicts in a row once there is much.

Python makes room in a dict by copying all of it, and everybody waits meanwhile: some 10 ms for
90,000 entries, 160 ms for 700,000. So a dict that is full is left as it is, and what comes next
goes into another. To look in a million entries is to look in 23 dicts, at 30 ns each.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Generic, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

FULL = 43_690
"""Entries after which another dict is begun: as many as a dict of 65,536 places takes."""


class Pieces(Generic[K, V]):
    """What a dict does, as far as tables want it, in dicts of a bounded size.

    Its order is that in which the keys first came, as it is a dict's.
    """

    __slots__ = ("_pieces",)

    def __init__(self, full: dict[K, V]) -> None:
        self._pieces: list[dict[K, V]] = [{}, full]  # newest first: it is asked for most

    def __len__(self) -> int:
        return sum(map(len, self._pieces))

    def __iter__(self) -> Iterator[K]:
        return chain.from_iterable(reversed(self._pieces))

    def values(self) -> Iterator[V]:
        """In the order of the keys."""
        return chain.from_iterable(piece.values() for piece in reversed(self._pieces))

    def __contains__(self, key: K) -> bool:
        return any(key in piece for piece in self._pieces)

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: D) -> V | D: ...

    def get(self, key: K, default: Any = None) -> Any:
        """What is under `key`; `default` when nothing is."""
        for piece in self._pieces:
            if key in piece:
                return piece[key]
        return default

    def __getitem__(self, key: K) -> V:
        for piece in self._pieces:
            if key in piece:
                return piece[key]
        raise KeyError(key)

    def __setitem__(self, key: K, value: V) -> None:
        for piece in self._pieces:
            if key in piece:
                piece[key] = value
                return
        if len(self._pieces[0]) >= FULL:
            self._pieces.insert(0, {})
        self._pieces[0][key] = value

    def __delitem__(self, key: K) -> None:
        self.pop(key)

    def pop(self, key: K) -> V:
        """Take out what is under `key`. Raises KeyError when nothing is."""
        for place, piece in enumerate(self._pieces):
            if key in piece:
                value = piece.pop(key)
                if place and not piece:
                    del self._pieces[place]
                return value
        raise KeyError(key)


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
