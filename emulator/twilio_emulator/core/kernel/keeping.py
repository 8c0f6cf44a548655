"""What an account keeps for people to look at, how much of it, and how it says what fell out.

The rules of this file:

- What the rules need (texts, messages, conversations, phones) is kept for ever, and is not here.
- Each kind has room for so many things and so many bytes. When either is used up, the oldest fall
  out; the newest always stays.
- Bytes are reckoned from the texts in a thing when it comes (`records.size`), and what a thing
  costs by itself (`OWN`); nothing is written out for it.
- Who looks for what fell out is told so, and how to keep more (`fell_out`).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")

KB = 1000
MB = 1000 * KB
GB = 1000 * MB
UNITS = {"": 0, "kB": KB, "MB": MB, "GB": GB}

OWN = 400
"""Bytes of an entry besides its texts: its tuple, a record, the numbers in it."""


class Room(NamedTuple):
    """How much is kept of one kind."""

    things: int
    bytes: int


ENDLESS = Room(2**62, 2**62)


class Keep(NamedTuple):
    """How much an account keeps of each kind.

    Attributes:
        log: requests, commands, events, webhooks and hints, as the journal shows them.
        commands: what recordings are made of, while nobody has begun one.
        alerts: debugger alerts.
        bodies: bytes of a request, of its answer and of a webhook's answer that an entry holds.
    """

    log: Room = Room(10_000, 32 * MB)
    commands: Room = Room(10_000, 16 * MB)
    alerts: Room = Room(1_000, 8 * MB)
    bodies: int = 16 * 1024


DEFAULTS = Keep()

FORM = re.compile(r"(log|commands|alerts|bodies)=([1-9][0-9]{0,11})(kB|MB|GB)?")

EXPECTED = "log, commands or alerts with how many or kB, MB or GB, or bodies with kB, MB or GB"


def read(said: Iterable[str]) -> Keep:
    """How much to keep: `log=50000`, `log=64MB`, `bodies=100kB`; the defaults of the rest.

    Raises:
        ValueError: one of these says nothing that can be kept; the argument is that one.
    """
    rooms = {"log": DEFAULTS.log, "commands": DEFAULTS.commands, "alerts": DEFAULTS.alerts}
    bodies = DEFAULTS.bodies
    for each in said:
        found = FORM.fullmatch(each)
        if found is None or (found[1] == "bodies" and found[3] is None):
            raise ValueError(each)
        kind, number, unit = found[1], int(found[2]), UNITS[found[3] or ""]
        if kind == "bodies":
            bodies = number * unit
        elif unit:
            rooms[kind] = rooms[kind]._replace(bytes=number * unit)
        else:
            rooms[kind] = rooms[kind]._replace(things=number)
    return Keep(**rooms, bodies=bodies)


def fell_out(kind: str, what: str, room: Room, held: int) -> str:
    """What is said where somebody looks for what is not there any more.

    Args:
        kind: of `Keep`.
        what: it is called, such as `entries`.
        held: how many there are, which tells whether it was the number that was too small.
    """
    more = str(10 * room.things) if held >= room.things else f"{4 * room.bytes // MB or 1}MB"
    return f"older {what} were dropped; keep more with --keep {kind}={more}"


def cut_off(what: str, size: int) -> str:
    """What is said where a body is not there, since it has so many bytes."""
    more = -(-size // KB)
    return f"{what} of {size} bytes was dropped; keep more with --keep bodies={more}kB"


class Ring(Generic[T]):
    """The last things of one kind, numbered from 1.

    Args:
        room: for how many; for all that comes when None.

    Attributes:
        number: of the last.
        bytes: of what is held.
    """

    __slots__ = ("_begin", "_fallen", "_held", "_most", "_most_bytes", "_sizes", "bytes", "number")

    def __init__(self, room: Room | None) -> None:
        self._most, self._most_bytes = ENDLESS if room is None else room
        self.number = 0
        self.bytes = 0
        self._begin = 1  # the number that stands at the first place; places are used again
        self._fallen = 0  # the last number that fell out otherwise than by using its place again
        self._held: list[Any] = []  # T, or None where something fell out
        self._sizes: list[int] = []

    def __len__(self) -> int:
        return self.number - self.dropped

    def __iter__(self) -> Iterator[T]:
        """What is held, oldest first."""
        return (thing for _, thing in self.since(0))

    @property
    def dropped(self) -> int:
        """The number of the last that is not held any more; 0 when all are."""
        return max(self._fallen, self.number - self._most)

    def push(self, thing: T, size: int) -> int:
        """Hold another, of so many bytes; answers its number."""
        self.number = number = self.number + 1
        place = (number - self._begin) % self._most
        sizes = self._sizes
        if place < len(sizes):
            total = self.bytes + size - sizes[place]
            self._held[place] = thing
            sizes[place] = size
        else:
            total = self.bytes + size
            self._held.append(thing)
            sizes.append(size)
        self.bytes = total
        if total > self._most_bytes:
            self._make_room()
        return number

    def _make_room(self) -> None:
        """Let the oldest fall out, as long as there are too many bytes."""
        held, sizes, total = self._held, self._sizes, self.bytes
        number = self.dropped + 1
        while total > self._most_bytes and number < self.number:
            place = (number - self._begin) % self._most
            total -= sizes[place]
            held[place], sizes[place] = None, 0
            number += 1
        self.bytes = total
        self._fallen = max(self._fallen, number - 1)

    def change_room(self, room: Room | None) -> None:
        """Hold so much from now on; what has no room any more falls out."""
        most, most_bytes = ENDLESS if room is None else room
        first = max(self.dropped, self.number - most) + 1
        places = [(number - self._begin) % self._most for number in range(first, self.number + 1)]
        self._held = [self._held[place] for place in places]
        self._sizes = [self._sizes[place] for place in places]
        self._most, self._most_bytes = most, most_bytes
        self._begin, self._fallen = first, first - 1
        self.bytes = sum(self._sizes)
        self._make_room()

    def at(self, number: int) -> T:
        """The thing with this number, which is held."""
        thing: T = self._held[(number - self._begin) % self._most]
        return thing

    def since(self, number: int) -> Iterator[tuple[int, T]]:
        """What there is now after this number, oldest first; what falls out meanwhile is passed
        over."""
        last, at = self.number, number
        while (at := max(at, self.dropped) + 1) <= last:
            yield at, self.at(at)

    def until(self, number: int) -> Iterator[tuple[int, T]]:
        """What came before this number, newest first."""
        at = min(number - 1, self.number)
        while at > self.dropped:
            yield at, self.at(at)
            at -= 1

    def clear(self) -> None:
        """Hold nothing. Numbers go on from where they were."""
        self._held.clear()
        self._sizes.clear()
        self.bytes = 0
        self._fallen = self.number
        self._begin = self.number + 1
