"""Capture: texts of the account, in and out, that are communications of a conversation too.

The rules of this file (https://www.twilio.com/docs/platform/conversations/capture-rules):

- A rule fits where both of its sides do; `*` is anybody. Each direction needs a rule of its own.
- Nothing else changes: the number's webhook, its messaging service and the conversations of v1 have
  the text as before.
- A configuration captures by the first of its rules that fits.
- What has no sender yet is captured when its messaging service has chosen one, and what is no
  Message resource never is. A text from one number of the account to another is two of these, and
  both are captured, which is decided.
- What was sent by an action is in the action's conversation already, and what belongs to a bridged
  conversation of v1 comes over the bridge.
"""

from collections.abc import Iterator
from itertools import islice

from twilio_emulator.core.conversations.resources import Conversations
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import TextCaptured, TextReceived
from twilio_emulator.core.orchestrator import grouping
from twilio_emulator.core.orchestrator.resources import (
    CaptureRule,
    Communications,
    ConversationConfiguration,
    ConversationConfigurations,
    OrchestratedConversations,
    OrchestratorChannel,
)
from twilio_emulator.core.orchestrator.text_communications import CHANNELS, take_down
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.core.texts.text import (
    Direction,
    Text,
    TextCreated,
    TextStatusChanged,
)

ANYBODY = "*"

MOST_CAPTURING: int | None = None
"""Decided: how many configurations have the same text; None is all whose rules fit it. Which one
would win is not published."""


def came_in(world: World, event: TextReceived | TextCaptured) -> None:
    """A text came in, for the number or for a conversation of v1."""
    if len(world[ConversationConfigurations].by_capturing.of(event.text.account_sid)):
        _capture(world, event.text)


def taken_on(world: World, created: TextCreated) -> None:
    """A text goes out."""
    text = created.text
    if len(world[ConversationConfigurations].by_capturing.of(text.account_sid)):
        _capture(world, text)


def queued(world: World, changed: TextStatusChanged) -> None:
    """A text that is queued has a sender, if it had none before."""
    text = changed.text
    if len(world[ConversationConfigurations].by_capturing.of(text.account_sid)):
        _capture(world, text)


def fits(rule: CaptureRule, sender: str, to: str) -> bool:
    """Whether a rule is for what goes from one address to another, with or without a prefix."""
    return _is_for(rule.from_, sender) and _is_for(rule.to, to)


def _is_for(side: str, address: str) -> bool:
    return side == ANYBODY or bare(side) == bare(address)


def _capture(world: World, text: Text) -> None:
    channel = CHANNELS.get(text.channel)
    if channel is None or text.sender is None or not text.listed:
        return
    captors = _captors(world, text, channel, text.sender)
    for configuration, rule in islice(captors, MOST_CAPTURING):
        outbound = text.direction is not Direction.INBOUND
        own, other = (text.sender, text.to) if outbound else (text.to, text.sender)
        named = (rule.from_ if outbound else rule.to) != ANYBODY
        agent = grouping.agent(channel, own, is_named=named)
        customer = grouping.customer(world, configuration, channel, other)
        author, recipient = (agent, customer) if outbound else (customer, agent)
        conversation, *ends = grouping.belongs_to(world, configuration, author, recipient)
        take_down(world, conversation, text, *ends)


def _captors(
    world: World, text: Text, channel: OrchestratorChannel, sender: str
) -> Iterator[tuple[ConversationConfiguration, CaptureRule]]:
    """The configurations that capture a text, each with the rule by which it does."""
    table = world[ConversationConfigurations]
    for configuration in table.all(table.by_capturing, text.account_sid):
        of_channel = configuration.settings.channel_settings.get(channel)
        rules = () if of_channel is None else of_channel.capture_rules
        rule = next((each for each in rules if fits(each, sender, text.to)), None)
        if rule is not None and not _has_it(world, configuration, text):
            yield configuration, rule


def _has_it(world: World, configuration: ConversationConfiguration, text: Text) -> bool:
    """Whether a text is in a conversation of a configuration already, or comes to be otherwise."""
    in_v1 = world[Conversations].get(text.conversation_sid)
    if in_v1 is not None and configuration.bridged == in_v1.service_sid:
        return True
    conversations = world[OrchestratedConversations]
    by_action = conversations.get(text.conversation_sid)
    if by_action is not None and by_action.configuration_sid == configuration.sid:
        return True
    said = world[Communications]
    return any(
        conversations[each.conversation_sid].configuration_sid == configuration.sid
        for each in said.all(said.by_resource, (text.account_sid, text.sid))
    )
