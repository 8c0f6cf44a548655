"""Messages by the control API: the newest, and the full story of one, from the request to the last
webhook.

A sid is that of a text (SM, MM) or of a message in a conversation (IM), which has a text for every
phone that it went to.
"""

from collections.abc import Callable
from typing import Literal, NotRequired, TypedDict

from msgspec import field

from twilio_emulator.control import journal_about, journal_entries
from twilio_emulator.control.events import Vocabulary
from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.listing import LOOKED_AT, More, is_at, lacking, place_of, take
from twilio_emulator.control.parameters import written
from twilio_emulator.control.phones import look
from twilio_emulator.control.phones.look import ShownMediaFile, ShownPart
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.conversations.resources import (
    Delivery,
    Message,
    MessageMedia,
    Messages,
    Participants,
    Receipt,
    Receipts,
    ReceiptStatus,
)
from twilio_emulator.core.kernel.indexes import Joined, Ranks
from twilio_emulator.core.kernel.records import shown, write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.clearing import ClearMessages
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.senders.addresses import Channel, bare, kept, on_channel
from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.core.texts import media
from twilio_emulator.core.texts.text import Direction, Text, Texts, TextStatus


class Sought(Fields):
    """Which messages; what is not given does not matter.

    Attributes:
        contains: words, each of which stands somewhere in what a list shows of the message, in
            capitals or not; the names of phones count too.
        to: whom it is to; a number without a channel is meant on every channel.
        sender: whom it is from.
        channel: what carries it.
        direction: who sent it.
        status: where it is in its life.
    """

    contains: str = ""
    to: str | None = None
    sender: str | None = field(name="from", default=None)
    channel: Channel | None = None
    direction: Direction | None = None
    status: TextStatus | None = None


class PagedSearch(Sought):
    """Which of those.

    Attributes:
        limit: the newest so many.
        cursor: where it goes on, as `next` of the part before says.
    """

    limit: Whole | None = 100
    cursor: str | None = None


MESSAGE = {
    "message": Place(
        words="The sid of a text (SM, MM) or of a message in a conversation (IM).",
        example="SM" + "3" * 32,
    )
}

_Ends = TypedDict("_Ends", {"from": str | None, "to": str})


class ListedText(_Ends):
    """As much of a text as a list shows.

    Attributes:
        from: who sent it; null until a messaging service has chosen.
        to: whom it is to.
        error_code: Twilio's, when it ended badly.
    """

    sid: str
    channel: Channel
    direction: Direction
    status: TextStatus
    error_code: int | None
    body: str
    date_created: str


class TextList(More):
    """Texts, newest first.

    Attributes:
        total: how many there are, whatever is looked for.
    """

    messages: list[ListedText]
    total: int


class ShownText(_Ends):
    """A text with what is only known here, and everything that went on about it.

    Attributes:
        from: who sent it; null until a messaging service has chosen.
        to: whom it is to.
        segments: the parts that it went in.
        trace: how its sender was chosen, in words.
        conversation_sid: of the conversation that it comes from or was captured by.
        message_sid: of the message there.
        parameters: what its webhook gets besides the usual.
        opt_out_type: STOP, START or HELP, when it was such a word.
        fault: what goes wrong with it on purpose.
        held: whether it waits for a report by hand.
        journal: what went on about it, in order.
        note: that entries about it were dropped, and how to keep more.
    """

    sid: str
    kind: Literal["text"]
    channel: Channel
    direction: Direction
    status: TextStatus
    error_code: int | None
    body: str
    num_segments: int
    segments: list[ShownPart]
    media: list[ShownMediaFile]
    messaging_service_sid: str | None
    trace: list[str]
    conversation_sid: str | None
    message_sid: str | None
    content_sid: str | None
    status_callback: str | None
    parameters: dict[str, str]
    opt_out_type: str | None
    fault: Fault | None
    held: bool
    journal: list[journal_entries.AnyEntry]
    note: NotRequired[str]
    date_created: str
    date_updated: str
    date_sent: str | None


class TextReceipt(TypedDict):
    """What became of a message at one phone.

    Attributes:
        sid: of the receipt (DY).
        text_sid: of the text that went there.
    """

    sid: str
    participant_sid: str
    address: str | None
    text_sid: str | None
    status: ReceiptStatus | None
    error_code: int | None


class ShownMessage(TypedDict):
    """A message of a conversation with the text that went to each phone, and everything that went
    on about it.

    Attributes:
        index: its place in the conversation.
        attributes: JSON of the app's own.
        delivery: the receipts, summed up.
        journal: what went on about it, in order.
        note: that entries about it were dropped, and how to keep more.
    """

    sid: str
    kind: Literal["message"]
    conversation_sid: str
    index: int
    author: str
    body: str | None
    attributes: str
    participant_sid: str | None
    content_sid: str | None
    media: list[MessageMedia]
    delivery: Delivery | None
    receipts: list[TextReceipt]
    journal: list[journal_entries.AnyEntry]
    note: NotRequired[str]
    date_created: str
    date_updated: str


def declare(controls: Controls, vocabulary: Vocabulary) -> None:
    """Declare the calls of this file."""
    controls.group("messages", "Texts of every direction, and what becomes of them.")

    @controls.on(
        "GET",
        "/messages",
        "list_messages",
        "Texts of every direction, newest first.",
        query=PagedSearch,
        gives=TextList,
        examples=({}, {"to": "+12025550199", "contains": "code", "limit": 10}),
    )
    async def list_newest(control: Control) -> Reply:
        wish = control.query(PagedSearch)
        world = control.hosted.world
        held = world[Texts].by_account.of(control.account_sid)
        found, more = take(
            control,
            _places(world, control.account_sid, wish).downward(place_of(wish.cursor)),
            world[Texts].__getitem__,
            wish.limit,
            keep=sought(world, wish),
            looked_at=LOOKED_AT,
        )
        return listed("messages", found, in_list, {"total": len(held), **more})

    @controls.on(
        "DELETE",
        "/messages",
        "clear_messages",
        "Forgets texts: all, or those that fit; they go from phones, too.",
        query=Sought,
        examples=({}, {"status": "failed"}),
    )
    async def clear(control: Control) -> Reply:
        world, texts = control.hosted.world, control.hosted.world[Texts]
        is_sought, sids = sought(world, control.query(Sought)), None
        if is_sought is not None:
            held = texts.all(texts.by_account, control.account_sid)
            sids = tuple(each.sid for each in held if is_sought(each))
        await control.hosted.gate.perform(ClearMessages(account=control.account_sid, texts=sids))
        return NOTHING

    @controls.on(
        "GET",
        "/messages/{message}",
        "show_message",
        "Everything about a text or a message of a conversation, from the request to the last "
        "webhook.",
        places=MESSAGE,
        gives=ShownText | ShownMessage,
    )
    async def show(control: Control) -> Reply:
        sid = control.said["message"]
        world = control.hosted.world
        held = world[Texts].get(sid) or world[Messages].get(sid)
        if held is None:
            raise Mistaken(f"path message: there is no message {sid}", 404)
        log = control.hosted.gate.log
        told = [
            journal_entries.look(entry, vocabulary) for entry in journal_about.entries(log, sid)
        ]
        oldest = next(log.after(0), None)
        lacks = oldest is not None and held.date_created < oldest.at
        shown = text(world, held, told) if isinstance(held, Text) else message(world, held, told)
        return json_reply({**shown, **lacking(log.lacks() if lacks else None)})


def _places(world: World, account_sid: str, wish: Sought) -> Joined | Ranks:
    """Where the texts are that may be looked for: with one side known, on every channel."""
    texts = world[Texts]
    known, order = (wish.to, texts.by_recipient) if wish.to else (wish.sender, texts.by_sender)
    if not known:
        return texts.by_account.of(account_sid)
    said = kept(world.numbering, known)
    addresses = {said} | {on_channel(each, said) for each in Channel}
    return Joined(order.of((account_sid, each)) for each in sorted(addresses))


def sought(world: World, wish: Sought) -> Callable[[Text], bool] | None:
    """Whether a text is one that is looked for; None when all are."""
    words = wish.contains.lower().split()
    to, sender = (each and kept(world.numbering, each) for each in (wish.to, wish.sender))
    if not any((words, to, sender, wish.channel, wish.direction, wish.status)):
        return None

    def is_sought(it: Text) -> bool:
        if not (
            is_at(to, it.to)
            and is_at(sender, it.sender)
            and wish.channel in (None, it.channel)
            and wish.direction in (None, it.direction)
            and wish.status in (None, it.status)
        ):
            return False
        said = [it.sid, it.sender, it.to, it.channel, it.status, it.error_code, it.body]
        phones = (world[Handsets].get(bare(each or "")) for each in (it.sender, it.to))
        said += [name for phone in phones if phone for name in (phone.label, phone.profile_name)]
        shown = " ".join(str(each) for each in said if each).lower()
        return all(word in shown for word in words)

    return is_sought


def in_list(it: Text) -> ListedText:
    """As much of a text as a list shows."""
    return {
        "sid": it.sid,
        "from": it.sender,
        "to": it.to,
        "channel": it.channel,
        "direction": it.direction,
        "status": it.status,
        "error_code": it.error_code,
        "body": it.body,
        "date_created": write_instant(it.date_created),
    }


def text(world: World, it: Text, told: list[journal_entries.AnyEntry]) -> ShownText:
    """A text with what is only known here: how its sender was chosen, in what parts it went, and
    what is told of it."""
    receipts = world[Receipts]
    receipt = receipts.found(receipts.by_text, it.sid)
    return {
        "sid": it.sid,
        "kind": "text",
        "from": it.sender,
        "to": it.to,
        "channel": it.channel,
        "direction": it.direction,
        "status": it.status,
        "error_code": it.error_code,
        "body": it.body,
        "num_segments": it.num_segments,
        "segments": look.parts(it),
        "media": [look.media(each) for each in media.of(world, it.sid)],
        "messaging_service_sid": it.messaging_service_sid,
        "trace": list(it.trace),
        "conversation_sid": it.conversation_sid,
        "message_sid": receipt.message_sid if receipt else None,
        "content_sid": it.content_sid,
        "status_callback": it.status_callback,
        "parameters": dict(it.parameters),
        "opt_out_type": it.opt_out_type,
        "fault": shown(it.fault),
        "held": it.held,
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
        "date_sent": written(it.date_sent),
        "journal": told,
    }


def message(world: World, it: Message, told: list[journal_entries.AnyEntry]) -> ShownMessage:
    """A message of a conversation with the text that went to each phone, and what is told of it."""
    receipts = world[Receipts].all(world[Receipts].by_message, it.sid)
    return {
        "sid": it.sid,
        "kind": "message",
        "conversation_sid": it.conversation_sid,
        "index": it.index,
        "author": it.author,
        "body": it.body,
        "attributes": it.attributes,
        "participant_sid": it.participant_sid,
        "content_sid": it.content_sid,
        "media": [shown(each) for each in it.media],
        "delivery": shown(it.delivery),
        "receipts": [_receipt(world, each) for each in receipts],
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
        "journal": told,
    }


def _receipt(world: World, it: Receipt) -> TextReceipt:
    participant = world[Participants].get(it.participant_sid)
    return {
        "sid": it.sid,
        "participant_sid": it.participant_sid,
        "address": participant.address if participant else None,
        "text_sid": it.text_sid,
        "status": it.status,
        "error_code": it.error_code,
    }
