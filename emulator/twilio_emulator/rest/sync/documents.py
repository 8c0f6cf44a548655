"""Documents by REST (https://www.twilio.com/docs/sync/api/document-resource)."""

from twilio_emulator.core.sync import documents
from twilio_emulator.core.sync.documents import (
    AddSyncDocument,
    RemoveSyncDocument,
    UpdateSyncDocument,
)
from twilio_emulator.rest.sync import declaring, look
from twilio_emulator.rest.sync.services import SERVICE
from twilio_emulator.wire.operations import Api


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    declaring.declare(
        api,
        f"{SERVICE}/Documents",
        "/{resource}",
        look.document,
        key="documents",
        list=documents.list_sync_documents,
        create=AddSyncDocument,
        fetch=documents.fetch_sync_document,
        update=UpdateSyncDocument,
        delete=RemoveSyncDocument,
    )
