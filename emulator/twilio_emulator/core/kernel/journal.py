"""The journal: commands as plain data, written down and replayed; and a log of what went on around
them.

The rules of this file:

- The journal holds commands as they were performed, with time and origin. Whole, it gives the same
  state on a fresh world with the same seed, byte for byte. Timers are not in it: the world performs
  them by itself.
- It is a ring, unless somebody records: then it keeps all that came since. A snapshot that was put
  back is not in it. It begins anew there.
- The log is what people read: requests, commands, events and webhooks in the order in which they
  were. It is a ring; what falls out is counted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from twilio_emulator.core.kernel.keeping import DEFAULTS, OWN, Ring, Room, fell_out
from twilio_emulator.core.kernel.records import Plain, maker, plain, plain_command, write_instant
from twilio_emulator.core.kernel.refusals import SERVER_ERROR, Refused
from twilio_emulator.core.kernel.reviving import revive, revive_command
from twilio_emulator.core.kernel.sizes import SIZES, size
from twilio_emulator.core.kernel.world import Command, Origin, World


class Written(NamedTuple):
    """A command with its circumstances."""

    at: datetime
    origin: Origin
    command: Command[object]

    def plain(self) -> dict[str, Plain]:
        """One line of the journal."""
        origin = plain(self.origin)
        return {
            "at": write_instant(self.at),
            **({"origin": origin} if origin else {}),
            **plain_command(self.command),
        }


written_down: Callable[[tuple[datetime, Origin, Command[object]]], Written] = maker(Written)


def read_line(line: dict[str, Any], commands: Mapping[str, type]) -> Written:
    """What `Written.plain` made a line of, a command being one of `commands`.

    Raises:
        ValueError: it is no such line.
    """
    fields = dict(line)
    at = revive(datetime, fields.pop("at"))
    return Written(at, revive(Origin, fields.pop("origin", {})), revive_command(fields, commands))


def replay(world: World, journal: Iterable[Written], until: datetime | None = None) -> None:
    """Perform a journal on a fresh world, then what is due by `until`.

    A command that was refused then is refused again, which changes nothing.
    """
    for written in journal:
        try:
            world.perform(written.command, written.origin, at=written.at)
        except Refused:
            continue
    if until is not None:
        world.catch_up(until)
        world.now = max(world.now, until)


class CommandJournal(Ring[Written]):
    """The commands of one account, as they were performed.

    Args:
        room: for how many, while nobody records.

    Attributes:
        base: the snapshot that it begins with, as bytes; None where that is the account's opening.
        is_recorded: whether it holds all that came since it began to be recorded.
        restored: whether a snapshot was put back that it does not begin with.
    """

    __slots__ = ("_room", "base", "is_recorded", "restored")

    def __init__(self, room: Room = DEFAULTS.commands) -> None:
        super().__init__(room)
        self._room = room
        self.base: bytes | None = None
        self.is_recorded = False
        self.restored = False

    def __getitem__(self, place: int) -> Written:
        number = (self.dropped if place >= 0 else self.number) + 1 + place
        if not self.dropped < number <= self.number:
            raise IndexError(place)
        return self.at(number)

    def append(self, written: Written, bytes: int | None = None) -> None:
        """Hold another command, of so many bytes; they are reckoned unless given."""
        self.push(written, OWN + size(written.command) if bytes is None else bytes)

    @property
    def is_whole(self) -> bool:
        """Whether nothing that came before is missing."""
        return not self.restored and (self.base is not None or not self.dropped)

    def record(self, base: bytes | None = None) -> None:
        """Hold all that comes from now on; with a base, nothing of what came before."""
        self.is_recorded = True
        self.change_room(None)
        if base is not None:
            self.begin_with(base)

    def end(self) -> None:
        """Hold what there is room for, no more."""
        self.is_recorded = False
        self.change_room(self._room)
        if self.base is not None:
            self.base, self.restored = None, True

    def begin_with(self, base: bytes | None) -> None:
        """Begin anew, with a snapshot; with one that is not kept where `base` is None."""
        self.clear()
        self.base, self.restored = base, base is None

    @property
    def lacks(self) -> str | None:
        """Why it is not whole, and no recording can be made of it."""
        if self.restored:
            return "what was before a snapshot or a restart was not kept"
        if not self.is_whole:
            return fell_out("commands", "commands", self._room, len(self))
        return None


class Turned(NamedTuple):
    """A command that was refused, as the log keeps it: the number of its entry, and why.

    The exception is not kept, since its traceback holds every frame that it came through.

    Attributes:
        reason: what Twilio does not say.
    """

    command: int
    code: int
    message: str
    reason: str | None

    @staticmethod
    def by(why: BaseException, command: int) -> "Turned":
        """The entry for a command that came to nothing by `why`; by a fault of ours, it says so."""
        if isinstance(why, Refused):
            return Turned(command, why.code, why.message, why.reason)
        said = Refused(SERVER_ERROR)
        return Turned(command, said.code, said.message, f"{type(why).__name__}: {why}")


class LogEntry(NamedTuple):
    """One thing that went on. `content` is turned into plain data when it is read."""

    number: int
    at: datetime
    kind: str
    content: object


class Log(Ring[tuple[datetime, str, object]]):
    """The last things that went on in one account, numbered from 1.

    Args:
        room: for how many.
        bodies: bytes of a body that an entry holds; it is for whoever makes entries.

    Attributes:
        added: called after each entry, and when it is cleared; whoever reads along is woken there.
        cleared: how often it was emptied.
    """

    __slots__ = ("_cleared_to", "_room", "added", "bodies", "cleared")

    def __init__(self, room: Room = DEFAULTS.log, bodies: int = DEFAULTS.bodies) -> None:
        super().__init__(room)
        self._room = room
        self._cleared_to = 0
        self.bodies = bodies
        self.cleared = 0
        self.added: Callable[[], None] | None = None

    def add(self, at: datetime, kind: str, content: object, bytes: int | None = None) -> int:
        """Note something down, of so many bytes, which are reckoned unless given; answers its
        number."""
        if bytes is None:
            bytes = OWN + SIZES[type(content)](content)
        number = self.push((at, kind, content), bytes)
        if self.added is not None:
            self.added()
        return number

    def after(self, number: int) -> Iterator[LogEntry]:
        """What came after entry `number`, oldest first."""
        return (LogEntry(at, *entry) for at, entry in self.since(number))

    def before(self, number: int) -> Iterator[LogEntry]:
        """What came before entry `number`, newest first."""
        return (LogEntry(at, *entry) for at, entry in self.until(number))

    def lacks(self, after: int = 0) -> str | None:
        """That entries fell out which came after entry `after`; None when none did, or when they
        were cleared."""
        if self.dropped <= max(after, self._cleared_to):
            return None
        return fell_out("log", "entries", self._room, len(self))

    def clear(self) -> None:
        """Drop everything. Numbers go on from where they were."""
        super().clear()
        self._cleared_to = self.dropped
        self.cleared += 1
        if self.added is not None:
            self.added()
