"""What the tests of Memory say over and over."""

from typing import Any

from tests.core.conftest import ACCOUNT
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.profiles import AddMemoryProfile
from twilio_emulator.core.memory.resources import MemoryProfile, MemoryProfiles
from twilio_emulator.core.memory.stores import FIRST_STORE

HERE: dict[str, Any] = {"account": ACCOUNT, "store": FIRST_STORE}
NOWHERE = "mem_store_0000000000000000000000000z"
NOBODY = "mem_profile_0000000000000000000000000z"
TALK = "conv_conversation_00000000000000000000000001"


def somebody(world: World, **contact: object) -> MemoryProfile:
    """A profile with these traits of Contact."""
    return world.perform(AddMemoryProfile(**HERE, traits={"Contact": contact}))


def again(world: World, profile: MemoryProfile) -> MemoryProfile:
    """A profile as it is now."""
    return world[MemoryProfiles][profile.sid]


def values(profile: MemoryProfile) -> dict[str, dict[str, Any]]:
    """Its traits without their times."""
    return {
        group: {name: trait.value for name, trait in traits.items()}
        for group, traits in profile.traits.items()
    }
