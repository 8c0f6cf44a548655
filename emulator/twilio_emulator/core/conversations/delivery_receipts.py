"""Delivery receipts: what became of a conversation's message at each phone.

The rules of this file (https://www.twilio.com/docs/conversations/delivery-receipts):

- There is one receipt for each recipient that is not a chat participant, and it shows the newest
  status only. None means that the text has not left Twilio yet.
- Who reads by WhatsApp has read that far (https://www.twilio.com/docs/conversations/read-horizon).
- The summary of a message is cumulative: what was read was also delivered and sent; what the
  carrier refused was sent, what never left was not.
"""

from collections import Counter

from twilio_emulator.core.conversations import participants
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Delivery,
    Message,
    Messages,
    Participant,
    Receipt,
    Receipts,
    ReceiptStatus,
    Share,
)
from twilio_emulator.core.kernel.records import event, replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.text import Text, TextStatusChanged

STATUSES = {str(status): status for status in ReceiptStatus}


@event
class ReceiptUpdated:
    """A receipt has a new status, and its message a new summary."""

    receipt: Receipt
    message: Message
    conversation: Conversation


def open_receipt(world: World, message: Message, participant: Participant, text: Text) -> None:
    """Follow a text that carries `message` to `participant`."""
    world[Receipts].put(
        Receipt(
            sid=world.sids.new("DY"),
            account_sid=message.account_sid,
            conversation_sid=message.conversation_sid,
            message_sid=message.sid,
            participant_sid=participant.sid,
            text_sid=text.sid,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
    _follow(world, text)  # it may have failed already


def follow(world: World, changed: TextStatusChanged) -> None:
    """Let a receipt show what its text has become."""
    _follow(world, changed.text)


def _follow(world: World, text: Text) -> None:
    """Nothing happens for a status that receipts do not have, nor when the message is gone."""
    table = world[Receipts]
    receipt = table.found(table.by_text, text.sid)
    status = STATUSES.get(text.status)
    if receipt is None or status is None:
        return
    receipt = world[Receipts].put(
        replace(receipt, status=status, error_code=text.error_code, date_updated=world.now)
    )
    message = world[Messages].put(
        replace(world[Messages][receipt.message_sid], delivery=summary(world, receipt.message_sid))
    )
    conversation = world[Conversations][receipt.conversation_sid]
    world.tell(ReceiptUpdated(receipt=receipt, message=message, conversation=conversation))
    if status is ReceiptStatus.READ:
        participants.advance_horizon(world, receipt.participant_sid, message.index)


def summary(world: World, message_sid: str) -> Delivery:
    """What the receipts of a message say together."""
    counts = Counter(
        receipt.status for receipt in world[Receipts].all(world[Receipts].by_message, message_sid)
    )
    total = counts.total()
    read = counts[ReceiptStatus.READ]
    delivered = read + counts[ReceiptStatus.DELIVERED]
    undelivered = counts[ReceiptStatus.UNDELIVERED]
    sent = delivered + undelivered + counts[ReceiptStatus.SENT]
    return Delivery(
        total=total,
        sent=_share(sent, total),
        delivered=_share(delivered, total),
        read=_share(read, total),
        failed=_share(counts[ReceiptStatus.FAILED], total),
        undelivered=_share(undelivered, total),
    )


def _share(count: int, total: int) -> Share:
    if not count:
        return Share.NONE
    return Share.ALL if count == total else Share.SOME
