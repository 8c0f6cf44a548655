"""Lists and their items by REST (https://www.twilio.com/docs/sync/api/list-resource)."""

from twilio_emulator.core.sync import lists
from twilio_emulator.core.sync.lists import (
    AddSyncList,
    AddSyncListItem,
    RemoveSyncList,
    RemoveSyncListItem,
    UpdateSyncList,
    UpdateSyncListItem,
)
from twilio_emulator.rest.sync import declaring, look
from twilio_emulator.rest.sync.services import SERVICE
from twilio_emulator.wire.operations import Api

LISTS = f"{SERVICE}/Lists"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    declaring.declare(
        api,
        LISTS,
        "/{resource}",
        look.collection,
        key="lists",
        list=lists.list_sync_lists,
        create=AddSyncList,
        fetch=lists.fetch_sync_list,
        update=UpdateSyncList,
        delete=RemoveSyncList,
    )
    declaring.declare(
        api,
        f"{LISTS}/{{resource}}/Items",
        "/{index}",
        look.list_item,
        key="items",
        list=lists.list_sync_list_items,
        create=AddSyncListItem,
        fetch=lists.fetch_sync_list_item,
        update=UpdateSyncListItem,
        delete=RemoveSyncListItem,
    )
