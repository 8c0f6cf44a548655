"""Messages by the control API: the newest, and the full story of one, from the request to the last
webhook.

A sid is that of a text (SM, MM) or of a message in a conversation (IM), which has a text for every
phone that it went to.
"""

from collections.abc import Callable

from msgspec import field

from twilio_emulator.control import journal, journal_about
from twilio_emulator.control.events import Vocabulary
from twilio_emulator.control.listing import LOOKED_AT, is_at, place_of, take
from twilio_emulator.control.routes import (
    NOTHING,
    Control,
    Controls,
    Fields,
    Mistaken,
    Reply,
    Whole,
    json_reply,
)
from twilio_emulator.core.conversations.resources import (
    Message,
    Messages,
    Participants,
    Receipt,
    Receipts,
)
from twilio_emulator.core.kernel.records import Plain, plain, write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.clearing import ClearMessages
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.senders.addresses import Channel, bare, kept
from twilio_emulator.core.texts import media, segments
from twilio_emulator.core.texts.media import MediaFile
from twilio_emulator.core.texts.text import Text, Texts


class Sought(Fields):
    """Which messages; what is not given does not matter.

    `contains` are words, each of which stands somewhere in what a list shows of the message, in
    capitals or not; the names of phones count too.
    """

    contains: str = ""
    to: str | None = None
    sender: str | None = field(name="from", default=None)
    channel: str | None = None
    direction: str | None = None
    status: str | None = None


class PagedSearch(Sought):
    """Which of those."""

    limit: Whole | None = 100
    cursor: str | None = None


def declare(controls: Controls, vocabulary: Vocabulary) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/messages")
    async def list_newest(control: Control) -> Reply:
        wish = control.query(PagedSearch)
        world = control.hosted.world
        held = world[Texts].by_account.of(control.account_sid)
        found, more = take(
            control,
            held.downward(place_of(wish.cursor)),
            world[Texts].__getitem__,
            wish.limit,
            keep=sought(world, wish),
            looked_at=LOOKED_AT,
        )
        shown = [in_list(each) for each in found]
        return json_reply({"messages": shown, "total": len(held), **more})

    @controls.on("DELETE", "/messages")
    async def clear(control: Control) -> Reply:
        world, texts = control.hosted.world, control.hosted.world[Texts]
        is_sought, sids = sought(world, control.query(Sought)), None
        if is_sought is not None:
            held = texts.all(texts.by_account, control.account_sid)
            sids = tuple(each.sid for each in held if is_sought(each))
        await control.hosted.gate.perform(ClearMessages(account=control.account_sid, texts=sids))
        return NOTHING

    @controls.on("GET", "/messages/{message}")
    async def show(control: Control) -> Reply:
        sid = control.said["message"]
        world = control.hosted.world
        held = world[Texts].get(sid) or world[Messages].get(sid)
        if held is None:
            raise Mistaken(f"path message: there is no message {sid}", 404)
        shown = text(world, held) if isinstance(held, Text) else message(world, held)
        found = journal_about.entries(control.hosted.gate.log, sid)
        return json_reply(
            {**shown, "journal": [journal.look(entry, vocabulary) for entry in found]}
        )


def sought(world: World, wish: Sought) -> Callable[[Text], bool] | None:
    """Whether a text is one that somebody looks for; None when all are."""
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


def in_list(it: Text) -> dict[str, object]:
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


def text(world: World, it: Text) -> dict[str, object]:
    """A text with what is only known here: how its sender was chosen, and in what parts it went."""
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
        "segments": _parts(it),
        "media": [_file(each) for each in media.of(world, it.sid)],
        "messaging_service_sid": it.messaging_service_sid,
        "trace": list(it.trace),
        "conversation_sid": it.conversation_sid,
        "message_sid": receipt and receipt.message_sid,
        "content_sid": it.content_sid,
        "status_callback": it.status_callback,
        "parameters": dict(it.parameters),
        "opt_out_type": it.opt_out_type,
        "fault": plain(it.fault),
        "held": it.held,
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
        "date_sent": it.date_sent and write_instant(it.date_sent),
    }


def message(world: World, it: Message) -> dict[str, object]:
    """A message of a conversation with the text that went to each phone."""
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
        "media": [plain(each) for each in it.media],
        "delivery": plain(it.delivery),
        "receipts": [_receipt(world, each) for each in receipts],
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
    }


def _parts(it: Text) -> list[Plain]:
    if it.channel is not Channel.SMS:
        return []
    return [
        {"n": part.number, "text": part.text, "encoding": part.encoding}
        for part in segments.split(it.body)
    ]


def _file(it: MediaFile) -> dict[str, object]:
    return {
        "sid": it.sid,
        "content_type": it.content_type,
        "url": it.url,
        "size": it.size,
        "filename": it.filename,
    }


def _receipt(world: World, it: Receipt) -> dict[str, object]:
    participant = world[Participants].get(it.participant_sid)
    return {
        "sid": it.sid,
        "participant_sid": it.participant_sid,
        "address": participant and participant.address,
        "text_sid": it.text_sid,
        "status": it.status,
        "error_code": it.error_code,
    }
