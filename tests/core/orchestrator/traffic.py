"""An account whose texts are captured, and what its conversations come to."""

from typing import Any

from tests.core.conftest import ACCOUNT, ANN, NUMBER
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.orchestrator.configurations import AddConversationConfiguration
from twilio_emulator.core.orchestrator.resources import (
    CaptureRule,
    ChannelSettings,
    Communication,
    Communications,
    GroupingType,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratedParticipant,
    OrchestratedParticipants,
    StatusTimeouts,
)
from twilio_emulator.core.texts.text import Text

STORE = "mem_store_00000000000000000000000001"
WHATSAPP_NUMBER = "whatsapp:+14155238886"
WHATSAPP_ANN = f"whatsapp:{ANN}"
BOTH_WAYS = (
    CaptureRule(from_="*", to=NUMBER),
    CaptureRule(from_=NUMBER, to="*"),
)
BY_WHATSAPP = (
    CaptureRule(from_="*", to=WHATSAPP_NUMBER),
    CaptureRule(from_=WHATSAPP_NUMBER, to="*"),
)


def settings_of(
    rules: tuple[CaptureRule, ...] = (), inactive: int | None = None, closed: int | None = None
) -> ChannelSettings:
    """What a configuration says of a channel."""
    timeouts = None if closed is None else StatusTimeouts(inactive=inactive, closed=closed)
    return ChannelSettings(capture_rules=rules, status_timeouts=timeouts)


def configure(
    world: World,
    grouping: GroupingType = GroupingType.ADDRESSES_AND_CHANNEL,
    *,
    sms: ChannelSettings | None = None,
    whatsapp: ChannelSettings | None = None,
    **said: Any,
) -> str:
    """A configuration that captures SMS both ways, unless something else is said; its id."""
    channels = {"SMS": sms or settings_of(BOTH_WAYS), "WHATSAPP": whatsapp}
    operation = world.perform(
        AddConversationConfiguration(
            account=ACCOUNT,
            display_name="Agents",
            description="",
            conversation_grouping_type=grouping,
            memory_store_id=said.pop("store", STORE),
            channel_settings={name: each for name, each in channels.items() if each is not None},
            **said,
        )
    )
    return operation.related[1]


def write(world: World, body: str = "Hi", **said: Any) -> Text:
    """What Ann writes to the number, unless something else is said."""
    said = {"address": ANN, "to": NUMBER, **said}
    return world.perform(SendFromHandset(body=body, **said))


def send(world: World, body: str = "Hello", **said: Any) -> Text:
    """What the number writes to Ann, unless something else is said."""
    said = {"account": ACCOUNT, "to": ANN, "from_": NUMBER, **said}
    return world.perform(CreateText(body=body, **said))


def conversations(world: World) -> list[OrchestratedConversation]:
    """All, oldest first."""
    return list(world[OrchestratedConversations])


def people(world: World, conversation: OrchestratedConversation) -> list[OrchestratedParticipant]:
    """Who is in a conversation."""
    table = world[OrchestratedParticipants]
    return list(table.all(table.by_conversation, conversation.sid))


def said(world: World, conversation: OrchestratedConversation) -> list[Communication]:
    """What was said in a conversation."""
    table = world[Communications]
    return list(table.all(table.by_conversation, conversation.sid))


def words(world: World, conversation: OrchestratedConversation) -> list[tuple[str, str]]:
    """What was said in a conversation: by whom, and what."""
    return [(each.author.address, each.content.text) for each in said(world, conversation)]
