"""Typing indicators: a business shows a WhatsApp user that it writes.

It names an inbound message, which the user sees as read from then on. What users type is reported
to nobody (https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource).
"""

from twilio_emulator.core.kernel.records import command, event
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Phone, contact
from twilio_emulator.core.phones.inbox import InboxItems, read
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.texts.text import Direction, Texts


@event
class HandsetTyping:
    """A phone shows that `peer` writes."""

    handset: Phone
    peer: str


@command
class ShowTyping:
    """Show the sender of a message that an answer is being written."""

    account: str
    channel: str
    message_id: str

    def apply(self, world: World) -> None:
        if self.channel != Channel.WHATSAPP:
            raise Refused(INVALID_PARAMETER, parameter="channel")
        text = world[Texts].get(self.message_id)
        if (
            text is None
            or text.account_sid != self.account
            or text.direction is not Direction.INBOUND
            or text.channel is not Channel.WHATSAPP
        ):
            raise Refused(NOT_FOUND)
        item = world[InboxItems].get(text.sid)
        if item is not None:
            read(world, item)
        world.tell(HandsetTyping(handset=contact(world, text.sender or ""), peer=text.to))
