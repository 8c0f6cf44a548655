"""Keeps a state file small while it is written to: it is written anew, row by row, while the
worlds go on.

The rules of this file:

- A file is never twice what it would be after it was written anew: of what it holds, and of what
  was written down since. What a closed account or a removed row takes counts as nothing.
- A small file is written anew at once. A large one in pieces of a few rows: with each line that is
  appended, enough of it that the end comes before the file is too large; and some whenever nobody
  has asked for anything for a while. Each account is copied as it is at one instant; what it is
  told later follows as its commands do (`core/kernel/copying.py`).
- Until what is new is whole, the file that was there is the one that counts. If the disk is full,
  it goes on to be.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from twilio_emulator.core.kernel.copying import Copying
from twilio_emulator.core.kernel.world import World
from twilio_emulator.runtime import state_lines
from twilio_emulator.runtime.account_starts import AccountStart
from twilio_emulator.runtime.lines import Anew, Head, LineFile
from twilio_emulator.runtime.state_lines import KeptAccount

SMALL = 128 * 1024
"""Bytes of a file that is written anew at once, which takes milliseconds."""

LEAST = 4 * 1024
"""Bytes that any file is taken to hold."""

LITTLE = 64 * 1024
"""Bytes of new lines that may stand even in a file that holds no more than they; of larger files,
the quarter may."""

AHEAD = 4
"""Bytes that are copied for each that is appended meanwhile."""

MOST_STEPS = 8
"""Steps that one line has to wait for at most, each of some rows; a snapshot that is put back is a
line of megabytes."""

QUIET = 1.0
"""Seconds without a command after which a file with new lines is written anew, if they are at least
the `WORTH`th part of it."""

WORTH = 16

SLICE, PAUSE = 0.002, 0.008
"""Seconds that a copy goes on when it need not, and seconds that it then leaves to others."""

log = logging.getLogger("twilio_emulator")


@dataclass(slots=True)
class _Account:
    """An account that the file holds.

    Attributes:
        start: what it is put back to.
        size: how many bytes of copy the file has of it.
        rows: how many rows these are.
        held: how many bytes it would have if it were copied now, at most `size`.
    """

    world: World
    public_url: str | None
    copying: Copying
    start: AccountStart | None = None
    size: int = 0
    rows: int = 0
    held: int = 0


class Compaction:
    """What writes to the file.

    Args:
        file: which has been read.
        head: what it begins with.
    """

    def __init__(self, file: LineFile, head: Callable[[], Head]) -> None:
        self._file = file
        self._head = head
        self._accounts: dict[str, _Account] = {}
        self._held = 0
        self._anew: Anew | None = None
        self._writing: Iterator[None] | None = None
        self._copied: set[str] = set()
        self._followed = False
        self._ahead = 0
        self._not_below = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waking: asyncio.TimerHandle | None = None
        self._size_seen = 0

    def open(self, world: World, public_url: str | None, drawn: int) -> None:
        """Write down a new account.

        Raises:
            OSError: it cannot be written.
        """
        account_sid = world.account_sid
        self._copied.add(account_sid)  # there is nothing to copy: all that it is told follows
        self.append(account_sid, state_lines.account_opened(world, public_url, drawn))
        self._accounts[account_sid] = _Account(world, public_url, Copying(world))

    def start(self, account_sid: str, start: AccountStart) -> None:
        """Write down what an account is put back to.

        Raises:
            OSError: it cannot be written.
        """
        self.append(account_sid, state_lines.account_started(account_sid, start))
        self._accounts[account_sid].start = start

    def go_on(self, world: World, kept: KeptAccount) -> None:
        """An account that the file held goes on."""
        copying = Copying(world)
        rows = max(kept.rows, 1)
        size = kept.size
        account = _Account(world, kept.public_url, copying, kept.start, size, rows, size)
        self._accounts[world.account_sid] = account
        self._held += account.held

    def close(self, account_sid: str) -> None:
        """Write down that an account is closed.

        Raises:
            OSError: it cannot be written.
        """
        self.append(account_sid, state_lines.account_closed(account_sid))
        account = self._accounts.pop(account_sid, None)
        if account is not None:
            self._held -= account.held
            account.copying.part()

    def append(self, account_sid: str, line: bytes) -> None:
        """Write down what is about to be.

        Raises:
            OSError: it cannot be written; the file is as it was.
        """
        if self._writing is not None:
            self._ahead -= AHEAD * len(line)
            for _ in range(MOST_STEPS):
                if self._ahead >= 0 or not self._go_on():
                    break
        elif self._is_due(account_sid):
            self._begin()
        self._file.append(line)
        self._followed = self._anew is not None and account_sid in self._copied
        if self._anew is not None and self._followed:
            self._anew.follow(line)
        if self._waking is None:
            self._wake_in(QUIET)

    def strike_off(self) -> None:
        """Take back the line that was appended last.

        Raises:
            OSError: it stays.
        """
        self._file.strike_off()
        if self._anew is not None and self._followed:
            self._anew.unfollow()

    def follow(self) -> None:
        """Go on when nobody asks for anything, in the loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._wake_in(QUIET)

    @property
    def is_at_rest(self) -> bool:
        """Whether the file is as small as it is worth to make it."""
        return self._writing is None and not self._is_worth_it()

    def stop(self) -> None:
        """Leave the file as it is."""
        self._loop = None
        self._wake_in(QUIET)
        self._give_up()
        self._writing = None

    def _is_due(self, account_sid: str) -> bool:
        """Whether the file grows too large with one more line of an account."""
        account = self._accounts.get(account_sid)
        if account is not None and account.size:
            held = account.size * min(account.copying.rows, account.rows) // account.rows
            self._held += held - account.held
            account.held = held
        held = max(self._held, LEAST)
        most = max(held // 4, min(held // 4 * 3, LITTLE))
        return self._new_lines() > most and self._file.length >= self._not_below

    def _new_lines(self) -> int:
        return self._file.length - self._held

    def _begin(self) -> None:
        self._copied = set()
        self._ahead = 0
        self._writing = self._write()
        if self._held + self._new_lines() < SMALL:
            while self._go_on():
                pass
        else:
            self._wake_in(PAUSE)

    def _go_on(self) -> bool:
        """Write some of what is new; answers whether there is more."""
        assert self._writing is not None
        if next(self._writing, self) is self:
            self._anew = self._writing = None
            return False
        return True

    def _write(self) -> Iterator[None]:
        """Write it anew, in steps."""
        copies: list[tuple[_Account, int, int]] = []
        could_be_replaced = self._file.can_be_replaced
        try:
            self._anew = self._file.anew(self._head(), self._file.length)
            for account_sid in list(self._accounts):
                yield from self._copy(account_sid, copies)
            if self._anew is not None:
                for _ in self._anew.finish():
                    self._ahead += LITTLE
                    yield
                self._have(copies)
        except OSError as error:
            if could_be_replaced == self._file.can_be_replaced:
                self._fail(error)
            else:
                self._give_up()  # the next time it is written in its place

    def _copy(self, account_sid: str, copies: list[tuple[_Account, int, int]]) -> Iterator[None]:
        """Copy an account, once more if it becomes another meanwhile."""
        while self._anew is not None and account_sid in self._accounts:
            account = self._accounts[account_sid]
            copying = account.copying
            times, count = copying.replaced_times, copying.rows
            if not count:  # it is about to be opened, by a command that follows
                self._copied.add(account_sid)
                drawn = self._head()["drawn"]
                opened = state_lines.account_opened(account.world, account.public_url, drawn)
                copies.append((account, self._say(opened), 1))
                return
            snapshot, rows = copying.copy()
            beginning = state_lines.account_copied(account.world, account.public_url, snapshot)
            size = self._say(beginning)
            self._copied.add(account_sid)
            while copying.replaced_times == times and self._accounts.get(account_sid) is account:
                found = next(rows, None)
                if found is None:
                    whole = state_lines.copy_is_whole(account_sid, count, account.start)
                    size += self._say(whole)
                    copies.append((account, size, max(count, 1)))
                    return
                table, piece = found
                if piece:
                    size += self._say(state_lines.rows_copied(account_sid, table, piece))
                yield

    def _say(self, line: bytes) -> int:
        """Write a line of what is new, unless it was given up; answers how long it is."""
        self._ahead += len(line)
        if self._anew is not None:
            try:
                self._anew.write(line)
            except OSError as error:
                self._fail(error)
        return len(line)

    def _have(self, copies: list[tuple[_Account, int, int]]) -> None:
        """What was copied is what the file holds."""
        self._not_below = 0
        for account in self._accounts.values():
            account.size = account.held = 0
        for account, size, rows in copies:
            account.size, account.rows, account.held = size, rows, size
        self._held = sum(account.held for account in self._accounts.values())

    def _fail(self, error: OSError) -> None:
        if not self._not_below:
            why = error.strerror or error
            log.warning("%s could not be compacted, and grows: %s", self._file.path, why)
        self._not_below = self._file.length + LITTLE
        self._give_up()

    def _give_up(self) -> None:
        if self._anew is not None:
            self._anew.give_up()
        self._anew = None

    def _is_worth_it(self) -> bool:
        new = self._new_lines()
        return new * WORTH > self._held and self._file.length >= self._not_below

    def _wake(self) -> None:
        """Go on with what goes on, or begin when it is quiet."""
        self._waking = None
        if self._writing is None:
            if self._file.size == self._size_seen:
                if not self._is_worth_it():
                    return
                self._begin()
            self._size_seen = self._file.size
        until = time.monotonic() + SLICE
        while self._writing is not None and time.monotonic() < until:
            self._go_on()
        self._wake_in(QUIET if self._writing is None else PAUSE)

    def _wake_in(self, seconds: float) -> None:
        """Go on in so many seconds, and not before, while there is a loop that runs."""
        if self._waking is not None:
            self._waking.cancel()
        self._waking = None
        if self._loop is not None and not self._loop.is_closed():
            self._waking = self._loop.call_later(seconds, self._wake)
