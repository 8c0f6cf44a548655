"""Maps and their items by REST (https://www.twilio.com/docs/sync/api/map-resource)."""

from twilio_emulator.core.sync import maps
from twilio_emulator.core.sync.maps import (
    AddSyncMap,
    AddSyncMapItem,
    RemoveSyncMap,
    RemoveSyncMapItem,
    UpdateSyncMap,
    UpdateSyncMapItem,
)
from twilio_emulator.rest.sync import declaring, look
from twilio_emulator.rest.sync.services import SERVICE
from twilio_emulator.wire.operations import Api

MAPS = f"{SERVICE}/Maps"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    declaring.declare(
        api,
        MAPS,
        "/{resource}",
        look.collection,
        key="maps",
        list=maps.list_sync_maps,
        create=AddSyncMap,
        fetch=maps.fetch_sync_map,
        update=UpdateSyncMap,
        delete=RemoveSyncMap,
    )
    declaring.declare(
        api,
        f"{MAPS}/{{resource}}/Items",
        "/{key}",
        look.map_item,
        key="items",
        list=maps.list_sync_map_items,
        create=AddSyncMapItem,
        fetch=maps.fetch_sync_map_item,
        update=UpdateSyncMapItem,
        delete=RemoveSyncMapItem,
    )
