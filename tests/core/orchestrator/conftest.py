"""What tests of Conversations v2 begin with."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.stores import FIRST_STORE
from twilio_emulator.core.orchestrator.configurations import (
    FIRST_CONFIGURATION,
    AddConversationConfiguration,
)
from twilio_emulator.core.orchestrator.conversations import BeginConversation
from twilio_emulator.core.orchestrator.participants import ParticipantDraft
from twilio_emulator.core.orchestrator.resources import (
    GroupingType,
    OrchestratedConversation,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)


def sms(address: str, channel_id: str | None = None) -> ParticipantAddress:
    """An address on SMS."""
    return ParticipantAddress(
        channel=OrchestratorChannel.SMS, address=address, channel_id=channel_id
    )


def whatsapp(number: str) -> ParticipantAddress:
    """The address of a number on WhatsApp."""
    return ParticipantAddress(channel=OrchestratorChannel.WHATSAPP, address=f"whatsapp:{number}")


CUSTOMER = ParticipantDraft(type=ParticipantType.CUSTOMER, addresses=(sms(ANN),))
AGENT = ParticipantDraft(type=ParticipantType.AI_AGENT, name="Robo", addresses=(sms(NUMBER),))


@pytest.fixture
def begin(world: World) -> Callable[..., OrchestratedConversation]:
    """Begin a conversation of Ann and the agent, unless something else is said."""

    def begin(**said: Any) -> OrchestratedConversation:
        fields = {
            "account": ACCOUNT,
            "configuration_id": FIRST_CONFIGURATION,
            "participants": (CUSTOMER, AGENT),
            **said,
        }
        return world.perform(BeginConversation(**fields))

    return begin


@pytest.fixture
def configure(world: World) -> Callable[..., str]:
    """Make a configuration; answers its id."""

    def configure(**said: Any) -> str:
        fields = {
            "account": ACCOUNT,
            "display_name": "Support",
            "description": "Of tests",
            "conversation_grouping_type": GroupingType.ADDRESSES,
            "memory_store_id": FIRST_STORE,
            **said,
        }
        return world.perform(AddConversationConfiguration(**fields)).related[1]

    return configure
