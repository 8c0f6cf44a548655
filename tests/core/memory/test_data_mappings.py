from typing import Any

import pytest

from tests.core.memory.stores import HERE
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory import data_mappings
from twilio_emulator.core.memory.data_mappings import (
    AddDataMapping,
    PatchDataMapping,
    RemoveDataMapping,
)
from twilio_emulator.core.memory.settings import MappedTrait, MappingFrom, MappingTo

DATA_SET = MappingFrom(type="DATASET_CLOUDAPP", dataset_id="tdi_dataset_00000000000000000000000001")
COLUMNS = MappingFrom(type="INGRESS", columns=("mail",))


def to(expression: str = "mail", group: str = "Contact", name: str = "email") -> MappingTo:
    it = MappedTrait(expression=expression, trait_group=group, trait_name=name)
    return MappingTo(type="TRAITS", mappings=(it,))


def wish(name: str = "crm", **fields: Any) -> AddDataMapping:
    said = {"mapping_to": to(), "mapping_from": DATA_SET, **fields}
    return AddDataMapping(**HERE, display_name=name, **said)


def test_a_mapping_is_kept_changed_and_removed(world: World, advance: Any) -> None:
    sid = world.perform(wish(description="of the CRM")).result
    it = data_mappings.fetch_data_mapping(world, **HERE, data_mapping=sid)
    assert it.sid.startswith("mem_datamapping_0")
    assert (it.display_name, it.description, it.is_enabled, it.version) == (
        *("crm", "of the CRM", True, 1),
    )
    advance(seconds=1)
    at = {**HERE, "data_mapping": sid}
    world.perform(PatchDataMapping(**at, is_enabled=False, if_match='"1"'))
    world.perform(PatchDataMapping(**at, display_name="new", description="other"))
    world.perform(PatchDataMapping(**at, mapping_to=to("phone", name="phone")))
    it = data_mappings.fetch_data_mapping(world, **at)
    assert (it.display_name, it.description, it.is_enabled, it.version) == (
        *("new", "other", False, 4),
    )
    assert it.mapping_to.mappings[0].trait_name == "phone"
    assert it.date_updated > it.date_created
    assert refused(world, PatchDataMapping(**at, if_match='"1"')) == 20412

    world.perform(RemoveDataMapping(**at))
    assert refused(world, RemoveDataMapping(**at)) == 20404
    with pytest.raises(Refused):
        data_mappings.fetch_data_mapping(world, **at)


def test_they_are_listed_newest_first_and_by_type(world: World) -> None:
    one = world.perform(wish("one")).result
    two = world.perform(wish("two", mapping_from=COLUMNS)).result
    find = data_mappings.list_data_mappings

    def sids(**query: str) -> list[str]:
        return [it.sid for it in find(world, **HERE, **query).after(None, 9)[0]]

    assert sids() == [two, one]
    assert sids(order_by="ASC") == [one, two]
    assert sids(type="INGRESS") == [two]
    with pytest.raises(Refused):
        sids(type="FILE")


def test_a_name_is_of_one_mapping(world: World) -> None:
    world.perform(wish("one"))
    sid = world.perform(wish("two")).result
    assert refused(world, wish("one")) == 20409
    at = {**HERE, "data_mapping": sid}
    assert refused(world, PatchDataMapping(**at, display_name="one")) == 20409


def test_columns_may_lead_to_traits_that_are_not_there_yet(world: World) -> None:
    world.perform(wish(mapping_from=COLUMNS, mapping_to=to(group="Shop", name="size")))


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "1st"},
        {"description": ""},
        {"mapping_from": MappingFrom(type="FILE")},
        {"mapping_from": MappingFrom(type="INGRESS")},
        {"mapping_from": MappingFrom(type="INGRESS", columns=("",))},
        {"mapping_from": replace(COLUMNS, dataset_id=DATA_SET.dataset_id)},
        {"mapping_from": MappingFrom(type="DATASET_WAREHOUSE")},
        {"mapping_from": replace(DATA_SET, columns=("mail",))},
        {"mapping_from": MappingFrom(type="DATASET_WAREHOUSE", dataset_id="DS1")},
        {"mapping_to": MappingTo(type="EVENTS", mappings=to().mappings)},
        {"mapping_to": MappingTo(type="TRAITS", mappings=())},
        {"mapping_to": to("")},
        {"mapping_to": to(group="two words")},
        {"mapping_to": to(name="Capital")},
        {"mapping_to": to(name="shoe")},
        {"mapping_to": to(group="Shop")},
    ],
)
def test_what_cannot_be(world: World, fields: dict[str, Any]) -> None:
    assert refused(world, wish(**fields)) == 400
