"""Ids of Twilio's newest APIs in recordings: how what no step gave is found, and how objects that
commands hold are said in a request.

The rules of this file:

- What is listed oldest first has the same place in every play. What is listed newest first has it
  when it is looked for.
- Keys of an object that the app has thought of stay as they are, and null is said where it stands
  under one: it takes something away.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from twilio_emulator.core.kernel.records import Plain, plain
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.knowledge.resources import KnowledgeBases
from twilio_emulator.core.memory.resources import (
    ConversationSummaries,
    MemoryProfiles,
    MemoryStores,
    Observations,
)
from twilio_emulator.core.orchestrator.resources import (
    CONFIGURATION,
    CONVERSATION,
    PARTICIPANT,
    ConversationConfigurations,
    OrchestratedConversations,
    OrchestratedParticipants,
)
from twilio_emulator.wire.spelling import camel

FORM = r"\b[a-z]+_[a-z]+_[0-7][0-9a-z]{25}\b"

WHOLE = {"page_size": 1000}
"""As much of a list as there can be on a page."""

OLDEST_FIRST = {**WHOLE, "order_by": "ASC"}
OF_CONTROL_PLANE = {"page_size": 100, "order_by": "ASC"}
"""The same of lists that are newest first unless asked, and of those with smaller pages."""

_ID = re.compile(FORM)


class _Listed(NamedTuple):
    """How what has an id of one form is found.

    Attributes:
        kind: what people call it.
        call: what lists it.
        table: where it is kept.
        rows: the list that it stands in.
        parameters: those of the call, which say ids as they are.
        key: of the answer, under which the id of the row stands whose place is `at`.
    """

    kind: str
    call: str
    table: type[Table[Any]]
    rows: Callable[[Any, Any], Iterable[Any]]
    parameters: Callable[[World, Any], dict[str, Any]]
    key: str


def _in_store(world: World, profile: str) -> dict[str, Any]:
    return {"store": world[MemoryProfiles][profile].store_sid, "profile": profile}


LISTS = {
    CONFIGURATION: _Listed(
        "configuration",
        "conversations.v2.configurations.list",
        ConversationConfigurations,
        lambda table, it: table.all(table.by_account, it.account_sid),
        lambda _, __: WHOLE,
        "configurations.{at}.id",
    ),
    CONVERSATION: _Listed(
        "conversation",
        "conversations.v2.conversations.list",
        OrchestratedConversations,
        lambda table, it: table.all(table.by_account, it.account_sid),
        lambda _, __: WHOLE,
        "conversations.{at}.id",
    ),
    PARTICIPANT: _Listed(
        "participant",
        "conversations.v2.conversations.participants.list",
        OrchestratedParticipants,
        lambda table, it: table.all(table.by_conversation, it.conversation_sid),
        lambda _, it: {"conversation": it.conversation_sid, **WHOLE},
        "participants.{at}.id",
    ),
    "mem_store": _Listed(
        "memory store",
        "memory.stores.list",
        MemoryStores,
        lambda table, it: table.all(table.by_account, it.account_sid),
        lambda _, __: OF_CONTROL_PLANE,
        "stores.{at}",
    ),
    "mem_profile": _Listed(
        "profile",
        "memory.stores.profiles.list",
        MemoryProfiles,
        lambda table, it: table.all(table.by_store, it.listed_in),
        lambda _, it: {"store": it.store_sid, **OLDEST_FIRST},
        "profiles.{at}",
    ),
    "mem_observation": _Listed(
        "observation",
        "memory.stores.profiles.observations.list",
        Observations,
        lambda table, it: table.all(table.by_profile, it.profile_sid),
        lambda world, it: {**_in_store(world, it.profile_sid), **OLDEST_FIRST},
        "observations.{at}.id",
    ),
    "mem_summary": _Listed(
        "summary",
        "memory.stores.profiles.conversation_summaries.list",
        ConversationSummaries,
        lambda table, it: reversed(list(table.all(table.by_profile, it.profile_sid))),
        lambda world, it: {**_in_store(world, it.profile_sid), **WHOLE},
        "summaries.{at}.id",
    ),
    "know_knowledgebase": _Listed(
        "knowledge base",
        "knowledge.knowledge_bases.list",
        KnowledgeBases,
        lambda table, it: table.all(table.by_account, it.account_sid),
        lambda _, __: OF_CONTROL_PLANE,
        "knowledgeBases.{at}.id",
    ),
}
"""By what the ids begin with."""


def is_id(text: str) -> bool:
    """Whether it has the form of an id."""
    return _ID.fullmatch(text) is not None


def kind_of(sid: str) -> str:
    """What people call what has an id."""
    listed = LISTS.get(sid.rpartition("_")[0])
    return "thing" if listed is None else listed.kind


def find(world: World, sid: str) -> tuple[str, dict[str, Any], str] | None:
    """The call that lists what has an id, its parameters, and where it stands in the answer."""
    listed = LISTS.get(sid.rpartition("_")[0])
    if listed is None:
        return None
    table = world[listed.table]
    found = table.get(sid)
    for at, each in enumerate(() if found is None else listed.rows(table, found)):
        if each.sid == sid:
            return listed.call, listed.parameters(world, found), listed.key.format(at=at)
    return None


def said(value: Any) -> Plain:
    """What a command holds, as requests say it; of records what has its default is left out."""
    if isinstance(value, dict):
        return {name: said(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [said(each) for each in value]
    if dataclasses.is_dataclass(value):
        return {
            camel(field.name.rstrip("_")): said(held)
            for field in dataclasses.fields(value)
            if (held := getattr(value, field.name)) != field.default and held is not None
        }
    return plain(value)
