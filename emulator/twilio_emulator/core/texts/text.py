"""SMS, MMS and WhatsApp messages and their status lifecycle.

The rules of this file:

- A text is a Message resource of Twilio's 2010 API; it is called text here because conversations
  have messages too (https://www.twilio.com/docs/messaging/api/message-resource).
- Its life is the table `LIFECYCLE`. A step that is not in the table cannot be taken.
- Each text has at most one timer, under its sid: what happens to it next.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import event, record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.core.texts import segments


class TextStatus(StrEnum):
    """Where a text is in its life, in Twilio's words."""

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    CANCELED = "canceled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    RECEIVED = "received"
    READ = "read"


class TextStep(StrEnum):
    """What can happen to a text."""

    QUEUE = "queue"
    CANCEL = "cancel"
    TRANSMIT = "transmit"
    HAND_OVER = "hand over"
    DELIVER = "deliver"
    BOUNCE = "bounce"
    READ = "read"
    FAIL = "fail"


SOON = timedelta(minutes=1)
"""How much later than it was made a text is sent that does not wait for its hour or its turn."""

LIFECYCLE = {
    (TextStatus.ACCEPTED, TextStep.QUEUE): TextStatus.QUEUED,
    (TextStatus.ACCEPTED, TextStep.FAIL): TextStatus.FAILED,
    (TextStatus.SCHEDULED, TextStep.QUEUE): TextStatus.QUEUED,
    (TextStatus.SCHEDULED, TextStep.CANCEL): TextStatus.CANCELED,
    (TextStatus.SCHEDULED, TextStep.FAIL): TextStatus.FAILED,
    (TextStatus.QUEUED, TextStep.TRANSMIT): TextStatus.SENDING,
    (TextStatus.QUEUED, TextStep.FAIL): TextStatus.FAILED,
    (TextStatus.SENDING, TextStep.HAND_OVER): TextStatus.SENT,
    (TextStatus.SENDING, TextStep.FAIL): TextStatus.FAILED,
    (TextStatus.SENT, TextStep.DELIVER): TextStatus.DELIVERED,
    (TextStatus.SENT, TextStep.BOUNCE): TextStatus.UNDELIVERED,
    (TextStatus.SENT, TextStep.FAIL): TextStatus.FAILED,
    (TextStatus.SENT, TextStep.READ): TextStatus.READ,
    (TextStatus.DELIVERED, TextStep.READ): TextStatus.READ,
}

UNFINISHED = frozenset(
    {TextStatus.ACCEPTED, TextStatus.SCHEDULED, TextStatus.QUEUED, TextStatus.SENDING}
)
"""A text may not be deleted before it has left. Sent is finished: some carriers say no more."""


class Direction(StrEnum):
    """Who sent it: a phone, a REST call or a conversation, or an answer in TwiML."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_REPLY = "outbound-reply"


@record
class Feedback:
    """What the sender says became of a text."""

    outcome: str
    date_created: datetime
    date_updated: datetime


@record
class Text:
    """A text (SM, or MM when it carries media).

    `sender` is Twilio's `from`; None until a messaging service has chosen one, and until then
    `num_segments` is 0. `trace` says how it was chosen. `conversation_sid` says which conversation
    it comes from or was captured by; `author` whose words it passes on, and `others` who else of a
    group gets them. `content` is what a template shows. `held`
    texts wait for a report by hand. Of an inbound text, `parameters` are those that its webhook
    gets besides the usual ones. One that is not `listed` is Twilio's own, and no Message resource.
    `verification_attempt_sid` says for which attempt of Verify's it carries the `one_time_code`.
    """

    sid: str
    account_sid: str
    direction: Direction
    channel: Channel
    status: TextStatus
    sender: str | None
    to: str
    body: str
    num_segments: int
    num_media: int = 0
    messaging_service_sid: str | None = None
    conversation_sid: str | None = None
    author: str | None = None
    others: tuple[str, ...] = ()
    content_sid: str | None = None
    content: Rendered | None = None
    status_callback: str | None = None
    status_callback_method: str = "POST"
    validity_period: int = 36000
    send_at: datetime | None = None
    provide_feedback: bool = False
    feedback: Feedback | None = None
    discard_body: bool = False
    obfuscate_address: bool = False
    persistent_action: tuple[str, ...] = ()
    tags: str | None = None
    opt_out_type: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    trace: tuple[str, ...] = ()
    fault: Fault | None = None
    held: bool = False
    listed: bool = True
    verification_attempt_sid: str | None = None
    one_time_code: str | None = None
    error_code: int | None = None
    date_created: datetime
    date_updated: datetime
    date_sent: datetime | None = None
    serial: int

    @property
    def left_late(self) -> bool:
        """Whether it was sent much later than it was made, as what is scheduled."""
        return self.date_sent is not None and self.date_sent - self.date_created > SOON

    @property
    def arriving_body(self) -> str:
        """The body as it arrives: an SMS is without the segment that a fault loses."""
        lost = self.fault.segment_loss if self.fault is not None else None
        if lost is None or self.channel is not Channel.SMS:
            return self.body
        return segments.without(self.body, lost)


class Texts(Table[Text]):
    """Texts by account and by either side, in order; those that wait for a report by hand, and
    those that left late."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[Text] = Ordered(_account, _serial)
        self.by_recipient: Ordered[Text] = Ordered(
            lambda text: (text.account_sid, text.to) if text.listed else None, _serial
        )
        self.by_sender: Ordered[Text] = Ordered(
            lambda text: (text.account_sid, text.sender) if text.listed else None, _serial
        )
        self.held: Ordered[Text] = Ordered(lambda text: "" if text.held else None, _serial)
        self.late: Ordered[Text] = Ordered(
            lambda text: _account(text) if text.left_late else None, _serial
        )
        super().__init__(
            Text,
            self.by_account,
            self.by_recipient,
            self.by_sender,
            self.held,
            self.late,
            by=("account_sid", "to", "sender", "held", "left_late", "listed", "serial"),
        )


def _account(text: Text) -> str | None:
    """Whose text it is among those that are listed."""
    return text.account_sid if text.listed else None


def _serial(text: Text) -> int:
    return text.serial


@event
class TextCreated:
    """Twilio took on a text to send."""

    text: Text


@event
class TextStatusChanged:
    """A text took a step."""

    text: Text


@event
class TextChanged:
    """A text shows something else, its status aside."""

    text: Text


@event
class TextRemoved:
    """A text is no longer listed."""

    text: Text


def move(world: World, text: Text, step: TextStep, **changes: Any) -> Text:
    """Take one step of the lifecycle, and tell the followers of the text.

    Raises:
        KeyError: a text with this status cannot take this step.
    """
    moved = replace(
        text, status=LIFECYCLE[text.status, step], date_updated=world.now, held=False, **changes
    )
    world.timers.cancel(text.sid)
    if moved.status is TextStatus.SENT:
        moved = replace(moved, date_sent=world.now)
    if moved.status not in UNFINISHED and moved.status is not TextStatus.SENT:
        moved = forget_what_was_asked(moved)
    world[Texts].put(moved)
    world.tell(TextStatusChanged(text=moved))
    return moved


def can(text: Text, step: TextStep) -> bool:
    """Whether a text can take this step now."""
    return (text.status, step) in LIFECYCLE


def forget_what_was_asked(text: Text) -> Text:
    """What is kept of a finished text that was sent with `discard` or `obfuscate`."""
    if text.discard_body:
        text = replace(text, body="")
    if text.obfuscate_address:
        text = replace(text, to=mask(text.to))
    return text


def mask(number: str) -> str:
    """`+1202555XXXX`: how Twilio shows a number that is to stay private."""
    return number[:-4] + "XXXX"
