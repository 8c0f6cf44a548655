"""Message loops: two of the account's own numbers that answer each other through a conversation.

Where both are participants, each reached from the other, what one gets is said in the conversation,
and so is sent to the other. Twilio ends that with 30039
(https://www.twilio.com/docs/api/errors/30039). When it does is not published; the limits are ours.
"""

from datetime import timedelta

from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.texts.text import Direction, Text, Texts

WITHIN = timedelta(seconds=30)
TURNS = 15
"""Texts from one number to another within that time, after which no more go round."""


def goes_round(world: World, text: Text) -> bool:
    """Whether a text passes on what came from one of the account's numbers to another one, as many
    did before it."""
    if text.author is None or world[PhoneNumbers].at(text.to) is None:
        return False
    if world[PhoneNumbers].at(text.author) is None:
        return False
    since, turns = world.now - WITHIN, 0
    ranks, key = world[Texts].by_recipient, (text.account_sid, text.to)
    for sent in Rows(world[Texts], ranks, key, downward=True):  # the text itself is the first
        if sent.date_created <= since or turns > TURNS:
            break
        turns += sent.sender == text.sender and sent.direction is not Direction.INBOUND
    return turns > TURNS
