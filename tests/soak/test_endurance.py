"""Memory stays as it is, however long an emulator is used: what `endurance` does, shortened.

What is kept for people to look at is full soon here, so that the slope is what is left behind.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.soak import endurance
from tests.soak.budget import goes_on
from tests.soak.endurance import Visitor, resident
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.soak

SMALL = ("log=500", "commands=500", "alerts=100")

SLOPE = 20.0
"""Bytes a request of which the rules keep nothing."""

GRAIN = 500_000
"""Bytes by which the memory of a process goes up and down whatever it does."""


@pytest.fixture
def visitor(loop: asyncio.AbstractEventLoop) -> Visitor:
    return Visitor(Server(Settings(clock="frozen", keep=SMALL), lambda: b""))


def grown(
    loop: asyncio.AbstractEventLoop, work: Callable[[], Awaitable[None]], many: int, least: int
) -> tuple[int, int]:
    """How often something was done, at most so often, and by how many bytes memory grew."""

    async def go() -> tuple[int, int]:
        for _ in range(max(many // 4, 1)):
            await work()
        before, done = resident(), 0
        while done < many and goes_on(done, least):
            await work()
            done += 1
            await asyncio.sleep(0)
        return done, resident() - before

    return loop.run_until_complete(go())


def test_requests_leave_nothing(loop: asyncio.AbstractEventLoop, visitor: Visitor) -> None:
    done, bytes_more = grown(loop, visitor.mixed, 2_000, 500)
    assert bytes_more < SLOPE * endurance.REQUESTS * done + GRAIN, done


def test_accounts_that_are_closed_leave_nothing(
    loop: asyncio.AbstractEventLoop, visitor: Visitor
) -> None:
    done, bytes_more = grown(loop, visitor.host, 500, 100)
    assert bytes_more < 400 * done + GRAIN, done


def test_snapshots_that_are_put_back_leave_nothing(
    loop: asyncio.AbstractEventLoop, visitor: Visitor
) -> None:
    async def restore() -> None:
        await visitor.restore(snapshot)

    snapshot = loop.run_until_complete(visitor.snapshot())
    done, bytes_more = grown(loop, restore, 400, 100)
    assert bytes_more < 400 * done + GRAIN, done
