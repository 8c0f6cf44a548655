"""How a message of a conversation goes out to phones.

The rules of this file:

- Everybody but the author gets it. Who has a pair of addresses gets one native text from the proxy
  address, with the body as it is, and a delivery receipt.
- A phone takes one file, of a type and size that its channel carries; of several it gets the first
  that it can take, and the text is dropped
  (https://www.twilio.com/docs/conversations/conversations-limits).
- To a group it goes from the author's projected address, as SMS between two and as MMS among more.
  What a phone says there its carrier has brought to the other phones already.
"""

from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.conversations import delivery_receipts
from twilio_emulator.core.conversations.group_mms import SMALLEST, Group, Groups, others
from twilio_emulator.core.conversations.media import MediaTable
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    Participant,
    Participants,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.texts.media import Enclosure

MMS_TYPES = frozenset(
    {
        "image/jpeg",
        "image/png",
        "audio/mpeg",
        "audio/mp3",
        "audio/amr",
        "video/mp4",
        "application/pdf",
    }
)
MMS_LIMIT = 5 * 1024 * 1024
WHATSAPP_LIMIT = 16 * 1024 * 1024


def send_out(
    world: World,
    conversation: Conversation,
    message: Message,
    content: Rendered | None = None,
) -> None:
    """Send a message to every phone but the author's.

    Args:
        content: what the message's content template shows.
    """
    table = world[Participants]
    phones = table.by_kind.of((conversation.sid, False))
    if not phones:
        return
    group = world[Groups].get(conversation.sid)
    for _, sid in list(phones.upward()):
        participant = table[sid]
        if participant.sid == message.participant_sid or participant.address is None:
            continue
        sender, channel = participant.proxy_address, None
        if sender is None:
            sender = _projected(world, message)
            channel = Channel.MMS if group and len(group.parties) >= SMALLEST else Channel.SMS
        if sender is not None:
            _send(world, conversation, message, participant, sender, channel, content, group)


def _projected(world: World, message: Message) -> str | None:
    """The number that speaks for the author in a group; None for a phone's own."""
    author = world[Participants].get(message.participant_sid)
    return None if author is None else author.projected_address


def _send(
    world: World,
    conversation: Conversation,
    message: Message,
    participant: Participant,
    sender: str,
    channel: Channel | None,
    content: Rendered | None,
    group: Group | None,
) -> None:
    """One native text, and the receipt that follows its fate."""
    body = message.body or ""
    enclosures = tuple(Enclosure(url=url) for url in content.media[:1]) if content else ()
    files = [each for each in message.media if each.category == "media"]
    if files:
        carried = [each for each in files if _carries(participant, each.content_type, each.size)]
        enclosures = tuple(world[MediaTable][each.sid].enclosed() for each in carried[:1])
        if len(files) > 1:
            body = ""
        if not body and not enclosures:
            return
    to = participant.address or ""
    text = delivery.send(
        world,
        account_sid=conversation.account_sid,
        messaging_service_sid=conversation.messaging_service_sid,
        sender=sender,
        to=to,
        body=body,
        media=enclosures,
        channel=channel,
        content_sid=message.content_sid,
        content=content,
        author=message.author,
        others=others(group, sender, to),
        conversation_sid=conversation.sid,
    )
    delivery_receipts.open_receipt(world, message, participant, text)


def _carries(participant: Participant, content_type: str, size: int) -> bool:
    """Whether a participant's channel carries a file of this type and size."""
    if participant.channel == Channel.SMS:
        return content_type in MMS_TYPES and size < MMS_LIMIT
    return size <= WHATSAPP_LIMIT
