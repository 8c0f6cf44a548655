"""Knowledge, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing

KNOWLEDGE = Wing(name="knowledge")
