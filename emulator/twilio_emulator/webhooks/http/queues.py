"""Jobs that wait for each other when they have the same key, or when too many are under way."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager

from twilio_emulator.runtime import background

logger = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]


class Queues:
    """First in, first out for each key; different keys run side by side, so many in each lane.

    Args:
        width: how many jobs of a lane are under way at most. What is to come waits for its turn
            and costs nothing but its place.
    """

    def __init__(self, width: int = 64) -> None:
        self._width = width
        self._jobs: dict[Hashable, deque[Job]] = {}
        self._lanes: dict[Hashable, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._others = 0
        self._changed = asyncio.Event()

    def put(self, key: Hashable, job: Job, lane: Hashable = None) -> None:
        """Have `job` done after those that were put with the same key. Needs a running loop.

        Args:
            lane: that of the key, always the same.
        """
        waiting = self._jobs.get(key)
        if waiting is not None:
            waiting.append(job)
            return
        self._jobs[key] = deque([job])
        road = self._lanes.setdefault(lane, _Lane())
        road.ready.append(key)
        if road.workers < self._width:
            road.workers += 1
            task = background.begin(self._work(lane, road), "the delivery of webhooks")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @property
    def busy(self) -> bool:
        """Whether there is something to do, or under way."""
        return bool(self._jobs or self._others)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Something goes on that `settled` has to wait for, too."""
        self._others += 1
        try:
            yield
        finally:
            self._others -= 1
            self._changed.set()

    async def settled(self) -> None:
        """Wait until there is nothing to do, and nothing under way."""
        while self.busy:
            self._changed.clear()
            await self._changed.wait()

    async def close(self) -> None:
        """Drop what waits and break off what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._jobs.clear()
        self._lanes.clear()
        self._changed.set()

    async def _work(self, lane: Hashable, road: "_Lane") -> None:
        """Do one job after another, of whatever key is ready, until none is."""
        while road.ready:
            key = road.ready.popleft()
            jobs = self._jobs[key]
            try:
                await jobs.popleft()()
            except Exception:
                logger.exception("a job in a queue failed")
            if jobs:
                road.ready.append(key)
            else:
                del self._jobs[key]
                self._changed.set()
        road.workers -= 1
        if not road.workers:
            del self._lanes[lane]


class _Lane:
    """Keys with a job that may begin, and how many are at work on them."""

    __slots__ = ("ready", "workers")

    def __init__(self) -> None:
        self.ready: deque[Hashable] = deque()
        self.workers = 0
