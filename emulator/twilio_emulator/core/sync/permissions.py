"""What an identity may do with an object (https://www.twilio.com/docs/sync/api/permissions).

The rules of this file:

- They bind clients alone, and only where the service says `acl_enabled`; then who is not named may
  do nothing. Each of the three rights stands for itself.
- Decided: the client that makes an object has all three; it could not use it otherwise.
- With permissions asked for, streams are made by REST alone. No resource grants a right to them, so
  it is decided that every client may publish to them and hear them: `STREAMS_ARE_OPEN`.
"""

from enum import StrEnum

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.errors import ACCESS_FORBIDDEN
from twilio_emulator.core.sync.resources import (
    SyncActor,
    SyncDoor,
    SyncKind,
    SyncPermission,
    SyncPermissionChanged,
    SyncPermissions,
    SyncResource,
    SyncService,
    SyncServices,
)

STREAMS_ARE_OPEN = True
"""Decided: see above."""

CREATOR_HAS_ALL = True
"""Decided: see above."""


class Right(StrEnum):
    """To see an object, to change what is in it, to delete it."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


def may(world: World, resource: SyncResource, right: Right, identity: str) -> bool:
    """Whether a client may do something with an object."""
    if not world[SyncServices][resource.service_sid].acl_enabled:
        return True
    if resource.kind is SyncKind.STREAM:
        return STREAMS_ARE_OPEN and right is not Right.MANAGE
    granted = world[SyncPermissions].get(permission_sid(resource, identity))
    return granted is not None and getattr(granted, right) is True


def check(world: World, resource: SyncResource, right: Right, by: SyncActor) -> None:
    """Raises:
    Refused: 54007 it is a client that may not.
    """
    if by.door is SyncDoor.CLIENT and not may(world, resource, right, by.identity):
        raise Refused(ACCESS_FORBIDDEN)


def check_create(service: SyncService, kind: SyncKind, by: SyncActor) -> None:
    """Raises:
    Refused: 54007 it is a client that may make no stream.
    """
    if by.door is SyncDoor.CLIENT and service.acl_enabled and kind is SyncKind.STREAM:
        raise Refused(ACCESS_FORBIDDEN)


def grant_creator(
    world: World, service: SyncService, resource: SyncResource, by: SyncActor
) -> None:
    """A client that has made an object may do with it whatever there is."""
    if by.door is SyncDoor.CLIENT and service.acl_enabled and CREATOR_HAS_ALL:
        grant(world, resource, by.identity, read=True, write=True, manage=True)


def grant(
    world: World, resource: SyncResource, identity: str, *, read: bool, write: bool, manage: bool
) -> SyncPermission:
    """Have an identity's rights be these."""
    permission = world[SyncPermissions].put(
        SyncPermission(
            sid=permission_sid(resource, identity),
            kind=resource.kind,
            account_sid=resource.account_sid,
            service_sid=resource.service_sid,
            resource_sid=resource.sid,
            identity=identity,
            read=read,
            write=write,
            manage=manage,
        )
    )
    world.tell(SyncPermissionChanged(permission=permission))
    return permission


def permission_sid(resource: SyncResource, identity: str) -> str:
    """Where an identity's rights to an object are kept."""
    return f"{resource.sid}/{identity}"
