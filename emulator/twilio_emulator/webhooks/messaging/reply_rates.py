"""How many replies a phone gets in a short time: nobody shall be flooded by two apps that answer
each other.

Twilio drops what is too much with 14107. Between two numbers of the account that is always so; a
phone gets as many as the carrier's `reply_limit` says.
"""

from collections import deque
from datetime import datetime, timedelta
from itertools import islice

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts.text import Text

WITHIN = timedelta(seconds=30)
OF_NUMBERS = 15
"""Replies from number to number of the same account."""


class ReplyRates:
    """When replies were sent lately, by the pair of number and recipient."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sent: dict[tuple[str, str], deque[datetime]] = {}

    def take(self, text: Text) -> bool:
        """Whether there may be another reply to a text; if so, it counts."""
        to = text.sender or ""
        own = self._world[PhoneNumbers].at(to) is not None
        limit = OF_NUMBERS if own else settings(self._world).reply_limit
        if not limit:
            return True
        now = self._world.clock.now()
        pair = (text.to, to)
        sent = self._sent.pop(pair, deque())
        self._forget(now)
        self._sent[pair] = sent
        while sent and now - sent[0] >= WITHIN:
            sent.popleft()
        if len(sent) >= limit:
            return False
        sent.append(now)
        return True

    def _forget(self, now: datetime) -> None:
        """Let go of pairs that are quiet again; those that wrote last come last."""
        for pair, sent in list(islice(self._sent.items(), 2)):
            if sent and now - sent[-1] >= WITHIN:
                del self._sent[pair]
