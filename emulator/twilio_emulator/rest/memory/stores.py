"""Memory stores and what is set in them, by REST: the control plane of Memory."""

from collections.abc import Callable

from twilio_emulator.core.memory import data_mappings, identity_settings, stores, trait_groups
from twilio_emulator.core.memory.data_mappings import (
    AddDataMapping,
    PatchDataMapping,
    RemoveDataMapping,
)
from twilio_emulator.core.memory.identity_settings import SetIdentityResolution
from twilio_emulator.core.memory.operations import fetch_memory_operation
from twilio_emulator.core.memory.stores import AddMemoryStore, PatchMemoryStore, RemoveMemoryStore
from twilio_emulator.core.memory.trait_groups import (
    AddTraitGroup,
    PatchTraitGroup,
    RemoveTraitGroup,
)
from twilio_emulator.rest.memory import look
from twilio_emulator.wire.calls import Answer, Call, Look, Parameters, Work
from twilio_emulator.wire.json_operations import JsonApi
from twilio_emulator.wire.long_runs import LongRunLook
from twilio_emulator.wire.operations import ROOT
from twilio_emulator.wire.spelling import camel
from twilio_emulator.wire.token_pages import TOKEN_PAGING, token_page

RUNS = LongRunLook("memory.twilio.com", "v1")

LARGEST_PAGE = 100
"""Items that a page of the control plane has at most."""

STORES = "/ControlPlane/Stores"
STORE = f"{STORES}/{{store}}"
GROUPS = f"{STORE}/TraitGroups"
GROUP = f"{GROUPS}/{{trait_group}}"
MAPPINGS = f"{STORE}/DataMappings"
MAPPING = f"{MAPPINGS}/{{data_mapping}}"
SETTINGS = f"{STORE}/IdentityResolutionSettings"


def declare(api: JsonApi) -> None:
    """Declare the operations of this file."""
    for method, path, command in (
        ("POST", STORES, AddMemoryStore),
        ("PATCH", STORE, PatchMemoryStore),
        ("DELETE", STORE, RemoveMemoryStore),
        ("PUT", SETTINGS, SetIdentityResolution),
        ("POST", GROUPS, AddTraitGroup),
        ("PATCH", GROUP, PatchTraitGroup),
        ("DELETE", GROUP, RemoveTraitGroup),
        ("POST", MAPPINGS, AddDataMapping),
        ("PATCH", MAPPING, PatchDataMapping),
        ("DELETE", MAPPING, RemoveDataMapping),
    ):
        api.performs(method, path, command, RUNS.accepted, 202, RUNS.headers)
    api.add("GET", STORES, stores.list_memory_stores, list_stores, ROOT)
    for path, fetch, shown in (
        (STORE, stores.fetch_memory_store, look.store),
        (SETTINGS, identity_settings.fetch_identity_resolution, look.identity_resolution),
        (MAPPING, data_mappings.fetch_data_mapping, look.data_mapping),
    ):
        api.add("GET", path, fetch, _tagged(fetch, shown), ROOT)
    api.add("GET", GROUPS, _list_trait_groups, show_trait_groups, ROOT)
    api.add("GET", GROUP, _fetch_trait_group, show_trait_group, ROOT)
    api.lists(
        MAPPINGS,
        data_mappings.list_data_mappings,
        look.data_mapping,
        "dataMappings",
        largest=LARGEST_PAGE,
    )
    api.fetches("/ControlPlane/Operations/{operation}", fetch_memory_operation, RUNS.operation)


async def list_stores(call: Call) -> Answer:
    """The ids of stores; what each is, one asks for by its id."""
    found = stores.list_memory_stores(call.world, **_STORES.values(call.path, call.query, call))
    rows, meta = token_page(found, dict(call.query), "stores", largest=LARGEST_PAGE)
    return Answer(200, {"stores": [each.sid for each in rows], "meta": meta})


async def show_trait_groups(call: Call) -> Answer:
    """Groups, with their traits if these are asked for."""
    said = _GROUPS.values(call.path, call.query, call)
    whole = bool(said.pop("include_traits", False))
    found = trait_groups.list_trait_groups(call.world, **said)
    rows, meta = token_page(found, dict(call.query), "traitGroups", largest=LARGEST_PAGE)
    shown = [look.trait_group(each, each.traits if whole else None) for each in rows]
    return Answer(200, {"traitGroups": shown, "meta": meta})


async def show_trait_group(call: Call) -> Answer:
    """A group with its traits, page by page, unless these are not asked for."""
    said = _GROUP.values(call.path, call.query, call)
    whole = said.pop("include_traits", True) is not False
    order_by = said.pop("order_by", None)
    group = trait_groups.fetch_trait_group(call.world, **said)
    found = trait_groups.list_trait_definitions(group, order_by)
    rows, meta = token_page(found, dict(call.query), "traits", largest=LARGEST_PAGE)
    shown = look.trait_group(group, dict(rows) if whole else None)
    return Answer(
        200, {"traitGroup": shown, "meta": meta}, headers=((b"ETag", b'"%d"' % group.version),)
    )


def _list_trait_groups(
    *, account: str, store: str, order_by: str | None = None, include_traits: bool = False
) -> None:
    """What the list of groups takes."""


def _fetch_trait_group(
    *,
    account: str,
    store: str,
    trait_group: str,
    order_by: str | None = None,
    include_traits: bool = True,
) -> None:
    """What a group takes that is looked at."""


def _tagged(fetch: Callable[..., object], shown: Look) -> Work:
    """What shows one thing with the version that it has, as its ETag."""
    parameters = Parameters(fetch, camel)

    async def show(call: Call) -> Answer:
        found = fetch(call.world, **parameters.values(call.path, call.query, call))
        keys = shown(found, call)
        return Answer(200, keys, headers=((b"ETag", f'"{keys["version"]}"'.encode()),))

    return show


_STORES = Parameters(stores.list_memory_stores, camel, TOKEN_PAGING)
_GROUPS = Parameters(_list_trait_groups, camel, TOKEN_PAGING)
_GROUP = Parameters(_fetch_trait_group, camel, TOKEN_PAGING)
