"""Permissions as REST gives and takes them
(https://www.twilio.com/docs/sync/api/document-permission-resource).

The rules of this file:

- To set one makes it, or puts another in its place. What is not said is false; that it need not be
  said is decided, as older pages have it.
- Streams have none.
"""

from collections.abc import Callable
from typing import ClassVar

from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import names, objects, permissions
from twilio_emulator.core.sync.errors import flag
from twilio_emulator.core.sync.objects import InSyncService
from twilio_emulator.core.sync.pages import SyncRows
from twilio_emulator.core.sync.resources import (
    BY_REST,
    SyncKind,
    SyncPermission,
    SyncPermissionChanged,
    SyncPermissions,
    SyncResource,
)


@record
class OnSyncPermission(InSyncService):
    """A wish about what an identity may do with an object."""

    kind: ClassVar[SyncKind]
    resource: str
    identity: str

    def of(self, world: World) -> SyncResource:
        """Raises:
        Refused: 20404 the object is not there, or the service is not.
        """
        return objects.need(world, self.where(world).sid, self.kind, self.resource, BY_REST)


@record
class SetSyncPermission(OnSyncPermission):
    """A wish to give an identity rights to an object, and to take others away."""

    read: str | None = None
    write: str | None = None
    manage: str | None = None

    def apply(self, world: World) -> SyncPermission:
        found = self.of(world)
        names.check_identity(self.identity)
        return permissions.grant(
            world,
            found,
            self.identity,
            read=_said(self.read),
            write=_said(self.write),
            manage=_said(self.manage),
        )


@command
class SetSyncDocumentPermission(SetSyncPermission):
    """Give an identity rights to a document: `read`, `write` and `manage` are `true` or `false`.

    Raises of `apply`: Refused, 20404 there is no such document, 54008, 54351.
    """

    kind: ClassVar[SyncKind] = SyncKind.DOCUMENT


@command
class SetSyncListPermission(SetSyncPermission):
    """The same for a list."""

    kind: ClassVar[SyncKind] = SyncKind.LIST


@command
class SetSyncMapPermission(SetSyncPermission):
    """The same for a map."""

    kind: ClassVar[SyncKind] = SyncKind.MAP


@record
class RemoveSyncPermission(OnSyncPermission):
    """A wish to take an identity's rights to an object away."""

    def apply(self, world: World) -> None:
        found = need_permission(world, self.of(world), self.identity)
        world[SyncPermissions].remove(found.sid)
        world.tell(
            SyncPermissionChanged(permission=replace(found, read=False, write=False, manage=False))
        )


@command
class RemoveSyncDocumentPermission(RemoveSyncPermission):
    """Take an identity's rights to a document away.

    Raises of `apply`: Refused, 20404 there is no such document, or no such permission.
    """

    kind: ClassVar[SyncKind] = SyncKind.DOCUMENT


@command
class RemoveSyncListPermission(RemoveSyncPermission):
    """The same for a list."""

    kind: ClassVar[SyncKind] = SyncKind.LIST


@command
class RemoveSyncMapPermission(RemoveSyncPermission):
    """The same for a map."""

    kind: ClassVar[SyncKind] = SyncKind.MAP


def need_permission(world: World, resource: SyncResource, identity: str) -> SyncPermission:
    """Raises:
    Refused: 20404 the identity has none.
    """
    found = world[SyncPermissions].get(permissions.permission_sid(resource, identity))
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def permission_fetcher(kind: SyncKind) -> Callable[..., SyncPermission]:
    """What finds an identity's permission for an object of a kind, or refuses with 20404."""

    def fetch(
        world: World, *, account: str, service: str, resource: str, identity: str
    ) -> SyncPermission:
        found = objects.fetched(world, account, service, kind, resource)
        return need_permission(world, found, identity)

    return fetch


def permission_lister(kind: SyncKind) -> Callable[..., SyncRows[SyncPermission]]:
    """What lists the permissions for an object of a kind by identity, or refuses with 20404."""

    def find(
        world: World, *, account: str, service: str, resource: str
    ) -> SyncRows[SyncPermission]:
        found = objects.fetched(world, account, service, kind, resource)
        table = world[SyncPermissions]
        return SyncRows(table, table.by_resource, found.sid, f"{found.sid}/")

    return find


def _said(value: str | None) -> bool:
    return value is not None and flag(value)
