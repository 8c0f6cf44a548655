"""What Conversations v2 shows, key for key (https://www.twilio.com/docs/platform/conversations).

The rules of this file:

- Names are in camel case, times to the second; what is null is left out, but for the keys that the
  OpenAPI file says may be null.
- Decided: an item of a list shows all that a single fetch shows; the schema is the same.
"""

from collections.abc import Mapping

from twilio_emulator.core.orchestrator.operations import RETRY_AFTER, OrchestratorOperation
from twilio_emulator.core.orchestrator.participants import participants_of
from twilio_emulator.core.orchestrator.resources import (
    ChannelSettings,
    Communication,
    CommunicationContent,
    CommunicationParty,
    ConfigurationSettings,
    ConversationConfiguration,
    OrchestratedConversation,
    OrchestratedParticipant,
    ParticipantAddress,
    StatusCallbackTarget,
)
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso

OPERATIONS = "https://conversations.twilio.com/v2/ControlPlane/Operations/"
"""Twilio's own host, wherever it was asked: what sets an agent up takes no other."""


def configuration(it: ConversationConfiguration, call: Call) -> dict[str, object]:
    """A configuration."""
    return {
        "id": it.sid,
        **settings(it.settings),
        "createdAt": iso(it.created_at),
        "updatedAt": iso(it.updated_at),
        "version": it.version,
    }


def settings(it: ConfigurationSettings) -> dict[str, object]:
    """What a configuration is set to; a conversation shows what it has pinned of it."""
    bridge = it.conversations_v1_bridge
    return present(
        {
            "displayName": it.display_name,
            "description": it.description,
            "conversationGroupingType": it.conversation_grouping_type,
            "memoryStoreId": it.memory_store_id,
            "channelSettings": {
                channel: channel_settings(each) for channel, each in it.channel_settings.items()
            },
            "statusCallbacks": [callback(each) for each in it.status_callbacks],
            "intelligenceConfigurationIds": list(it.intelligence_configuration_ids),
            "memoryExtractionEnabled": it.memory_extraction_enabled,
            "conversationsV1Bridge": None if bridge is None else {"serviceId": bridge.service_id},
        }
    )


def channel_settings(it: ChannelSettings) -> dict[str, object]:
    """What a configuration says of one channel."""
    timeouts = it.status_timeouts
    return present(
        {
            "statusTimeouts": timeouts
            and present({"inactive": timeouts.inactive, "closed": timeouts.closed}),
            "captureRules": [
                present({"from": rule.from_, "to": rule.to, "metadata": rule.metadata})
                for rule in it.capture_rules
            ],
        }
    )


def callback(it: StatusCallbackTarget) -> dict[str, object]:
    """Where events are told."""
    return {"url": it.url, "method": it.method}


def conversation(it: OrchestratedConversation, call: Call) -> dict[str, object]:
    """A conversation, with who is in it."""
    return {
        **shown_conversation(it),
        "participants": [shown_participant(each) for each in participants_of(call.world, it.sid)],
    }


def shown_conversation(it: OrchestratedConversation) -> dict[str, object]:
    """A conversation by itself."""
    return {
        "id": it.sid,
        "accountId": it.account_sid,
        "configurationId": it.configuration_sid,
        "status": it.status,
        "name": it.name,
        "createdAt": iso(it.created_at),
        "updatedAt": iso(it.updated_at),
        "configuration": settings(it.settings),
        "metadata": it.metadata,
    }


def participant(it: OrchestratedParticipant, call: Call) -> dict[str, object]:
    """Somebody in a conversation."""
    return shown_participant(it)


def shown_participant(it: OrchestratedParticipant) -> dict[str, object]:
    """The same, for whoever shows it elsewhere."""
    shown: dict[str, object] = {
        "id": it.sid,
        "conversationId": it.conversation_sid,
        "accountId": it.account_sid,
        "name": it.name,
        "type": it.type,
        "addresses": [address(each) for each in it.addresses],
        "createdAt": iso(it.created_at),
        "updatedAt": iso(it.updated_at),
    }
    if it.profile_id is not None:
        shown["profileId"] = it.profile_id
    return shown


def address(it: ParticipantAddress) -> dict[str, object]:
    """Where somebody is reached."""
    return present({"channel": it.channel, "address": it.address, "channelId": it.channel_id})


def communication(it: Communication, call: Call) -> dict[str, object]:
    """Something that was said."""
    return shown_communication(it)


def shown_communication(it: Communication) -> dict[str, object]:
    """The same, for whoever shows it elsewhere."""
    return present(
        {
            "id": it.sid,
            "conversationId": it.conversation_sid,
            "accountId": it.account_sid,
            "author": party(it.author),
            "content": content(it.content),
            "channelId": it.channel_id,
            "resourceId": it.resource_id,
            "recipients": [party(each) for each in it.recipients],
            "createdAt": iso(it.created_at),
            "updatedAt": iso(it.updated_at),
            "occurredAt": iso(it.occurred_at),
        }
    )


def party(it: CommunicationParty) -> dict[str, object]:
    """An end of a communication."""
    return present(
        {
            "address": it.address,
            "channel": it.channel,
            "participantId": it.participant_id,
            "deliveryStatus": it.delivery_status,
        }
    )


def content(it: CommunicationContent) -> dict[str, object]:
    """What is said."""
    said: dict[str, object] = {"type": it.type, "text": it.text}
    details = it.transcription
    if details is not None:
        said["transcription"] = present(
            {
                "channel": details.channel,
                "confidence": details.confidence,
                "engine": details.engine,
            }
        )
    return said


def accepted(it: OrchestratorOperation, call: Call) -> dict[str, object]:
    """What a change is answered that is accepted."""
    name, sid = it.related
    return {"statusUrl": OPERATIONS + it.sid, "related": {name: sid}}


def accepted_headers(it: OrchestratorOperation, call: Call) -> tuple[tuple[bytes, bytes], ...]:
    """What such an answer has in its head."""
    return (
        (b"Operation-Id", it.sid.encode()),
        (b"Location", (OPERATIONS + it.sid).encode()),
        (b"Retry-After", b"%d" % RETRY_AFTER),
    )


def operation(it: OrchestratorOperation, call: Call) -> dict[str, object]:
    """How far an operation has come."""
    name, sid = it.related
    return {
        "operationId": it.sid,
        "status": it.status,
        "createdAt": iso(it.created_at),
        "completedAt": iso(it.completed_at),
        "statusUrl": OPERATIONS + it.sid,
        "related": {name: sid},
    }


def present(shown: Mapping[str, object]) -> dict[str, object]:
    """The same without what is null."""
    return {name: value for name, value in shown.items() if value is not None}
