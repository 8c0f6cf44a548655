"""Permissions by REST (https://www.twilio.com/docs/sync/api/document-permission-resource)."""

from twilio_emulator.core.sync import grants
from twilio_emulator.core.sync.grants import (
    RemoveSyncDocumentPermission,
    RemoveSyncListPermission,
    RemoveSyncMapPermission,
    SetSyncDocumentPermission,
    SetSyncListPermission,
    SetSyncMapPermission,
)
from twilio_emulator.core.sync.resources import SyncKind
from twilio_emulator.rest.sync import declaring, look
from twilio_emulator.rest.sync.services import SERVICE
from twilio_emulator.wire.operations import Api


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    for kind, update, delete in (
        (SyncKind.DOCUMENT, SetSyncDocumentPermission, RemoveSyncDocumentPermission),
        (SyncKind.LIST, SetSyncListPermission, RemoveSyncListPermission),
        (SyncKind.MAP, SetSyncMapPermission, RemoveSyncMapPermission),
    ):
        declaring.declare(
            api,
            f"{SERVICE}/{look.PATHS[kind]}/{{resource}}/Permissions",
            "/{identity}",
            look.permission,
            key="permissions",
            list=grants.permission_lister(kind),
            fetch=grants.permission_fetcher(kind),
            update=update,
            delete=delete,
        )
