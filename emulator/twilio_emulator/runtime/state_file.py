"""The state file: what was acknowledged survives the process.

The rules of this file:

- It is lines of JSON. The first says what file it is; then accounts open and close, and every
  command stands there before it is performed, appended by one write. What was refused, or failed by
  a fault of ours, is struck off again. There is no fsync: it survives `kill -9`, not a power cut.
- When an emulator starts, each account becomes what its snapshot and the commands after it say, and
  the file is written anew as one snapshot for each. What fell due meanwhile has happened too; its
  webhooks are not sent, nor are those that were under way.
- A last line without an end was never acknowledged: it is cut off and kept beside, with a warning.
  What can be read but not be performed is passed over, with a warning that names it. Anything else
  that cannot be read is an error, since going on would lose what comes after it.
"""

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.kernel.clock import LAST, Clock
from twilio_emulator.core.kernel.journal import Written, replay
from twilio_emulator.core.kernel.records import Unreadable, expected, record, revive, write_instant
from twilio_emulator.core.kernel.world import Numbering, World
from twilio_emulator.core.wings import new_world, read_line
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.lines import LineFile, NotOurs
from twilio_emulator.runtime.patterns import compile_pattern
from twilio_emulator.settings import InvalidSetting

MAGIC = "twilio-emulator state"
FORMAT = 2

FASTEST = 1_000_000
"""What no clock runs as fast as; a setting has six digits."""

_TORN_SNAPSHOT = re.compile(rb'\{"opened": ?"(\w+)".*"snapshot":')

log = logging.getLogger("twilio_emulator")


@record
class _Head:
    seed: int
    drawn: int


@record
class _Clock:
    now: datetime
    rate: float


@record
class _Opened:
    opened: str
    seed: int
    clock: _Clock
    public_url: str | None
    drawn: int = 0
    snapshot: dict[str, Any] | None = None


@dataclass(slots=True)
class KeptAccount:
    """An account as the file has it: where it starts from, and the commands since."""

    account_sid: str
    seed: int
    now: datetime
    rate: float
    public_url: str | None
    snapshot: dict[str, Any] | None = None
    commands: list[tuple[int, Written]] = field(default_factory=list)

    @property
    def journal(self) -> list[Written]:
        """What is known of how the account came to be what it is; nothing when only the tail is."""
        return [written for _, written in self.commands] if self.snapshot is None else []

    def world(self, numbering: Numbering) -> World:
        """Its world, as late as it would be had it never stopped.

        Raises:
            ValueError, KeyError: of another version.
        """
        clock = Clock(time.monotonic, self.now, self.rate)
        world = new_world(self.account_sid, self.seed, clock, numbering, compile_pattern)
        if self.snapshot is not None:
            world.restore(self.snapshot)
        for number, written in list(self.commands):
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


class StateFile:
    """The file, read when this is made.

    Args:
        path: where it is; it need not be there yet.
        seed: that the emulator is started with.

    Attributes:
        is_new: whether there was nothing in it.
        files: the folder beside it for uploaded bytes.
        drawn: how many account sids have been drawn.
        accounts: what it holds.

    Raises:
        InvalidSetting: it cannot be read, was made with another seed or by another version, or
            another emulator uses it.
    """

    def __init__(self, path: Path, seed: int) -> None:
        self._path = path
        self._seed = seed
        self.drawn = 0
        self.accounts: dict[str, KeptAccount] = {}
        try:
            self._file = LineFile(path, b'{"%b":' % MAGIC.encode())
        except NotOurs:
            raise self._unreadable(1) from None
        except (OSError, ValueError) as error:
            raise self._not_a_file(error) from None
        self.files = self._file.path.with_name(f"{self._file.path.name}.files")
        self.is_new = self._file.head is None
        with self._closed_when_unreadable():
            if self._file.head is not None:
                self._read(1, self._file.head)
            for number, line in self._file.lines:
                self._read(number, line)
            self._file.lines.clear()

    def worlds(self, numbering: Numbering) -> Iterator[tuple[KeptAccount, World]]:
        """The worlds that it holds.

        Raises:
            InvalidSetting: it was made by another version, or something is missing in it.
        """
        with self._closed_when_unreadable():
            for kept in self.accounts.values():
                try:
                    world = kept.world(numbering)
                except Exception as error:
                    wanted = f"a state file of this version ({type(error).__name__}: {error})"
                    raise InvalidSetting("state", wanted, str(self._path)) from None
                if kept.account_sid in world[Accounts]:
                    yield kept, world
                elif kept.commands:
                    wanted = f"a state file that opens {kept.account_sid} before it is used"
                    raise InvalidSetting("state", wanted, str(self._path))
                # Else whoever opened it was killed before there was anything in it.

    def begin(self, worlds: Iterable[tuple[World, str | None]]) -> None:
        """Write the file anew: what it is, and a snapshot of each of `worlds`, with its URL.

        Raises:
            InvalidSetting: it cannot be written.
        """
        worlds = list(worlds)

        def lines() -> Iterator[bytes]:
            for world, public_url in worlds:
                yield _line({**_opened(world, public_url), "snapshot": world.snapshot()})

        with self._closed_when_unreadable():
            self._keep_torn()
            try:
                self._file.rewrite({MAGIC: FORMAT, "seed": self._seed, "drawn": self.drawn}, lines)
            except OSError as error:
                raise self._not_a_file(error) from None
        self.accounts.clear()

    def keep(self, gate: Gate, public_url: str | None, drawn: int) -> None:
        """Write down a new account, and from now on its commands.

        Raises:
            OSError: it cannot be written.
        """
        self.drawn = drawn
        self._append({**_opened(gate.world, public_url), "drawn": drawn})
        self.go_on(gate)

    def go_on(self, gate: Gate) -> None:
        """Write down the commands of an account."""
        gate.write = self._writer(gate.world.account_sid)
        gate.strike_off = self._file.strike_off

    def forget(self, account_sid: str) -> None:
        """Write down that an account is closed.

        Raises:
            OSError: it cannot be written.
        """
        self._append({"closed": account_sid})

    def close(self) -> None:
        """Let others use the file."""
        self._file.close()

    def _writer(self, account_sid: str) -> Callable[[Written], None]:
        def write(written: Written) -> None:
            self._append({"account": account_sid, "written": written.plain()})

        return write

    def _append(self, content: dict[str, Any]) -> None:
        self._file.append(_line(content))

    def _keep_torn(self) -> None:
        """Cut off what is torn, keep it beside, and say so."""
        found = _TORN_SNAPSHOT.match(self._file.torn)
        try:
            beside = self._file.keep_torn()
        except OSError as error:
            raise self._not_a_file(error) from None
        if beside is None:
            return
        account_sid = found[1].decode() if found else ""
        is_lost = found is not None and account_sid not in self.accounts
        what = f"the snapshot of {account_sid}" if is_lost else "a line"
        lost = "; that account is lost" if is_lost else ""
        log.warning(
            "%s ends within %s, which is cut off and kept in %s%s", self._path, what, beside, lost
        )

    @contextlib.contextmanager
    def _closed_when_unreadable(self) -> Iterator[None]:
        try:
            yield
        except InvalidSetting:
            self.close()
            raise

    def _read(self, number: int, line: bytes) -> None:
        try:
            content = msgspec.json.decode(line, type=dict[str, Any])
            if number == 1:
                self._read_head(content)
            else:
                self._read_entry(number, content)
        except Unreadable as wrong:
            raise self._unreadable(number, f": {wrong}") from None
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, RecursionError):
            raise self._unreadable(number) from None

    def _read_entry(self, number: int, content: dict[str, Any]) -> None:
        if "opened" in content:
            it = revive(_Opened, content)
            if not 0 <= it.clock.rate < FASTEST:
                raise expected(f"a rate below {FASTEST}", it.clock.rate).within("clock.rate")
            if it.snapshot is not None and it.snapshot.get("account_sid") != it.opened:
                raise expected(f"that of {it.opened}").within("snapshot.account_sid")
            self.drawn = max(it.drawn, self.drawn)
            self.accounts[it.opened] = KeptAccount(
                account_sid=it.opened,
                seed=it.seed,
                now=it.clock.now,
                rate=it.clock.rate,
                public_url=it.public_url,
                snapshot=it.snapshot,
            )
        elif "closed" in content:
            del self.accounts[revive(str, content["closed"])]
        else:
            written = read_line(revive(dict[str, Any], content["written"]))
            kept = self.accounts[revive(str, content["account"])]
            # No clock comes further; a file that says so was made by an earlier version.
            kept.commands.append((number, written._replace(at=min(written.at, LAST))))

    def _read_head(self, content: dict[str, Any]) -> None:
        if content[MAGIC] != FORMAT:
            wanted = f"a state file of format {FORMAT}; it is of format {content[MAGIC]}"
            raise InvalidSetting("state", wanted, str(self._path))
        head = revive(_Head, {name: content[name] for name in ("seed", "drawn")})
        if head.seed != self._seed:
            wanted = f"{head.seed}, since {self._path} was made with it"
            raise InvalidSetting("seed", wanted, self._seed)
        self.drawn = head.drawn

    def _unreadable(self, number: int, why: str = "") -> InvalidSetting:
        wanted = f"a state file; line {number} cannot be read{why}"
        return InvalidSetting("state", wanted, str(self._path))

    def _not_a_file(self, error: OSError | ValueError) -> InvalidSetting:
        why = error.strerror if isinstance(error, OSError) else error
        return InvalidSetting("state", f"a file: {why}", str(self._path))


def _opened(world: World, public_url: str | None) -> dict[str, Any]:
    clock = {"now": write_instant(world.clock.now()), "rate": world.clock.rate}
    return {
        "opened": world.account_sid,
        "seed": world.seed,
        "clock": clock,
        "public_url": public_url,
    }


def _line(content: dict[str, Any]) -> bytes:
    return msgspec.json.encode(content) + b"\n"
