"""When the tokens of connections run out, on the world's clock.

The rules of this file:

- The clock may stand still, run fast or be moved. So moving it makes us look, and on a clock
  that runs the machine wakes us when the next moment has come.
- A connection waits for one moment at a time.
"""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from twilio_emulator.core.kernel.clock import Clock

PassTime = Callable[[datetime], datetime | None]
"""Tells a connection that its moment has come, and which it was; answers the next one."""


class Expiry:
    """Tells connections that their moment has come.

    Args:
        clock: whose time counts.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[datetime, int, object]] = []
        self._waiting: dict[object, tuple[int, PassTime]] = {}
        self._serials = count()
        self._waking: asyncio.TimerHandle | None = None

    def set(self, who: object, due: datetime | None, pass_time: PassTime) -> None:
        """Call back when it is `due`, instead of what was set before; None is never."""
        self._put(who, due, pass_time)
        self._follow()

    def forget(self, who: object) -> None:
        """Do not call back any more; nothing happens when nothing was set."""
        if self._waiting.pop(who, None) is not None:
            self._follow()

    def look(self) -> None:
        """Tell everybody whose moment has come, in order."""
        now = self._clock.now()
        try:
            while (first := self._first()) is not None and first[0] <= now:
                due, _, who = heapq.heappop(self._heap)
                _, pass_time = self._waiting.pop(who)
                self._put(who, pass_time(due), pass_time)
        finally:  # what one does wrong is not to keep the others from their moment
            self._follow()

    def _put(self, who: object, due: datetime | None, pass_time: PassTime) -> None:
        self._waiting.pop(who, None)
        if due is not None:
            serial = next(self._serials)
            self._waiting[who] = serial, pass_time
            heapq.heappush(self._heap, (due, serial, who))

    def _first(self) -> tuple[datetime, int, object] | None:
        """The next moment, without those that were given up."""
        heap, waiting = self._heap, self._waiting
        if len(heap) > 2 * len(waiting) + 64:
            heap[:] = [each for each in heap if self._is_live(each)]
            heapq.heapify(heap)
        while heap and not self._is_live(heap[0]):
            heapq.heappop(heap)
        return heap[0] if heap else None

    def _is_live(self, entry: tuple[datetime, int, object]) -> bool:
        serial, _ = self._waiting.get(entry[2], (None, None))
        return serial == entry[1]

    def _follow(self) -> None:
        if self._waking is not None:
            self._waking.cancel()
            self._waking = None
        first = self._first()
        seconds = None if first is None else self._clock.machine_seconds_until(first[0])
        if seconds is not None:
            self._waking = asyncio.get_running_loop().call_later(seconds, self.look)
