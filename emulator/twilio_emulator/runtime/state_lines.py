"""What stands in a state file: its lines written and read.

The rules of this file:

- The first line says what file it is. An account opens, or is *copied*: what it held at one
  instant follows, row by row, among whatever else was written meanwhile, until it is said to be
  whole. Its commands follow what they were performed on; and it closes.
- What an account is put back to is a line of its own, which may come again; of a copy, the line
  that says that it is whole has it.
- A copy that is whole replaces whatever was said of the account before it began. One that is not,
  since the emulator was killed, or gave it up, says nothing.
- Where a file was written anew in its place, commands may come first that are older than the copy
  of their account. They are in it.
"""

import contextlib
import gc
import logging
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from twilio_emulator.core.kernel.clock import LAST, Clock
from twilio_emulator.core.kernel.copying import TIMERS
from twilio_emulator.core.kernel.journal import Written, replay
from twilio_emulator.core.kernel.keeping import Keep
from twilio_emulator.core.kernel.records import Plain, record, write_instant
from twilio_emulator.core.kernel.reviving import Unreadable, expected, revive
from twilio_emulator.core.kernel.snapshots import SnapshotReading
from twilio_emulator.core.kernel.world import Numbering, World
from twilio_emulator.core.wings import new_world, read_line, read_snapshot
from twilio_emulator.runtime import p256
from twilio_emulator.runtime.account_starts import AccountStart
from twilio_emulator.runtime.patterns import compile_pattern

FASTEST = 1_000_000
"""What no clock runs as fast as; a setting has six digits."""

SILENCE = 2.0
"""Seconds between two words on how far a start has come."""

log = logging.getLogger("twilio_emulator")


@record
class _Clock:
    now: datetime
    rate: float


@record
class _Opened:
    seed: int
    clock: _Clock
    public_url: str | None
    drawn: int = 0


@record
class _Started:
    """What an account is put back to.

    Attributes:
        machine: the time of day then.
        performed: commands, as lines; or else
        snapshot: what they made.
    """

    now: datetime
    machine: datetime
    rate: float
    files: tuple[str, ...] = ()
    performed: tuple[dict[str, Any], ...] = ()
    snapshot: dict[str, Any] | None = None


@dataclass(slots=True)
class KeptAccount:
    """An account as the file has it: where it starts from, and the commands since.

    Attributes:
        snapshot: what it starts from; nothing when None.
        size: how many bytes of the file that is.
        rows: how many rows and timers are in it.
        start: what it is put back to.
    """

    account_sid: str
    opened: _Opened
    snapshot: SnapshotReading | None = None
    size: int = 0
    rows: int = 0
    start: AccountStart | None = None
    commands: list[tuple[int, Written]] = field(default_factory=list)

    @property
    def public_url(self) -> str | None:
        return self.opened.public_url

    @property
    def journal(self) -> list[Written]:
        """What is known of how the account came to be what it is; nothing when only the tail is."""
        return [written for _, written in self.commands] if self.snapshot is None else []

    def world(self, numbering: Numbering, keep: Keep, progress: "Progress") -> World:
        """Its world, as late as it would be had it never stopped. To be made once.

        Raises:
            ValueError, KeyError: of another version.
        """
        start = self.opened.clock
        clock = Clock(time.monotonic, start.now, start.rate)
        sid, seed = self.account_sid, self.opened.seed
        world = new_world(sid, seed, clock, numbering, compile_pattern, keep, p256)
        if self.snapshot is not None:
            world.become(self.snapshot)
        for number, written in list(self.commands):
            progress.came(1)
            try:
                replay(world, (written,))
            except Exception as error:
                # Whoever was killed did not come to strike it off.
                self.commands.remove((number, written))
                what, why = type(written.command).__name__, f"{type(error).__name__}: {error}"
                log.warning("line %d, %s, could not be performed: %s", number, what, why)
        if clock.rate:
            machine = datetime.now(UTC) if clock.rate == 1 else world.now
            clock.set(max(clock.now(), world.now, machine))
        replay(world, (), until=clock.now())
        return world


class Progress:
    """Tells people how far something has come that takes long.

    Args:
        doing: what is done, and with what.
        whole: how much there is of it.
    """

    def __init__(self, doing: str, whole: int) -> None:
        self._doing = doing
        self._whole = whole
        self._done = 0
        self._next = time.monotonic() + SILENCE

    def came(self, much: int) -> None:
        """Another bit is done."""
        self._done += much
        now = time.monotonic()
        if now >= self._next:
            self._next = now + SILENCE
            percent = min(100 * self._done // max(self._whole, 1), 100)
            log.warning("%s: %d %%", self._doing, percent)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Nobody looks for cycles meanwhile: what is read has none, and all of it stays."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Entries:
    """What the lines after the first say.

    Args:
        drawn: how many account sids had been drawn when the file began.
        may_be_older: whether there may be commands first that are older than a copy.

    Attributes:
        drawn: how many account sids have been drawn.
        accounts: what there is of each account that is open.
    """

    def __init__(self, drawn: int, *, may_be_older: bool) -> None:
        self.drawn = drawn
        self.accounts: dict[str, KeptAccount] = {}
        self._copies: dict[str, KeptAccount] = {}
        self._may_be_older = may_be_older
        self._older: set[str] = set()

    @property
    def unfinished(self) -> list[str]:
        """Accounts of which there is nothing but a copy that is not whole."""
        return [sid for sid in self._copies if sid not in self.accounts]

    @property
    def never_opened(self) -> list[str]:
        """Accounts that have commands, and nothing that these were performed on."""
        return sorted(self._older - self.accounts.keys() - self._copies.keys())

    def read(self, number: int, line: bytes) -> None:
        """Read one.

        Raises:
            Unreadable, KeyError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError: it
                cannot be read.
        """
        content = msgspec.json.decode(line, type=dict[str, Any])
        if "written" in content:
            self._read_command(number, content)
        elif "rows" in content:
            copy = self._copies[revive(str, content["account"])]
            assert copy.snapshot is not None
            rows = revive(tuple[Any, ...], content["rows"])
            copy.size += len(line)
            copy.rows += len(rows)
            if content["table"] == TIMERS:
                copy.snapshot.read_timers(rows)
            else:
                copy.snapshot.read_rows(revive(str, content["table"]), rows)
        elif "copied" in content:
            account_sid = revive(str, content.pop("copied"))
            snapshot = revive(dict[str, Any], content.pop("snapshot"))
            if snapshot.get("account_sid") != account_sid:
                raise expected(f"that of {account_sid}").within("snapshot.account_sid")
            try:
                reading = read_snapshot(snapshot)
            except Unreadable as wrong:
                raise wrong.within("snapshot") from None
            opened = _opened_by(content)
            self._copies[account_sid] = KeptAccount(account_sid, opened, reading, len(line))
        elif "whole" in content:
            self._complete(content, len(line))
        elif "opened" in content:
            account_sid = revive(str, content.pop("opened"))
            opened = _opened_by(content)
            self.drawn = max(opened.drawn, self.drawn)
            self.accounts[account_sid] = KeptAccount(account_sid, opened)
        elif "started" in content:
            start = _start_by(content["start"])
            for kept in self._of(revive(str, content["started"])):
                kept.start = start
        else:
            self._close(revive(str, content["closed"]))

    def _complete(self, content: dict[str, Any], size: int) -> None:
        copy = self._copies.pop(revive(str, content["whole"]))
        assert copy.snapshot is not None
        if content["count"] != copy.rows:
            raise expected(f"a copy of {content['count']} rows, not of {copy.rows}")
        copy.snapshot.end()
        if "start" in content:
            copy.start = _start_by(content["start"])
        copy.size += size
        self.accounts[copy.account_sid] = copy

    def _close(self, account_sid: str) -> None:
        known = [held.pop(account_sid, None) for held in (self.accounts, self._copies)]
        if not any(known) and not self._may_be_older:
            raise KeyError(account_sid)
        self._older.discard(account_sid)

    def _read_command(self, number: int, content: dict[str, Any]) -> None:
        written = read_line(revive(dict[str, Any], content["written"]))
        # No clock comes further; a file that says so was made by an earlier version.
        written = written._replace(at=min(written.at, LAST))
        for kept in self._of(revive(str, content["account"])):
            kept.commands.append((number, written))

    def _of(self, account_sid: str) -> list[KeptAccount]:
        """What a line is about: an account, and the copy of it that is not whole yet."""
        found = [held[account_sid] for held in (self.accounts, self._copies) if account_sid in held]
        if not found:
            if not self._may_be_older:
                raise KeyError(account_sid)
            self._older.add(account_sid)
        return found


def _opened_by(content: dict[str, Any]) -> _Opened:
    opened = revive(_Opened, content)
    if not 0 <= opened.clock.rate < FASTEST:
        raise expected(f"a rate below {FASTEST}", opened.clock.rate).within("clock.rate")
    return opened


def _start_by(content: Plain) -> AccountStart:
    started = revive(_Started, content)
    machine = time.monotonic()
    if started.rate == 1:  # others stood while we were not there, as those of the accounts did
        machine -= (datetime.now(UTC) - started.machine).total_seconds()
    snapshot = started.snapshot
    return AccountStart(
        performed=tuple(read_line(line) for line in started.performed),
        snapshot=None if snapshot is None else zlib.compress(msgspec.json.encode(snapshot), 1),
        files=started.files,
        now=started.now,
        machine=machine,
        rate=started.rate,
    )


def account_opened(world: World, public_url: str | None, drawn: int) -> bytes:
    """The line of a new account."""
    return _line({"opened": world.account_sid, **_circumstances(world, public_url), "drawn": drawn})


def account_copied(world: World, public_url: str | None, snapshot: dict[str, Plain]) -> bytes:
    """The line that a copy begins with."""
    circumstances = _circumstances(world, public_url)
    return _line({"copied": world.account_sid, **circumstances, "snapshot": snapshot})


def account_started(account_sid: str, start: AccountStart) -> bytes:
    """The line of what an account is put back to."""
    return _line({"started": account_sid, "start": _said(start)})


def rows_copied(account_sid: str, table: str, rows: list[Plain]) -> bytes:
    """A line of a copy."""
    return _line({"account": account_sid, "table": table, "rows": rows})


def copy_is_whole(account_sid: str, rows: int, start: AccountStart | None) -> bytes:
    """The line that a copy of so many rows ends with.

    Args:
        start: what the account is put back to, where that is known.
    """
    said = {} if start is None else {"start": _said(start)}
    return _line({"whole": account_sid, "count": rows, **said})


def account_closed(account_sid: str) -> bytes:
    """The line of an account that is no more."""
    return _line({"closed": account_sid})


def command_written(account_sid: str, written: Written) -> bytes:
    """The line of a command."""
    return _line({"account": account_sid, "written": written.plain()})


def _said(start: AccountStart) -> dict[str, Any]:
    said: dict[str, Any] = {
        "now": write_instant(start.now),
        "machine": write_instant(start.machine_time),
        "rate": start.rate,
        "files": start.files,
    }
    if start.snapshot is None:
        said["performed"] = [written.plain() for written in start.performed]
    else:
        said["snapshot"] = msgspec.Raw(zlib.decompress(start.snapshot))
    return said


def _circumstances(world: World, public_url: str | None) -> dict[str, Plain]:
    return {
        "seed": world.seed,
        "clock": {"now": write_instant(world.clock.now()), "rate": world.clock.rate},
        "public_url": public_url,
    }


def _line(content: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(content) + b"\n"
