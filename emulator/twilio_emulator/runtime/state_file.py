"""The state file: what was acknowledged survives the process.

The rules of this file:

- Every command stands in it before it is performed, appended by one write. What was refused, or
  failed by a fault of ours, is struck off again. There is no fsync: it survives `kill -9`, not a
  power cut.
- When an emulator starts, each account becomes what its copy and the commands after it say. What
  fell due meanwhile has happened too; its webhooks are not sent, nor are those that were under way.
- While it runs, the file is written anew, compacted (`compaction.py`), before it is twice what it
  would be then.
- A last line without an end was never acknowledged: it is cut off and kept beside, with a warning.
  What can be read but not be performed is passed over, with a warning that names it. Anything else
  that cannot be read is an error, since going on would lose what comes after it.
"""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.kernel.journal import Written
from twilio_emulator.core.kernel.keeping import Keep
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.reviving import Unreadable, revive
from twilio_emulator.core.kernel.world import Numbering, World
from twilio_emulator.runtime import state_lines
from twilio_emulator.runtime.account_starts import AccountStart
from twilio_emulator.runtime.compaction import Compaction
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.lines import LineFile, NotOurs
from twilio_emulator.runtime.state_lines import Entries, KeptAccount, Progress, undisturbed
from twilio_emulator.settings import InvalidSetting

MAGIC = "twilio-emulator state"
FORMAT = 3

log = logging.getLogger("twilio_emulator")


@record
class _Head:
    seed: int
    drawn: int


class StateFile:
    """The file, read when this is made.

    Args:
        path: where it is; it need not be there yet.
        seed: that the emulator is started with.

    Attributes:
        is_new: whether there was nothing in it.
        files: the folder beside it for uploaded bytes.
        drawn: how many account sids have been drawn.
        accounts: what it holds, until it is begun.

    Raises:
        InvalidSetting: it cannot be read, was made with another seed or by another version, or
            another emulator uses it.
    """

    def __init__(self, path: Path, seed: int) -> None:
        self._path = path
        self._seed = seed
        self.drawn = 0
        try:
            self._file = LineFile(path, b'{"%b":' % MAGIC.encode())
        except NotOurs:
            raise self._unreadable(1) from None
        except (OSError, ValueError) as error:
            raise self._not_a_file(error) from None
        self._compaction = Compaction(self._file, self._head)
        self.files = self._file.path.with_name(f"{self._file.path.name}.files")
        self.is_new = self._file.head is None
        with self._closed_when_unreadable(), undisturbed():
            self._read()

    @property
    def accounts(self) -> dict[str, KeptAccount]:
        return self._entries.accounts

    def worlds(self, numbering: Numbering, keep: Keep) -> Iterator[tuple[KeptAccount, World]]:
        """The worlds that it holds. To be made once.

        Args:
            keep: how much there may be of what is not kept for ever.

        Raises:
            InvalidSetting: it was made by another version, or something is missing in it.
        """
        commands = sum(len(kept.commands) for kept in self.accounts.values())
        progress = Progress(f"performing what was written to {self._path}", commands)
        with self._closed_when_unreadable(), undisturbed():
            for kept in self.accounts.values():
                try:
                    world = kept.world(numbering, keep, progress)
                except Exception as error:
                    wanted = f"a state file of this version ({type(error).__name__}: {error})"
                    raise InvalidSetting("state", wanted, str(self._path)) from None
                if kept.account_sid in world[Accounts]:
                    yield kept, world
                elif kept.commands:
                    raise self._never_opened(kept.account_sid)
                # Else whoever opened it was killed before there was anything in it.

    def begin(self) -> None:
        """Be ready to be written to, from now on.

        Raises:
            InvalidSetting: it cannot be written.
        """
        lost = self._entries.unfinished
        with self._closed_when_unreadable():
            try:
                beside = self._file.settle(self._head(), all_of_it=bool(lost))
            except OSError as error:
                raise self._not_a_file(error) from None
        if lost:
            log.warning(
                "%s ends within the copy of %s, which is lost; all of the file is kept in %s",
                self._path,
                ", ".join(lost),
                beside,
            )
        elif beside is not None:
            log.warning(
                "%s ends within a line, which is cut off and kept in %s", self._path, beside
            )
        self.accounts.clear()

    def keep(self, gate: Gate, public_url: str | None, drawn: int) -> None:
        """Write down a new account, and from now on its commands.

        Raises:
            OSError: it cannot be written.
        """
        self.drawn = drawn
        self._compaction.open(gate.world, public_url, drawn)
        self._join(gate)

    def starts(self, account_sid: str, start: AccountStart) -> None:
        """Write down what an account is put back to.

        Raises:
            OSError: it cannot be written.
        """
        self._compaction.start(account_sid, start)

    def go_on(self, gate: Gate, kept: KeptAccount) -> None:
        """Write down the commands of an account that it held."""
        self._compaction.go_on(gate.world, kept)
        self._join(gate)

    def forget(self, account_sid: str) -> None:
        """Write down that an account is closed.

        Raises:
            OSError: it cannot be written.
        """
        self._compaction.close(account_sid)

    def follow(self) -> None:
        """Have the file compacted while others are served too."""
        self._compaction.follow()

    @property
    def is_compact(self) -> bool:
        """Whether there is little in the file that would go if it were written anew."""
        return self._compaction.is_at_rest

    def close(self) -> None:
        """Let others use the file."""
        self._compaction.stop()
        self._file.close()

    def _join(self, gate: Gate) -> None:
        append = self._compaction.append
        account_sid = gate.world.account_sid

        def write(written: Written) -> None:
            append(account_sid, state_lines.command_written(account_sid, written))

        gate.write = write
        gate.strike_off = self._compaction.strike_off

    def _head(self) -> dict[str, Any]:
        return {MAGIC: FORMAT, "seed": self._seed, "drawn": self.drawn}

    @contextlib.contextmanager
    def _closed_when_unreadable(self) -> Iterator[None]:
        try:
            yield
        except InvalidSetting:
            self.close()
            raise

    def _read(self) -> None:
        number = 1
        try:
            if self._file.head is not None:
                self._read_head(self._file.head)
            self._entries = Entries(self.drawn, may_be_older=self._file.is_in_place)
            progress = Progress(f"reading {self._path}", self._file.length)
            for number, line in self._file.lines():
                self._entries.read(number, line)
                progress.came(len(line))
        except Unreadable as wrong:
            raise self._unreadable(number, f": {wrong}") from None
        except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, RecursionError):
            raise self._unreadable(number) from None
        except OSError as error:
            raise self._not_a_file(error) from None
        if self._entries.never_opened:
            raise self._never_opened(self._entries.never_opened[0])
        self.drawn = self._entries.drawn

    def _read_head(self, line: bytes) -> None:
        content = msgspec.json.decode(line, type=dict[str, Any])
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

    def _never_opened(self, account_sid: str) -> InvalidSetting:
        wanted = f"a state file that opens {account_sid} before it is used"
        return InvalidSetting("state", wanted, str(self._path))

    def _not_a_file(self, error: OSError | ValueError) -> InvalidSetting:
        why = error.strerror if isinstance(error, OSError) else error
        return InvalidSetting("state", f"a file: {why}", str(self._path))
