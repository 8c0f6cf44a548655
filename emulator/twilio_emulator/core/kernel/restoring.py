"""A whole world at once: put back as a snapshot shows it.

The rules of this file:

- A snapshot is put back by a command, so that a journal with one in it can be replayed too.
- A clock that stands still shows what it showed then. One that runs goes on: what was due between
  then and now falls due again.
- What cannot outlive it, such as that users are online, goes by a reaction.
"""

from typing import Any

from twilio_emulator.core.kernel.records import Unreadable, command, event
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.world import World

ANOTHER_ACCOUNT = Refusal(20001, 400, "Expected a snapshot of {account}, not of {other}")
NO_SNAPSHOT = Refusal(20001, 400, "Expected a snapshot as this version makes them: {why}")


@event
class WorldRestored:
    """Everything is as a snapshot shows it."""


@command
class RestoreWorld:
    """Make everything as `snapshot` shows it."""

    snapshot: dict[str, Any]

    def apply(self, world: World) -> None:
        wanted = self.snapshot.get("account_sid")
        if wanted != world.account_sid:
            raise Refused(ANOTHER_ACCOUNT, account=world.account_sid, other=str(wanted))
        try:
            world.restore(self.snapshot)
        except Unreadable as wrong:
            raise Refused(NO_SNAPSHOT, why=str(wrong)) from None
        if not world.clock.rate:
            world.clock.set(world.now)
        world.tell(WorldRestored())
