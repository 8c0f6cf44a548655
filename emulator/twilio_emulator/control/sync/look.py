"""What calls about Sync show: objects, their items, and who watches them."""

import json
from collections.abc import Callable
from typing import Any, Literal, TypedDict

from twilio_emulator.control.listing import More
from twilio_emulator.control.parameters import written
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.resources import (
    COLLECTIONS,
    SyncItem,
    SyncItems,
    SyncKind,
    SyncResource,
)
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.sdk.twilsock.clients import Clients
from twilio_emulator.wire.access_tokens import GrantKind

FindClients = Callable[[Hosted], Clients]
"""The client SDKs that are connected to an account."""


class ShownWatcher(TypedDict):
    """A client SDK that has an object open.

    Attributes:
        connection: its `id` among the connections.
    """

    identity: str
    connection: str


class ShownSyncObject(TypedDict):
    """A document, list, map or stream.

    Attributes:
        revision: null of a stream, which has none.
        data: of a document, else null.
        items: how many there are in a list or a map, else null.
        created_by: the identity of a client, or `system`.
        watched_by: the client SDKs that have it open.
    """

    kind: Literal["document", "list", "map", "stream"]
    sid: str
    unique_name: str | None
    service_sid: str
    revision: str | None
    data: dict[str, Any] | None
    items: int | None
    date_expires: str | None
    date_created: str
    date_updated: str
    created_by: str
    watched_by: list[ShownWatcher]


class SyncObjectList(More):
    """Objects of one kind, newest first."""

    objects: list[ShownSyncObject]


class ShownSyncItem(TypedDict):
    """An item of a list or a map.

    Attributes:
        index: of a list's, else null.
        key: of a map's, else null.
    """

    index: int | None
    key: str | None
    data: dict[str, Any]
    revision: str
    date_expires: str | None
    date_created: str
    date_updated: str
    created_by: str


class SyncItemList(More):
    """Items by their indexes or keys."""

    items: list[ShownSyncItem]


class ShownStreamMessage(TypedDict):
    """A message of a stream, as the journal still has it.

    Attributes:
        seq: its place in the journal.
        identity: who published it; `system` for the back end.
    """

    seq: int
    sid: str
    data: dict[str, Any]
    identity: str


def watchers(clients: Clients) -> dict[str, list[ShownWatcher]]:
    """Who watches what, by the sid of the object."""
    found: dict[str, list[ShownWatcher]] = {}
    for connection in clients:
        member = connection.entered
        session = member.sessions.get(GrantKind.SYNC)
        for sid in session.watcher.subscriptions if session is not None else ():
            watcher: ShownWatcher = {"identity": member.grant.identity, "connection": member.id}
            found.setdefault(sid, []).append(watcher)
    return found


def sync_object(
    world: World, it: SyncResource, watched: dict[str, list[ShownWatcher]]
) -> ShownSyncObject:
    """An object as it is now."""
    items = world[SyncItems].by_collection.of(it.sid)
    return {
        "kind": it.kind.value,
        "sid": it.sid,
        "unique_name": it.unique_name,
        "service_sid": it.service_sid,
        "revision": None if it.kind is SyncKind.STREAM else it.revision,
        "data": json.loads(it.data) if it.kind is SyncKind.DOCUMENT else None,
        "items": len(items) if it.kind in COLLECTIONS else None,
        "date_expires": written(it.date_expires),
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
        "created_by": it.created_by,
        "watched_by": watched.get(it.sid, []),
    }


def sync_item(it: SyncItem) -> ShownSyncItem:
    """An item as it is now."""
    return {
        "index": it.index if it.kind is SyncKind.LIST else None,
        "key": it.key if it.kind is SyncKind.MAP else None,
        "data": json.loads(it.data),
        "revision": it.revision,
        "date_expires": written(it.date_expires),
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
        "created_by": it.created_by,
    }
