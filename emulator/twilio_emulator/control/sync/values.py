"""Values in Sync by the control API: set, merged, pushed, published, whether or not the object was
there before; by the back end or in the name of a client."""

import json
from typing import Any

from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.control.sync.look import (
    FindClients,
    ShownStreamMessage,
    ShownSyncItem,
    ShownSyncObject,
    sync_item,
    sync_object,
    watchers,
)
from twilio_emulator.control.sync.places import (
    INDEX,
    KEY,
    InSharedService,
    NewValue,
    as_text,
    found,
    needed,
    place,
    service_of,
)
from twilio_emulator.core.sync import ends, items, names, sizes
from twilio_emulator.core.sync.documents import AddSyncDocument, UpdateSyncDocument
from twilio_emulator.core.sync.lists import (
    AddSyncList,
    AddSyncListItem,
    RemoveSyncListItem,
    UpdateSyncListItem,
)
from twilio_emulator.core.sync.maps import AddSyncMap, PutSyncMapItem, RemoveSyncMapItem
from twilio_emulator.core.sync.resources import SyncItem, SyncKind, SyncResource
from twilio_emulator.core.sync.streams import AddSyncStream, PublishSyncMessage

TOTAL = {"data": {"total": 3}}
ADDING: dict[SyncKind, Any] = {
    SyncKind.LIST: AddSyncList,
    SyncKind.MAP: AddSyncMap,
    SyncKind.STREAM: AddSyncStream,
}


def declare(controls: Controls, find: FindClients) -> None:
    """Declare the calls of this file."""
    _declare_documents(controls, find)
    _declare_list_items(controls)
    _declare_map_items(controls)

    @controls.on(
        "POST",
        "/sync/streams/{stream}/messages",
        "publish_sync_message",
        "Says something in a stream, which comes into being where there is none.",
        places=place(SyncKind.STREAM),
        body=NewValue,
        gives=ShownStreamMessage,
        status=201,
        examples=({"data": {"x": 3, "y": 4}},),
    )
    async def publish(control: Control) -> Reply:
        wish = control.body(NewValue)
        it = await _opened(control, SyncKind.STREAM, wish, sizes.LARGEST_MESSAGE)
        said = PublishSyncMessage(**_on(control, it), data=wish.text)
        message = await control.hosted.gate.perform(said, wish.origin)
        shown: ShownStreamMessage = {
            "seq": control.hosted.gate.log.number,
            "sid": message.sid,
            "data": json.loads(message.data),
            "identity": wish.identity or "system",
        }
        return json_reply(shown, 201)


def _declare_documents(controls: Controls, find: FindClients) -> None:
    def shown(control: Control, it: SyncResource) -> Reply:
        watched = watchers(find(control.hosted))
        return json_reply(sync_object(control.hosted.world, it, watched))

    @controls.on(
        "PUT",
        "/sync/documents/{document}",
        "set_sync_document",
        "Gives a document another value; it comes into being where there is none.",
        places=place(SyncKind.DOCUMENT),
        body=NewValue,
        gives=ShownSyncObject,
        examples=(TOTAL, {"data": {"total": 4}, "identity": "alice", "ttl": 3600}),
    )
    async def set_document(control: Control) -> Reply:
        wish = control.body(NewValue)
        service = service_of(control, wish.service, "body")
        it = found(control, SyncKind.DOCUMENT, service)
        return shown(control, await _write(control, service, it, wish, wish.data))

    @controls.on(
        "PATCH",
        "/sync/documents/{document}",
        "update_sync_document",
        "Changes some keys of a document's value, and leaves the others.",
        places=place(SyncKind.DOCUMENT),
        body=NewValue,
        gives=ShownSyncObject,
        examples=({"data": {"paid": True}},),
    )
    async def update_document(control: Control) -> Reply:
        wish = control.body(NewValue)
        service = service_of(control, wish.service, "body")
        it = needed(control, SyncKind.DOCUMENT, service)
        merged = {**json.loads(it.data), **wish.data}
        return shown(control, await _write(control, service, it, wish, merged))


async def _write(
    control: Control,
    service: str,
    it: SyncResource | None,
    wish: NewValue,
    data: dict[str, Any],
) -> SyncResource:
    where = {"account": control.account_sid, "service": service}
    text, ttl = as_text(data), wish.seconds
    if it is None:
        name = control.said[SyncKind.DOCUMENT.value]
        made = AddSyncDocument(**where, unique_name=name, data=text, ttl=ttl)
        return await control.hosted.gate.perform(made, wish.origin)
    changed = UpdateSyncDocument(**where, resource=it.sid, data=text, ttl=ttl)
    return await control.hosted.gate.perform(changed, wish.origin)


def _declare_list_items(controls: Controls) -> None:
    a_list = place(SyncKind.LIST)
    an_item = {**a_list, **INDEX}

    @controls.on(
        "POST",
        "/sync/lists/{list}/items",
        "push_sync_item",
        "Adds an item at the end of a list, which comes into being where there is none.",
        places=a_list,
        body=NewValue,
        gives=ShownSyncItem,
        status=201,
        examples=({"data": {"number": 7}},),
    )
    async def push(control: Control) -> Reply:
        wish = control.body(NewValue)
        it = await _opened(control, SyncKind.LIST, wish)
        added = AddSyncListItem(**_on(control, it), data=wish.text, ttl=wish.seconds)
        return json_reply(sync_item(await control.hosted.gate.perform(added, wish.origin)), 201)

    @controls.on(
        "PUT",
        "/sync/lists/{list}/items/{index}",
        "set_sync_list_item",
        "Gives an item of a list another value.",
        places=an_item,
        body=NewValue,
        gives=ShownSyncItem,
        examples=({"data": {"number": 8}},),
    )
    async def set_item(control: Control) -> Reply:
        wish = control.body(NewValue)
        it = needed(control, SyncKind.LIST, service_of(control, wish.service, "body"))
        item = _item(control, it, "index")
        changed = UpdateSyncListItem(
            **_on(control, it), index=item.name, data=wish.text, ttl=wish.seconds
        )
        return json_reply(sync_item(await control.hosted.gate.perform(changed, wish.origin)))

    @controls.on(
        "DELETE",
        "/sync/lists/{list}/items/{index}",
        "remove_sync_list_item",
        "Removes an item of a list, as the back end does.",
        places=an_item,
        query=InSharedService,
        examples=({},),
    )
    async def remove_item(control: Control) -> Reply:
        service = service_of(control, control.query(InSharedService).service)
        it = needed(control, SyncKind.LIST, service)
        item = _item(control, it, "index")
        await control.hosted.gate.perform(RemoveSyncListItem(**_on(control, it), index=item.name))
        return NOTHING


def _declare_map_items(controls: Controls) -> None:
    an_item = {**place(SyncKind.MAP), **KEY}

    @controls.on(
        "PUT",
        "/sync/maps/{map}/items/{key}",
        "set_sync_map_item",
        "Has a value under a key of a map, which comes into being where there is none.",
        places=an_item,
        body=NewValue,
        gives=ShownSyncItem,
        examples=({"data": {"amount": 2}}, {"data": {"amount": 3}, "identity": "alice"}),
    )
    async def set_item(control: Control) -> Reply:
        wish = control.body(NewValue)
        names.check_key(control.said["key"])
        it = await _opened(control, SyncKind.MAP, wish)
        put = PutSyncMapItem(
            **_on(control, it), key=control.said["key"], data=wish.text, ttl=wish.seconds
        )
        return json_reply(sync_item((await control.hosted.gate.perform(put, wish.origin)).item))

    @controls.on(
        "DELETE",
        "/sync/maps/{map}/items/{key}",
        "remove_sync_map_item",
        "Removes an item of a map, as the back end does.",
        places=an_item,
        query=InSharedService,
        examples=({},),
    )
    async def remove_item(control: Control) -> Reply:
        service = service_of(control, control.query(InSharedService).service)
        it = needed(control, SyncKind.MAP, service)
        item = _item(control, it, "key")
        await control.hosted.gate.perform(RemoveSyncMapItem(**_on(control, it), key=item.key))
        return NOTHING


async def _opened(
    control: Control, kind: SyncKind, wish: NewValue, largest: int = sizes.LARGEST_VALUE
) -> SyncResource:
    """The object that the path names, which comes into being where there is none, for a value of at
    most `largest` bytes.

    Raises:
        Refused: 54006, 54008 or 54011, the wish cannot be fulfilled; so nothing comes into being.
    """
    service = service_of(control, wish.service, "body")
    it = found(control, kind, service)
    if it is not None:
        return it
    sizes.value(wish.text, largest)
    ends.read_ttl(wish.seconds)
    name = control.said[kind.value]
    made = ADDING[kind](account=control.account_sid, service=service, unique_name=name)
    opened: SyncResource = await control.hosted.gate.perform(made, wish.origin)
    return opened


def _on(control: Control, it: SyncResource) -> dict[str, str]:
    """How a command names an object."""
    return {"account": control.account_sid, "service": it.service_sid, "resource": it.sid}


def _item(control: Control, it: SyncResource, name: str) -> SyncItem:
    """The item that the path names.

    Raises:
        Mistaken: there is none.
    """
    item = items.find_item(control.hosted.world, it, control.said[name])
    if item is None:
        raise Mistaken(f"path {name}: there is no item {control.said[name]}", 404)
    return item
