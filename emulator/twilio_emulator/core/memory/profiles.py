"""Profiles of a store: made by identity resolution, looked up, changed, forgotten.

The rules of this file (Profiles of Memory's OpenAPI file):

- Whoever makes a profile says at least one trait that is an identifier. Is somebody known by it,
  their profile gets the traits; are several, they are one from then on.
- A profile that was merged shows where it is now: to look at it is 301, to change it is 308. What
  has neither in the file is answered by the profile that it is now.
"""

from typing import NamedTuple

from twilio_emulator.core.kernel.arranged import wants_upward
from twilio_emulator.core.kernel.bad_requests import NOWHERE_FOUND, bad, long_enough
from twilio_emulator.core.kernel.records import closed, command, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.identity import (
    LONGEST_VALUE,
    MOST_FOUND,
    Known,
    canonical_of,
    config_of,
    having,
    identify,
    known,
    normalized,
)
from twilio_emulator.core.memory.resources import (
    MemoryProfile,
    MemoryProfileCreated,
    MemoryProfileRemoved,
    MemoryProfiles,
    MemoryProfileUpdated,
    MemoryStore,
    MemoryStoreChanged,
    ProfileIdentifiers,
    Traits,
)
from twilio_emulator.core.memory.stores import fetch_memory_store
from twilio_emulator.core.memory.traits import check_traits, promoted, with_traits

MOST_AT_ONCE = 1000
"""Profiles of one batch."""


@closed()
@record
class ProfileData:
    """What is said of a profile that is to be made."""

    traits: Traits | None = None


class FoundProfiles(NamedTuple):
    """What a look-up finds: the value that was looked for, and who has it, the earliest first."""

    value: str
    profiles: tuple[str, ...]


class Moved(Refused):
    """A profile is another one now; `canonical` is its id.

    It is no error of Twilio's: the surface says where to go on, with 301 or 308.
    """

    def __init__(self, canonical: str) -> None:
        super().__init__(NOWHERE_FOUND)
        self.canonical = canonical


@closed()
@command
class AddMemoryProfile:
    """Make a profile of traits, or give them to the one that they are of.

    Raises:
        Refused: 400 a trait cannot be, or none of them is an identifier; 20404 there is no such
            store.
    """

    account: str
    store: str
    traits: Traits | None = None

    def apply(self, world: World) -> MemoryProfile:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        traits = self.traits or {}
        return put_profile(world, store, traits, _identifiers(world, store, traits, "traits"))


@closed()
@command
class PutMemoryProfiles:
    """Make many profiles at once, or give traits to those that there are.

    Raises:
        Refused: 400 the first that cannot be, 20404 there is no such store. That nothing is done
            then is decided.
    """

    account: str
    store: str
    profiles: tuple[ProfileData, ...] = ()

    def apply(self, world: World) -> MemoryStore:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        if not 1 <= len(self.profiles) <= MOST_AT_ONCE:
            raise bad(f"profiles must have 1 to {MOST_AT_ONCE} items")
        every: list[tuple[Traits, Known]] = []
        for at, each in enumerate(self.profiles):
            traits = each.traits or {}
            every.append((traits, _identifiers(world, store, traits, f"profiles[{at}].traits")))
        for traits, identifiers in every:
            put_profile(world, store, traits, identifiers)
        return store


@closed()
@command
class PatchMemoryProfile:
    """Give a profile other traits; null takes one away.

    What is an identifier finds the profile from then on; what was one goes on finding it.

    Raises:
        Refused: 400 a trait cannot be, 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    traits: Traits | None = None

    def apply(self, world: World) -> MemoryProfile:
        store, profile = fetch_current(world, self.account, self.store, self.profile)
        traits = self.traits or {}
        check_traits(world, store, traits)
        identifiers = known(world, store, promoted(store, traits))
        changed = world[MemoryProfiles].put(
            replace(profile, traits=with_traits(profile.traits, traits, world.now))
        )
        return _updated(world, identify(world, store, changed, identifiers) or changed)


@command
class RemoveMemoryProfile:
    """Forget a profile, with everything that was remembered of it.

    Raises:
        Refused: 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str

    def apply(self, world: World) -> None:
        _, profile = fetch_current(world, self.account, self.store, self.profile)
        _remove(world, profile)


def put_profile(
    world: World, store: MemoryStore, traits: Traits, identifiers: Known
) -> MemoryProfile:
    """The profile that has these identifiers, made if there is none, with these traits; all of it
    has been checked."""
    profiles = world[MemoryProfiles]
    found = identify(world, store, None, identifiers)
    if found is not None:
        changed = profiles.put(replace(found, traits=with_traits(found.traits, traits, world.now)))
        return _updated(world, changed)
    profile = profiles.put(
        MemoryProfile(
            sid=new_ttid(world, "mem_profile"),
            account_sid=store.account_sid,
            store_sid=store.sid,
            traits=with_traits({}, traits, world.now),
            date_created=world.now,
            serial=world.serial(),
        )
    )
    identify(world, store, profile, identifiers)
    world.tell(MemoryProfileCreated(profile=profile))
    return profile


def fetch_memory_profile(
    world: World, *, account: str, store: str, profile: str
) -> tuple[MemoryStore, MemoryProfile]:
    """A profile as it was named, merged or not, with its store.

    Raises:
        Refused: 20404.
    """
    in_store = fetch_memory_store(world, account=account, store=store)
    found = world[MemoryProfiles].get(profile)
    if found is None or found.store_sid != in_store.sid:
        raise Refused(NOWHERE_FOUND)
    return in_store, found


def fetch_canonical(world: World, *, account: str, store: str, profile: str) -> MemoryProfile:
    """The profile that the named one is now.

    Raises:
        Refused: 20404.
    """
    return canonical_of(
        world, fetch_memory_profile(world, account=account, store=store, profile=profile)[1]
    )


def fetch_current(
    world: World, account: str, store: str, profile: str
) -> tuple[MemoryStore, MemoryProfile]:
    """A profile that was named by what it is called now, with its store.

    Raises:
        Refused: 20404; `Moved` it was merged into another.
    """
    in_store, found = fetch_memory_profile(world, account=account, store=store, profile=profile)
    if found.canonical is not None:
        raise Moved(found.canonical)
    return in_store, found


def list_memory_profiles(
    world: World, *, account: str, store: str, order_by: str | None = None
) -> Rows[MemoryProfile]:
    """The profiles of a store but for those that were merged, newest first unless `order_by` is
    `ASC`.

    Raises:
        Refused: 400, 20404 there is no such store.
    """
    in_store = fetch_memory_store(world, account=account, store=store)
    table = world[MemoryProfiles]
    return Rows(table, table.by_store, in_store.sid, downward=not wants_upward(order_by))


def look_up_profiles(
    world: World, *, account: str, store: str, id_type: str, value: str
) -> FoundProfiles:
    """Who has an identifier, the earliest first.

    Raises:
        Refused: 400 the store has no such type, or the value is too long; 20404.
    """
    in_store = fetch_memory_store(world, account=account, store=store)
    config = config_of(in_store, id_type)
    long_enough("value", value, 0, LONGEST_VALUE)
    kept = normalized(world, config, value)
    found = having(world, in_store, id_type, kept)[:MOST_FOUND]
    return FoundProfiles(kept, tuple(each.sid for each in found))


def forget_profiles(world: World, event: MemoryStoreChanged) -> None:
    """A store that is gone has none."""
    if event.store is None:
        table = world[MemoryProfiles]
        for profile in table.all(table.by_store, event.sid):
            _remove(world, profile)


def _updated(world: World, profile: MemoryProfile) -> MemoryProfile:
    world.tell(MemoryProfileUpdated(profile=profile))
    return profile


def _identifiers(world: World, store: MemoryStore, traits: Traits, place: str) -> Known:
    """What identifies somebody, once their traits are known to be possible.

    Raises:
        Refused: 400.
    """
    check_traits(world, store, traits)
    identifiers = known(world, store, promoted(store, traits))
    if not identifiers:
        raise bad(f"{place} must have a trait that is promoted to an identifier")
    return identifiers


def _remove(world: World, profile: MemoryProfile) -> None:
    world.tell(MemoryProfileRemoved(profile=profile))
    profiles, identifiers = world[MemoryProfiles], world[ProfileIdentifiers]
    for it in identifiers.all(identifiers.by_profile, profile.sid):
        identifiers.remove(it.sid)
    for merged in profiles.all(profiles.merged, profile.sid):
        profiles.remove(merged.sid)
    profiles.remove(profile.sid)
