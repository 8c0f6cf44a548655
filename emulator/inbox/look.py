"""How handsets and what they hold look in the control API."""

import json

from emulator.core import segments, text_media
from emulator.core.buttons import buttons
from emulator.core.channels import Channel
from emulator.core.handsets import Handset, InboxItem
from emulator.core.plain import Plain, plain, write_instant
from emulator.core.text_media import MediaFile
from emulator.core.texts import Text
from emulator.core.world import World

PREVIEW = 120
"""Characters of a body in a list of phones or conversations, which says when it is longer."""


def handset(world: World, it: Handset) -> dict[str, object]:
    """A phone, with its newest message and how many nobody has read on it."""
    items = world.inbox_items
    newest = next(items.by_handset.of(it.address).downward(), None)
    return {
        "address": it.address,
        "label": it.label,
        "country": it.country,
        "channels": plain(it.channels),
        "profile_name": it.profile_name,
        "wa_id": it.wa_id,
        "line_type": it.line_type,
        "carrier": {"name": it.carrier_name, "mcc": it.mcc, "mnc": it.mnc},
        "power": it.power,
        "network": it.network,
        "mms_supported": it.mms_supported,
        "storage_full": it.storage_full,
        "receipts": it.receipts,
        "read_receipts": it.read_receipts,
        "blocked_senders": plain(it.blocked_senders),
        "tags": plain(it.tags),
        "city": it.city,
        "state": it.state,
        "zip": it.zip,
        "unread": len(items.unread.of(it.address)),
        "last_message": last_message(items[newest[1]]) if newest else None,
        "date_created": write_instant(it.date_created),
    }


def last_message(it: InboxItem) -> dict[str, object]:
    """As much of a message as a list of phones shows."""
    return {
        "body": it.body[:PREVIEW],
        "truncated": len(it.body) > PREVIEW,
        "direction": it.direction,
        "at": write_instant(it.received_at),
    }


def item(world: World, it: InboxItem) -> dict[str, object]:
    """A message on a phone; a system's own has no Message resource, and so no status."""
    text = world.texts.get(it.sid)
    said = dict(text.parameters) if text else {}
    return {
        "id": it.sid,
        "handset": it.handset,
        "direction": it.direction,
        "message_sid": None if it.system else it.copy_of or it.sid,
        "conversation_sid": it.conversation_sid,
        "thread": it.peer,
        "author": it.author,
        "others": it.others,
        "channel": it.channel,
        "body": it.body,
        "segments": parts(it),
        "media": [media(each) for each in text_media.of(world, it.copy_of or it.sid)],
        "content": content(it),
        "location": location(said),
        "reply_to": said.get("OriginalRepliedMessageSid"),
        "forwarded": "Forwarded" in said,
        "state": it.state,
        "status": text and text.status,
        "error_code": text and text.error_code,
        "received_at": write_instant(it.received_at),
        "seq": it.seq,
        "system": it.system,
        "codes": it.codes,
        "links": it.links,
    }


def parts(it: InboxItem) -> list[Plain]:
    """What the network carried; only SMS is carried in parts."""
    if it.channel is not Channel.SMS:
        return []
    return [
        {"n": part.number, "text": part.text, "encoding": part.encoding}
        for part in segments.split(it.body)
    ]


def content(it: InboxItem) -> dict[str, object] | None:
    """What a template shows besides its text, and what there is to press."""
    if it.content is None:
        return None
    return {
        "type": it.content.type,
        "data": json.loads(it.content.data),
        "buttons": [
            {
                "id": button.id,
                "title": button.title,
                "kind": button.kind,
                "description": button.description,
            }
            for button in buttons(it)
        ],
    }


def location(said: dict[str, str]) -> dict[str, str] | None:
    """A place that somebody shared."""
    if "Latitude" not in said:
        return None
    return {name.lower(): said[name] for name in ("Latitude", "Longitude", "Address", "Label")}


def media(it: MediaFile) -> dict[str, object]:
    """A file that came with a message; its type is unknown until it was fetched."""
    return {
        "sid": it.sid,
        "content_type": it.content_type,
        "url": it.url,
        "size": it.size,
        "filename": it.filename,
    }


def text(it: Text) -> dict[str, object]:
    """A text, as far as a phone's owner and the carrier are concerned."""
    return {
        "message_sid": it.sid,
        "from": it.sender,
        "to": it.to,
        "channel": it.channel,
        "body": it.body,
        "direction": it.direction,
        "status": it.status,
        "error_code": it.error_code,
        "conversation_sid": it.conversation_sid,
    }
