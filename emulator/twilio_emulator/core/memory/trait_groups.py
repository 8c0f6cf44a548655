"""Which traits the profiles of a store may have, in groups.

The rules of this file (TraitGroups of Memory's OpenAPI file):

- A group has a name that nothing else in its store has; it cannot be renamed.
- What a change says of a trait is all that is known of it then. A trait whose data type is empty is
  taken away, and so are its values; with a group go all values of its traits.
- A group that a data mapping writes to cannot be taken away.
"""

import re

from twilio_emulator.core.kernel.arranged import Arranged, wants_upward
from twilio_emulator.core.kernel.bad_requests import (
    IN_CONFLICT,
    NOWHERE_FOUND,
    bad,
    check_match,
    long_enough,
    spelled,
)
from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.long_runs import LongRun
from twilio_emulator.core.kernel.patterns import BadPattern
from twilio_emulator.core.kernel.records import closed, command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.operations import operated
from twilio_emulator.core.memory.resources import MemoryProfiles, MemoryStore
from twilio_emulator.core.memory.settings import TraitDefinition, TraitGroup, TraitRule
from twilio_emulator.core.memory.stores import changed, fetch_memory_store, store_place

MOST_GROUPS = 50
MOST_TRAITS = 95
LONGEST_GROUP = 64
LONGEST_TRAIT = 64
LONGEST_DESCRIPTION = 1024
LONGEST_TYPE = 30
LONGEST_PATTERN = 1000

GROUP_NAME = re.compile(r"[a-zA-Z0-9_\-\.]+")
DATA_TYPES = ("STRING", "NUMBER", "BOOLEAN", "ARRAY")

RULES = {
    "STRING": ("pattern", "min_length", "max_length"),
    "NUMBER": ("min", "max"),
    "BOOLEAN": (),
    "ARRAY": ("min_items", "max_items"),
}
"""What a rule for values of a data type may say."""

GROUPS = "TraitGroups"


@closed()
@command
class AddTraitGroup:
    """Have a group of traits.

    Raises:
        Refused: 400 something of it cannot be, 20404 there is no such store. That 400 is what a
            name that is taken is answered is decided, since the file has no 409 here.
    """

    account: str
    store: str
    display_name: str
    description: str | None = None
    traits: dict[str, TraitDefinition] | None = None

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        spelled("displayName", self.display_name, GROUP_NAME, LONGEST_GROUP)
        if find_trait_group(store, self.display_name) is not None:
            raise bad("displayName is the name of another trait group")
        if len(store.trait_groups) >= MOST_GROUPS:
            raise bad(f"a memory store has at most {MOST_GROUPS} trait groups")
        traits = self.traits or {}
        _check(world, store, self.description, traits)
        if len(traits) > MOST_TRAITS:
            raise bad(f"a trait group has at most {MOST_TRAITS} traits")
        for name, each in traits.items():
            if not each.data_type:
                raise bad(f"traits.{name}.dataType must be one of {', '.join(DATA_TYPES)}")
        group = TraitGroup(
            display_name=self.display_name, description=self.description, traits=traits
        )
        changed(world, replace(store, trait_groups=(*store.trait_groups, group)))
        return _operated(world, store, "TraitGroup creation accepted.", group.display_name)


@closed()
@command
class PatchTraitGroup:
    """Describe a group otherwise; add traits to it, change or take away some of them.

    Raises:
        Refused: 400, 20404, 20412 the group has been changed meanwhile.
    """

    account: str
    store: str
    trait_group: str
    description: str | None = None
    traits: dict[str, TraitDefinition] | None = None
    if_match: str | None = None

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        group = _of(store, self.trait_group)
        check_match(self.if_match, group.version)
        said = self.traits or {}
        _check(world, store, self.description, said)
        traits = {name: each for name, each in {**group.traits, **said}.items() if each.data_type}
        if len(traits) > MOST_TRAITS:
            raise bad(f"a trait group has at most {MOST_TRAITS} traits")
        description = group.description if self.description is None else self.description
        new = replace(group, description=description, traits=traits, version=group.version + 1)
        others = tuple(new if each is group else each for each in store.trait_groups)
        changed(world, replace(store, trait_groups=others))
        gone = tuple(name for name, each in said.items() if not each.data_type)
        if gone:
            _forget(world, store, group.display_name, gone)
        return _operated(world, store, "TraitGroup update accepted.", group.display_name)


@command
class RemoveTraitGroup:
    """Have a group no more, nor the values of its traits.

    Raises:
        Refused: 20404, 20409 a data mapping writes to it.
    """

    account: str
    store: str
    trait_group: str

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        group = _of(store, self.trait_group)
        for mapping in store.data_mappings:
            if any(to.trait_group == group.display_name for to in mapping.mapping_to.mappings):
                raise Refused(
                    IN_CONFLICT, what=f"the data mapping {mapping.sid} writes to the group"
                )
        others = tuple(each for each in store.trait_groups if each is not group)
        changed(world, replace(store, trait_groups=others))
        _forget(world, store, group.display_name, tuple(group.traits))
        return operated(
            world, self.account, "TraitGroup deletion accepted.", group.display_name, None
        )


def find_trait_group(store: MemoryStore, name: str) -> TraitGroup | None:
    """The group of a store with this name; None when it has none such."""
    return next((each for each in store.trait_groups if each.display_name == name), None)


def fetch_trait_group(world: World, *, account: str, store: str, trait_group: str) -> TraitGroup:
    """A group of a store.

    Raises:
        Refused: 20404.
    """
    return _of(fetch_memory_store(world, account=account, store=store), trait_group)


def list_trait_groups(
    world: World, *, account: str, store: str, order_by: str | None = None
) -> Arranged[TraitGroup]:
    """The groups of a store, newest first unless `order_by` is `ASC`.

    Raises:
        Refused: 400, 20404 there is no such store.
    """
    found = fetch_memory_store(world, account=account, store=store)
    placed: list[tuple[Place, TraitGroup]] = [
        ((at, each.display_name), each) for at, each in enumerate(found.trait_groups)
    ]
    return Arranged(placed, downward=not wants_upward(order_by))


def list_trait_definitions(
    group: TraitGroup, order_by: str | None = None
) -> Arranged[tuple[str, TraitDefinition]]:
    """The traits of a group with their names, page by page.

    Raises:
        Refused: 400 `order_by` is neither `ASC` nor `DESC`.
    """
    placed: list[tuple[Place, tuple[str, TraitDefinition]]] = [
        ((at, name), (name, each)) for at, (name, each) in enumerate(group.traits.items())
    ]
    return Arranged(placed, downward=not wants_upward(order_by))


def _of(store: MemoryStore, name: str) -> TraitGroup:
    found = find_trait_group(store, name)
    if found is None:
        raise Refused(NOWHERE_FOUND)
    return found


def _operated(world: World, store: MemoryStore, message: str, name: str) -> LongRun:
    return operated(world, store.account_sid, message, name, store_place(store, GROUPS, name))


def _forget(world: World, store: MemoryStore, group: str, names: tuple[str, ...]) -> None:
    """Take the values of some traits away from all profiles of a store."""
    table = world[MemoryProfiles]
    for profile in table.all(table.by_store, store.sid):
        had = profile.traits.get(group)
        if had is None or not had.keys() & set(names):
            continue
        left = {name: trait for name, trait in had.items() if name not in names}
        others = {name: traits for name, traits in profile.traits.items() if name != group}
        table.put(replace(profile, traits={**others, group: left} if left else others))


def _check(
    world: World,
    store: MemoryStore,
    description: str | None,
    traits: dict[str, TraitDefinition],
) -> None:
    if description is not None:
        long_enough("description", description, 0, LONGEST_DESCRIPTION)
    for name, each in traits.items():
        place = f"traits.{name}"
        long_enough(place, name, 1, LONGEST_TRAIT)
        if each.data_type not in (*DATA_TYPES, ""):
            raise bad(f"{place}.dataType must be one of {', '.join(DATA_TYPES)}")
        long_enough(f"{place}.description", each.description or "", 0, LONGEST_DESCRIPTION)
        promotion = each.id_type_promotion
        if promotion and store.identity.config(promotion) is None:
            raise bad(f"{place}.idTypePromotion is no identifier type of the store")
        if each.validation_rule is not None:
            _check_rule(world, f"{place}.validationRule", each, each.validation_rule)


def _check_rule(world: World, place: str, trait: TraitDefinition, rule: TraitRule) -> None:
    if rule.rule_type not in RULES:
        raise bad(f"{place}.ruleType must be one of {', '.join(RULES)}")
    if trait.data_type and rule.rule_type != trait.data_type:
        raise bad(f"{place}.ruleType must be the dataType of the trait")
    for every in RULES.values():
        for field in every:
            if getattr(rule, field) is not None and field not in RULES[rule.rule_type]:
                raise bad(f"{place} has what no rule for {rule.rule_type} has")
    if rule.pattern is not None:
        long_enough(f"{place}.pattern", rule.pattern, 0, LONGEST_PATTERN)
        try:
            world.compile_pattern(rule.pattern)
        except BadPattern:
            raise bad(f"{place}.pattern is no regular expression") from None
    for least, most in (
        (rule.min_length, rule.max_length),
        (rule.min, rule.max),
        (rule.min_items, rule.max_items),
    ):
        if least is not None and most is not None and least > most:
            raise bad(f"{place} lets no value through")
