"""Waits for what arrives on phones and in mailboxes, on every sort of clock.

The rules of this file:

- The caller says from where on it counts: a `seq`, 0 for everything, or `now`. Without it, what
  was there before would answer for what is to come.
- On a frozen clock the due timers are performed one after another until the wait holds or nothing
  is due: then, for as long as the machine's seconds last, something may still come from outside.
- What waits has not arrived yet: who asks says what has.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.tables import Ordered
from twilio_emulator.runtime.accounts import Hosted

LONGEST = 600.0
"""Seconds that a wait lasts at most."""


class Arriving(Protocol):
    """What is waited for. Its `seq` is another with each change of it."""

    @property
    def sid(self) -> str: ...
    @property
    def seq(self) -> int: ...


R = TypeVar("R", bound=Arriving)


class InOrder(Protocol[R]):
    """Where it is kept."""

    in_order: Ordered[R]

    def __getitem__(self, sid: str, /) -> R: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[R]):
    """What a wait found after its cursor, and what came that was something else."""

    found: list[R]
    others: list[R]


class Wait(Generic[R]):
    """What a caller waits for: `count` like `wanted`, after `after`.

    `nearby` says which others are worth telling when they do not come. Each is looked at once after
    each of its changes, however much else goes on meanwhile.
    """

    def __init__(
        self,
        hosted: Hosted,
        table: InOrder[R],
        *,
        wanted: Callable[[R], bool],
        nearby: Callable[[R], bool],
        after: int,
        count: int,
    ) -> None:
        self._hosted = hosted
        self._table = table
        self._wanted = wanted
        self._nearby = nearby
        self._after = after
        self._count = count
        self._found: dict[str, R] = {}
        self._others: dict[str, R] = {}

    async def outcome(self, seconds: float) -> Outcome[R]:
        """Wait until it holds, or for so many of the machine's seconds after nothing is due."""
        news = self._hosted.news
        try:
            counts = False
            async with asyncio.timeout(LONGEST) as limit:
                while not self._holds() and not news.over:
                    if await self._step():
                        continue
                    if not counts:
                        limit.reschedule(asyncio.get_running_loop().time() + seconds)
                        counts = True
                    await news.wait()
        except TimeoutError:
            self._holds()
        return Outcome(found=list(self._found.values()), others=list(self._others.values()))

    async def _step(self) -> bool:
        """Let a frozen clock come to its next timer; answers whether there was one."""
        if self._hosted.world.clock.rate:
            return False
        await asyncio.sleep(0)  # others want to be served too
        return await self._hosted.pace.step()

    def _holds(self) -> bool:
        """Look at what has come since the last look; what waits for its phone gets another `seq`
        when it arrives there."""
        for seq, sid in self._table.in_order.of("").upward((self._after + 1, "")):
            if len(self._found) == self._count:
                break
            self._after = seq
            arrived = self._table[sid]
            if self._wanted(arrived):
                self._found[sid] = arrived
                self._others.pop(sid, None)
            elif self._nearby(arrived):
                self._others[sid] = arrived
        return len(self._found) == self._count


def check(count: int, timeout: float) -> None:
    """Raises:
    Mistaken: so many cannot be waited for, or not for so long.
    """
    if count < 1:
        raise Mistaken(f"query count: expected 1 or more, not {count}")
    if not 0 <= timeout <= LONGEST:
        raise Mistaken(f"query timeout: expected 0 to {LONGEST:g} seconds, not {timeout:g}")


def cursor(after: str | None, newest: int) -> int:
    """The `seq` behind which a wait begins.

    Raises:
        Mistaken: it says none.
    """
    if after == "now":
        return newest
    seq = parameters.count(after or "")
    if seq is None:
        given = "" if after is None else f", not {after[:20]}"
        raise Mistaken(f"query after: expected a seq, 0 for everything, or now{given}")
    return seq
