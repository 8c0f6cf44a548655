"""What can be said in a scenario, one module for each sort of sentence."""

from twilio_emulator.scenarios.sentences import (
    calls,
    chat,
    clients,
    controls,
    made_up,
    parts,
    phones,
    receiving,
    time,
)

__all__ = [
    "calls",
    "chat",
    "clients",
    "controls",
    "made_up",
    "parts",
    "phones",
    "receiving",
    "time",
]
