"""The rules of verify."""

from twilio_emulator.core import wings
from twilio_emulator.core.verify.wing import VERIFY


def test_a_world_has_the_wing() -> None:
    assert VERIFY in wings.WINGS
