"""How a test sees that a command is refused and has changed nothing."""

import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Command, World


def code(world: World, command: Command) -> int:
    """The code of the refusal."""
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(command)
    assert world.snapshot() == before
    return refused.value.code
