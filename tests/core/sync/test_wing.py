"""The rules of sync."""

from twilio_emulator.core import wings
from twilio_emulator.core.sync.wing import SYNC


def test_a_world_has_the_wing() -> None:
    assert SYNC in wings.WINGS
