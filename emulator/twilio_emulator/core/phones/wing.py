"""Handsets, and what they show."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import InboxItems

PHONES = Wing(
    name="phones",
    tables=(
        Handsets,
        InboxItems,
    ),
    commands=(),
)
