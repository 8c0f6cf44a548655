"""Messages by the control API: the newest, and the full story of one, from the request to the last
webhook.

A sid is that of a text (SM, MM) or of a message in a conversation (IM), which has a text for every
phone that it went to.
"""

from itertools import islice

from emulator.control import about, journal
from emulator.core import segments, text_media
from emulator.core.channels import Channel
from emulator.core.messages import Message
from emulator.core.plain import Plain, plain, write_instant
from emulator.core.receipts import Receipt
from emulator.core.text_media import MediaFile
from emulator.core.texts import Text
from emulator.core.world import World
from emulator.wire.controls import Control, Controls, Fields, Mistaken, Reply, json_reply

PREVIEW = 160
"""Characters of a body in a list of messages."""


class Newest(Fields):
    """How many."""

    limit: int = 100


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/messages")
    async def list_newest(control: Control) -> Reply:
        wish = control.query(Newest)
        if wish.limit < 1:
            raise Mistaken(f"query limit: expected 1 or more, not {wish.limit}")
        texts = control.hosted.world.texts
        newest = islice(texts.by_account.of(control.account_sid).downward(), wish.limit)
        return json_reply({"messages": [in_list(texts[sid]) for _, sid in newest]})

    @controls.on("GET", "/messages/{message}")
    async def show(control: Control) -> Reply:
        sid = control.said["message"]
        world = control.hosted.world
        held = world.texts.get(sid) or world.messages.get(sid)
        if held is None:
            raise Mistaken(f"path message: there is no message {sid}", 404)
        shown = text(world, held) if isinstance(held, Text) else message(world, held)
        found = about.entries(control.hosted.gate.log, sid)
        return json_reply({**shown, "journal": [journal.look(entry) for entry in found]})


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
        "body": it.body[:PREVIEW],
        "date_created": write_instant(it.date_created),
    }


def text(world: World, it: Text) -> dict[str, object]:
    """A text with what is only known here: how its sender was chosen, and in what parts it went."""
    receipt = world.receipts.get(it.receipt_sid)
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
        "media": [_file(each) for each in text_media.of(world, it.sid)],
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
    receipts = world.receipts.all(world.receipts.by_message, it.sid)
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
    participant = world.participants.get(it.participant_sid)
    return {
        "sid": it.sid,
        "participant_sid": it.participant_sid,
        "address": participant and participant.address,
        "text_sid": it.text_sid,
        "status": it.status,
        "error_code": it.error_code,
    }
