"""Orchestrator, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing

ORCHESTRATOR = Wing(name="orchestrator")
