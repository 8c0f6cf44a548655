"""Ids of Twilio's newest APIs in recordings: how what no step gave is found, and how objects that
commands hold are said in a request.

The rule of this file: what is listed oldest first has the same place in every play.
"""

import re
from typing import Any

from twilio_emulator.core.kernel.records import Plain
from twilio_emulator.core.kernel.world import World
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
KINDS = {
    CONFIGURATION: "configuration",
    CONVERSATION: "conversation",
    PARTICIPANT: "participant",
}
WHOLE = {"page_size": 1000}
"""As much of a list as there can be on a page."""

THEIRS = frozenset({"metadata", "variables", "traits"})
"""Objects whose keys are the app's own."""

_ID = re.compile(FORM)


def is_id(text: str) -> bool:
    """Whether it has the form of an id."""
    return _ID.fullmatch(text) is not None


def kind_of(sid: str) -> str:
    """What people call what has an id."""
    return KINDS.get(sid.rpartition("_")[0], "thing")


def find(world: World, sid: str) -> tuple[str, dict[str, Any], str] | None:
    """The call that lists what has an id, its parameters, and where it stands in the answer."""
    prefix = sid.rpartition("_")[0]
    if prefix == CONFIGURATION:
        configurations = world[ConversationConfigurations]
        held = configurations.get(sid)
        if held is None:
            return None
        rows = configurations.all(configurations.by_account, held.account_sid)
        return _listed("conversations.v2.configurations.list", dict(WHOLE), rows, sid)
    if prefix == CONVERSATION:
        conversations = world[OrchestratedConversations]
        begun = conversations.get(sid)
        if begun is None:
            return None
        there = conversations.all(conversations.by_account, begun.account_sid)
        return _listed("conversations.v2.conversations.list", dict(WHOLE), there, sid)
    if prefix == PARTICIPANT:
        participants = world[OrchestratedParticipants]
        found = participants.get(sid)
        if found is None:
            return None
        here = participants.all(participants.by_conversation, found.conversation_sid)
        within = {"conversation": found.conversation_sid}
        return _listed("conversations.v2.conversations.participants.list", within, here, sid)
    return None


def _listed(
    call: str, parameters: dict[str, Any], rows: Any, sid: str
) -> tuple[str, dict[str, Any], str]:
    at = next(at for at, each in enumerate(rows) if each.sid == sid)
    return call, parameters, f"{call.split('.')[-2]}.{at}.id"


def said(value: Plain) -> Plain:
    """What a command holds, with the keys that requests have; what was not said is left out."""
    if isinstance(value, list):
        return [said(each) for each in value]
    if isinstance(value, dict):
        return {
            camel(name.rstrip("_")): each if name in THEIRS else said(each)
            for name, each in value.items()
            if each is not None
        }
    return value
