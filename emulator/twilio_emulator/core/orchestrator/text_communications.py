"""Texts as communications: what one says, and by which channel.

The rules of this file (https://www.twilio.com/docs/platform/conversations/communications):

- What it is elsewhere (`resourceId`) is the sid of the message. Its media is no part of it.
"""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import delivery_status
from twilio_emulator.core.orchestrator.communications import (
    CommunicationDraft,
    record_communication,
)
from twilio_emulator.core.orchestrator.people import CommunicationEnd
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    CommunicationContent,
    ContentType,
    OrchestratedConversation,
    OrchestratorChannel,
)
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.texts.text import Text

CHANNELS = {
    Channel.SMS: OrchestratorChannel.SMS,
    Channel.MMS: OrchestratorChannel.SMS,
    Channel.WHATSAPP: OrchestratorChannel.WHATSAPP,
    Channel.RCS: OrchestratorChannel.RCS,
}
"""By what a text goes; Messenger is no channel of Conversations v2."""


def take_down(
    world: World,
    conversation: OrchestratedConversation,
    text: Text,
    author: CommunicationEnd,
    recipient: CommunicationEnd,
) -> Communication:
    """Write down a text in an open conversation."""
    return record_communication(
        world,
        conversation,
        CommunicationDraft(
            author=author.party(),
            content=CommunicationContent(type=ContentType.TEXT, text=text.body),
            recipients=(recipient.party(delivery_status.of_text(text)),),
            resource_id=text.sid,
        ),
    )
