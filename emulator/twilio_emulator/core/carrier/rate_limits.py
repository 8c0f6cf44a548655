"""How fast senders send: texts wait in line for the one that they come from.

The rules of this file (https://www.twilio.com/docs/messaging/understanding-sms-rate-limits):

- A sender sends so many segments a second; what comes faster waits, and is refused when more than
  some hours of it wait already.
- Without limits in the carrier's settings nothing waits.
"""

from datetime import datetime, timedelta

from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts.text import Text


@record
class Lane:
    """A sender's line: until when it is taken."""

    sid: str
    free_at: datetime


class Lanes(Table[Lane]):
    """The lines of senders, by address."""

    def __init__(self) -> None:
        super().__init__(Lane)


def turn(world: World, text: Text, ready: datetime) -> datetime:
    """When a text that is ready then has its turn; the line is taken that much longer."""
    rate = _rate(world, text.sender)
    if rate is None or text.sender is None:
        return ready
    lane = world[Lanes].get(text.sender)
    begins = ready if lane is None else max(ready, lane.free_at)
    takes = timedelta(milliseconds=round(1000 * max(text.num_segments, 1) / rate))
    world[Lanes].put(Lane(sid=text.sender, free_at=begins + takes))
    return begins


def is_full(world: World, sender: str) -> bool:
    """Whether as much waits for a sender as may."""
    if _rate(world, sender) is None:
        return False
    lane = world[Lanes].get(sender)
    longest = timedelta(seconds=settings(world).queue_seconds)
    return lane is not None and lane.free_at - world.now >= longest


def _rate(world: World, sender: str | None) -> float | None:
    limits = settings(world).throughput
    number = world[PhoneNumbers].at(sender or "") if limits else None
    return None if number is None else dict(limits).get(number.kind)
