"""Parts of a scenario that happen at the same time: who acts next, and when time passes.

The rules of this file:

- One part acts at a time, each in its turn: a step, then the next part. So the same scenario takes
  the same steps in the same order, whatever it is played on.
- Time passes only when every part waits: to the next timer, or to the first instant that a part
  waits for, whichever comes first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from datetime import datetime

PassTime = Callable[[datetime], Awaitable[None]]
"""Lets time pass to the next timer, no further than an instant."""

Part = Callable[[], Awaitable[None]]

_turn: ContextVar["_Turn | None"] = ContextVar("turn", default=None)


class _Turn:
    """The turn of one part."""

    def __init__(self, part: Part) -> None:
        self._mine = asyncio.Event()
        self._others = asyncio.Event()
        self.waits_for: datetime | None = None
        self.task = asyncio.ensure_future(self._act(part))

    async def _act(self, part: Part) -> None:
        _turn.set(self)
        await self._mine.wait()
        self._mine.clear()
        try:
            await part()
        finally:
            self._others.set()

    async def take(self) -> bool:
        """Let the part act until it hands over; answers whether it did something.

        Raises:
            what the part raised.
        """
        self.waits_for = None
        self._mine.set()
        await self._others.wait()
        self._others.clear()
        if self.task.done():
            await self.task
        return self.waits_for is None

    async def hand_over(self, waits_for: datetime | None) -> None:
        """Let the other parts act; come back when it is one's turn again."""
        self.waits_for = waits_for
        self._others.set()
        await self._mine.wait()
        self._mine.clear()


class Turns:
    """Who acts when.

    Args:
        pass_time: how time passes when all wait.
    """

    def __init__(self, pass_time: PassTime) -> None:
        self._pass_time = pass_time

    @property
    def alone(self) -> bool:
        """Whether the caller is the only one to act."""
        return _turn.get() is None

    async def stepped(self) -> None:
        """A step is done; it is the next part's turn."""
        turn = _turn.get()
        if turn is not None:
            await turn.hand_over(None)

    async def wait(self, until: datetime) -> None:
        """Nothing can be done before something happens, or before `until`."""
        turn = _turn.get()
        if turn is None:
            await self._pass_time(until)
        else:
            await turn.hand_over(until)

    async def together(self, parts: Sequence[Part]) -> None:
        """Let parts act in turns until all are done; the first that fails ends all."""
        turns = [_Turn(part) for part in parts]
        try:
            while left := [turn for turn in turns if not turn.task.done()]:
                acted = [await turn.take() for turn in left]
                if not any(acted):
                    await self.wait(min(turn.waits_for for turn in left if turn.waits_for))
        finally:
            for turn in turns:
                turn.task.cancel()
            await asyncio.gather(*(turn.task for turn in turns), return_exceptions=True)
