"""How our own API shows conversations of Conversations v2 and their configurations.

The rule of this file: names are in snake case, as everywhere in our own API; what has an id at
Twilio is called by it.
"""

from typing import TypedDict

from twilio_emulator.control.parameters import written
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.operations import OrchestratorOperation
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    CommunicationParty,
    Communications,
    ConversationConfiguration,
    OrchestratedConversation,
    OrchestratedParticipant,
    OrchestratedParticipants,
    StatusTimeouts,
)

NO_TIMEOUTS = StatusTimeouts()


class ShownOrchestratedAddress(TypedDict):
    """Where somebody is reached."""

    channel: str
    address: str
    channel_id: str | None


class ShownOrchestratedParticipant(TypedDict):
    """Somebody in a conversation.

    Attributes:
        profile_id: who it is to the memory store.
    """

    id: str
    name: str | None
    type: str
    profile_id: str | None
    addresses: list[ShownOrchestratedAddress]


class ShownCommunicationParty(TypedDict):
    """An end of a communication.

    Attributes:
        delivery_status: how far it has come; of recipients only.
    """

    address: str
    channel: str
    participant_id: str | None
    delivery_status: str | None


class ShownCommunication(TypedDict):
    """Something said in a conversation.

    Attributes:
        resource_id: what it is elsewhere, such as the sid of a message.
    """

    id: str
    conversation_id: str
    author: ShownCommunicationParty
    recipients: list[ShownCommunicationParty]
    text: str
    channel_id: str | None
    resource_id: str | None
    created_at: str


class ShownOrchestratedConversation(TypedDict):
    """A conversation with who is in it.

    Attributes:
        grouping: what makes texts parts of it.
        status_callbacks: where its events are told.
        last: what was said last.
        last_communication_at: from when its timeouts count.
    """

    id: str
    account_sid: str
    configuration_id: str
    configuration_version: int
    name: str | None
    status: str
    grouping: str
    metadata: dict[str, str]
    participants: list[ShownOrchestratedParticipant]
    status_callbacks: list[str]
    last: ShownCommunication | None
    last_communication_at: str | None
    created_at: str
    updated_at: str


class ShownCaptureRule(TypedDict("_CaptureFrom", {"from": str})):
    """Whose texts are captured; `*` is anybody."""

    to: str


class ShownCapturedChannel(TypedDict):
    """What a configuration says of a channel.

    Attributes:
        inactive: minutes after which a conversation is inactive.
        closed: minutes after which it is closed.
    """

    capture: list[ShownCaptureRule]
    inactive: int | None
    closed: int | None


class ShownConversationConfiguration(TypedDict):
    """A configuration.

    Attributes:
        channels: by their names, such as SMS.
        bridge: the service of Conversations v1 whose chats it has.
    """

    id: str
    account_sid: str
    display_name: str
    description: str
    grouping: str
    memory_store_id: str
    version: int
    channels: dict[str, ShownCapturedChannel]
    status_callbacks: list[str]
    bridge: str | None


class ShownOperation(TypedDict):
    """A change that was accepted first and done then.

    Attributes:
        related: what it is about: an id, by what Twilio calls it.
    """

    id: str
    account_sid: str
    status: str
    related: dict[str, str]
    created_at: str
    completed_at: str | None


def operation(it: OrchestratorOperation) -> ShownOperation:
    """A change that was accepted first."""
    name, sid = it.related
    return {
        "id": it.sid,
        "account_sid": it.account_sid,
        "status": it.status,
        "related": {name: sid},
        "created_at": write_instant(it.created_at),
        "completed_at": written(it.completed_at),
    }


def configuration(it: ConversationConfiguration) -> ShownConversationConfiguration:
    """A configuration."""
    said = it.settings
    return {
        "id": it.sid,
        "account_sid": it.account_sid,
        "display_name": said.display_name,
        "description": said.description,
        "grouping": said.conversation_grouping_type,
        "memory_store_id": said.memory_store_id,
        "version": it.version,
        "channels": {
            name: {
                "capture": [{"from": rule.from_, "to": rule.to} for rule in each.capture_rules],
                "inactive": (each.status_timeouts or NO_TIMEOUTS).inactive,
                "closed": (each.status_timeouts or NO_TIMEOUTS).closed,
            }
            for name, each in said.channel_settings.items()
        },
        "status_callbacks": [each.url for each in said.status_callbacks],
        "bridge": it.bridged,
    }


def conversation(world: World, it: OrchestratedConversation) -> ShownOrchestratedConversation:
    """A conversation, with who is in it and what was said last."""
    participants, said = world[OrchestratedParticipants], world[Communications]
    newest = next(said.by_conversation.of(it.sid).downward(), None)
    return {
        "id": it.sid,
        "account_sid": it.account_sid,
        "configuration_id": it.configuration_sid,
        "configuration_version": it.configuration_version,
        "name": it.name,
        "status": it.status,
        "grouping": it.settings.conversation_grouping_type,
        "metadata": it.metadata,
        "participants": [
            participant(each) for each in participants.all(participants.by_conversation, it.sid)
        ],
        "status_callbacks": [each.url for each in it.settings.status_callbacks],
        "last": None if newest is None else communication(said[newest[1]]),
        "last_communication_at": written(it.last_communication_at),
        "created_at": write_instant(it.created_at),
        "updated_at": write_instant(it.updated_at),
    }


def participant(it: OrchestratedParticipant) -> ShownOrchestratedParticipant:
    """Somebody in a conversation."""
    return {
        "id": it.sid,
        "name": it.name,
        "type": it.type,
        "profile_id": it.profile_id,
        "addresses": [
            {"channel": each.channel, "address": each.address, "channel_id": each.channel_id}
            for each in it.addresses
        ],
    }


def communication(it: Communication) -> ShownCommunication:
    """Something said in a conversation."""
    return {
        "id": it.sid,
        "conversation_id": it.conversation_sid,
        "author": _party(it.author),
        "recipients": [_party(each) for each in it.recipients],
        "text": it.content.text,
        "channel_id": it.channel_id,
        "resource_id": it.resource_id,
        "created_at": write_instant(it.created_at),
    }


def _party(it: CommunicationParty) -> ShownCommunicationParty:
    return {
        "address": it.address,
        "channel": it.channel,
        "participant_id": it.participant_id,
        "delivery_status": it.delivery_status,
    }
