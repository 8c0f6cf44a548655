"""Commands of Conversations v2 as a journal holds them, and their records as a snapshot does."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.core.orchestrator.conftest import AGENT, CUSTOMER, sms
from twilio_emulator.core.kernel.records import plain_command
from twilio_emulator.core.kernel.reviving import revive_command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.communications import (
    CommunicationContentSaid,
    CommunicationEndSaid,
    RecordCommunication,
    TranscriptionSaid,
)
from twilio_emulator.core.orchestrator.configurations import (
    AddConversationConfiguration,
    ChangeConversationConfiguration,
)
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
    ConversationCallbacks,
    ConversationOwnSettings,
)
from twilio_emulator.core.orchestrator.participants import AddOrchestratedParticipant
from twilio_emulator.core.orchestrator.resources import (
    CallbackMethod,
    CaptureRule,
    ChannelSettings,
    ContentType,
    GroupingType,
    OrchestratorChannel,
    ParticipantType,
    StatusCallbackTarget,
    StatusTimeouts,
    V1Bridge,
)

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
SETTINGS = ChannelSettings(
    status_timeouts=StatusTimeouts(inactive=1, closed=2),
    capture_rules=(CaptureRule(from_="*", to="+1", metadata={"callType": "PSTN"}),),
)
TOLD = (StatusCallbackTarget(url="https://a.example", method=CallbackMethod.GET),)
END = CommunicationEndSaid(address="+1", channel=OrchestratorChannel.VOICE, participant_id="p")


@pytest.mark.parametrize(
    "wish",
    [
        AddConversationConfiguration(
            account="AC1",
            display_name="x",
            description="y",
            conversation_grouping_type=GroupingType.PROFILE,
            memory_store_id="mem_store_1",
            channel_settings={"SMS": SETTINGS},
            status_callbacks=TOLD,
            conversations_v1_bridge=V1Bridge(service_id="IS1"),
        ),
        ChangeConversationConfiguration(
            account="AC1",
            configuration="c",
            channel_settings={"SMS": SETTINGS, "CHAT": None},
            status_callbacks=(),
        ),
        BeginConversation(
            account="AC1",
            configuration_id="c",
            configuration=ConversationOwnSettings(intelligence_configuration_ids=("i",)),
            participants=(CUSTOMER, AGENT),
            metadata={"a": "b"},
        ),
        ChangeOrchestratedConversation(
            account="AC1",
            conversation="c",
            configuration=ConversationCallbacks(status_callbacks=()),
            metadata={"a": None, "b": "c"},
        ),
        AddOrchestratedParticipant(
            account="AC1",
            conversation="c",
            addresses=(sms("+1", "CA1"),),
            type=ParticipantType.HUMAN_AGENT,
        ),
        RecordCommunication(
            account="AC1",
            conversation="c",
            author=END,
            content=CommunicationContentSaid(
                type=ContentType.TRANSCRIPTION,
                text="x",
                transcription=TranscriptionSaid(channel=0, confidence=0.5),
            ),
            recipients=(END,),
            occurred_at=AT,
        ),
    ],
    ids=lambda wish: type(wish).__name__,
)
def test_a_command_is_read_as_it_was_written(world: World, wish: Any) -> None:
    written = json.loads(json.dumps(plain_command(wish)))
    assert revive_command(written, world.rules.commands) == wish


def test_a_world_is_restored_from_its_snapshot_in_json(
    world: World, begin: Callable[..., Any], configure: Callable[..., str]
) -> None:
    sid = configure(channel_settings={"SMS": SETTINGS}, status_callbacks=TOLD)
    begun = begin(configuration_id=sid, metadata={"a": "b"})
    snapshot = json.loads(json.dumps(world.snapshot()))
    world.restore(snapshot)
    assert world.snapshot() == snapshot
    assert begin(configuration_id=sid, participants=()).settings == begun.settings
