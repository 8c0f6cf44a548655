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


SLACK = 32
"""What has no room any more is let go when it is this part of what is held: all that goes on is
pushed into rings, and to let go of one thing for each that comes would cost more than the rest."""


class Ring(Generic[T]):
    """The last things of one kind, numbered from 1.

    Args:
        room: for how many; for all that comes when None.

    Attributes:
        number: of the last.
    """

    __slots__ = (
        "_begin",
        "_bytes",
        "_fallen",
        "_full",
        "_held",
        "_most",
        "_most_bytes",
        "_sizes",
        "number",
    )

    def __init__(self, room: Room | None) -> None:
        self._most, self._most_bytes = ENDLESS if room is None else room
        self.number = 0
        self._begin = 1  # the number that stands at the first place
        self._fallen = 0  # the last number that was let go; more may have no room, see `dropped`
        self._full = self._most + self._most // SLACK  # the number after which some are let go
        self._held: list[Any] = []  # T, or None where something was let go
        self._sizes: list[int] = []
        self._bytes = 0  # of all that was not let go

    def __len__(self) -> int:
        return self.number - self.dropped

    def __iter__(self) -> Iterator[T]:
        """What is held, oldest first."""
        return (thing for _, thing in self.since(0))

    @property
    def bytes(self) -> int:
        """Of what is held."""
        self._make_room()
        return self._bytes

    @property
    def dropped(self) -> int:
        """The number of the last that is not held any more; 0 when all are."""
        return max(self._fallen, self.number - self._most)

    def push(self, thing: T, size: int) -> int:
        """Hold another, of so many bytes; answers its number."""
        self._held.append(thing)
        self._sizes.append(size)
        self.number = number = self.number + 1
        self._bytes = total = self._bytes + size
        if total > self._most_bytes or number > self._full:
            self._make_room()
        return number

    def _make_room(self) -> None:
        """Let the oldest go, as long as there are too many things or bytes."""
        held, sizes, begin, total = self._held, self._sizes, self._begin, self._bytes
        number, too_many = self._fallen + 1, self.number - self._most
        while number <= too_many or (total > self._most_bytes and number < self.number):
            place = number - begin
            total -= sizes[place]
            held[place] = None
            number += 1
        self._bytes, self._fallen = total, number - 1
        empty = number - begin
        if empty > len(held) // SLACK:  # to move up the rest costs as much as there is of it
            del held[:empty], sizes[:empty]
            self._begin = number
        self._full = self._fallen + self._most + self._most // SLACK

    def change_room(self, room: Room | None) -> None:
        """Hold so much from now on; what has no room any more falls out."""
        self._make_room()
        self._most, self._most_bytes = ENDLESS if room is None else room
        self._make_room()

    def at(self, number: int) -> T:
        """The thing with this number, which is held."""
        thing: T = self._held[number - self._begin]
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
        self._bytes = 0
        self._begin, self._fallen = self.number + 1, self.number
