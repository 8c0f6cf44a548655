"""A whole world at once: put back as a snapshot shows it.

The rules of this file:

- A snapshot is put back by a command, so that a journal with one in it can be replayed too.
- A clock that stands still shows what it showed then. One that runs goes on: what was due between
  then and now falls due again.
- What cannot outlive it, such as that users are online, goes by a reaction.
"""

from datetime import datetime
from typing import Any

from twilio_emulator.core.kernel.move_clock import ClockMoved
from twilio_emulator.core.kernel.records import command, event
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.reviving import Unreadable
from twilio_emulator.core.kernel.world import World

ANOTHER_ACCOUNT = Refusal(20001, 400, "Expected a snapshot of {account}, not of {other}")
NO_SNAPSHOT = Refusal(20001, 400, "Expected a snapshot as this version makes them: {why}")


@event
class WorldRestored:
    """Everything is as a snapshot shows it."""


@command
class RestoreWorld:
    """Make everything as `snapshot` shows it.

    Attributes:
        now: what the clock shows from then on, where a rate is given.
        rate: how fast it runs from then on, as in `MoveClock`; unless given it goes on as it does.
    """

    snapshot: dict[str, Any]
    now: datetime | None = None
    rate: float | None = None

    def apply(self, world: World) -> None:
        wanted = self.snapshot.get("account_sid")
        if wanted != world.account_sid:
            raise Refused(ANOTHER_ACCOUNT, account=world.account_sid, other=str(wanted))
        try:
            world.restore(self.snapshot)
        except Unreadable as wrong:
            raise Refused(NO_SNAPSHOT, why=str(wrong)) from None
        clock = world.clock
        if self.rate is not None:
            clock.set(max(self.now or world.now, world.now), self.rate)
        elif not clock.rate:
            clock.set(world.now)
        world.tell(WorldRestored())
        if self.rate is not None:
            world.tell(ClockMoved(now=clock.now(), rate=clock.rate))
