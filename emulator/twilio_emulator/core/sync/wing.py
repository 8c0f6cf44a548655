"""Sync, as a part of the rules."""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.sync.documents import (
    AddSyncDocument,
    RemoveSyncDocument,
    UpdateSyncDocument,
)
from twilio_emulator.core.sync.endpoints import (
    ConnectSyncEndpoint,
    DisconnectSyncEndpoint,
    TellSyncDisconnection,
)
from twilio_emulator.core.sync.grants import (
    RemoveSyncDocumentPermission,
    RemoveSyncListPermission,
    RemoveSyncMapPermission,
    SetSyncDocumentPermission,
    SetSyncListPermission,
    SetSyncMapPermission,
)
from twilio_emulator.core.sync.items import ExpireSyncItem
from twilio_emulator.core.sync.lists import (
    AddSyncList,
    AddSyncListItem,
    RemoveSyncList,
    RemoveSyncListItem,
    UpdateSyncList,
    UpdateSyncListItem,
)
from twilio_emulator.core.sync.maps import (
    AddSyncMap,
    AddSyncMapItem,
    PutSyncMapItem,
    RemoveSyncMap,
    RemoveSyncMapItem,
    UpdateSyncMap,
    UpdateSyncMapItem,
)
from twilio_emulator.core.sync.objects import ExpireSyncResource
from twilio_emulator.core.sync.resources import (
    SyncItems,
    SyncPermissions,
    SyncRemovals,
    SyncResources,
    SyncServices,
)
from twilio_emulator.core.sync.service_removal import RemoveSyncService
from twilio_emulator.core.sync.services import AddSyncService, UpdateSyncService, open_default
from twilio_emulator.core.sync.streams import (
    AddSyncStream,
    PublishSyncMessage,
    RemoveSyncStream,
    UpdateSyncStream,
)

SYNC = Wing(
    name="sync",
    tables=(SyncServices, SyncResources, SyncItems, SyncRemovals, SyncPermissions),
    commands=(
        AddSyncService,
        UpdateSyncService,
        RemoveSyncService,
        AddSyncDocument,
        UpdateSyncDocument,
        RemoveSyncDocument,
        AddSyncList,
        UpdateSyncList,
        RemoveSyncList,
        AddSyncListItem,
        UpdateSyncListItem,
        RemoveSyncListItem,
        AddSyncMap,
        UpdateSyncMap,
        RemoveSyncMap,
        AddSyncMapItem,
        PutSyncMapItem,
        UpdateSyncMapItem,
        RemoveSyncMapItem,
        AddSyncStream,
        UpdateSyncStream,
        RemoveSyncStream,
        PublishSyncMessage,
        SetSyncDocumentPermission,
        RemoveSyncDocumentPermission,
        SetSyncListPermission,
        RemoveSyncListPermission,
        SetSyncMapPermission,
        RemoveSyncMapPermission,
        ExpireSyncResource,
        ExpireSyncItem,
        ConnectSyncEndpoint,
        DisconnectSyncEndpoint,
        TellSyncDisconnection,
    ),
    reactions=((AccountOpened, open_default),),
)
"""Sync by REST and by clients."""
