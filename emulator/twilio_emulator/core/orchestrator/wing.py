"""Conversations v2, as a part of the rules."""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.orchestrator import configurations
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
from twilio_emulator.core.orchestrator.operations import OrchestratorOperations
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    SetOrchestratedParticipant,
)
from twilio_emulator.core.orchestrator.resources import (
    Communications,
    ConversationConfigurations,
    OrchestratedConversations,
    OrchestratedParticipants,
)

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
    ),
    reactions=((AccountOpened, configurations.open_first),),
)
