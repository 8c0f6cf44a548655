from typing import Any

import pytest

from tests.core.memory.stores import HERE, NOWHERE, again, somebody, values
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory import trait_groups
from twilio_emulator.core.memory.data_mappings import AddDataMapping
from twilio_emulator.core.memory.profiles import AddMemoryProfile, PatchMemoryProfile
from twilio_emulator.core.memory.settings import (
    MappedTrait,
    MappingFrom,
    MappingTo,
    TraitDefinition,
    TraitRule,
)
from twilio_emulator.core.memory.trait_groups import (
    AddTraitGroup,
    PatchTraitGroup,
    RemoveTraitGroup,
)

ANN = "+12025550199"


def of(data_type: str, **rule: Any) -> TraitDefinition:
    return TraitDefinition(
        data_type=data_type,
        validation_rule=TraitRule(rule_type=data_type, **rule) if rule else None,
    )


def group(world: World, name: str = "Shop", /, **traits: TraitDefinition) -> None:
    world.perform(AddTraitGroup(**HERE, display_name=name, traits=traits))


def test_what_a_store_declares_can_be_set(world: World) -> None:
    group(
        world,
        size=of("NUMBER"),
        vip=of("BOOLEAN"),
        tags=of("ARRAY"),
        name=of("STRING"),
    )
    shop = {"size": 4.5, "vip": False, "tags": ["a", 1, True], "name": "Ann"}
    it = world.perform(AddMemoryProfile(**HERE, traits={"Contact": {"phone": ANN}, "Shop": shop}))
    assert values(it)["Shop"] == shop


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        ("STRING", 1),
        ("STRING", "x" * 1025),
        ("NUMBER", "1"),
        ("NUMBER", True),
        ("NUMBER", 2**31),
        ("NUMBER", -(2**31) - 1),
        ("BOOLEAN", 1),
        ("BOOLEAN", "true"),
        ("ARRAY", "a"),
        ("ARRAY", [["a"]]),
        ("ARRAY", [None]),
        ("ARRAY", ["x" * 1025]),
        ("ARRAY", [1] * 101),
    ],
)
def test_a_value_is_of_its_type(world: World, data_type: str, value: object) -> None:
    group(world, it=of(data_type))
    ann = somebody(world, phone=ANN)
    wish = PatchMemoryProfile(**HERE, profile=ann.sid, traits={"Shop": {"it": value}})
    assert refused(world, wish) == 400


@pytest.mark.parametrize(
    ("trait", "good", "bad"),
    [
        (of("STRING", pattern="^[A-Z]+$"), "AB", "ab"),
        (of("STRING", min_length=2, max_length=3), "ab", "a"),
        (of("STRING", max_length=3), "abc", "abcd"),
        (of("NUMBER", min=2, max=3.5), 3.5, 4),
        (of("NUMBER", min=2), 2, 1),
        (of("ARRAY", min_items=1, max_items=2), ["a"], []),
        (of("ARRAY", max_items=1), [], ["a", "b"]),
    ],
)
def test_a_value_keeps_to_its_rule(
    world: World, trait: TraitDefinition, good: object, bad: object
) -> None:
    group(world, it=trait)
    ann = somebody(world, phone=ANN)

    def wish(value: object) -> PatchMemoryProfile:
        return PatchMemoryProfile(**HERE, profile=ann.sid, traits={"Shop": {"it": value}})

    world.perform(wish(good))
    assert refused(world, wish(bad)) == 400


def test_a_rule_for_booleans_lets_both_through(world: World) -> None:
    rule = TraitRule(rule_type="BOOLEAN")
    group(world, it=TraitDefinition(data_type="BOOLEAN", validation_rule=rule))
    ann = somebody(world, phone=ANN)
    world.perform(PatchMemoryProfile(**HERE, profile=ann.sid, traits={"Shop": {"it": True}}))


@pytest.mark.parametrize(
    "traits",
    [
        {"Other": {}},
        {"Contact": {"shoe": "42"}},
        {"Contact": {f"n{number}": "x" for number in range(100)}},
        {f"G{number}": {} for number in range(51)},
    ],
)
def test_what_it_does_not_declare_cannot(world: World, traits: dict[str, Any]) -> None:
    ann = somebody(world, phone=ANN)
    wish = PatchMemoryProfile(**HERE, profile=ann.sid, traits=traits)
    assert refused(world, wish) == 400


def test_a_group_is_described_otherwise(world: World) -> None:
    group(world, size=of("NUMBER"), name=of("STRING"))
    ann = somebody(world, phone=ANN)
    bob = somebody(world, phone="+12025550188")
    shop = {"size": 4, "name": "A"}
    world.perform(PatchMemoryProfile(**HERE, profile=ann.sid, traits={"Shop": shop}))
    world.perform(
        PatchTraitGroup(
            **HERE,
            trait_group="Shop",
            description="of the shop",
            traits={"size": of(""), "vip": of("BOOLEAN")},
            if_match='"1"',
        )
    )
    it = trait_groups.fetch_trait_group(world, **HERE, trait_group="Shop")
    assert (it.description, it.version, list(it.traits)) == ("of the shop", 2, ["name", "vip"])
    assert values(again(world, ann)) == {"Contact": {"phone": ANN}, "Shop": {"name": "A"}}
    assert values(again(world, bob)) == {"Contact": {"phone": "+12025550188"}}

    world.perform(PatchTraitGroup(**HERE, trait_group="Shop", traits={"name": of("")}))
    assert values(again(world, ann)) == {"Contact": {"phone": ANN}}
    it = trait_groups.fetch_trait_group(world, **HERE, trait_group="Shop")
    assert (it.description, it.version) == ("of the shop", 3)
    assert refused(world, PatchTraitGroup(**HERE, trait_group="Shop", if_match='"1"')) == 20412
    world.perform(PatchTraitGroup(**HERE, trait_group="Shop"))


def test_the_values_of_a_group_go_with_it(world: World) -> None:
    group(world, size=of("NUMBER"))
    ann = somebody(world, phone=ANN)
    world.perform(PatchMemoryProfile(**HERE, profile=ann.sid, traits={"Shop": {"size": 4}}))
    world.perform(RemoveTraitGroup(**HERE, trait_group="Shop"))
    assert values(again(world, ann)) == {"Contact": {"phone": ANN}}
    assert refused(world, RemoveTraitGroup(**HERE, trait_group="Shop")) == 20404


def test_a_group_that_a_mapping_writes_to_stays(world: World) -> None:
    group(world, size=of("NUMBER"))
    for number, name in enumerate(("Contact", "Shop")):
        trait = MappedTrait(expression="size", trait_group=name, trait_name="size")
        world.perform(
            AddDataMapping(
                **HERE,
                display_name=f"m{number}",
                mapping_to=MappingTo(type="TRAITS", mappings=(trait,)),
                mapping_from=MappingFrom(type="INGRESS", columns=("size",)),
            )
        )
    assert refused(world, RemoveTraitGroup(**HERE, trait_group="Shop")) == 20409


def test_groups_and_traits_are_listed(world: World) -> None:
    group(world, b=of("NUMBER"), a=of("STRING"))
    find = trait_groups.list_trait_groups
    both = ["Contact", "Shop"]
    assert [it.display_name for it in find(world, **HERE, order_by="ASC").after(None, 9)[0]] == both
    rows, more = find(world, **HERE).after(None, 1)
    assert ([it.display_name for it in rows], more) == (["Shop"], True)
    shop = trait_groups.fetch_trait_group(world, **HERE, trait_group="Shop")
    every = trait_groups.list_trait_definitions(shop)
    assert [name for name, _ in every.after(None, 9)[0]] == ["a", "b"]
    with pytest.raises(Refused):
        trait_groups.list_trait_definitions(shop, "UP")


def test_a_group_that_cannot_be(world: World) -> None:
    wish = AddTraitGroup
    for name in ("", "two words", "x" * 65, "Contact"):
        assert refused(world, wish(**HERE, display_name=name)) == 400
    assert refused(world, wish(**HERE, display_name="It", description="x" * 1025)) == 400
    assert refused(world, wish(account=HERE["account"], store=NOWHERE, display_name="It")) == 20404
    many = {f"n{number}": of("STRING") for number in range(96)}
    assert refused(world, wish(**HERE, display_name="It", traits=many)) == 400
    group(world, "It")
    assert refused(world, PatchTraitGroup(**HERE, trait_group="It", traits=many)) == 400
    for number in range(48):
        group(world, f"g{number}")
    assert refused(world, wish(**HERE, display_name="More")) == 400


@pytest.mark.parametrize(
    ("name", "trait"),
    [
        ("", of("STRING")),
        ("x" * 65, of("STRING")),
        ("it", of("TEXT")),
        ("it", of("")),
        ("it", TraitDefinition(data_type="STRING", description="x" * 1025)),
        ("it", TraitDefinition(data_type="STRING", id_type_promotion="shoe")),
        ("it", TraitDefinition(data_type="STRING", validation_rule=TraitRule(rule_type="TEXT"))),
        ("it", TraitDefinition(data_type="STRING", validation_rule=TraitRule(rule_type="NUMBER"))),
        ("it", of("STRING", min=1)),
        ("it", of("NUMBER", pattern="a")),
        ("it", of("STRING", pattern="(")),
        ("it", of("STRING", pattern="x" * 1001)),
        ("it", of("STRING", min_length=3, max_length=2)),
        ("it", of("NUMBER", min=3, max=2)),
        ("it", of("ARRAY", min_items=3, max_items=2)),
    ],
)
def test_a_trait_that_cannot_be(world: World, name: str, trait: TraitDefinition) -> None:
    wish = AddTraitGroup(**HERE, display_name="Shop", traits={name: trait})
    assert refused(world, wish) == 400


def test_a_trait_that_goes_may_have_any_rule(world: World) -> None:
    group(world, it=of("NUMBER"))
    gone = TraitDefinition(data_type="", validation_rule=TraitRule(rule_type="STRING"))
    world.perform(PatchTraitGroup(**HERE, trait_group="Shop", traits={"it": gone}))
