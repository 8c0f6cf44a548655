"""What an account was when it began, to be put back to that."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from twilio_emulator.core.kernel.journal import Written


class NoStart(Exception):
    """What an account was when it began is not known. The text is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStart:
    """What an account was when it began: opened, or after the scenarios of the start.

    Attributes:
        performed: the commands that made it so.
        snapshot: what they made, as compressed JSON, where they were many; else they are performed
            again when somebody asks.
        files: the digests of the uploads that it shows.
        now: what its clock showed.
        machine: what the machine's did, in seconds.
        rate: how fast its clock ran.
    """

    performed: tuple[Written, ...] = ()
    snapshot: bytes | None = None
    files: tuple[str, ...] = ()
    now: datetime
    machine: float
    rate: float

    @property
    def shown_now(self) -> datetime:
        """What its clock would show had nothing happened since."""
        if not self.rate:
            return self.now
        return self.now + timedelta(seconds=(time.monotonic() - self.machine) * self.rate)

    @property
    def machine_time(self) -> datetime:
        """The time of day when it began."""
        return datetime.now(UTC) - timedelta(seconds=time.monotonic() - self.machine)
