"""Snapshots read: the whole of one is checked before anything is replaced by it.

The rules of this file:

- What is wrong is said in one line, which names the place and what was expected there.
- A snapshot that is accepted is one that a world could have made: every value is of its kind and in
  its range, what must be there once is there once, and what is referred to is there.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from twilio_emulator.core.kernel.clock import FIRST, LAST, Timer, Timers, whole_milliseconds
from twilio_emulator.core.kernel.records import (
    Unreadable,
    expected,
    record,
    replace,
    revive,
    revive_command,
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
    """What a snapshot shows, but for what is in its timers and tables."""

    account_sid: str
    seed: int
    now: datetime
    serials: int
    events: int
    sids: int
    dice: int
    next_timer: int
    timers: tuple[Any, ...] = ()
    tables: dict[str, tuple[Any, ...]]


def read(
    written: Mapping[str, Any],
    kinds: Iterable[type[Table[Any]]],
    commands: Mapping[str, type],
) -> tuple[Snapshot, Timers, Tables]:
    """What a snapshot shows, with its timers and tables.

    Args:
        kinds: the tables that there are.
        commands: the commands that there are, by name.

    Raises:
        Unreadable: it is not one that a world of this version made.
    """
    shown = revive(Snapshot, dict(written))
    for name in COUNTERS:
        if not 0 <= getattr(shown, name) < MOST:
            raise expected("a count from 0 on", getattr(shown, name)).within(name)
    shown = replace(shown, now=whole_milliseconds(shown.now))
    if not FIRST <= shown.now <= LAST:
        raise expected(f"from {FIRST.year} to {LAST.year}", shown.now.year).within("now")
    timers = _timers(shown, commands)
    make = {kind.name: kind for kind in kinds}
    unknown = shown.tables.keys() - make.keys()
    if unknown:
        raise Unreadable(f"unknown tables: {', '.join(sorted(unknown))}").within("tables")
    tables = {
        name: _table(name, _empty(made), shown.tables.get(name, ()), shown.serials)
        for name, made in make.items()
    }
    if shown.account_sid not in tables["accounts"]:
        raise expected(f"the account {shown.account_sid}").within("tables.accounts")
    for name, table in tables.items():
        for place, kept in enumerate(table):
            for field, other in table.refers:
                sid = getattr(kept, field)
                if sid is not None and sid not in tables[other]:
                    wrong = expected(f"one of the {other}", sid)
                    raise wrong.within(f"tables.{name}[{place}].{field}")
    return shown, timers, tables


def _empty(kind: Callable[..., Table[Any]]) -> Table[Any]:
    """Tables say by themselves what they keep."""
    return kind()


def _timers(shown: Snapshot, commands: Mapping[str, type]) -> Timers:
    timers = Timers()
    numbers: set[int] = set()
    keys: set[str] = set()
    for place, written in enumerate(shown.timers):
        try:
            timer = _timer(written, commands)
            if not 0 <= timer.number < shown.next_timer or timer.number in numbers:
                raise expected("another number below next_timer", timer.number).within("number")
            if timer.key in keys:
                raise expected("a key that no other has", timer.key).within("key")
        except Unreadable as wrong:
            raise wrong.within(f"timers[{place}]") from None
        numbers.add(timer.number)
        keys.add(timer.key)
        timers.restore(timer)
    timers.next_number = shown.next_timer
    return timers


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


def _table(name: str, table: Table[Any], rows: tuple[Any, ...], serials: int) -> Table[Any]:
    for place, row in enumerate(rows):
        try:
            kept = revive(table.kind, row)
            for rank in RANKS:
                if not 0 <= getattr(kept, rank, 0) <= serials:
                    raise expected("a number of at most serials", getattr(kept, rank)).within(rank)
            if table.is_taken(kept):
                raise Unreadable(f"{kept.sid} is there twice, or what it alone is found by")
        except Unreadable as wrong:
            raise wrong.within(f"tables.{name}[{place}]") from None
        table.put(kept)
    return table
