"""Snapshots read: the whole of one is checked before anything is replaced by it.

The rules of this file:

- What is wrong is said in one line, which names the place and what was expected there.
- A snapshot that is accepted is one that a world could have made: every value is of its kind and in
  its range, what must be there once is there once, and what is referred to is there.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from twilio_emulator.core.kernel.clock import FIRST, LAST, Timer, Timers, whole_milliseconds
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.reviving import (
    Unreadable,
    expected,
    revive,
    revive_command,
    reviver,
)
from twilio_emulator.core.kernel.tables import Table

Tables = dict[str, Table[Any]]

MOST = 2**53
"""More than any counter reaches."""

COUNTERS = ("serials", "events", "sids", "dice", "next_timer")

RANKS = ("serial", "seq", "activity")
"""Fields that are drawn from the one counter of a world."""


@record
class Snapshot:
    """What a snapshot shows besides its timers and tables."""

    account_sid: str
    seed: int
    now: datetime
    serials: int
    events: int
    sids: int
    dice: int
    next_timer: int


class SnapshotReading:
    """A snapshot that is read bit by bit: first its circumstances, then timers and rows of tables.

    Args:
        written: the circumstances.
        kinds: the tables that there are.
        commands: the commands that there are, by name.

    Raises:
        Unreadable: they are not what a world of this version has.
    """

    def __init__(
        self,
        written: Mapping[str, Any],
        kinds: Iterable[type[Table[Any]]],
        commands: Mapping[str, type],
    ) -> None:
        shown = revive(Snapshot, dict(written))
        for name in COUNTERS:
            if not 0 <= getattr(shown, name) < MOST:
                raise expected("a count from 0 on", getattr(shown, name)).within(name)
        shown = replace(shown, now=whole_milliseconds(shown.now))
        if not FIRST <= shown.now <= LAST:
            raise expected(f"from {FIRST.year} to {LAST.year}", shown.now.year).within("now")
        self.shown = shown
        self.tables: Tables = {kind.name: kind.empty() for kind in kinds}
        self.timers = Timers()
        self.timers.next_number = shown.next_timer
        self._commands = commands
        self._numbers: set[int] = set()
        self._keys: set[str] = set()

    def read_timers(self, written: Iterable[Any]) -> None:
        """Set some of the timers.

        Raises:
            Unreadable: they are none, or stand where others do.
        """
        for row in written:
            try:
                timer = _timer(row, self._commands)
                if not 0 <= timer.number < self.shown.next_timer or timer.number in self._numbers:
                    raise expected("another number below next_timer", timer.number).within("number")
                if timer.key in self._keys:
                    raise expected("a key that no other has", timer.key).within("key")
            except Unreadable as wrong:
                raise wrong.within(f"timers[{len(self._keys)}]") from None
            self._numbers.add(timer.number)
            self._keys.add(timer.key)
            self.timers.restore(timer)

    def read_rows(self, name: str, written: Iterable[Any]) -> None:
        """Put some of the rows of the table called `name`.

        Raises:
            Unreadable: there is no such table, they are no rows of it, or stand where others do.
        """
        table = self.tables.get(name)
        if table is None:
            raise Unreadable(f"unknown tables: {name}").within("tables")
        read, serials, first = reviver(table.kind), self.shown.serials, len(table)
        ranks = [rank for rank in RANKS if hasattr(table.kind, rank)]
        for place, row in enumerate(written, first):
            try:
                kept = read(row)
                for rank in ranks:
                    if not 0 <= getattr(kept, rank) <= serials:
                        raise expected("a number of at most serials", getattr(kept, rank)).within(
                            rank
                        )
                if not table.load(kept):
                    raise Unreadable(f"{kept.sid} is there twice, or what it alone is found by")
            except Unreadable as wrong:
                raise wrong.within(f"tables.{name}[{place}]") from None

    def end(self) -> None:
        """That was all.

        Raises:
            Unreadable: the account is not among it, or something that is referred to.
        """
        tables = self.tables
        if self.shown.account_sid not in tables["accounts"]:
            raise expected(f"the account {self.shown.account_sid}").within("tables.accounts")
        for name, table in tables.items():
            for field, other in table.refers:
                there = tables[other]
                for place, kept in enumerate(table):
                    sid = getattr(kept, field)
                    if sid is not None and sid not in there:
                        wrong = expected(f"one of the {other}", sid)
                        raise wrong.within(f"tables.{name}[{place}].{field}")


def read(
    written: Mapping[str, Any],
    kinds: Iterable[type[Table[Any]]],
    commands: Mapping[str, type],
) -> SnapshotReading:
    """What a snapshot shows, all of it checked.

    Args:
        kinds: the tables that there are.
        commands: the commands that there are, by name.

    Raises:
        Unreadable: it is not one that a world of this version made.
    """
    circumstances = dict(written)
    if "tables" not in circumstances:
        raise Unreadable("Snapshot lacks tables")
    held = {name: circumstances.pop(name) for name in CONTENTS if name in written}
    contents = revive(SnapshotContents, held)
    reading = SnapshotReading(circumstances, kinds, commands)
    reading.read_timers(contents.timers)
    unknown = contents.tables.keys() - reading.tables.keys()
    if unknown:
        raise Unreadable(f"unknown tables: {', '.join(sorted(unknown))}").within("tables")
    for name in reading.tables:
        reading.read_rows(name, contents.tables.get(name, ()))
    reading.end()
    return reading


@record
class SnapshotContents:
    """What is in a snapshot."""

    timers: tuple[Any, ...] = ()
    tables: dict[str, tuple[Any, ...]]


CONTENTS = ("timers", "tables")


def _timer(written: Any, commands: Mapping[str, type]) -> Timer:
    command = revive(dict[str, Any], written)
    due, number, key = (command.pop(name, None) for name in ("due", "number", "key"))
    when = revive(_When, {"due": due, "number": number, "key": key})
    return Timer(
        due=when.due, number=when.number, key=when.key, command=revive_command(command, commands)
    )


@record
class _When:
    due: datetime
    number: int
    key: str
