"""Delivery receipts: what became of a conversation's message at each phone.

The rules of this file (https://www.twilio.com/docs/conversations/delivery-receipts):

- There is one receipt for each recipient that is not a chat participant, and it shows the newest
  status only. None means that the text has not left Twilio yet.
- Who reads by WhatsApp has read that far (https://www.twilio.com/docs/conversations/read-horizon).
- The summary of a message is cumulative: what was read was also delivered and sent; what the
  carrier refused was sent, what never left was not.
"""

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from emulator.core import participants
from emulator.core.plain import event, record, replace
from emulator.core.tables import Ordered, Table

if TYPE_CHECKING:
    from emulator.core.conversations import Conversation
    from emulator.core.messages import Message
    from emulator.core.participants import Participant
    from emulator.core.texts import Text
    from emulator.core.world import World


class ReceiptStatus(StrEnum):
    """How far a text came."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


STATUSES = {str(status): status for status in ReceiptStatus}


class Share(StrEnum):
    """For how many of the recipients something holds."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


@record
class Delivery:
    """The receipts of a message, summed up."""

    total: int
    sent: Share
    delivered: Share
    read: Share
    failed: Share
    undelivered: Share


@record
class Receipt:
    """A delivery receipt (DY). `text_sid` is its `channel_message_sid`."""

    sid: str
    account_sid: str
    conversation_sid: str
    message_sid: str
    participant_sid: str
    text_sid: str | None = None
    status: ReceiptStatus | None = None
    error_code: int | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


class Receipts(Table[Receipt]):
    """Receipts, by the message they are for."""

    def __init__(self) -> None:
        self.by_message: Ordered[Receipt] = Ordered(
            lambda receipt: receipt.message_sid, lambda receipt: receipt.serial
        )
        super().__init__(Receipt, self.by_message)


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
