"""Keeps a world in step with time: wakes it when a timer is due, and moves its clock.

The rules of this file:

- Moving the clock performs the due timers in order, each at its own time and followed by the
  webhooks that it causes, before it answers.
- A world whose clock stands still is never woken.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from twilio_emulator.core.kernel.move_clock import ClockMoved, MoveClock
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.runtime.gate import Gate

Settle = Callable[[], Awaitable[None]]
"""Waits until no webhook is under way."""

Busy = Callable[[], bool]
"""Whether a webhook is under way, so that there is something to wait for."""

Passed = Callable[[float], None]
"""Told how many seconds a clock was moved on by."""


async def settled() -> None:
    """Nothing is under way where there are no webhooks."""


def idle() -> bool:
    """Nothing is under way where there are no webhooks."""
    return False


Limit = Callable[[], float | None]
"""Seconds until the first call under way has waited enough; None when there is none."""


def no_limit() -> None:
    """Nothing has a limit where there are no webhooks."""


def nothing_waits(seconds: float) -> None:
    """Nothing has a limit where there are no webhooks."""


OTHERS_TURN = 50
"""Timers that are performed before others are served."""

PATIENCE = 1.0
"""Machine seconds for webhooks to be answered before the clock moves on past them."""


class Pace:
    """The pace of one world.

    Args:
        gate: the door to it.

    Attributes:
        settle: waits for the world's webhooks.
        busy: says whether there is one to wait for.
        passed: told when the clock is moved on, since that uses up the limits of calls under way.
        limit: says how many seconds the first of these calls has left.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.settle: Settle = settled
        self.busy: Busy = idle
        self.passed: Passed = nothing_waits
        self.limit: Limit = no_limit
        self._due: datetime | None = None
        self._waking: asyncio.TimerHandle | None = None
        gate.after = self.follow
        gate.world.listeners.append(self._look, (ClockMoved,))

    def follow(self) -> None:
        """Look when the next timer is due, and be there."""
        world = self._gate.world
        due = world.timers.next_due()
        if due == self._due and (due is None or self._waking is not None):
            return
        self.stop()
        seconds = None if due is None else world.clock.machine_seconds_until(due)
        if seconds is None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # before the server runs: it follows once it does
            return
        self._due = due
        self._waking = loop.call_later(seconds, self._wake)

    def stop(self) -> None:
        """Wake the world no more, until it is followed again."""
        if self._waking is not None:
            self._waking.cancel()
        self._waking = self._due = None

    def part(self) -> None:
        """Know of nothing any more that goes on in the account."""
        self.settle, self.busy, self.passed = settled, idle, nothing_waits
        self.limit = no_limit

    def _wake(self) -> None:
        self.stop()
        world = self._gate.world
        try:
            world.catch_up(world.clock.now())
        finally:
            self.follow()

    def _look(self, _: Happened) -> None:
        # Due at the same time as before, but at another time of the machine.
        self.stop()

    def set_rate(self, rate: float) -> None:
        """Let the clock run at another rate from now on: 0 is frozen, 1 is real."""
        self._gate.perform_now(MoveClock(rate=rate))

    async def advance(self, by: timedelta, *, settle: bool = True) -> None:
        """Move the clock on by `by`; what falls due on the way happens at its own time."""
        await self.move_to(self._gate.world.clock.now() + by, settle=settle)

    async def move_to(self, target: datetime, *, settle: bool = True) -> None:
        """Move the clock on to `target`; it never runs back.

        A webhook that has no answer after `PATIENCE` is not waited for on the way: the time that
        passes ends it, if it passes its limit.
        """
        if settle:
            await self._settle_soon()
        performed = 0
        while (due := self._gate.world.timers.next_due()) is not None and due <= target:
            self._perform(due)
            performed += 1
            if settle:
                await self._settle_soon()
            if performed % OTHERS_TURN == 0:
                await asyncio.sleep(0)
        self._move(target)
        if settle:
            await self.settle()

    async def step(self) -> bool:
        """Move the clock on to the next timer and perform it, with the webhooks that it causes.

        Returns:
            whether there was one.
        """
        await self.settle()
        due = self._gate.world.timers.next_due()
        if due is None:
            return False
        self._perform(due)
        await self.settle()
        return True

    def _perform(self, due: datetime) -> None:
        self._move(due)
        world = self._gate.world
        world.perform_due(world.clock.now())
        self.follow()

    async def _settle_soon(self) -> None:
        if not self.busy():
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self.settle()

    def _move(self, to: datetime) -> None:
        seconds = (to - self._gate.world.clock.now()).total_seconds()
        if seconds > 0:
            self._gate.perform_now(MoveClock(now=to))
            self.passed(seconds)
