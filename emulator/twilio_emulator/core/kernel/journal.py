"""The journal: commands as plain data, written down and replayed; and a log of what went on around
them.

The rules of this file:

- The journal holds every command as it was performed, with its time and origin, and drops nothing.
  On a fresh world with the same seed it gives the same state, byte for byte. Timers are not in it:
  the world performs them by itself.
- The log is what people read: requests, commands, events and webhooks in the order in which they
  were. It is a ring; what falls out is counted.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from twilio_emulator.core.kernel.records import (
    Plain,
    plain,
    plain_command,
    revive,
    revive_command,
    write_instant,
)
from twilio_emulator.core.kernel.refusals import SERVER_ERROR, Refused
from twilio_emulator.core.kernel.world import Command, Origin, World

LOG_LENGTH = 10_000


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
    """One thing that went on. `content` is turned into plain data when somebody reads it."""

    number: int
    at: datetime
    kind: str
    content: object


class Log:
    """The last things that went on in one account, numbered from 1.

    Attributes:
        added: called after each entry, and when it is cleared; whoever reads along is woken there.
        cleared: how often it was emptied.
    """

    __slots__ = ("_entries", "added", "cleared", "number")

    def __init__(self, length: int = LOG_LENGTH) -> None:
        self._entries: deque[tuple[datetime, str, object]] = deque(maxlen=length)
        self.number = 0
        self.cleared = 0
        self.added: Callable[[], None] | None = None

    def add(self, at: datetime, kind: str, content: object) -> int:
        """Note something down; answers its number."""
        self.number += 1
        self._entries.append((at, kind, content))
        if self.added is not None:
            self.added()
        return self.number

    @property
    def dropped(self) -> int:
        """How many have fallen out."""
        return self.number - len(self._entries)

    def after(self, number: int) -> Iterator[LogEntry]:
        """What came after entry `number`, oldest first."""
        new = min(self.number - number, len(self._entries))
        dropped = self.dropped
        for place in range(len(self._entries) - max(new, 0), len(self._entries)):
            yield LogEntry(dropped + place + 1, *self._entries[place])

    def before(self, number: int) -> Iterator[LogEntry]:
        """What came before entry `number`, newest first."""
        dropped = self.dropped
        for place in range(min(number - dropped - 1, len(self._entries)) - 1, -1, -1):
            yield LogEntry(dropped + place + 1, *self._entries[place])

    def clear(self) -> None:
        """Drop everything. Numbers go on from where they were."""
        self._entries.clear()
        self.cleared += 1
        if self.added is not None:
            self.added()
