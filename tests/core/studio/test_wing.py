"""The rules of studio."""

from twilio_emulator.core import wings
from twilio_emulator.core.studio.wing import STUDIO


def test_a_world_has_the_wing() -> None:
    assert STUDIO in wings.WINGS
