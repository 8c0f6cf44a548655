"""Sync, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing

SYNC = Wing(name="sync")
