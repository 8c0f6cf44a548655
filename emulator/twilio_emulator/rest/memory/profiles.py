"""Profiles, their traits and identifiers by REST."""

from twilio_emulator.core.kernel.records import closed, record
from twilio_emulator.core.memory import identifiers, profiles, traits
from twilio_emulator.core.memory.identifiers import (
    AddProfileIdentifier,
    RemoveProfileIdentifier,
    UpdateProfileIdentifier,
)
from twilio_emulator.core.memory.profiles import (
    AddMemoryProfile,
    FoundProfiles,
    PatchMemoryProfile,
    PutMemoryProfiles,
    RemoveMemoryProfile,
)
from twilio_emulator.core.memory.resources import MemoryProfile
from twilio_emulator.rest.memory import look
from twilio_emulator.wire.calls import Answer, Call, Look, Parameters
from twilio_emulator.wire.json_operations import JsonApi
from twilio_emulator.wire.json_parameters import JsonParameters
from twilio_emulator.wire.operations import ROOT
from twilio_emulator.wire.spelling import camel
from twilio_emulator.wire.token_pages import TOKEN_PAGING, token_page

PROFILES = "/Stores/{store}/Profiles"
PROFILE = f"{PROFILES}/{{profile}}"
IDENTIFIERS = f"{PROFILE}/Identifiers"


@closed()
@record
class SoughtProfile:
    """An identifier, and where who has it is looked for."""

    account: str
    store: str
    id_type: str
    value: str


def declare(api: JsonApi) -> None:
    """Declare the operations of this file."""
    api.add("GET", PROFILES, profiles.list_memory_profiles, list_profiles, ROOT)
    api.performs("POST", PROFILES, AddMemoryProfile, _resolved, 202)
    api.add("POST", f"{PROFILES}/Lookup", SoughtProfile, look_up, ROOT)
    api.performs(
        "PUT",
        f"{PROFILES}/Bulk",
        PutMemoryProfiles,
        said("Profile batch accepted for processing."),
        202,
    )
    api.add("GET", PROFILE, _fetch, fetch_profile, ROOT)
    api.performs(
        "PATCH",
        PROFILE,
        PatchMemoryProfile,
        said("Trait modifications accepted for processing."),
        202,
    )
    api.performs(
        "DELETE", PROFILE, RemoveMemoryProfile, said("Profile accepted for deletion."), 202
    )
    api.add("GET", f"{PROFILE}/Traits", _list_traits, list_traits, ROOT)
    api.add("GET", IDENTIFIERS, profiles.fetch_memory_profile, list_identifiers, ROOT)
    api.performs(
        "POST",
        IDENTIFIERS,
        AddProfileIdentifier,
        said("Identifier accepted for processing."),
        202,
    )
    one = f"{IDENTIFIERS}/{{id_type}}"
    api.add("GET", one, _fetch_identifier, fetch_identifier, ROOT)
    api.performs(
        "PATCH",
        f"{IDENTIFIERS}/{{path_type}}",
        UpdateProfileIdentifier,
        said("Identifier update accepted."),
        202,
    )
    api.add("DELETE", one, RemoveProfileIdentifier, remove_identifier, ROOT)


def said(message: str) -> Look:
    """What shows of a change that it was taken."""
    return lambda _, __: {"message": message}


async def list_profiles(call: Call) -> Answer:
    """The ids of profiles; what is known of each, one asks for by its id."""
    found = profiles.list_memory_profiles(call.world, **_LIST.values(call.path, call.query, call))
    rows, meta = token_page(found, dict(call.query), "profiles")
    return Answer(200, {"profiles": [each.sid for each in rows], "meta": meta})


async def look_up(call: Call) -> Answer:
    """Who has an identifier."""
    found: FoundProfiles = profiles.look_up_profiles(call.world, **_SOUGHT.of_body(call))
    return Answer(200, {"normalizedValue": found.value, "profiles": list(found.profiles)})


async def fetch_profile(call: Call) -> Answer:
    """A profile with its traits."""
    given = _PROFILE.values(call.path, call.query, call)
    return Answer(200, look.profile(_current(call), given.get("trait_groups")))


async def list_traits(call: Call) -> Answer:
    """The traits of a profile, one by one."""
    given = _TRAITS.values(call.path, call.query, call)
    found = traits.arranged_traits(_current(call), given.get("trait_groups"), given.get("order_by"))
    rows, meta = token_page(found, dict(call.query), "traits")
    return Answer(200, {"traits": [look.trait(each, call) for each in rows], "meta": meta})


async def list_identifiers(call: Call) -> Answer:
    """What a profile is found by."""
    found = identifiers.identifiers_of(call.world, _current(call))
    return Answer(200, {"identifiers": [look.identifier(each, call) for each in found]})


async def fetch_identifier(call: Call) -> Answer:
    """What a profile is found by, of one type."""
    found = identifiers.identifiers_of_type(call.world, _current(call), call.path["id_type"])
    return Answer(200, look.identifier(found, call))


async def remove_identifier(call: Call) -> Answer:
    """Let a profile be found by a value no more."""
    wish = RemoveProfileIdentifier(**_REMOVE.values(call.path, call.query, call))
    await call.gate.perform(wish, call.origin)
    return Answer(202, {"message": "Identifier removal accepted."})


def _resolved(it: MemoryProfile, _: Call) -> dict[str, object]:
    return {"id": it.sid, "message": "Profile resolved and accepted for processing."}


def _current(call: Call) -> MemoryProfile:
    """The profile that the path names."""
    path = call.path
    return profiles.fetch_current(call.world, path["account"], path["store"], path["profile"])[1]


def _fetch(*, account: str, store: str, profile: str, trait_groups: str | None = None) -> None:
    """What a profile takes that is looked at."""


def _list_traits(
    *,
    account: str,
    store: str,
    profile: str,
    order_by: str | None = None,
    trait_groups: str | None = None,
) -> None:
    """What the list of traits takes."""


def _fetch_identifier(*, account: str, store: str, profile: str, id_type: str) -> None:
    """What identifiers of a type take that are looked at."""


_LIST = Parameters(profiles.list_memory_profiles, camel, TOKEN_PAGING)
_PROFILE = Parameters(_fetch, camel)
_TRAITS = Parameters(_list_traits, camel, TOKEN_PAGING)
_REMOVE = Parameters(RemoveProfileIdentifier, camel)
_SOUGHT = JsonParameters(SoughtProfile)
