"""What a phone shows: the messages that came, and those that were written on it.

The rules of this file:

- `seq` is a number that only grows, whatever the handset: who waits for what comes next remembers
  the last one seen. An item gets its place when it arrives on the screen, not when it was sent.
"""

import json
import re
from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.content import one_time_codes
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import event, record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Phone, contact
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts.text import Text


class Side(StrEnum):
    """Which way an item went."""

    TO_HANDSET = "to_handset"
    FROM_HANDSET = "from_handset"


class ItemState(StrEnum):
    """What became of an item on the phone; a pending one has not reached it yet, and an expired
    one never will."""

    PENDING = "pending"
    DISPLAYED = "displayed"
    READ = "read"
    EXPIRED = "expired"


NOT_THERE = frozenset({ItemState.PENDING, ItemState.EXPIRED})
"""States of items that are not on the phone."""


@record
class InboxItem:
    """A text as the phone shows it, with the text's sid; a `system` one has no Message resource.

    Of a group text `others` are those who are in the group besides the phone and the peer. What
    another phone said to the group has its number as `author`, and is a `copy_of` its text.
    `one_time_code` is the code that the text is sent for, where Twilio itself wrote it.
    """

    sid: str
    handset: str
    peer: str
    direction: Side
    channel: Channel
    body: str
    num_media: int = 0
    content: Rendered | None = None
    conversation_sid: str | None = None
    state: ItemState = ItemState.DISPLAYED
    system: bool = False
    author: str | None = None
    others: tuple[str, ...] = ()
    copy_of: str | None = None
    one_time_code: str | None = None
    received_at: datetime
    seq: int

    @property
    def is_unread(self) -> bool:
        """Whether it came to the phone, and has not been read."""
        return self.state is ItemState.DISPLAYED and self.direction is Side.TO_HANDSET

    @property
    def arrived(self) -> bool:
        """Whether the phone has it: what waits for the phone, or has waited in vain, it has not."""
        return self.state not in NOT_THERE

    @property
    def codes(self) -> tuple[str, ...]:
        """One-time codes in the body, without what separates their digits; what a template copies
        where it is for a code."""
        if self.one_time_code is not None:
            return (self.one_time_code,)
        if self.content is not None and self.content.type == one_time_codes.TYPE:
            code = one_time_codes.code_in(json.loads(self.content.data))
            return () if code is None else (code,)
        return find_codes(self.body)

    @property
    def links(self) -> tuple[str, ...]:
        """Web addresses in the body."""
        return find_links(self.body)


class InboxItems(Table[InboxItem]):
    """Items by `seq`: of one handset, of all; those it waits for, unread ones."""

    refers = (("handset", "handsets"),)

    def __init__(self) -> None:
        self.by_handset: Ordered[InboxItem] = Ordered(lambda item: item.handset, _seq)
        self.in_order: Ordered[InboxItem] = Ordered(lambda _: "", _seq)
        self.pending: Ordered[InboxItem] = Ordered(
            lambda item: item.handset if item.state is ItemState.PENDING else None, _seq
        )
        self.unread: Ordered[InboxItem] = Ordered(
            lambda item: item.handset if item.is_unread else None, _seq
        )
        self.unread_of_thread: Ordered[InboxItem] = Ordered(
            lambda item: (item.handset, item.peer) if item.is_unread else None, _seq
        )
        super().__init__(
            InboxItem,
            self.by_handset,
            self.in_order,
            self.pending,
            self.unread,
            self.unread_of_thread,
        )


def _seq(item: InboxItem) -> int:
    return item.seq


@event
class HandsetReceived:
    """A phone shows a new item."""

    item: InboxItem


@event
class HandsetSent:
    """Someone wrote on a phone."""

    item: InboxItem


@event
class HandsetRead:
    """Someone read an item."""

    item: InboxItem


@event
class ItemWaits:
    """An item is on its way to a phone that cannot be reached now."""

    item: InboxItem


@event
class ItemExpired:
    """An item never reached its phone."""

    item: InboxItem


_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


_CODE = re.compile(
    r"(?=\d)(?<![\d+$€£.,:/#])(?<!\d )(?<!(?<![A-Za-z])-)"  # not inside a number, an amount, a date
    r"(\d{4,8}|\d{3}[ -]\d{3})"
    r"(?![\d%]|[ .,:/-]\d)"
)


def find_links(body: str) -> tuple[str, ...]:
    """Web addresses, without the punctuation that follows them in a sentence."""
    return tuple(found.rstrip(".,;:!?)]}'") for found in _LINK.findall(body))


def find_codes(body: str) -> tuple[str, ...]:
    """Numbers of 4 to 8 digits that stand alone, also as `123-456`.

    Digits in links, amounts, dates and phone numbers do not count.
    """
    found = _CODE.findall(_LINK.sub(" ", body))
    return tuple(code.replace("-", "").replace(" ", "") for code in found)


def show(world: World, text: Text) -> InboxItem:
    """Put a text that Twilio sent on the recipient's screen; once is enough."""
    item = world[InboxItems].get(text.sid)
    if item is None:
        item = _incoming(world, text)
    elif item.state is not ItemState.PENDING:
        return item
    item = world[InboxItems].put(
        replace(item, state=ItemState.DISPLAYED, received_at=world.now, seq=world.serial())
    )
    world.tell(HandsetReceived(item=item))
    return item


def keep_pending(world: World, text: Text) -> None:
    """Note a text that waits for its phone; once is enough."""
    if text.sid not in world[InboxItems]:
        item = world[InboxItems].put(
            replace(_incoming(world, text), state=ItemState.PENDING, seq=world.serial())
        )
        world.tell(ItemWaits(item=item))


def expire(world: World, text: Text) -> None:
    """A text that waited for its phone will not come any more."""
    item = world[InboxItems].get(text.sid)
    if item is not None and item.state is ItemState.PENDING:
        item = world[InboxItems].put(replace(item, state=ItemState.EXPIRED))
        world.tell(ItemExpired(item=item))


def read(world: World, item: InboxItem) -> None:
    """An item is in view of the phone's owner."""
    if item.state is ItemState.DISPLAYED:
        item = world[InboxItems].put(replace(item, state=ItemState.READ))
        world.tell(HandsetRead(item=item))


def show_system(world: World, handset: Phone, peer: str, channel: Channel, body: str) -> InboxItem:
    """Show what Twilio or a network says by itself, such as that the phone opted out."""
    item = world[InboxItems].put(
        InboxItem(
            sid=world.sids.new("SM"),
            handset=handset.address,
            peer=peer,
            direction=Side.TO_HANDSET,
            channel=channel,
            body=body,
            system=True,
            received_at=world.now,
            seq=world.serial(),
        )
    )
    world.tell(HandsetReceived(item=item))
    return item


def note_sent(world: World, text: Text, others: tuple[str, ...] = ()) -> InboxItem:
    """Put a text that was written on a phone, to a number and `others`, into its thread there."""
    item = world[InboxItems].put(
        InboxItem(
            sid=text.sid,
            handset=contact(world, text.sender or "").address,
            peer=text.to,
            direction=Side.FROM_HANDSET,
            channel=text.channel,
            body=text.body,
            num_media=text.num_media,
            conversation_sid=text.conversation_sid,
            others=others,
            received_at=world.now,
            seq=world.serial(),
        )
    )
    world.tell(HandsetSent(item=item))
    return item


def _incoming(world: World, text: Text) -> InboxItem:
    return InboxItem(
        sid=text.sid,
        handset=contact(world, text.to).address,
        peer=text.sender or "",
        direction=Side.TO_HANDSET,
        channel=text.channel,
        body=_shown_body(world, text),
        num_media=text.num_media,
        content=text.content,
        conversation_sid=text.conversation_sid,
        others=text.others,
        one_time_code=text.one_time_code,
        received_at=world.now,
        seq=0,
    )


def _shown_body(world: World, text: Text) -> str:
    """What a phone shows as text: WhatsApp drops what stands beside anything but a picture
    (https://www.twilio.com/docs/messaging/api/message-resource)."""
    if text.channel is not Channel.WHATSAPP or not text.num_media:
        return text.arriving_body
    types = [media.content_type or "" for media in text_media.of(world, text.sid)]
    return text.body if all(each.startswith("image/") for each in types) else ""
