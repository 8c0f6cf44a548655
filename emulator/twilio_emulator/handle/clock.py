"""An account's clock as a test holds it."""

from datetime import datetime, timedelta

from twilio_emulator.handle.calling import Calling

__tracebackhide__ = True


class AccountClock:
    """The clock: `real` until the test says `freeze()`."""

    def __init__(self, calling: Calling) -> None:
        self._calling = calling

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return datetime.fromisoformat(self._calling.get("/clock")["now"])

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock, now or at a later instant; from here on it moves by `advance` alone."""
        instant = None if at is None else at.isoformat()
        self._calling.call("POST", "/clock", {"mode": "frozen", "now": instant})

    def advance(self, seconds: float = 0.0, **parts: float) -> datetime:
        """Move the clock on: `advance(30)`, `advance(hours=25)`.

        What falls due happens on the way, each at its own time and with the webhooks it causes.

        Returns:
            what the clock shows then.
        """
        by = timedelta(seconds=seconds) + timedelta(**parts)
        answer = self._calling.call("POST", "/clock", {"advance": by.total_seconds()})
        return datetime.fromisoformat(answer["now"])
