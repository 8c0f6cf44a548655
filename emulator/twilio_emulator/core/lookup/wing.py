"""What is known about phone numbers, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing

LOOKUP = Wing(name="lookup")
