"""Jobs that wait for each other only when they have the same key."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager

from emulator.core.refusals import Refused

logger = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]


class Queues:
    """First in, first out for each key; different keys run side by side."""

    def __init__(self) -> None:
        self._jobs: dict[Hashable, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._others = 0
        self._changed = asyncio.Event()

    def put(self, key: Hashable, job: Job) -> None:
        """Have `job` done after those that were put with the same key. Needs a running loop."""
        waiting = self._jobs.get(key)
        if waiting is not None:
            waiting.append(job)
            return
        self._jobs[key] = deque([job])
        task = asyncio.get_running_loop().create_task(self._drain(key))
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

    async def _drain(self, key: Hashable) -> None:
        jobs = self._jobs[key]
        try:
            while jobs:
                await _do(jobs.popleft())
        finally:
            del self._jobs[key]
            self._changed.set()


async def _do(job: Job) -> None:
    try:
        await job()
    except Refused:
        return  # the gate has noted it; a reply to a text that was deleted meanwhile, say
    except Exception:
        logger.exception("A webhook could not be dealt with")
