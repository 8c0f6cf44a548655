"""How a test sees that a command is refused and has changed nothing."""

import pytest

from emulator.core.plain import Command
from emulator.core.refusals import Refused
from emulator.core.world import World


def code(world: World, command: Command) -> int:
    """The code of the refusal."""
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(command)
    assert world.snapshot() == before
    return refused.value.code
