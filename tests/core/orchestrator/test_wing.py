"""The rules of orchestrator."""

from twilio_emulator.core import wings
from twilio_emulator.core.orchestrator.wing import ORCHESTRATOR


def test_a_world_has_the_wing() -> None:
    assert ORCHESTRATOR in wings.WINGS
