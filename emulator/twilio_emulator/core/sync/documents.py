"""Documents: one value each (https://www.twilio.com/docs/sync/api/document-resource).

The rules of this file:

- A value is replaced as a whole. To set another end is a change too; that to set the value that it
  has is one is decided.
- `If-Match` names the revision that whoever writes has seen; without it the last one wins.
"""

from dataclasses import field
from typing import ClassVar

from twilio_emulator.core.kernel.records import NO_PARAMETER, command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import ends, objects, revisions, sizes
from twilio_emulator.core.sync.errors import DOCUMENT_REVISION, NOTHING_TO_CHANGE
from twilio_emulator.core.sync.objects import InSyncService, OnSyncResource, RemoveSyncResource
from twilio_emulator.core.sync.pages import SyncRows
from twilio_emulator.core.sync.permissions import Right
from twilio_emulator.core.sync.resources import (
    SyncDocumentUpdated,
    SyncKind,
    SyncResource,
    SyncResources,
    actor,
)


@command
class AddSyncDocument(InSyncService):
    """Make a document; `data` is JSON text, `ttl` seconds.

    Raises of `apply`: Refused, 20404 there is no such service; 54006, 54008, 54011, 54301, 54302.
    """

    unique_name: str | None = None
    data: str | None = None
    ttl: str | None = None

    def apply(self, world: World) -> SyncResource:
        service = self.where(world)
        data = "{}" if self.data is None else sizes.value(self.data)
        end = ends.read_ttl(self.ttl)
        return objects.create(
            world, service, SyncKind.DOCUMENT, self.unique_name, end, data=data, last_event_id=0
        )


@command
class UpdateSyncDocument(OnSyncResource):
    """Change a document: its value, its end, or both.

    Raises of `apply`: Refused, 20404 (for a client 54100, 54300) it is not there; 54007 a client
        may not; 54103 it has another revision than `if_match`; 54003, 54006, 54008, 54010, 54011.
    """

    kind: ClassVar[SyncKind] = SyncKind.DOCUMENT
    data: str | None = None
    ttl: str | None = None
    if_match: str | None = field(default=None, metadata=NO_PARAMETER)

    def apply(self, world: World) -> SyncResource:
        found = self.found(world, Right.WRITE)
        if self.data is None and self.ttl is None:
            raise Refused(NOTHING_TO_CHANGE)
        data = found.data if self.data is None else sizes.value(self.data)
        end = ends.read_ttl(self.ttl)
        revisions.check(self.if_match, found.revision, DOCUMENT_REVISION)
        if end is not None:
            found = objects.ended(world, found, end)
        changed = world[SyncResources].put(
            replace(found, data=data, last_event_id=found.last_event_id + 1, date_updated=world.now)
        )
        world.tell(SyncDocumentUpdated(resource=changed, by=actor(world)))
        return changed


@command
class RemoveSyncDocument(RemoveSyncResource):
    """Remove a document."""

    kind: ClassVar[SyncKind] = SyncKind.DOCUMENT


def list_sync_documents(world: World, *, account: str, service: str) -> SyncRows[SyncResource]:
    """The documents of a service, the oldest first.

    Raises:
        Refused: 20404 there is no such service.
    """
    return objects.listed(world, account, service, SyncKind.DOCUMENT)


def fetch_sync_document(world: World, *, account: str, service: str, resource: str) -> SyncResource:
    """A document by its sid or its name.

    Raises:
        Refused: 20404.
    """
    return objects.fetched(world, account, service, SyncKind.DOCUMENT, resource)
