"""How handsets and what they hold look in the control API."""

import json
import re
from typing import Any, TypedDict

from twilio_emulator.control.parameters import written
from twilio_emulator.core.content import content_types
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel.records import shown, write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging import buttons
from twilio_emulator.core.messaging.buttons import MessageButton
from twilio_emulator.core.phones.handsets import (
    Answering,
    LineType,
    Network,
    Phone,
    Power,
    ReadReports,
    Reports,
)
from twilio_emulator.core.phones.inbox import InboxItem, InboxItems, ItemState, Side
from twilio_emulator.core.phones.number_facts import CallerType, LineStatus, NumberOwner
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts import segments
from twilio_emulator.core.texts.media import MediaFile
from twilio_emulator.core.texts.segments import Encoding
from twilio_emulator.core.texts.text import Direction, Text, Texts, TextStatus

_GEO = re.compile(r"geo:(-?[0-9.]+),(-?[0-9.]+)(?:\|(.*))?")

PREVIEW = 120
"""Characters of a body in a list of phones or conversations, which says when it is longer."""


class ShownCarrier(TypedDict):
    """Whose subscriber it is.

    Attributes:
        mcc: mobile country code.
        mnc: mobile network code.
    """

    name: str | None
    mcc: str | None
    mnc: str | None


class LastMessage(TypedDict):
    """As much of a message as a list of phones shows.

    Attributes:
        truncated: whether the body is longer.
    """

    body: str
    truncated: bool
    direction: Side
    at: str


class ShownHandset(TypedDict):
    """A phone.

    Attributes:
        address: its number, or WhatsApp's own id of a user.
        label: what people call it.
        channels: what it can receive.
        profile_name: its owner's name on WhatsApp.
        wa_id: what WhatsApp calls its owner.
        receipts: what becomes of delivery receipts.
        read_receipts: when WhatsApp says that something was read.
        calls: what becomes of calls to it.
        tags: words of your own.
        sim_swapped: when its SIM was swapped, as Lookup says it; null for never.
        call_forwarding: whether Lookup says that calls are forwarded.
        line_status: what Lookup says of the line; `auto` by power and network.
        reassigned: when its number got another owner, or `never`; null where nothing is known.
        caller_name: what Lookup says a call is from; the label where it is null.
        caller_type: what Lookup says its owner is.
        person: its owner, against whom Lookup holds an identity.
        unread: how many messages nobody has read on it.
    """

    address: str
    label: str | None
    country: str | None
    channels: list[Channel]
    profile_name: str | None
    wa_id: str
    line_type: LineType
    carrier: ShownCarrier
    power: Power
    network: Network
    mms_supported: bool
    storage_full: bool
    receipts: Reports
    read_receipts: ReadReports
    calls: Answering
    blocked_senders: list[str]
    tags: list[str]
    city: str | None
    state: str | None
    zip: str | None
    sim_swapped: str | None
    call_forwarding: bool
    line_status: LineStatus
    reassigned: str | None
    caller_name: str | None
    caller_type: CallerType
    person: NumberOwner | None
    unread: int
    last_message: LastMessage | None
    date_created: str


class ShownPart(TypedDict):
    """A part of an SMS, as the network carries it.

    Attributes:
        n: which one, from 1.
    """

    n: int
    text: str
    encoding: Encoding


class ShownMediaFile(TypedDict):
    """A file that came with a message.

    Attributes:
        content_type: null until it was fetched.
        url: where it is.
        size: bytes.
    """

    sid: str
    content_type: str | None
    url: str | None
    size: int | None
    filename: str | None


class ShownButton(TypedDict):
    """Something to press.

    Attributes:
        kind: QUICK_REPLY or LIST_ITEM, which answer the app; or what it does on the phone.
        description: what stands beneath an entry of a list or a product.
        code: what it copies.
        url: what it opens.
        card: on which card of a carousel it is, from 0.
    """

    id: str
    title: str
    kind: str
    description: str | None
    code: str | None
    url: str | None
    card: int | None


class ShownContent(TypedDict):
    """A type of a template, as a phone shows it.

    Attributes:
        type: such as `twilio/quick-reply`.
        data: its fields.
        text: its words.
        buttons: what there is to press.
    """

    type: str
    data: dict[str, Any]
    text: str | None
    buttons: list[ShownButton]


class ShownItem(TypedDict):
    """A message on a phone.

    Attributes:
        id: of the item: the sid of its text, or of a copy for a group.
        handset: the phone's address.
        message_sid: null for what a network says by itself, which has no Message resource.
        thread: who is at the other end.
        author: whose words they are in a group, when that is not who is at the other end.
        others: who else is in the group.
        segments: the parts that an SMS came in.
        content: what a template shows besides its text.
        location: a place that it shares.
        reply_to: the sid of the message that it quotes.
        error_code: Twilio's, when it ended badly.
        seq: a number that only grows: a wait begins behind one.
        system: whether a network said it by itself.
        codes: one-time codes in it.
        links: web addresses in it.
    """

    id: str
    handset: str
    direction: Side
    message_sid: str | None
    conversation_sid: str | None
    thread: str
    author: str | None
    others: list[str]
    channel: Channel
    body: str
    segments: list[ShownPart]
    media: list[ShownMediaFile]
    content: ShownContent | None
    location: dict[str, str] | None
    reply_to: str | None
    forwarded: bool
    state: ItemState
    status: TextStatus | None
    error_code: int | None
    received_at: str
    seq: int
    system: bool
    codes: list[str]
    links: list[str]


_Ends = TypedDict("_Ends", {"message_sid": str, "from": str | None, "to": str})


class SentText(_Ends):
    """A text, as far as a phone's owner and the carrier are concerned.

    Attributes:
        from: who sent it.
        to: whom it is to.
        error_code: Twilio's, when it ended badly.
        conversation_sid: of the conversation that captured it.
    """

    channel: Channel
    body: str
    direction: Direction
    status: TextStatus
    error_code: int | None
    conversation_sid: str | None


def handset(world: World, it: Phone) -> ShownHandset:
    """A phone, with its newest message and the number of unread ones."""
    items = world[InboxItems]
    newest = next(items.by_handset.of(it.address).downward(), None)
    return {
        "address": it.address,
        "label": it.label,
        "country": it.country,
        "channels": list(it.channels),
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
        "calls": it.calls,
        "blocked_senders": list(it.blocked_senders),
        "tags": list(it.tags),
        "city": it.city,
        "state": it.state,
        "zip": it.zip,
        "sim_swapped": written(it.sim_swapped),
        "call_forwarding": it.call_forwarding,
        "line_status": it.line_status,
        "reassigned": it.reassigned,
        "caller_name": it.caller_name,
        "caller_type": it.caller_type,
        "person": shown(it.person),
        "unread": len(items.unread.of(it.address)),
        "last_message": last_message(items[newest[1]]) if newest else None,
        "date_created": write_instant(it.date_created),
    }


def last_message(it: InboxItem) -> LastMessage:
    """As much of a message as a list of phones shows."""
    return {
        "body": it.body[:PREVIEW],
        "truncated": len(it.body) > PREVIEW,
        "direction": it.direction,
        "at": write_instant(it.received_at),
    }


def item(world: World, it: InboxItem) -> ShownItem:
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
        "others": list(it.others),
        "channel": it.channel,
        "body": it.body,
        "segments": parts(it),
        "media": [media(each) for each in text_media.of(world, it.copy_of or it.sid)],
        "content": content(it),
        "location": location(said) or shared_place(it, text),
        "reply_to": said.get("OriginalRepliedMessageSid"),
        "forwarded": "Forwarded" in said,
        "state": it.state,
        "status": text.status if text else None,
        "error_code": text.error_code if text else None,
        "received_at": write_instant(it.received_at),
        "seq": it.seq,
        "system": it.system,
        "codes": list(it.codes),
        "links": list(it.links),
    }


def parts(it: InboxItem | Text) -> list[ShownPart]:
    """What the network carried; only SMS is carried in parts."""
    if it.channel is not Channel.SMS:
        return []
    return [
        {"n": part.number, "text": part.text, "encoding": part.encoding}
        for part in segments.split(it.body)
    ]


def content(it: InboxItem) -> ShownContent | None:
    """What a template shows besides its text, and what there is to press."""
    return None if it.content is None else rendered(it.content)


def rendered(it: Rendered) -> ShownContent:
    """A type of a template: its fields, its words as text, what there is to press."""
    data = json.loads(it.data)
    return {
        "type": it.type,
        "data": data,
        "text": content_types.words(data),
        "buttons": [button(each) for each in buttons.of(it)],
    }


def button(it: MessageButton) -> ShownButton:
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
    """A location that was shared."""
    if "Latitude" not in said:
        return None
    return {name.lower(): said[name] for name in ("Latitude", "Longitude", "Address", "Label")}


def media(it: MediaFile) -> ShownMediaFile:
    """A file that came with a message; its type is unknown until it was fetched."""
    return {
        "sid": it.sid,
        "content_type": it.content_type,
        "url": it.url,
        "size": it.size,
        "filename": it.filename,
    }


def text(it: Text) -> SentText:
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
