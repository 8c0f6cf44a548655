"""Data mappings: how data of a source becomes traits.

The rules of this file (DataMappings of Memory's OpenAPI file):

- A mapping is kept and shown. Nothing is fetched by it, since data sets are not emulated; that any
  data set's id is taken is decided.
- The traits that a mapping of a data set writes to must be there. Its own fields have types that
  nobody here knows, so that they fit is not looked at.
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
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.ttids import is_ttid, new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.operations import operated
from twilio_emulator.core.memory.resources import MemoryStore
from twilio_emulator.core.memory.settings import DataMapping, MappingFrom, MappingTo
from twilio_emulator.core.memory.stores import changed, fetch_memory_store, store_place
from twilio_emulator.core.memory.trait_groups import GROUP_NAME, find_trait_group

MOST_FIELDS = 100
LONGEST_NAME = 64
LONGEST_DESCRIPTION = 512
LONGEST_EXPRESSION = 256
LONGEST_TRAIT = 128

INGRESS = "INGRESS"
DATA_SETS = ("DATASET_CLOUDAPP", "DATASET_WAREHOUSE")

MAPPINGS = "DataMappings"

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-.]*")
_TRAIT = re.compile(r"[a-z][a-zA-Z0-9_\-\.]*")


@command
class AddDataMapping:
    """Have a mapping.

    Raises:
        Refused: 400 something of it cannot be, 20404 there is no such store, 20409 the name is
            taken, which is decided.
    """

    account: str
    store: str
    display_name: str
    mapping_to: MappingTo
    mapping_from: MappingFrom
    description: str | None = None
    is_enabled: bool = True

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        _check(store, None, self.display_name, self.description)
        _check_from(self.mapping_from)
        _check_to(store, self.mapping_to, self.mapping_from)
        mapping = DataMapping(
            sid=new_ttid(world, "mem_datamapping"),
            display_name=self.display_name,
            description=self.description,
            is_enabled=self.is_enabled,
            mapping_to=self.mapping_to,
            mapping_from=self.mapping_from,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
        changed(world, replace(store, data_mappings=(*store.data_mappings, mapping)))
        return _operated(world, store, "Data mapping creation accepted.", mapping.sid)


@command
class PatchDataMapping:
    """Have a mapping otherwise; what it writes to is replaced as a whole.

    Raises:
        Refused: 400, 20404, 20409 the name is taken, 20412 it has been changed meanwhile.
    """

    account: str
    store: str
    data_mapping: str
    display_name: str | None = None
    description: str | None = None
    is_enabled: bool | None = None
    mapping_to: MappingTo | None = None
    if_match: str | None = None

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        found = _of(store, self.data_mapping)
        check_match(self.if_match, found.version)
        name = found.display_name if self.display_name is None else self.display_name
        description = found.description if self.description is None else self.description
        _check(store, found, name, description)
        to = self.mapping_to or found.mapping_to
        _check_to(store, to, found.mapping_from)
        new = replace(
            found,
            display_name=name,
            description=description,
            is_enabled=found.is_enabled if self.is_enabled is None else self.is_enabled,
            mapping_to=to,
            version=found.version + 1,
            date_updated=world.now,
        )
        every = tuple(new if each is found else each for each in store.data_mappings)
        changed(world, replace(store, data_mappings=every))
        return _operated(world, store, "Data mapping update accepted.", found.sid)


@command
class RemoveDataMapping:
    """Have a mapping no more."""

    account: str
    store: str
    data_mapping: str

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        found = _of(store, self.data_mapping)
        others = tuple(each for each in store.data_mappings if each is not found)
        changed(world, replace(store, data_mappings=others))
        return operated(world, self.account, "Data mapping deletion accepted.", found.sid, None)


def fetch_data_mapping(world: World, *, account: str, store: str, data_mapping: str) -> DataMapping:
    """A mapping of a store.

    Raises:
        Refused: 20404.
    """
    return _of(fetch_memory_store(world, account=account, store=store), data_mapping)


def list_data_mappings(
    world: World, *, account: str, store: str, order_by: str | None = None, type: str | None = None
) -> Arranged[DataMapping]:
    """The mappings of a store, newest first unless `order_by` is `ASC`; of one type of source, or
    all.

    Raises:
        Refused: 400 a parameter cannot be, 20404 there is no such store.
    """
    if type not in (None, INGRESS, *DATA_SETS):
        raise bad(f"type must be one of {', '.join((INGRESS, *DATA_SETS))}")
    found = fetch_memory_store(world, account=account, store=store)
    placed: list[tuple[Place, DataMapping]] = [
        ((each.serial, each.sid), each)
        for each in found.data_mappings
        if type is None or each.mapping_from.type == type
    ]
    return Arranged(placed, downward=not wants_upward(order_by))


def _of(store: MemoryStore, sid: str) -> DataMapping:
    found = next((each for each in store.data_mappings if each.sid == sid), None)
    if found is None:
        raise Refused(NOWHERE_FOUND)
    return found


def _operated(world: World, store: MemoryStore, message: str, sid: str) -> LongRun:
    place = store_place(store, MAPPINGS, sid)
    return operated(world, store.account_sid, message, sid, place)


def _check(store: MemoryStore, own: DataMapping | None, name: str, description: str | None) -> None:
    spelled("displayName", name, _NAME, LONGEST_NAME)
    if description is not None:
        long_enough("description", description, 1, LONGEST_DESCRIPTION)
    if any(each.display_name == name and each is not own for each in store.data_mappings):
        raise Refused(IN_CONFLICT, what="displayName is the name of another data mapping")


def _check_from(source: MappingFrom) -> None:
    place = "mappingFrom"
    if source.type == INGRESS:
        columns = source.columns or ()
        if not 1 <= len(columns) <= MOST_FIELDS:
            raise bad(f"{place}.columns must have 1 to {MOST_FIELDS} items")
        for at, column in enumerate(columns):
            long_enough(f"{place}.columns[{at}]", column, 1, LONGEST_EXPRESSION)
        other: object = source.dataset_id
    elif source.type in DATA_SETS:
        if not is_ttid(source.dataset_id or "", "tdi_dataset"):
            raise bad(f"{place}.datasetId must be the id of a data set")
        other = source.columns
    else:
        raise bad(f"{place}.type must be one of {', '.join((INGRESS, *DATA_SETS))}")
    if other is not None:
        raise bad(f"{place} has what none of type {source.type} has")


def _check_to(store: MemoryStore, to: MappingTo, source: MappingFrom) -> None:
    place = "mappingTo"
    if to.type != "TRAITS":
        raise bad(f"{place}.type must be TRAITS")
    if not 1 <= len(to.mappings) <= MOST_FIELDS:
        raise bad(f"{place}.mappings must have 1 to {MOST_FIELDS} items")
    for at, each in enumerate(to.mappings):
        field = f"{place}.mappings[{at}]"
        long_enough(f"{field}.expression", each.expression, 1, LONGEST_EXPRESSION)
        spelled(f"{field}.traitGroup", each.trait_group, GROUP_NAME, LONGEST_NAME)
        spelled(f"{field}.traitName", each.trait_name, _TRAIT, LONGEST_TRAIT)
        if source.type in DATA_SETS:
            group = find_trait_group(store, each.trait_group)
            if group is None or each.trait_name not in group.traits:
                raise bad(f"{field} names no trait of the memory store")
