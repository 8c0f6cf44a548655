"""Delivery receipts: what became of a conversation's message at each phone.

The rules of this file (https://www.twilio.com/docs/conversations/delivery-receipts):

- There is one receipt for each recipient that is not a chat participant, and it shows the newest
  status only. None means that the text has not left Twilio yet.
- Who reads by WhatsApp has read that far (https://www.twilio.com/docs/conversations/read-horizon).
- The summary of a message is cumulative: what was read was also delivered and sent; what the
  carrier refused was sent, what never left was not.
"""

from collections import Counter
from typing import TYPE_CHECKING

from twilio_emulator.core.conversations import participants
from twilio_emulator.core.conversations.resources import (
    Delivery,
    Receipt,
    ReceiptStatus,
    Share,
)
from twilio_emulator.core.kernel.records import event, replace

if TYPE_CHECKING:
    from twilio_emulator.core.conversations.resources import Conversation, Message, Participant
    from twilio_emulator.core.kernel.world import World
    from twilio_emulator.core.texts.text import Text


STATUSES = {str(status): status for status in ReceiptStatus}


@event
class ReceiptUpdated:
    """A receipt has a new status, and its message a new summary."""

    receipt: Receipt
    message: "Message"
    conversation: "Conversation"


def open_receipt(world: "World", message: "Message", participant: "Participant") -> Receipt:
    """Expect news of a text that is about to carry `message` to `participant`."""
    return world.receipts.put(
        Receipt(
            sid=world.sids.new("DY"),
            account_sid=message.account_sid,
            conversation_sid=message.conversation_sid,
            message_sid=message.sid,
            participant_sid=participant.sid,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )


def attach(world: "World", text: "Text") -> None:
    """Tell the receipt which text it is about."""
    if text.receipt_sid is not None:
        receipt = world.receipts[text.receipt_sid]
        world.receipts.put(replace(receipt, text_sid=text.sid))


def follow(world: "World", text: "Text") -> None:
    """Let a receipt show what its text has become.

    Nothing happens for a status that receipts do not have, nor when the message is gone.
    """
    receipt = world.receipts.get(text.receipt_sid)
    status = STATUSES.get(text.status)
    if receipt is None or status is None:
        return
    receipt = world.receipts.put(
        replace(receipt, status=status, error_code=text.error_code, date_updated=world.now)
    )
    message = world.messages.put(
        replace(world.messages[receipt.message_sid], delivery=summary(world, receipt.message_sid))
    )
    conversation = world.conversations[receipt.conversation_sid]
    world.tell(ReceiptUpdated(receipt=receipt, message=message, conversation=conversation))
    if status is ReceiptStatus.READ:
        participants.advance_horizon(world, receipt.participant_sid, message.index)


def summary(world: "World", message_sid: str) -> Delivery:
    """What the receipts of a message say together."""
    counts = Counter(
        receipt.status for receipt in world.receipts.all(world.receipts.by_message, message_sid)
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
