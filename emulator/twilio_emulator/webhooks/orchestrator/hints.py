"""Why an agent was told nothing, and what would change that."""

from functools import partial

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.capture import fits
from twilio_emulator.core.orchestrator.resources import (
    Communications,
    ConversationConfiguration,
    ConversationConfigurations,
    OrchestratedConversations,
    OrchestratorChannel,
)
from twilio_emulator.core.orchestrator.text_communications import CHANNELS
from twilio_emulator.core.texts.text import Text
from twilio_emulator.webhooks.hints import API, Hints


def nobody_named(hints: Hints, configuration: str, conversation: str) -> None:
    """A conversation has begun, and nobody is told of it, since nobody is named."""
    words = (
        f"{configuration} has no statusCallbacks for what happens in {conversation}: set them "
        f"with PATCH /v2/ControlPlane/Configurations/{configuration}, for conversations that "
        "begin afterwards"
    )
    hints.give("no-status-callbacks", configuration, conversation, lambda: words)


def not_captured(hints: Hints, text: Text) -> None:
    """A text came in that no configuration captured: a hint for one that has somebody to tell, and
    no rule at all, or one for the other direction alone."""
    channel = CHANNELS.get(text.channel)
    if channel is None:
        return
    table = hints.world[ConversationConfigurations]
    for each in table.all(table.by_account, text.account_sid):
        if each.settings.status_callbacks and not _has_it(hints.world, each, text):
            why = _why(each, channel, text)
            if why is not None:
                words = partial(_words, each, why, channel, text)
                hints.give("no-capture-rule", each.sid, text.sid, words)


def _why(it: ConversationConfiguration, channel: OrchestratorChannel, text: Text) -> str | None:
    """What lacks; None where rules are for other numbers, or chats alone are wanted."""
    if not it.settings.captures:
        return None if it.bridged else f"has statusCallbacks, but no captureRules, so {text.sid} is"
    held = it.settings.channel_settings.get(channel)
    rules = () if held is None else held.capture_rules
    if any(fits(rule, text.to, text.sender or "") for rule in rules):
        return f"captures {channel} from {text.to} alone, and not to it, so {text.sid} is"
    return None


def _words(
    it: ConversationConfiguration, why: str, channel: OrchestratorChannel, text: Text
) -> str:
    return (
        f"{it.sid} {why} in no conversation: each direction needs a rule, such as "
        f'{{"channelSettings": {{"{channel}": {{"captureRules": '
        f'[{{"from": "*", "to": "{text.to}"}}, {{"from": "{text.to}", "to": "*"}}]}}}}}} in '
        f"PATCH /v2/ControlPlane/Configurations/{it.sid}; or PUT {API}/orchestrator/agent"
    )


def _has_it(world: World, it: ConversationConfiguration, text: Text) -> bool:
    """Whether a text is in a conversation of a configuration."""
    said, conversations = world[Communications], world[OrchestratedConversations]
    return any(
        conversations[each.conversation_sid].configuration_sid == it.sid
        for each in said.all(said.by_resource, (text.account_sid, text.sid))
    )
