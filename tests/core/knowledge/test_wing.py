"""The rules of knowledge."""

from twilio_emulator.core import wings
from twilio_emulator.core.knowledge.wing import KNOWLEDGE


def test_a_world_has_the_wing() -> None:
    assert KNOWLEDGE in wings.WINGS
