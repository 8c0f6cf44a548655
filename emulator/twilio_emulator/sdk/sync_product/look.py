"""What clients of Sync see of objects and items: descriptors and events, in JSON.

The rules of this file:

- A value is kept as JSON and shown as it is kept.
- Answers to writes show no value: who wrote it has it (live tests of twilio-sync-sdk in Kotlin).
- An event says what the object's counter says; the revision of a list or a map is that of its next
  change, that of an item that of its own last one.
"""

from datetime import datetime
from urllib.parse import quote

import msgspec

from twilio_emulator.core.sync.resources import (
    PublishedMessage,
    SyncItem,
    SyncKind,
    SyncResource,
)
from twilio_emulator.sdk.sync.watched import Change, Kind
from twilio_emulator.wire.spelling import iso_milliseconds

LINKS = {
    SyncKind.DOCUMENT: (),
    SyncKind.LIST: ("items", "context"),
    SyncKind.MAP: ("items",),
    SyncKind.STREAM: ("messages",),
}
"""What an object has besides itself."""

NAME_OF_ITEM = {SyncKind.LIST: "index", SyncKind.MAP: "key"}


def url_of(it: SyncResource, root: str) -> str:
    """Where an object is, below the URL of its service."""
    return f"{root}/{Kind(it.kind.value).collection}/{it.sid}"


def url_of_item(it: SyncItem, root: str) -> str:
    """Where an item is, below the URL of its service."""
    collection = Kind(it.kind.value).collection
    return f"{root}/{collection}/{it.collection_sid}/Items/{quote(it.name, safe='')}"


def descriptor(it: SyncResource, root: str, *, whole: bool = True) -> dict[str, object]:
    """An object.

    Args:
        whole: with its value, if it has one.
    """
    url = url_of(it, root)
    said: dict[str, object] = {
        "sid": it.sid,
        "type": it.kind.value,
        "unique_name": it.unique_name,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "url": url,
        "links": {name: f"{url}/{name.capitalize()}" for name in LINKS[it.kind]},
        "date_expires": iso_milliseconds(it.date_expires),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "created_by": it.created_by,
    }
    if it.kind is not SyncKind.STREAM:
        said |= {"revision": it.revision, "last_event_id": it.last_event_id}
    if whole and it.kind is SyncKind.DOCUMENT:
        said["data"] = value(it.data)
    return said


def item_descriptor(it: SyncItem, root: str, *, whole: bool = True) -> dict[str, object]:
    """An item; `whole` as for an object."""
    said: dict[str, object] = {
        **_named(it),
        "type": f"{it.kind}_item",
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        f"{it.kind}_sid": it.collection_sid,
        "url": url_of_item(it, root),
        "revision": it.revision,
        "last_event_id": it.event_id,
        "date_expires": iso_milliseconds(it.date_expires),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "created_by": it.created_by,
    }
    if whole:
        said["data"] = value(it.data)
    return said


def context(it: SyncResource, root: str) -> dict[str, object]:
    """The value of its own that a list has beside its items. Nobody changes it."""
    return {
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "list_sid": it.sid,
        "url": f"{url_of(it, root)}/Context",
        "revision": "0",
        "last_event_id": 0,
        "date_updated": iso_milliseconds(it.date_created),
        "data": value(it.context),
    }


def document_updated(it: SyncResource) -> Change:
    """A document has another value, or another end."""
    said = {
        **_head(it, it.last_event_id, it.date_updated),
        "document_revision": it.revision,
        "document_data": value(it.data),
        "date_expires": iso_milliseconds(it.date_expires),
    }
    return Change("document_updated", it.last_event_id, msgspec.json.encode(said))


def object_removed(it: SyncResource) -> Change:
    """An object is gone."""
    said = _head(it, it.last_event_id, it.date_updated)
    return Change(f"{it.kind}_removed", it.last_event_id, msgspec.json.encode(said))


def item_changed(collection: SyncResource, it: SyncItem, root: str, *, added: bool) -> Change:
    """An item is new, or another."""
    said = {
        **_of_item(collection, it, it.date_updated),
        "item_url": url_of_item(it, root),
        "date_expires": iso_milliseconds(it.date_expires),
    }
    what = "added" if added else "updated"
    return Change(f"{it.kind}_item_{what}", it.event_id, msgspec.json.encode(said))


def item_removed(collection: SyncResource, it: SyncItem) -> Change:
    """An item is gone; it is shown as it was last, under the id of its removal."""
    said = _of_item(collection, it, it.date_updated)
    return Change(f"{it.kind}_item_removed", it.event_id, msgspec.json.encode(said))


def message_published(stream: SyncResource, it: PublishedMessage) -> Change:
    """Somebody said something in a stream."""
    said = {
        "stream_sid": stream.sid,
        "stream_unique_name": stream.unique_name,
        "message_sid": it.sid,
        "message_data": value(it.data),
    }
    return Change("stream_message_published", 0, msgspec.json.encode(said))


def value(json: str) -> msgspec.Raw:
    """A value that is JSON already."""
    return msgspec.Raw(json.encode())


def _named(it: SyncItem) -> dict[str, object]:
    return {"index": it.index} if it.kind is SyncKind.LIST else {"key": it.key}


def _head(it: SyncResource, event_id: int, at: datetime) -> dict[str, object]:
    """What every event of an object begins with."""
    said: dict[str, object] = {} if it.kind is SyncKind.STREAM else {"id": event_id}
    return {
        **said,
        "date_created": iso_milliseconds(at),
        f"{it.kind}_sid": it.sid,
        f"{it.kind}_unique_name": it.unique_name,
    }


def _of_item(collection: SyncResource, it: SyncItem, at: datetime) -> dict[str, object]:
    """What every event of an item says."""
    kind = collection.kind
    return {
        **_head(collection, it.event_id, at),
        f"{kind}_revision": f"{it.event_id + 1:x}",
        f"item_{NAME_OF_ITEM[kind]}": it.index if kind is SyncKind.LIST else it.key,
        "item_revision": it.revision,
        "item_data": value(it.data),
    }
