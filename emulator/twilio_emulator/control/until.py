"""Waiting until something is so in an account, on every sort of clock.

The rules of this file:

- On a frozen clock the due timers are performed one after another until it is so or nothing is due:
  then, for as long as the machine's seconds last, something may still come from outside.
"""

import asyncio
from collections.abc import Callable

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.runtime.hosted import Hosted

LONGEST = 600.0
"""Seconds that a wait lasts at most."""


async def until(hosted: Hosted, holds: Callable[[], bool], seconds: float) -> None:
    """Wait until it holds, or for so many of the machine's seconds after nothing is due.

    Args:
        holds: looked at once more when time is up.
    """
    news = hosted.news
    try:
        counts = False
        async with asyncio.timeout(LONGEST) as limit:
            while not holds() and not news.over:
                if await _step(hosted, holds):
                    continue
                if not counts:
                    limit.reschedule(asyncio.get_running_loop().time() + seconds)
                    counts = True
                await news.wait()
    except TimeoutError:
        holds()


async def _step(hosted: Hosted, holds: Callable[[], bool]) -> bool:
    """Let a frozen clock come to its next timer, unless it holds by then; answers whether it has to
    be looked at again."""
    if hosted.world.clock.rate:
        return False
    await asyncio.sleep(0)  # others want to be served too
    await hosted.pace.settle()
    # They may have brought it about: then no time passes, and no news of it is waited for.
    return holds() or await hosted.pace.step()


def check_timeout(timeout: float) -> None:
    """Raises:
    Mistaken: nothing can be waited for so long.
    """
    if not 0 <= timeout <= LONGEST:
        raise Mistaken(f"query timeout: expected 0 to {LONGEST:g} seconds, not {timeout:g}")
