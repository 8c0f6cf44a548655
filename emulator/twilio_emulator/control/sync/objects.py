"""Objects of Sync by the control API: what there is, with who watches it; and taken away."""

from collections.abc import Callable
from typing import TypedDict

from twilio_emulator.control.exchange import NOTHING, Reply, json_reply
from twilio_emulator.control.listing import Paged, place_of, take
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.control.sync.look import (
    FindClients,
    ShownSyncObject,
    SyncItemList,
    SyncObjectList,
    sync_item,
    sync_object,
    watchers,
)
from twilio_emulator.control.sync.places import InSharedService, needed, place, service_of
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.sync import ends
from twilio_emulator.core.sync.documents import RemoveSyncDocument
from twilio_emulator.core.sync.lists import RemoveSyncList
from twilio_emulator.core.sync.maps import RemoveSyncMap
from twilio_emulator.core.sync.resources import (
    COLLECTIONS,
    DEFAULT_NAME,
    SyncItems,
    SyncKind,
    SyncResource,
    SyncResources,
    SyncService,
)
from twilio_emulator.core.sync.services import list_sync_services
from twilio_emulator.core.sync.streams import RemoveSyncStream

REMOVING: dict[SyncKind, Callable[..., Command[object]]] = {
    SyncKind.DOCUMENT: RemoveSyncDocument,
    SyncKind.LIST: RemoveSyncList,
    SyncKind.MAP: RemoveSyncMap,
    SyncKind.STREAM: RemoveSyncStream,
}


class SyncFilter(Paged):
    """Which objects.

    Attributes:
        service: the sid of the Sync service (IS) that they are in; the account's default one unless
            given.
    """

    service: str = DEFAULT_NAME


class ShownSyncService(TypedDict):
    """A Sync service.

    Attributes:
        unique_name: `default` of the one that the account began with, else null.
        acl_enabled: whether clients need permissions.
        documents: how many there are; so it is with the others.
    """

    sid: str
    unique_name: str | None
    friendly_name: str | None
    webhook_url: str | None
    acl_enabled: bool
    documents: int
    lists: int
    maps: int
    streams: int


class SyncServiceList(TypedDict):
    """Every Sync service of an account."""

    services: list[ShownSyncService]


def declare(controls: Controls, find: FindClients) -> None:
    """Declare the calls of this file."""
    controls.group("sync", "What pages and back ends share by Sync, and who watches it.")
    _declare_services(controls)
    for kind in SyncKind:
        _declare_kind(controls, find, kind)
    for kind in SyncKind:
        if kind in COLLECTIONS:
            _declare_items(controls, kind)


def _declare_services(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/sync/services",
        "list_sync_services",
        "The Sync services of the account, the default one first.",
        gives=SyncServiceList,
    )
    async def list_services(control: Control) -> Reply:
        world = control.hosted.world
        held = list(list_sync_services(world, account=control.account_sid))
        held.sort(key=lambda it: it.default_of is None)

        def look(it: SyncService) -> ShownSyncService:
            ranks = world[SyncResources].by_kind
            return {
                "sid": it.sid,
                "unique_name": it.unique_name,
                "friendly_name": it.friendly_name,
                "webhook_url": it.webhook_url,
                "acl_enabled": it.acl_enabled,
                "documents": len(ranks.of((it.sid, SyncKind.DOCUMENT))),
                "lists": len(ranks.of((it.sid, SyncKind.LIST))),
                "maps": len(ranks.of((it.sid, SyncKind.MAP))),
                "streams": len(ranks.of((it.sid, SyncKind.STREAM))),
            }

        return listed("services", held, look, {})


def _declare_kind(controls: Controls, find: FindClients, kind: SyncKind) -> None:
    @controls.on(
        "GET",
        f"/sync/{kind}s",
        f"list_sync_{kind}s",
        f"The {kind}s of a Sync service, newest first, with who watches them.",
        query=SyncFilter,
        gives=SyncObjectList,
        examples=({"limit": 1},),
    )
    async def list_all(control: Control) -> Reply:
        wish, world = control.query(SyncFilter), control.hosted.world
        ranks = world[SyncResources].by_kind.of((service_of(control, wish.service), kind))
        now = world.clock.now()
        held, more = take(
            control,
            ranks.downward(place_of(wish.cursor)),
            world[SyncResources].__getitem__,
            wish.limit,
            keep=lambda it: not ends.has_ended(it, now),
        )
        watched = watchers(find(control.hosted))

        def look(it: SyncResource) -> ShownSyncObject:
            return sync_object(world, it, watched)

        return listed("objects", held, look, more)

    @controls.on(
        "GET",
        f"/sync/{kind}s/{{{kind}}}",
        f"show_sync_{kind}",
        f"One {kind}, with who watches it.",
        places=place(kind),
        query=InSharedService,
        gives=ShownSyncObject,
        examples=({},),
    )
    async def show(control: Control) -> Reply:
        service = service_of(control, control.query(InSharedService).service)
        it = needed(control, kind, service)
        watched = watchers(find(control.hosted))
        return json_reply(sync_object(control.hosted.world, it, watched))

    @controls.on(
        "DELETE",
        f"/sync/{kind}s/{{{kind}}}",
        f"remove_sync_{kind}",
        f"Removes a {kind}, as the back end does.",
        places=place(kind),
        query=InSharedService,
        examples=({},),
    )
    async def remove(control: Control) -> Reply:
        service = service_of(control, control.query(InSharedService).service)
        it = needed(control, kind, service)
        wish = REMOVING[kind](account=control.account_sid, service=service, resource=it.sid)
        await control.hosted.gate.perform(wish)
        return NOTHING


def _declare_items(controls: Controls, kind: SyncKind) -> None:
    @controls.on(
        "GET",
        f"/sync/{kind}s/{{{kind}}}/items",
        f"list_sync_{kind}_items",
        f"The items of a {kind}, by their {'indexes' if kind is SyncKind.LIST else 'keys'}.",
        places=place(kind),
        query=SyncFilter,
        gives=SyncItemList,
        examples=({"limit": 2},),
    )
    async def list_items(control: Control) -> Reply:
        wish, world = control.query(SyncFilter), control.hosted.world
        it = needed(control, kind, service_of(control, wish.service))
        held, more = take(
            control,
            world[SyncItems].by_collection.of(it.sid).upward(place_of(wish.cursor)),
            world[SyncItems].__getitem__,
            wish.limit,
            keep=lambda item: not ends.has_ended(item, world.clock.now()),
        )
        return listed("items", held, sync_item, more)
