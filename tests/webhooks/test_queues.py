import asyncio
from functools import partial

import pytest

from twilio_emulator.webhooks.http.queues import Queues

pytestmark = pytest.mark.anyio


class Jobs:
    """Jobs that end when they are told to; what has begun stands in `begun`."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}

    def __call__(self, name: str) -> partial[asyncio.Future[None]]:
        self.ends[name] = asyncio.Event()
        return partial(self._do, name)  # type: ignore[arg-type]

    async def _do(self, name: str) -> None:
        self.begun.append(name)
        await self.ends[name].wait()

    async def end(self, *names: str) -> None:
        """End some, and let what follows begin."""
        for name in names:
            self.ends[name].set()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_what_has_the_same_key_waits_and_nothing_else() -> None:
    queues, jobs = Queues(), Jobs()
    for key, name in (("a", "a1"), ("a", "a2"), ("b", "b1")):
        queues.put(key, jobs(name))
    await jobs.end()
    assert jobs.begun == ["a1", "b1"]
    await jobs.end("a1", "b1")
    assert jobs.begun == ["a1", "b1", "a2"]
    await jobs.end("a2")
    await queues.settled()


async def test_only_so_many_of_a_lane_are_under_way() -> None:
    queues, jobs = Queues(width=2), Jobs()
    for name in "abcd":
        queues.put(name, jobs(name), "here")
    queues.put("e", jobs("e"), "there")
    await jobs.end()
    assert jobs.begun == ["a", "b", "e"]
    await jobs.end("a")
    assert jobs.begun == ["a", "b", "e", "c"]
    await jobs.end(*"bcde")
    assert jobs.begun == ["a", "b", "e", "c", "d"]
    await queues.settled()


async def test_who_has_more_to_do_lets_others_go_first() -> None:
    queues, jobs = Queues(width=1), Jobs()
    for key, name in (("a", "a1"), ("a", "a2"), ("b", "b1")):
        queues.put(key, jobs(name))
    await jobs.end("a1", "a2", "b1")
    assert jobs.begun == ["a1", "b1", "a2"]
    await queues.settled()


async def test_closing_breaks_off_and_forgets() -> None:
    queues, jobs = Queues(width=1), Jobs()
    for name in "ab":
        queues.put(name, jobs(name))
    await jobs.end()
    await queues.close()
    await queues.settled()
    assert jobs.begun == ["a"]
