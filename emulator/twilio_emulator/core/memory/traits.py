"""The traits of a profile: read, kept and shown.

The rules of this file (https://www.twilio.com/docs/conversations/memory/limits):

- Only traits that the store declares can be set. An app that set others at Twilio was answered 400
  and nothing more.
- A value is a text, a number, a boolean, or a list of these; it is of the type that is declared,
  and keeps to the rule that is declared for it. null takes a trait away.
"""

from datetime import datetime
from typing import Any

from twilio_emulator.core.kernel.arranged import Arranged, wants_upward
from twilio_emulator.core.kernel.bad_requests import bad
from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.patterns import is_in
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.resources import MemoryProfile, MemoryStore, Trait, Traits
from twilio_emulator.core.memory.settings import TraitDefinition, TraitRule
from twilio_emulator.core.memory.trait_groups import find_trait_group

MOST_GROUPS = 50
MOST_TRAITS = 99
LONGEST_TEXT = 1024
LARGEST_NUMBER = 2**31 - 1
MOST_ITEMS = 100

Promoted = tuple[tuple[str, str], ...]
"""Identifier types, each with the value of a trait that is promoted to it."""


def check_traits(world: World, store: MemoryStore, said: Traits) -> None:
    """Refuse traits that a store does not know, or values that they cannot have.

    Raises:
        Refused: 400.
    """
    if len(said) > MOST_GROUPS:
        raise bad(f"traits must have at most {MOST_GROUPS} groups")
    for name, values in said.items():
        group = find_trait_group(store, name)
        if group is None:
            raise bad(f"traits.{name} is no trait group of the memory store")
        if len(values) > MOST_TRAITS:
            raise bad(f"traits.{name} must have at most {MOST_TRAITS} traits")
        for trait, value in values.items():
            place = f"traits.{name}.{trait}"
            definition = group.traits.get(trait)
            if definition is None:
                raise bad(f"{place} is no trait of the group")
            if value is not None:
                _check_value(world, place, definition, value)


def promoted(store: MemoryStore, said: Traits) -> Promoted:
    """What traits say that is an identifier, in the order in which it is said."""
    found: list[tuple[str, str]] = []
    for name, values in said.items():
        group = find_trait_group(store, name)
        for trait, value in values.items():
            definition = None if group is None else group.traits.get(trait)
            if definition is None or not definition.id_type_promotion or value in (None, "", []):
                continue
            if store.identity.config(definition.id_type_promotion) is None:
                continue
            every = value if isinstance(value, list) else [value]
            found += [(definition.id_type_promotion, _said(each)) for each in every]
    return tuple(found)


def with_traits(
    had: dict[str, dict[str, Trait]], said: Traits, at: datetime
) -> dict[str, dict[str, Trait]]:
    """Traits with what is said of some of them; null takes one away."""
    groups = dict(had)
    for name, values in said.items():
        traits = dict(groups.get(name, {}))
        for trait, value in values.items():
            if value is None:
                traits.pop(trait, None)
            elif trait not in traits or traits[trait].value != value:
                traits[trait] = Trait(value=value, at=at)
        groups[name] = traits
    return {name: traits for name, traits in groups.items() if traits}


def merged_traits(
    one: dict[str, dict[str, Trait]], other: dict[str, dict[str, Trait]]
) -> dict[str, dict[str, Trait]]:
    """The traits of two profiles that are one person; of each trait the younger value, which is
    decided, and of two as old that of `one`."""
    groups = dict(one)
    for name, values in other.items():
        traits = dict(groups.get(name, {}))
        for trait, it in values.items():
            if trait not in traits or traits[trait].at < it.at:
                traits[trait] = it
        groups[name] = traits
    return groups


def shown_traits(profile: MemoryProfile, trait_groups: str | None = None) -> Traits:
    """The traits of a profile as JSON has them, those of some groups or all.

    Args:
        trait_groups: names with commas between them.

    Raises:
        Refused: 400 it is empty or too long.
    """
    wanted = _wanted(trait_groups)
    return {
        group: {name: trait.value for name, trait in traits.items()}
        for group, traits in profile.traits.items()
        if wanted is None or group in wanted
    }


def arranged_traits(
    profile: MemoryProfile, trait_groups: str | None, order_by: str | None
) -> Arranged[tuple[str, str, Trait]]:
    """Group, name and value of each trait of a profile, the youngest first unless `order_by` is
    `ASC`; by what they are ordered is decided.

    Raises:
        Refused: 400 one of the parameters cannot be.
    """
    wanted = _wanted(trait_groups)
    placed: list[tuple[Place, tuple[str, str, Trait]]] = [
        ((int(trait.at.timestamp() * 1000), f"{group}/{name}"), (group, name, trait))
        for group, traits in profile.traits.items()
        for name, trait in traits.items()
        if wanted is None or group in wanted
    ]
    return Arranged(placed, downward=not wants_upward(order_by))


def _wanted(trait_groups: str | None) -> frozenset[str] | None:
    if trait_groups is None:
        return None
    if not 1 <= len(trait_groups) <= 256:
        raise bad("traitGroups must have 1 to 256 characters")
    return frozenset(name.strip() for name in trait_groups.split(","))


def _said(value: Any) -> str:
    """An identifier as a text; a number is one too, and a boolean as JSON has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _check_value(world: World, place: str, trait: TraitDefinition, value: Any) -> None:
    kind = trait.data_type
    if kind == "ARRAY":
        if not isinstance(value, list):
            raise bad(f"{place} must be a list")
        if len(value) > MOST_ITEMS:
            raise bad(f"{place} must have at most {MOST_ITEMS} items")
        for each in value:
            if not isinstance(each, str | int | float):
                raise bad(f"{place} must be a list of texts, numbers and booleans")
            _check_size(place, each)
    elif kind == "STRING":
        if not isinstance(value, str):
            raise bad(f"{place} must be a text")
    elif kind == "BOOLEAN":
        if not isinstance(value, bool):
            raise bad(f"{place} must be true or false")
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise bad(f"{place} must be a number")
    _check_size(place, value)
    if trait.validation_rule is not None and not _keeps(world, trait.validation_rule, value):
        raise bad(f"{place} does not keep to its validation rule")


def _check_size(place: str, value: Any) -> None:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise bad(f"{place} must have at most {LONGEST_TEXT} characters")
    if isinstance(value, int | float) and not -LARGEST_NUMBER - 1 <= value <= LARGEST_NUMBER:
        raise bad(f"{place} must be {-LARGEST_NUMBER - 1} to {LARGEST_NUMBER}")


def _keeps(world: World, rule: TraitRule, value: Any) -> bool:
    if rule.pattern is not None and not is_in(world.compile_pattern, rule.pattern, value):
        return False
    if isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        return _within(value, rule.min, rule.max)
    if isinstance(value, str):
        return _within(len(value), rule.min_length, rule.max_length)
    return _within(len(value), rule.min_items, rule.max_items)


def _within(size: float, least: float | None, most: float | None) -> bool:
    return (least is None or size >= least) and (most is None or size <= most)
