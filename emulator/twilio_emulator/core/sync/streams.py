"""Streams: messages that reach whoever listens, and are kept by nobody
(https://www.twilio.com/docs/sync/api/stream-resource)."""

from typing import ClassVar

from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import ends, objects, sizes
from twilio_emulator.core.sync.errors import required
from twilio_emulator.core.sync.objects import (
    InSyncService,
    OnSyncResource,
    RemoveSyncResource,
    UpdateSyncCollection,
)
from twilio_emulator.core.sync.pages import SyncRows
from twilio_emulator.core.sync.permissions import Right
from twilio_emulator.core.sync.resources import (
    PublishedMessage,
    StreamMessagePublished,
    SyncKind,
    SyncResource,
    actor,
)


@command
class AddSyncStream(InSyncService):
    """Make a stream; `ttl` is seconds.

    Raises of `apply`: Refused, 20404 there is no such service; 54007 a client may not; 54011,
        54301, 54302.
    """

    unique_name: str | None = None
    ttl: str | None = None

    def apply(self, world: World) -> SyncResource:
        service = self.where(world)
        end = ends.read_ttl(self.ttl)
        return objects.create(world, service, SyncKind.STREAM, self.unique_name, end)


@command
class UpdateSyncStream(UpdateSyncCollection):
    """Have a stream end at another time."""

    kind: ClassVar[SyncKind] = SyncKind.STREAM


@command
class RemoveSyncStream(RemoveSyncResource):
    """Remove a stream."""

    kind: ClassVar[SyncKind] = SyncKind.STREAM


@command
class PublishSyncMessage(OnSyncResource):
    """Say something in a stream; `data` is JSON text.

    Raises of `apply`: Refused, 20404 (for a client 54250, 54300) there is no such stream; 54007 a
        client may not; 20001, 54006, 54008.
    """

    kind: ClassVar[SyncKind] = SyncKind.STREAM
    data: str | None = None

    def apply(self, world: World) -> PublishedMessage:
        found = self.found(world, Right.WRITE)
        data = sizes.value(required("Data", self.data), sizes.LARGEST_MESSAGE)
        message = PublishedMessage(sid=world.sids.new("TZ"), data=data)
        world.tell(StreamMessagePublished(resource=found, message=message, by=actor(world)))
        return message


def list_sync_streams(world: World, *, account: str, service: str) -> SyncRows[SyncResource]:
    """The streams of a service, the oldest first.

    Raises:
        Refused: 20404 there is no such service.
    """
    return objects.listed(world, account, service, SyncKind.STREAM)


def fetch_sync_stream(world: World, *, account: str, service: str, resource: str) -> SyncResource:
    """A stream by its sid or its name.

    Raises:
        Refused: 20404.
    """
    return objects.fetched(world, account, service, SyncKind.STREAM, resource)
