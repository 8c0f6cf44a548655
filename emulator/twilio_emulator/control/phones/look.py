"""How handsets and what they hold look in the control API."""

import json
import re

from twilio_emulator.core.content import content_types
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel.records import Plain, plain, write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging import buttons
from twilio_emulator.core.messaging.buttons import MessageButton
from twilio_emulator.core.phones.handsets import Phone
from twilio_emulator.core.phones.inbox import InboxItem, InboxItems
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts import segments
from twilio_emulator.core.texts.media import MediaFile
from twilio_emulator.core.texts.text import Text, Texts

_GEO = re.compile(r"geo:(-?[0-9.]+),(-?[0-9.]+)(?:\|(.*))?")

PREVIEW = 120
"""Characters of a body in a list of phones or conversations, which says when it is longer."""


def handset(world: World, it: Phone) -> dict[str, object]:
    """A phone, with its newest message and how many nobody has read on it."""
    items = world[InboxItems]
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
    text = world[Texts].get(it.sid)
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
        "location": location(said) or shared_place(it, text),
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
    return None if it.content is None else rendered(it.content)


def rendered(it: Rendered) -> dict[str, object]:
    """A type of a template: its fields, its words as text, what there is to press."""
    data = json.loads(it.data)
    return {
        "type": it.type,
        "data": data,
        "text": content_types.words(data),
        "buttons": [button(each) for each in buttons.of(it)],
    }


def button(it: MessageButton) -> dict[str, object]:
    """Something to press."""
    return {
        "id": it.id,
        "title": it.title,
        "kind": it.kind,
        "description": it.description,
        "code": it.code,
        "url": it.url,
        "card": it.card,
    }


def shared_place(it: InboxItem, text: Text | None) -> dict[str, str] | None:
    """A place that the account shares: by a template, or by `PersistentAction=geo:1.5,2.5|Label`
    (https://www.twilio.com/docs/messaging/api/message-resource)."""
    if it.content is not None and it.content.type == "twilio/location":
        data = json.loads(it.content.data)
        names = ("latitude", "longitude", "address", "label")
        return {name: content_types.said(data.get(name)) for name in names}
    for action in text.persistent_action if text else ():
        found = _GEO.fullmatch(action)
        if found is not None:
            latitude, longitude, label = found.groups(default="")
            return {"latitude": latitude, "longitude": longitude, "address": "", "label": label}
    return None


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
