"""Virtual time: now, advance, and what is due when.

The rules of this file:

- A world's clock is a straight line over the machine's: real (rate 1), fast (rate N) or frozen
  (rate 0).
- Instants are UTC and whole milliseconds, since that is what webhooks show.
- A timer is a command with a due time and a key. Setting a key again moves its timer; equal due
  times fire in the order in which they were set.
"""

import functools
import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from twilio_emulator.core.kernel.records import Plain, plain_command, record, replace, write_instant
from twilio_emulator.core.kernel.tables import Changes

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(9799, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
"""Where a clock stands still: what follows then, in a century at most, is still in the calendar."""

MachineTime = Callable[[], float]
"""Seconds that never run backwards; their zero does not matter."""


# To make a span anew takes ten times as long as to find it.


@functools.lru_cache(maxsize=1024)
def milliseconds(count: int) -> timedelta:
    """A span of so many milliseconds."""
    return timedelta(milliseconds=count)


@functools.lru_cache(maxsize=1024)
def seconds(count: int) -> timedelta:
    """A span of so many seconds."""
    return timedelta(seconds=count)


def whole_milliseconds(at: datetime) -> datetime:
    """`at` in UTC, cut to the millisecond."""
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _in_bounds(at: datetime) -> datetime:
    return whole_milliseconds(min(max(at, FIRST), LAST))


class Clock:
    """The time of one world.

    Args:
        machine: where the machine's seconds come from.
        start: what the clock shows at first.
        rate: 1 is real, 0 is frozen, N runs N times as fast.
    """

    __slots__ = ("_from", "_machine", "_machine_from", "_shown", "_shown_after", "rate")

    def __init__(self, machine: MachineTime, start: datetime, rate: float = 1.0) -> None:
        self._machine = machine
        self._machine_from = machine()
        self._from = self._shown = _in_bounds(start)
        self._shown_after = 0
        self.rate = rate

    def now(self) -> datetime:
        """The world's instant; the same object all through a millisecond."""
        if not self.rate:
            return self._from
        try:
            passed = int((self._machine() - self._machine_from) * self.rate * 1000)
            if passed != self._shown_after:
                shown = self._from + timedelta(0, 0, 0, passed)
                self._shown = LAST if shown > LAST else shown
                self._shown_after = passed
        except OverflowError:
            return LAST
        return self._shown

    def set(self, now: datetime, rate: float | None = None) -> None:
        """Show `now` from this moment on, at the same rate unless another is given.

        Before `FIRST` and after `LAST` it shows these.
        """
        self._from = self._shown = _in_bounds(now)
        self._shown_after = 0
        self._machine_from = self._machine()
        if rate is not None:
            self.rate = rate

    def machine_seconds_until(self, due: datetime) -> float | None:
        """How long the machine has to wait for `due`; None when the clock stands still."""
        if not self.rate:
            return None
        return max(0.0, (due - self.now()).total_seconds() / self.rate)


@record
class Timer:
    """A command that performs itself at its time."""

    due: datetime
    number: int
    key: str
    command: Any

    def plain(self) -> dict[str, Plain]:
        """As a snapshot shows it."""
        return {
            "due": write_instant(self.due),
            "number": self.number,
            "key": self.key,
            **plain_command(self.command),
        }


_Due = tuple[datetime, int, int, Timer]
"""What is in order: when a timer is due, and its number; then which of those it is that were the
same before something was taken back."""

MOVED = 4
"""How many are looked at with each timer that is set, when most are set no more."""


class Timers:
    """What is due when. Setting, moving and cancelling cost the logarithm of what is set."""

    __slots__ = ("_heap", "_live", "_worn", "changes", "next_number")

    def __init__(self) -> None:
        self.changes: Changes | None = None
        self._heap: list[_Due] = []
        self._worn: list[_Due] = []  # a heap of mostly what is set no more, moved bit by bit
        self._live: dict[str, Timer] = {}
        self.next_number = 0

    def set(self, key: str, due: datetime, command: object) -> None:
        """Have `command` performed at `due`, instead of what `key` stood for before."""
        if self.changes is not None:
            self.changes.append((self, key, self._live.get(key)))
        self.restore(Timer(due=due, number=self.next_number, key=key, command=command))
        self.next_number += 1

    def restore(self, timer: Timer) -> None:
        """Put back a timer as it was, with its number."""
        self._live[timer.key] = timer
        heapq.heappush(self._heap, (timer.due, timer.number, id(timer), timer))
        if self._worn:
            for due in self._worn[-MOVED:]:
                if self._is_set(due):
                    heapq.heappush(self._heap, due)
            del self._worn[-MOVED:]  # a heap stays one without its end
        elif len(self._heap) > 2 * len(self._live) + 64:
            self._worn, self._heap = self._heap, []

    def _is_set(self, due: _Due) -> bool:
        timer = due[3]
        return self._live.get(timer.key) is timer

    def cancel(self, key: str) -> None:
        """Forget a timer; nothing happens when there is none."""
        timer = self._live.pop(key, None)
        if timer is not None and self.changes is not None:
            self.changes.append((self, key, timer))

    def undo(self, key: str, old: Timer | None) -> None:
        """Have the timer that was set before."""
        self._live.pop(key, None)
        if old is not None:
            self.restore(replace(old))  # what stands for it in the heap stays nothing

    def next_due(self) -> datetime | None:
        """When the next timer fires."""
        heap = self._next_heap()
        return heap[0][0] if heap else None

    def _next_heap(self) -> list[_Due]:
        """The heap whose top is the next timer; an empty one when nothing is set."""
        heap, worn = self._heap, self._worn
        while heap and not self._is_set(heap[0]):
            heapq.heappop(heap)
        while worn and not self._is_set(worn[0]):
            heapq.heappop(worn)
        return worn if worn and (not heap or worn[0] < heap[0]) else heap

    def pop(self, until: datetime) -> Timer | None:
        """The next timer that is due by `until`, taken out; None when there is none."""
        heap = self._next_heap()
        if not heap or heap[0][0] > until:
            return None
        return self._live.pop(heapq.heappop(heap)[3].key)

    def get(self, key: str) -> Timer | None:
        """What is set under a key, if something is."""
        return self._live.get(key)

    def keys(self) -> Iterable[str]:
        """What timers are set under."""
        return self._live.keys()

    def __iter__(self) -> Iterator[Timer]:
        """All that are set, in the order in which they would fire."""
        return iter(sorted(self._live.values(), key=lambda timer: (timer.due, timer.number)))
