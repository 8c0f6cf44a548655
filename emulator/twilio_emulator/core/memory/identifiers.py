"""The identifiers of a profile, one by one.

The rules of this file (Identifiers of Memory's OpenAPI file):

- An identifier that another profile has makes both one.
- Of several values of a type the one that the policy of the type names is taken away, or all.
"""

from typing import NamedTuple

from twilio_emulator.core.kernel.bad_requests import (
    IN_CONFLICT,
    NOWHERE_FOUND,
    bad,
    long_enough,
)
from twilio_emulator.core.kernel.records import closed, command
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.identity import (
    LONGEST_VALUE,
    config_of,
    identify,
    known,
    normalized,
    values_of,
)
from twilio_emulator.core.memory.profiles import fetch_current
from twilio_emulator.core.memory.resources import (
    MemoryProfile,
    MemoryProfileUpdated,
    MemoryStore,
    ProfileIdentifiers,
    identifier_key,
)


class IdentifierSet(NamedTuple):
    """The values of a type that a profile has, the oldest first."""

    id_type: str
    values: tuple[str, ...]


@closed()
@command
class AddProfileIdentifier:
    """Let a profile be found by a value too.

    Raises:
        Refused: 400 it cannot be one, 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    id_type: str
    value: str

    def apply(self, world: World) -> MemoryProfile:
        store, profile = fetch_current(world, self.account, self.store, self.profile)
        return _identify(world, store, profile, self.id_type, self.value)


@closed()
@command
class UpdateProfileIdentifier:
    """Let a profile be found by another value instead of one.

    Raises:
        Refused: 400 the new value cannot be one, 20404 the profile has not the old one, 20409 it
            has the new one already (decided); `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    path_type: str
    id_type: str
    old_value: str
    new_value: str

    def apply(self, world: World) -> MemoryProfile:
        store, profile = fetch_current(world, self.account, self.store, self.profile)
        if self.id_type != self.path_type:
            raise bad("idType is not that of the path")
        config = config_of(store, self.id_type)
        old, new = (normalized(world, config, it) for it in (self.old_value, self.new_value))
        table = world[ProfileIdentifiers]
        held = identifier_key(profile.sid, self.id_type, old)
        if held not in table:
            raise Refused(NOWHERE_FOUND)
        if identifier_key(profile.sid, self.id_type, new) in table:
            raise Refused(IN_CONFLICT, what="the profile has newValue already")
        _check_value(world, store, self.id_type, self.new_value)
        table.remove(held)
        return _identify(world, store, profile, self.id_type, self.new_value)


@command
class RemoveProfileIdentifier:
    """Let a profile be found by a value of a type no more, or by none of them.

    Raises:
        Refused: 20404 it has none; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    id_type: str
    remove_all: bool = False

    def apply(self, world: World) -> MemoryProfile:
        store, profile = fetch_current(world, self.account, self.store, self.profile)
        every = values_of(world, profile, self.id_type)
        if not every:
            raise Refused(NOWHERE_FOUND)
        if not self.remove_all:
            config = store.identity.config(self.id_type)
            last = config is not None and config.limit_policy == "lifo"
            every = every[-1:] if last else every[:1]
        for each in every:
            world[ProfileIdentifiers].remove(each.sid)
        world.tell(MemoryProfileUpdated(profile=profile))
        return profile


def identifiers_of(world: World, profile: MemoryProfile) -> list[IdentifierSet]:
    """The values that a profile is found by, by their types, which stand in the order in which the
    profile first had one."""
    table = world[ProfileIdentifiers]
    values: dict[str, tuple[str, ...]] = {}
    for it in table.all(table.by_profile, profile.sid):
        values[it.id_type] = (*values.get(it.id_type, ()), it.value)
    return [IdentifierSet(id_type, every) for id_type, every in values.items()]


def identifiers_of_type(world: World, profile: MemoryProfile, id_type: str) -> IdentifierSet:
    """The values of a type that a profile is found by.

    Raises:
        Refused: 20404 there are none.
    """
    found = values_of(world, profile, id_type)
    if not found:
        raise Refused(NOWHERE_FOUND)
    return IdentifierSet(id_type, tuple(each.value for each in found))


def _identify(
    world: World, store: MemoryStore, profile: MemoryProfile, id_type: str, value: str
) -> MemoryProfile:
    _check_value(world, store, id_type, value)
    found = identify(world, store, profile, known(world, store, ((id_type, value),))) or profile
    world.tell(MemoryProfileUpdated(profile=found))
    return found


def _check_value(world: World, store: MemoryStore, id_type: str, value: str) -> None:
    config = config_of(store, id_type)
    long_enough("value", value, 1, LONGEST_VALUE)
    if not normalized(world, config, value):
        raise bad("value says nothing")
