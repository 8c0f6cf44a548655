"""Streams and their messages by REST (https://www.twilio.com/docs/sync/api/stream-resource)."""

from twilio_emulator.core.sync import streams
from twilio_emulator.core.sync.streams import (
    AddSyncStream,
    PublishSyncMessage,
    RemoveSyncStream,
    UpdateSyncStream,
)
from twilio_emulator.rest.sync import declaring, look
from twilio_emulator.rest.sync.services import SERVICE
from twilio_emulator.wire.operations import Api

STREAMS = f"{SERVICE}/Streams"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    declaring.declare(
        api,
        STREAMS,
        "/{resource}",
        look.stream,
        key="streams",
        list=streams.list_sync_streams,
        create=AddSyncStream,
        fetch=streams.fetch_sync_stream,
        update=UpdateSyncStream,
        delete=RemoveSyncStream,
    )
    declaring.declare(
        api, f"{STREAMS}/{{resource}}/Messages", "", look.message, create=PublishSyncMessage
    )
