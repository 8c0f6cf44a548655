"""The rules of lookup."""

from twilio_emulator.core import wings
from twilio_emulator.core.lookup.wing import LOOKUP


def test_a_world_has_the_wing() -> None:
    assert LOOKUP in wings.WINGS
