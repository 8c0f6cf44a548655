"""Customers by the control API: who is known, what is remembered of them, and remembering more."""

from collections.abc import Iterator
from typing import Any, TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, Paged, place_of, take
from twilio_emulator.control.parameters import read_instant
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.default_settings import CHAT_ID, CONTACT, EMAIL, PHONE
from twilio_emulator.core.memory.identity import having, normalized
from twilio_emulator.core.memory.observations import AddObservations, ObservationData
from twilio_emulator.core.memory.profiles import AddMemoryProfile, RemoveMemoryProfile
from twilio_emulator.core.memory.resources import (
    ConversationSummaries,
    ConversationSummary,
    MemoryProfile,
    MemoryProfiles,
    MemoryStore,
    MemoryStores,
    Observation,
    Observations,
    ProfileIdentifiers,
)
from twilio_emulator.core.memory.summaries import AddConversationSummaries, SummaryData
from twilio_emulator.core.senders.addresses import bare

MEMORY_PROFILE = {
    "memory_profile": Place(
        words="The id of a profile, or an address or another identifier that it has.",
        example="+12025550199",
    )
}
SOURCE = "control-api"
"""Where observations are from that do not say it."""


class MemoryFilter(Paged):
    """Which profiles.

    Attributes:
        store: the id of their memory store; the account's first unless given.
    """

    store: str | None = None


class OfStore(Fields):
    """Where somebody is known.

    Attributes:
        store: the id of the memory store; the account's first unless given.
    """

    store: str | None = None


class NewObservation(Fields):
    """Something to remember of a customer, who is made known if nobody is.

    Attributes:
        content: what, in a sentence.
        source: who has noticed it.
        occurred_at: when; now unless given.
        conversation_ids: of the conversations in which it was noticed.
        store: the id of the memory store; the account's first unless given.
    """

    content: str
    source: str = SOURCE
    occurred_at: str | None = None
    conversation_ids: tuple[str, ...] = ()
    store: str | None = None


class NewSummary(Fields):
    """What a conversation with a customer came to; who is made known if nobody is.

    Attributes:
        content: what, in a sentence or some.
        conversation_id: which.
        source: who says so.
        occurred_at: when it was; now unless given.
        store: the id of the memory store; the account's first unless given.
    """

    content: str
    conversation_id: str
    source: str = SOURCE
    occurred_at: str | None = None
    store: str | None = None


class ShownObservation(TypedDict):
    """Something that is remembered of a customer."""

    id: str
    content: str
    source: str
    occurred_at: str
    conversation_ids: list[str]


class ShownSummary(TypedDict):
    """What a conversation came to."""

    id: str
    content: str
    source: str | None
    occurred_at: str
    conversation_id: str


class ShownMemoryProfile(TypedDict):
    """A customer.

    Attributes:
        identifiers: values by their types, such as `phone`.
        traits: by group.
        observations: oldest first, as the summaries.
    """

    id: str
    store_id: str
    identifiers: dict[str, list[str]]
    traits: dict[str, dict[str, Any]]
    observations: list[ShownObservation]
    summaries: list[ShownSummary]
    created_at: str


class MemoryProfileList(More):
    """Profiles, newest first."""

    profiles: list[ShownMemoryProfile]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("memory", "Conversation Memory: customers, and what is remembered of them.")
    _declare_reading(controls)

    @controls.on(
        "POST",
        "/memory/profiles/{memory_profile}/observations",
        "remember",
        "Remembers something of a customer.",
        places=MEMORY_PROFILE,
        body=NewObservation,
        gives=ShownMemoryProfile,
        status=201,
        examples=({"content": "Likes tea."},),
    )
    async def remember(control: Control) -> Reply:
        wish, world = control.body(NewObservation), control.hosted.world
        at = _instant(world, wish.occurred_at)
        store, profile, is_new = await _known(control, wish.store)
        said = ObservationData(
            content=wish.content,
            source=wish.source,
            occurred_at=at,
            conversation_ids=wish.conversation_ids,
        )
        command = AddObservations(
            account=control.account_sid, store=store.sid, profile=profile, observations=(said,)
        )
        await _perform(control, command, is_new)
        return json_reply(look(world, world[MemoryProfiles][profile]), 201)

    @controls.on(
        "POST",
        "/memory/profiles/{memory_profile}/summaries",
        "summarize",
        "Remembers what a conversation with a customer came to.",
        places=MEMORY_PROFILE,
        body=NewSummary,
        gives=ShownMemoryProfile,
        status=201,
        examples=(
            {
                "content": "Asked when we are open.",
                "conversation_id": "conv_conversation_00000000000000000000000001",
            },
        ),
    )
    async def summarize(control: Control) -> Reply:
        wish, world = control.body(NewSummary), control.hosted.world
        at = _instant(world, wish.occurred_at)
        store, profile, is_new = await _known(control, wish.store)
        said = SummaryData(
            content=wish.content,
            conversation_id=wish.conversation_id,
            occurred_at=at,
            source=wish.source,
        )
        command = AddConversationSummaries(
            account=control.account_sid, store=store.sid, profile=profile, summaries=(said,)
        )
        await _perform(control, command, is_new)
        return json_reply(look(world, world[MemoryProfiles][profile]), 201)


def _declare_reading(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/memory/profiles",
        "list_memory_profiles",
        "Customers who are known, newest first, with what is remembered of them.",
        query=MemoryFilter,
        gives=MemoryProfileList,
        examples=({"limit": 1},),
    )
    async def list_all(control: Control) -> Reply:
        wish, world = control.query(MemoryFilter), control.hosted.world
        table = world[MemoryProfiles]
        store = _store(control, "query store", wish.store)
        places = table.by_store.of(store.sid).downward(place_of(wish.cursor))
        held, more = take(control, places, table.__getitem__, wish.limit)
        return json_reply({"profiles": [look(world, each) for each in held], **more})

    @controls.on(
        "GET",
        "/memory/profiles/{memory_profile}",
        "show_memory_profile",
        "One customer, with what is remembered.",
        places=MEMORY_PROFILE,
        query=OfStore,
        gives=ShownMemoryProfile,
        examples=({},),
    )
    async def show(control: Control) -> Reply:
        world, said = control.hosted.world, control.said["memory_profile"]
        store = _store(control, "query store", control.query(OfStore).store)
        found = find(world, store, said)
        if found is None:
            raise Mistaken(f"path memory_profile: nobody is known as {said}", 404)
        return json_reply(look(world, found))


def find(world: World, store: MemoryStore, said: str) -> MemoryProfile | None:
    """The profile with this id or one of these identifiers; what it was merged into, if it was."""
    profiles = world[MemoryProfiles]
    found = profiles.get(said)
    if found is not None and found.store_sid == store.sid:
        return found if found.canonical is None else profiles[found.canonical]
    return next(_having(world, store, said), None)


def _having(world: World, store: MemoryStore, said: str) -> Iterator[MemoryProfile]:
    for config in store.identity.identifier_configs:
        value = bare(said) if config.id_type == PHONE else said
        yield from having(world, store, config.id_type, normalized(world, config, value))


async def _perform(
    control: Control, command: AddObservations | AddConversationSummaries, is_new: bool
) -> None:
    """Remember something; who was made known for it is forgotten when it is refused."""
    gate = control.hosted.gate
    try:
        await gate.perform(command)
    except Refused:
        if is_new:
            await gate.perform(
                RemoveMemoryProfile(
                    account=command.account, store=command.store, profile=command.profile
                )
            )
        raise


async def _known(control: Control, store: str | None) -> tuple[MemoryStore, str, bool]:
    """The store, who is meant, made known if nobody is, and whether nobody was."""
    said = control.said["memory_profile"]
    in_store = _store(control, "body store", store)
    found = find(control.hosted.world, in_store, said)
    if found is not None:
        return in_store, found.sid, False
    if said.startswith("mem_"):
        raise Mistaken(f"path memory_profile: nobody is known as {said}", 404)
    command = AddMemoryProfile(
        account=control.account_sid, store=in_store.sid, traits={CONTACT: _contact(said)}
    )
    made = await control.hosted.gate.perform(command)
    return in_store, made.sid, True


def _contact(said: str) -> dict[str, Any]:
    """The trait of who is made known by an address; what has letters is an identity in a chat."""
    if "@" in said:
        return {EMAIL: said}
    number = bare(said)
    is_identity = any(character.isalpha() for character in number)
    return {CHAT_ID: said} if is_identity else {PHONE: number}


def _store(control: Control, place: str, said: str | None) -> MemoryStore:
    stores = control.hosted.world[MemoryStores]
    first = next(iter(stores.all(stores.by_account, control.account_sid)), None)
    found = first if said is None else stores.get(said)
    if found is None or found.account_sid != control.account_sid:
        raise Mistaken(f"{place}: there is no such memory store", 404)
    return found


def _instant(world: World, said: str | None) -> Any:
    return world.clock.now() if said is None else read_instant("body occurred_at", said)


def look(world: World, it: MemoryProfile) -> ShownMemoryProfile:
    """A customer, with what is remembered."""
    identifiers: dict[str, list[str]] = {}
    kept = world[ProfileIdentifiers]
    for each in kept.all(kept.by_profile, it.sid):
        identifiers.setdefault(each.id_type, []).append(each.value)
    noted, summaries = world[Observations], world[ConversationSummaries]
    return {
        "id": it.sid,
        "store_id": it.store_sid,
        "identifiers": identifiers,
        "traits": {
            group: {name: trait.value for name, trait in traits.items()}
            for group, traits in it.traits.items()
        },
        "observations": [_observation(each) for each in noted.all(noted.by_profile, it.sid)],
        "summaries": [_summary(each) for each in summaries.all(summaries.by_profile, it.sid)],
        "created_at": write_instant(it.date_created),
    }


def _observation(it: Observation) -> ShownObservation:
    return {
        "id": it.sid,
        "content": it.content,
        "source": it.source,
        "occurred_at": write_instant(it.occurred_at),
        "conversation_ids": list(it.conversation_ids),
    }


def _summary(it: ConversationSummary) -> ShownSummary:
    return {
        "id": it.sid,
        "content": it.content,
        "source": it.source,
        "occurred_at": write_instant(it.occurred_at),
        "conversation_id": it.conversation_id,
    }
