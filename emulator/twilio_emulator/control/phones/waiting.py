"""Waits for messages on phones, on every sort of clock.

The rules of this file:

- The caller says from where on it counts: a `seq`, 0 for everything, or `now`. Without it, what
  was there before would answer for what is to come.
- On a frozen clock the due timers are performed one after another until the wait holds or nothing
  is due: then, for as long as the machine's seconds last, something may still come from outside.
- A pending message has not arrived, and an expired one never will.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from twilio_emulator.core.phones.inbox import InboxItem, InboxItems
from twilio_emulator.runtime.accounts import Hosted

LONGEST = 600.0
"""Seconds that a wait lasts at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a wait found after its cursor, and what came that was something else."""

    found: list[InboxItem]
    others: list[InboxItem]


class Wait:
    """What a caller waits for: `count` messages like `wanted`, after `after`.

    `nearby` says which others are worth telling when they do not come. Each message is looked at
    once, however much else goes on meanwhile.
    """

    def __init__(
        self,
        hosted: Hosted,
        *,
        wanted: Callable[[InboxItem], bool],
        nearby: Callable[[InboxItem], bool],
        after: int,
        count: int,
    ) -> None:
        self._hosted = hosted
        self._wanted = wanted
        self._nearby = nearby
        self._after = after
        self._count = count
        self._seen = Outcome(found=[], others=[])

    async def outcome(self, seconds: float) -> Outcome:
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
        return self._seen

    async def _step(self) -> bool:
        """Let a frozen clock come to its next timer; answers whether there was one."""
        if self._hosted.world.clock.rate:
            return False
        await asyncio.sleep(0)  # others want to be served too
        return await self._hosted.pace.step()

    def _holds(self) -> bool:
        """Look at what has come since the last look; a message that waits for its phone gets
        another `seq` when it arrives there."""
        items = self._hosted.world[InboxItems]
        found = self._seen.found
        for seq, sid in items.in_order.of("").upward((self._after + 1, "")):
            if len(found) == self._count:
                break
            self._after = seq
            item = items[sid]
            if not item.arrived:
                continue
            if self._wanted(item):
                found.append(item)
            elif self._nearby(item):
                self._seen.others.append(item)
        return len(found) == self._count
