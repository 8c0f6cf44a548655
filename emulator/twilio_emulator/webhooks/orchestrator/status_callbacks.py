"""What the status callbacks of a conversation are told, and which of them are.

The rules of this file (https://www.twilio.com/docs/platform/conversations/status-callbacks):

- There are seven events. Each goes to every status callback of the conversation, which has those of
  its configuration as that was when the conversation began, unless it was given others.
- CONVERSATION_UPDATED tells of another status or another name, and of nothing else.
- No page says where an event would stand in a GET.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import Happened, World
from twilio_emulator.core.orchestrator.resources import (
    CallbackMethod,
    Communication,
    CommunicationCreated,
    CommunicationUpdated,
    OrchestratedConversation,
    OrchestratedConversationCreated,
    OrchestratedConversations,
    OrchestratedConversationUpdated,
    OrchestratedParticipant,
    OrchestratedParticipantAdded,
    OrchestratedParticipantRemoved,
    OrchestratedParticipantUpdated,
    StatusCallbackTarget,
)
from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.webhooks.decisions import AS_SET, Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.orchestrator.manner import ORCHESTRATOR

NAMES = {
    OrchestratedConversationCreated: "CONVERSATION_CREATED",
    OrchestratedConversationUpdated: "CONVERSATION_UPDATED",
    OrchestratedParticipantAdded: "PARTICIPANT_ADDED",
    OrchestratedParticipantUpdated: "PARTICIPANT_UPDATED",
    OrchestratedParticipantRemoved: "PARTICIPANT_REMOVED",
    CommunicationCreated: "COMMUNICATION_CREATED",
    CommunicationUpdated: "COMMUNICATION_UPDATED",
}
"""What the events are called."""

LEFT_OUT = frozenset({"configuration", "metadata", "participants"})
"""Decided: of a conversation, what its events do not tell, as the fixtures of Twilio Agent Connect
have it."""

TOLD_BY = frozenset({CallbackMethod.POST})
"""Decided: the methods by which a status callback is called."""

NOT_BY_GET = "how an event is told by GET is not known, so it is not: set the method POST"


class Looks(NamedTuple):
    """How what an event is about is shown."""

    conversation: Callable[[OrchestratedConversation], Mapping[str, object]]
    participant: Callable[[OrchestratedParticipant], Mapping[str, object]]
    communication: Callable[[Communication], Mapping[str, object]]


def is_told(event: Any) -> bool:
    """Whether an event is one of the seven."""
    if type(event) is not OrchestratedConversationUpdated:
        return True
    now, before = event.conversation, event.before
    return (now.status, now.name) != (before.status, before.name)


def conversation_of(world: World, event: Any) -> OrchestratedConversation | None:
    """The conversation that something happened in; None if it is gone."""
    found = getattr(event, "conversation", None)
    if isinstance(found, OrchestratedConversation):
        return found
    about = getattr(event, "communication", None) or event.participant
    return world[OrchestratedConversations].get(about.conversation_sid)


def fault_of(world: World, event: Any) -> Fault | None:
    """What is to go wrong with telling of a text."""
    communication = getattr(event, "communication", None)
    text = None if communication is None else world[Texts].get(communication.resource_id)
    return None if text is None else text.fault


def told(
    conversation: OrchestratedConversation, happened: Happened, looks: Looks, fault: Fault | None
) -> Iterator[Outcome]:
    """What each status callback of the conversation is told."""
    name = NAMES[type(happened.event)]
    said = {
        "eventType": name,
        "timestamp": write_instant(happened.at),
        "data": _data(happened.event, looks),
    }
    document = json.dumps(said, ensure_ascii=False)
    for callback in conversation.settings.status_callbacks:
        why = _silent(callback, fault)
        decision = Decision(
            event=name,
            subject=conversation.sid,
            setting=f"statusCallbacks of {conversation.sid}",
            url=callback.url,
            sent=why is None,
            because=why or AS_SET,
        )
        request = None
        if why is None:
            request = Request(
                event=name,
                subject=conversation.sid,
                account_sid=conversation.account_sid,
                manner=ORCHESTRATOR,
                url=callback.url,
                document=document,
                fault=fault,
            )
        yield decision, request


def _silent(callback: StatusCallbackTarget, fault: Fault | None) -> str | None:
    """Why a status callback is not called; None when it is."""
    if callback.method not in TOLD_BY:
        return NOT_BY_GET
    return "a fault drops it" if fault is not None and fault.drop_callback else None


def _data(event: Any, looks: Looks) -> Mapping[str, object]:
    """What an event is about."""
    if isinstance(event, OrchestratedConversationCreated | OrchestratedConversationUpdated):
        shown = looks.conversation(event.conversation)
        return {name: value for name, value in shown.items() if name not in LEFT_OUT}
    if isinstance(event, CommunicationCreated | CommunicationUpdated):
        return looks.communication(event.communication)
    return looks.participant(event.participant)
