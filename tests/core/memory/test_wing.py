"""The rules of memory."""

from twilio_emulator.core import wings
from twilio_emulator.core.memory.wing import MEMORY


def test_a_world_has_the_wing() -> None:
    assert MEMORY in wings.WINGS
