"""An account's clock as a test holds it."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from twilio_emulator.handle.awaiting import Calls, Synchronous, at_once, synchronous

__tracebackhide__ = True


class AsyncAccountClock:
    """The clock: `real` until the test says `await clock.freeze()`."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    @property
    def now(self) -> Coroutine[Any, Any, datetime]:
        """What the clock shows."""
        return self._now()

    async def _now(self) -> datetime:
        return datetime.fromisoformat((await self._calls.get("/clock"))["now"])

    async def freeze(self, at: datetime | str | None = None) -> None:
        """Stop the clock, now or at a later instant; from here on it moves by `advance` alone.

        Args:
            at: the instant, also as ISO 8601 has it.
        """
        instant = at.isoformat() if isinstance(at, datetime) else at
        await self._calls.call("POST", "/clock", {"mode": "frozen", "now": instant})

    async def advance(self, /, seconds: float | timedelta | str = 0.0, **parts: float) -> datetime:
        """Move the clock on: `advance(30)`, `advance(hours=25)`, `advance("PT25H")`.

        What falls due happens on the way, each at its own time and with the webhooks it causes.

        Args:
            seconds: how far, in seconds, as a timedelta, or as ISO 8601 has it.
            parts: further parts, as those of a timedelta are called.

        Returns:
            what the clock shows then.
        """
        further = timedelta(**parts)
        by: float | str
        if isinstance(seconds, str):
            if parts:
                raise TypeError(f"expected {seconds!r} alone, or numbers by name")
            by = seconds
        elif isinstance(seconds, timedelta):
            by = (seconds + further).total_seconds()
        else:
            by = (timedelta(seconds=seconds) + further).total_seconds()
        answer = await self._calls.call("POST", "/clock", {"advance": by})
        return datetime.fromisoformat(answer["now"])


class AccountClock(Synchronous[AsyncAccountClock]):
    """The clock: `real` until the test says `freeze()`."""

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return at_once(self._asynchronous.now)

    freeze = synchronous(AsyncAccountClock.freeze)
    advance = synchronous(AsyncAccountClock.advance)
