"""Who somebody is: identifiers, how they find a profile, and how two profiles become one.

The rules of this file (https://www.twilio.com/docs/conversations/memory/identity-resolution, and
IdentityResolutionSettings of Memory's OpenAPI file):

- An identifier is compared as its type normalizes it. A rule is one type; that somebody has the
  same value of one such type as a profile makes them that profile. Where values of a type need not
  be unique, two types have to agree.
- Whoever is found to be several profiles makes them one: the earliest. The others lead there.
- A type keeps so many values of a profile; those over it go, the oldest first (`fifo`) or the
  youngest (`lifo`).
"""

from collections.abc import Iterable

from twilio_emulator.core.kernel.bad_requests import bad
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.resources import (
    ConversationSummaries,
    MemoryProfile,
    MemoryProfiles,
    MemoryProfilesMerged,
    MemoryStore,
    Observations,
    ProfileIdentifier,
    ProfileIdentifiers,
    identifier_key,
)
from twilio_emulator.core.memory.settings import IdentifierConfig
from twilio_emulator.core.memory.traits import merged_traits

HOME = "US"
"""Where a phone number is read that says no country: the OpenAPI file says so."""

LONGEST_VALUE = 255
MOST_FOUND = 100
"""Profiles that a look-up answers."""

Known = tuple[tuple[str, str], ...]
"""Identifiers: types, each with a value as it is after normalization."""


def normalized(world: World, config: IdentifierConfig, value: str) -> str:
    """A value as it is kept and compared. What is no phone number stays as it was said, without
    spaces around it, which is decided."""
    if config.normalization == "none":
        return value
    if config.normalization == "email":
        return "".join(value.split()).lower()
    trimmed = value.strip()
    if config.normalization == "phone":
        return _phone(world, trimmed) or trimmed
    return trimmed


def _phone(world: World, said: str) -> str | None:
    """A number in E.164: national ones are American, and others may lack their `+`."""
    number = said[said.index(":") + 1 :] if said.startswith(("whatsapp:", "rcs:")) else said
    if number.startswith("+"):
        return world.numbering.normal(number)
    return world.numbering.normal(number, HOME) or world.numbering.normal(f"+{number}")


def config_of(store: MemoryStore, id_type: str) -> IdentifierConfig:
    """How a store keeps identifiers of a type.

    Raises:
        Refused: 400 it has none such.
    """
    config = store.identity.config(id_type)
    if config is None:
        raise bad(f"idType {id_type!r} is no identifier type of the memory store")
    return config


def known(world: World, store: MemoryStore, said: Iterable[tuple[str, str]]) -> Known:
    """Identifiers as they are kept, each once.

    Raises:
        Refused: 400 a value is longer than can be, or the store has no such type.
    """
    found: dict[tuple[str, str], None] = {}
    for id_type, value in said:
        kept = normalized(world, config_of(store, id_type), value)
        if len(kept) > LONGEST_VALUE:
            raise bad(f"the {id_type} identifier must have at most {LONGEST_VALUE} characters")
        if kept:
            found[id_type, kept] = None
    return tuple(found)


def having(world: World, store: MemoryStore, id_type: str, value: str) -> list[MemoryProfile]:
    """The profiles of a store with an identifier, the earliest first."""
    table, profiles = world[ProfileIdentifiers], world[MemoryProfiles]
    found = table.all(table.by_value, (store.sid, id_type, value))
    return sorted((profiles[each.profile_sid] for each in found), key=lambda each: each.serial)


def matching(world: World, store: MemoryStore, identifiers: Known) -> list[MemoryProfile]:
    """The profiles that somebody with these identifiers is, the earliest first."""
    agreeing: dict[str, set[str]] = {}
    sure: set[str] = set()
    for id_type, value in identifiers:
        if id_type not in store.identity.matching_rules:
            continue
        for profile in having(world, store, id_type, value):
            agreeing.setdefault(profile.sid, set()).add(id_type)
            if config_of(store, id_type).enforce_unique:
                sure.add(profile.sid)
    found = [sid for sid, types in agreeing.items() if sid in sure or len(types) > 1]
    profiles = world[MemoryProfiles]
    return sorted((profiles[sid] for sid in found), key=lambda each: each.serial)


def identify(
    world: World, store: MemoryStore, profile: MemoryProfile | None, identifiers: Known
) -> MemoryProfile | None:
    """Give a profile identifiers, and make it one with every profile that has them too.

    Args:
        profile: None when it is not known whose the identifiers are.

    Returns:
        the profile that it is now: the earliest; None when nobody has the identifiers.
    """
    every = matching(world, store, identifiers)
    if profile is not None and profile not in every:
        every = sorted([*every, profile], key=lambda each: each.serial)
    if not every:
        return None
    canonical, *later = every
    for each in later:
        canonical = _merge(world, store, canonical, each)
    for id_type, value in identifiers:
        _keep(world, store, canonical, id_type, value)
    return canonical


def canonical_of(world: World, profile: MemoryProfile) -> MemoryProfile:
    """The profile itself, or the one that it was merged into."""
    return profile if profile.canonical is None else world[MemoryProfiles][profile.canonical]


def values_of(world: World, profile: MemoryProfile, id_type: str) -> list[ProfileIdentifier]:
    """The identifiers of a type that a profile has, the oldest first."""
    table = world[ProfileIdentifiers]
    return list(table.all(table.by_type, (profile.sid, id_type)))


def _keep(
    world: World, store: MemoryStore, profile: MemoryProfile, id_type: str, value: str
) -> None:
    table = world[ProfileIdentifiers]
    if identifier_key(profile.sid, id_type, value) in table:
        return
    table.put(
        ProfileIdentifier(
            store_sid=store.sid,
            profile_sid=profile.sid,
            id_type=id_type,
            value=value,
            serial=world.serial(),
        )
    )
    _drop_surplus(world, store, profile, id_type)


def _drop_surplus(world: World, store: MemoryStore, profile: MemoryProfile, id_type: str) -> None:
    config = store.identity.config(id_type)
    if config is None:  # the store has no such type any more; what there is stays
        return
    every = values_of(world, profile, id_type)
    surplus = len(every) - config.limit
    if surplus > 0:
        over = every[:surplus] if config.limit_policy == "fifo" else every[-surplus:]
        for each in over:
            world[ProfileIdentifiers].remove(each.sid)


def _merge(
    world: World, store: MemoryStore, into: MemoryProfile, profile: MemoryProfile
) -> MemoryProfile:
    """Make a profile one with an earlier one, which it leads to from now on."""
    profiles, identifiers = world[MemoryProfiles], world[ProfileIdentifiers]
    types: dict[str, None] = {}
    for it in identifiers.all(identifiers.by_profile, profile.sid):
        identifiers.remove(it.sid)
        if identifier_key(into.sid, it.id_type, it.value) not in identifiers:
            identifiers.put(replace(it, profile_sid=into.sid))
            types[it.id_type] = None
    for id_type in types:
        _drop_surplus(world, store, into, id_type)
    observations = world[Observations]
    for observation in observations.all(observations.by_profile, profile.sid):
        observations.put(replace(observation, profile_sid=into.sid))
    summaries = world[ConversationSummaries]
    for summary in summaries.all(summaries.by_profile, profile.sid):
        summaries.put(replace(summary, profile_sid=into.sid))
    into = profiles.put(replace(into, traits=merged_traits(into.traits, profile.traits)))
    for earlier in profiles.all(profiles.merged, profile.sid):
        profiles.put(replace(earlier, canonical=into.sid))
    profiles.put(replace(profile, canonical=into.sid, traits={}))
    world.tell(MemoryProfilesMerged(sid=profile.sid, canonical=into.sid))
    return into
