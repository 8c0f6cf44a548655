"""The clock of a world is moved, stopped or set going."""

from datetime import datetime

from twilio_emulator.core.kernel.records import command, event
from twilio_emulator.core.kernel.world import World


@event
class ClockMoved:
    """The clock was moved, or runs at another speed."""

    now: datetime
    rate: float


@command
class MoveClock:
    """Show another time, or run at another rate: 0 is frozen, 1 is real, N is N times as fast.

    Timers that become due are performed by the next command, or by who moves the clock.
    """

    now: datetime | None = None
    rate: float | None = None

    def apply(self, world: World) -> None:
        clock = world.clock
        clock.set(max(self.now or world.now, world.now), self.rate)
        world.tell(ClockMoved(now=clock.now(), rate=clock.rate))
