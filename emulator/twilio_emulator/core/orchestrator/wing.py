"""Conversations v2, as a part of the rules."""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.conversations.conversations import ConversationRemoved
from twilio_emulator.core.conversations.delivery_receipts import ReceiptUpdated
from twilio_emulator.core.conversations.messages import MessageAdded, MessageUpdated
from twilio_emulator.core.conversations.participants import ParticipantAdded, ParticipantRemoved
from twilio_emulator.core.conversations.states import ConversationStateUpdated
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.memory.resources import MemoryProfilesMerged
from twilio_emulator.core.messaging.inbound import TextCaptured, TextReceived
from twilio_emulator.core.orchestrator import (
    actions,
    bridge,
    capture,
    configurations,
    grouping,
    lifecycle,
    text_steps,
)
from twilio_emulator.core.orchestrator.action_resources import ActionTexts, ConversationActions
from twilio_emulator.core.orchestrator.actions import CreateAction
from twilio_emulator.core.orchestrator.bridge import BridgedConversations
from twilio_emulator.core.orchestrator.channel_references import ChannelReferences
from twilio_emulator.core.orchestrator.communications import RecordCommunication
from twilio_emulator.core.orchestrator.configurations import (
    AddConversationConfiguration,
    ChangeConversationConfiguration,
    RemoveConversationConfiguration,
    SetConversationConfiguration,
)
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
    RemoveOrchestratedConversation,
    SetOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.grouping_keys import GroupingKeys
from twilio_emulator.core.orchestrator.lifecycle import ExpireOrchestratedConversation
from twilio_emulator.core.orchestrator.operations import OrchestratorOperations
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    SetOrchestratedParticipant,
)
from twilio_emulator.core.orchestrator.resources import (
    CommunicationCreated,
    Communications,
    ConversationConfigurations,
    OrchestratedConversationCreated,
    OrchestratedConversationRemoved,
    OrchestratedConversations,
    OrchestratedConversationUpdated,
    OrchestratedParticipantAdded,
    OrchestratedParticipantRemoved,
    OrchestratedParticipants,
    OrchestratedParticipantUpdated,
)
from twilio_emulator.core.texts.text import TextCreated, TextStatusChanged

ORCHESTRATOR = Wing(
    name="orchestrator",
    tables=(
        ConversationConfigurations,
        OrchestratedConversations,
        GroupingKeys,
        OrchestratedParticipants,
        Communications,
        ChannelReferences,
        OrchestratorOperations,
        BridgedConversations,
        ConversationActions,
        ActionTexts,
    ),
    commands=(
        AddConversationConfiguration,
        SetConversationConfiguration,
        ChangeConversationConfiguration,
        RemoveConversationConfiguration,
        BeginConversation,
        SetOrchestratedConversation,
        ChangeOrchestratedConversation,
        RemoveOrchestratedConversation,
        AddOrchestratedParticipant,
        SetOrchestratedParticipant,
        RecordCommunication,
        ExpireOrchestratedConversation,
        CreateAction,
    ),
    reactions=(
        (AccountOpened, configurations.open_first),
        (MemoryProfilesMerged, grouping.merged),
        (TextReceived, capture.came_in),
        (TextCaptured, capture.came_in),
        (TextCreated, capture.taken_on),
        (TextStatusChanged, text_steps.followed),
        (MessageAdded, bridge.said),
        (MessageUpdated, bridge.edited),
        (ReceiptUpdated, bridge.received),
        (ParticipantAdded, bridge.joined),
        (ParticipantRemoved, bridge.left),
        (ConversationStateUpdated, bridge.moved),
        (ConversationRemoved, bridge.deleted),
        (OrchestratedConversationCreated, lifecycle.begun),
        (OrchestratedParticipantAdded, bridge.named),
        (OrchestratedParticipantUpdated, bridge.named),
        (OrchestratedParticipantAdded, lifecycle.joined),
        (OrchestratedParticipantUpdated, lifecycle.joined),
        (OrchestratedParticipantRemoved, lifecycle.joined),
        (CommunicationCreated, lifecycle.communicated),
        (OrchestratedConversationUpdated, lifecycle.moved),
        (OrchestratedConversationUpdated, bridge.closed),
        (OrchestratedConversationRemoved, actions.remove_of_conversation),
        (OrchestratedConversationRemoved, bridge.removed),
        (OrchestratedConversationRemoved, lifecycle.removed),
    ),
)
