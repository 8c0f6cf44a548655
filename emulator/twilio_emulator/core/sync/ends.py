"""When objects and items come to their end (https://www.twilio.com/docs/sync/api).

The rules of this file:

- A time to live is said in whole seconds, a year at most; 0 is for ever. It counts from when it is
  said, and no change of a value moves the end.
- `Ttl` is another word for `CollectionTtl` of a collection, and for `ItemTtl` of an item; it counts
  for nothing where that is said too.
- Nobody sees what is due, even before the world has come to remove it.
"""

from datetime import datetime
from typing import NamedTuple

from twilio_emulator.core.kernel.clock import seconds
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.errors import INVALID_TTL
from twilio_emulator.core.sync.resources import SyncItem, SyncResource

LONGEST_TTL = 31_536_000
"""Seconds of a year."""


class End(NamedTuple):
    """The end that something is to have: a number of seconds from now, 0 for none at all."""

    ttl: int

    def at(self, now: datetime) -> datetime | None:
        """When that is."""
        return now + seconds(self.ttl) if self.ttl else None


def read_ttl(*said: str | None) -> End | None:
    """The end that is said by the first of some parameters that says one; None when none does.

    Raises:
        Refused: 54011 one of them is no time to live.
    """
    end = None
    for each in said:
        if each is not None:
            read = _read(each)
            end = end or read
    return end


def _read(said: str) -> End:
    if not (said.isascii() and said.isdigit() and len(said) <= 9 and int(said) <= LONGEST_TTL):
        raise Refused(INVALID_TTL)
    return End(int(said))


def has_ended(it: SyncResource | SyncItem, now: datetime) -> bool:
    """Whether its time is over, although it may not be removed yet."""
    return it.date_expires is not None and it.date_expires <= now


def set_end(world: World, it: SyncResource | SyncItem, expire: object) -> None:
    """Have `expire` performed when its time is over, which may be another than before."""
    if it.date_expires is None:
        world.timers.cancel(timer(it))
    else:
        world.timers.set(timer(it), it.date_expires, expire)


def forget_end(world: World, it: SyncResource | SyncItem) -> None:
    """It is gone."""
    if it.date_expires is not None:
        world.timers.cancel(timer(it))


def timer(it: SyncResource | SyncItem) -> str:
    """What its timer is set under."""
    return f"sync {it.sid}"
