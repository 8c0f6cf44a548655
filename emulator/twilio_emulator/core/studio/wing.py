"""Studio, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing

STUDIO = Wing(name="studio")
