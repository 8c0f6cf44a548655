"""The state file: what was acknowledged survives the process.

The rules of this file:

- It is lines of JSON. The first says what file it is; then accounts open and close, and every
  command stands there before it is performed, appended by one write. What was refused, or failed by
  a fault of ours, is struck off again. There is no fsync: it survives `kill -9`, not a power cut.
- When an emulator starts, each account becomes what its snapshot and the commands after it say, and
  the file is written anew as one snapshot for each. What fell due meanwhile has happened too; its
  webhooks are not sent, nor are those that were under way.
- A last line without an end was never acknowledged: it is cut off, with a warning. Anything else
  that cannot be read is an error, since going on would lose what comes after it.
"""

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from emulator.core.clock import Clock
from emulator.core.journal import Written, read_line, replay
from emulator.core.plain import write_instant
from emulator.core.world import Numbering, World
from emulator.gate import Gate
from emulator.settings import InvalidSetting

try:
    import fcntl
except ImportError:  # Windows has no such locks: there, nobody notices a second emulator
    fcntl = None  # type: ignore[assignment]

MAGIC = "twilio-emulator state"
FORMAT = 1

log = logging.getLogger("emulator")


@dataclass(slots=True)
class Kept:
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
        world = World(self.account_sid, self.seed, clock, numbering)
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
        self.files = path.with_name(f"{path.name}.files")
        self.drawn = 0
        self.accounts: dict[str, Kept] = {}
        try:
            self._file = _locked(path)
            lines = self._file.read().split(b"\n")
        except OSError as error:
            raise InvalidSetting("state", f"a file: {error.strerror}", str(path)) from None
        torn = lines.pop()
        if torn:
            log.warning("%s ends within a line, which is cut off", path)
        self.is_new = not lines
        self._size = self._last = 0
        with self._closed_when_unreadable():
            for number, line in enumerate(lines, 1):
                self._read(number, line)

    def worlds(self, numbering: Numbering) -> Iterator[tuple[Kept, World]]:
        """The worlds that it holds.

        Raises:
            InvalidSetting: it was made by another version.
        """
        with self._closed_when_unreadable():
            for kept in self.accounts.values():
                try:
                    world = kept.world(numbering)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    expected = f"a state file of this version ({type(error).__name__}: {error})"
                    raise InvalidSetting("state", expected, str(self._path)) from None
                yield kept, world

    def begin(self, worlds: Iterable[tuple[World, str | None]]) -> None:
        """Write the file anew: what it is, and a snapshot of each of `worlds`, with its URL.

        Raises:
            InvalidSetting: it cannot be written.
        """
        aside = self._path.with_name(f"{self._path.name}.new")
        with self._closed_when_unreadable():
            try:
                aside.unlink(missing_ok=True)
                compacted = _locked(aside)
                compacted.write(_line({MAGIC: FORMAT, "seed": self._seed, "drawn": self.drawn}))
                for world, public_url in worlds:
                    opened = _opened(world, public_url)
                    compacted.write(_line({**opened, "snapshot": world.snapshot()}))
                compacted.flush()
                self._size = compacted.tell()
                aside.replace(self._path)
            except OSError as error:
                expected = f"a file: {error.strerror}"
                raise InvalidSetting("state", expected, str(self._path)) from None
        self._file.close()
        self._file = compacted
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
        gate.strike_off = self._strike_off

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
        line = _line(content)
        try:
            if os.write(self._file.fileno(), line) != len(line):
                raise OSError(f"{self._path} took only a part of a line")
        except OSError:
            # What follows must not stand behind a torn line.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file.fileno(), self._size)
            raise
        self._last, self._size = self._size, self._size + len(line)

    def _strike_off(self) -> None:
        """Take back the line that was appended last: what it says was not done.

        Who is killed in between leaves the line there; it comes to nothing when it is read, too.
        """
        os.ftruncate(self._file.fileno(), self._last)
        self._size = self._last

    @contextlib.contextmanager
    def _closed_when_unreadable(self) -> Iterator[None]:
        try:
            yield
        except InvalidSetting:
            self.close()
            raise

    def _read(self, number: int, line: bytes) -> None:
        try:
            content = msgspec.json.decode(line)
            if number == 1:
                self._read_head(content)
            else:
                self._read_entry(number, content)
        except InvalidSetting:
            raise
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError, AttributeError):
            expected = f"a state file; line {number} cannot be read"
            raise InvalidSetting("state", expected, str(self._path)) from None

    def _read_entry(self, number: int, content: dict[str, Any]) -> None:
        if "opened" in content:
            clock = content["clock"]
            kept = Kept(
                account_sid=content["opened"],
                seed=content["seed"],
                now=datetime.fromisoformat(clock["now"]).astimezone(UTC),
                rate=clock["rate"],
                public_url=content["public_url"],
                snapshot=content.get("snapshot"),
            )
            self.drawn = content.get("drawn", self.drawn)
            self.accounts[kept.account_sid] = kept
        elif "closed" in content:
            del self.accounts[content["closed"]]
        else:
            written = read_line(content["written"])
            self.accounts[content["account"]].commands.append((number, written))

    def _read_head(self, content: dict[str, Any]) -> None:
        if content[MAGIC] != FORMAT:
            expected = f"a state file of format {FORMAT}; it is of format {content[MAGIC]}"
            raise InvalidSetting("state", expected, str(self._path))
        if content["seed"] != self._seed:
            expected = f"{content['seed']}, since {self._path} was made with it"
            raise InvalidSetting("seed", expected, self._seed)
        self.drawn = content["drawn"]


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


def _locked(path: Path) -> BinaryIO:
    """A file that nobody else may open, for reading and appending, and for our eyes only.

    Raises:
        OSError: somebody has it, or it cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), path.stat()):
            raise BlockingIOError  # another emulator has just written it anew
    except BlockingIOError:
        os.close(descriptor)
        raise OSError(0, "another emulator uses it") from None
    file: BinaryIO = os.fdopen(descriptor, "r+b")
    return file
