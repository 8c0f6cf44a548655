"""Documents, lists, maps and streams alike: made, found, removed, and when their time is over.

The rules of this file:

- There is one function for each change, whichever door it came by: REST, a client, time.
- REST sees everything, and says 20404 of what is not there. A client is told what it is, and needs
  permission where the service asks for it.
- What is removed takes its items and permissions along. That nobody is told of these is decided; so
  is that no client is told of another end of a list, a map or a stream.
"""

from typing import ClassVar

from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refusal, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import ends, names, permissions
from twilio_emulator.core.sync.ends import End
from twilio_emulator.core.sync.errors import (
    DOCUMENT_NOT_FOUND,
    LIST_NOT_FOUND,
    MAP_NOT_FOUND,
    STREAM_NOT_FOUND,
    SYNC_NAME_TAKEN,
    UNIQUE_NAME_NOT_FOUND,
)
from twilio_emulator.core.sync.pages import SyncRows
from twilio_emulator.core.sync.permissions import Right
from twilio_emulator.core.sync.resources import (
    BY_EXPIRY,
    BY_REST,
    PREFIXES,
    SyncActor,
    SyncDoor,
    SyncEndMoved,
    SyncItems,
    SyncKind,
    SyncPermissions,
    SyncRemovals,
    SyncResource,
    SyncResourceCreated,
    SyncResourceRemoved,
    SyncResources,
    SyncService,
    actor,
)
from twilio_emulator.core.sync.services import fetch_sync_service

MISSING: dict[SyncKind, Refusal] = {
    SyncKind.DOCUMENT: DOCUMENT_NOT_FOUND,
    SyncKind.LIST: LIST_NOT_FOUND,
    SyncKind.MAP: MAP_NOT_FOUND,
    SyncKind.STREAM: STREAM_NOT_FOUND,
}
"""What a client is told of a sid that is not there; of a name there is one answer for all kinds."""


@command
class ExpireSyncResource:
    """The time of a document, a list, a map or a stream is over."""

    resource: str

    def apply(self, world: World) -> None:
        found = world[SyncResources].get(self.resource)
        if found is not None and ends.has_ended(found, world.now):
            remove(world, found, BY_EXPIRY)


@record
class InSyncService:
    """A wish about what is in a service: whose, and in which."""

    account: str
    service: str

    def where(self, world: World) -> SyncService:
        """Raises:
        Refused: 20404 there is no such service.
        """
        return fetch_sync_service(world, account=self.account, service=self.service)


@record
class OnSyncResource(InSyncService):
    """A wish about an object that is there, by its sid or its name."""

    resource: str
    kind: ClassVar[SyncKind]

    def found(self, world: World, right: Right) -> SyncResource:
        """The object, for one that whoever asks has the `right` to.

        Raises:
            Refused: 20404, 54100, 54150, 54200, 54250 or 54300 it is not there, 54007 a client has
                no such right.
        """
        by = actor(world)
        found = need(world, self.where(world).sid, self.kind, self.resource, by)
        permissions.check(world, found, right, by)
        return found


@record
class RemoveSyncResource(OnSyncResource):
    """A wish to remove an object."""

    def apply(self, world: World) -> SyncResource:
        return remove(world, self.found(world, Right.MANAGE), actor(world))


@record
class UpdateSyncCollection(OnSyncResource):
    """A wish to have an object without a value of its own end at another time."""

    ttl: str | None = None

    def end(self) -> End | None:
        """The end that is said, if one is.

        Raises:
            Refused: 54011 it can be none.
        """
        return ends.read_ttl(self.ttl)

    def apply(self, world: World) -> SyncResource:
        found = self.found(world, Right.WRITE)
        end = self.end()
        return found if end is None else move_end(world, found, end, actor(world))


def find(world: World, service: str, kind: SyncKind, said: str) -> SyncResource | None:
    """An object of a service by its sid or its name, for who only looks; None when there is none,
    or none any more."""
    found = kept(world, service, kind, said)
    return None if found is None or ends.has_ended(found, world.clock.now()) else found


def kept(world: World, service: str, kind: SyncKind, said: str) -> SyncResource | None:
    """The same for a command. By then the world has removed whatever is over, at the command's own
    time, which is no longer the clock's when a journal is replayed."""
    table = world[SyncResources]
    if names.SID.fullmatch(said):
        found = table.get(said)
        if found is None or found.service_sid != service or found.kind is not kind:
            return None
        return found
    return table.found(table.by_name, (service, kind, said))


def need(world: World, service: str, kind: SyncKind, said: str, by: SyncActor) -> SyncResource:
    """An object of a service that a command is about, by its sid or its name.

    Raises:
        Refused: it is not there: 20404; for a client 54300 for a name, 54100, 54150, 54200 or 54250
            for a sid.
    """
    return _there(kept(world, service, kind, said), kind, said, by)


def _there(found: SyncResource | None, kind: SyncKind, said: str, by: SyncActor) -> SyncResource:
    if found is None:
        if by.door is SyncDoor.REST:
            raise Refused(NOT_FOUND)
        raise Refused(MISSING[kind] if names.SID.fullmatch(said) else UNIQUE_NAME_NOT_FOUND)
    return found


def open_resource(
    world: World, *, service: str, kind: SyncKind, said: str, identity: str
) -> SyncResource:
    """An object as a client opens it.

    Raises:
        Refused: 54100, 54150, 54200, 54250 or 54300 it is not there, 54007 it may not be read.
    """
    by = SyncActor(door=SyncDoor.CLIENT, identity=identity)
    found = _there(find(world, service, kind, said), kind, said, by)
    permissions.check(world, found, Right.READ, by)
    return found


def create(
    world: World,
    service: SyncService,
    kind: SyncKind,
    unique_name: str | None,
    end: End | None,
    **values: object,
) -> SyncResource:
    """Make an object, once nothing else stands in its way.

    Raises:
        Refused: 54302 nothing can have that name, 54301 another object of this kind has it, 54007 a
            client may not make a stream.
    """
    by = actor(world)
    permissions.check_create(service, kind, by)
    if unique_name is not None:
        names.check_name(unique_name)
        if kept(world, service.sid, kind, unique_name) is not None:
            raise Refused(SYNC_NAME_TAKEN)
    resource = SyncResource(
        sid=world.sids.new(PREFIXES[kind]),
        kind=kind,
        account_sid=service.account_sid,
        service_sid=service.sid,
        unique_name=unique_name,
        date_expires=None if end is None else end.at(world.now),
        date_created=world.now,
        date_updated=world.now,
        created_by=by.identity,
        serial=world.serial(),
    )
    made = world[SyncResources].put(replace(resource, **values))
    _set_end(world, made)
    permissions.grant_creator(world, service, made, by)
    world.tell(SyncResourceCreated(resource=made, by=by))
    return made


def ended(world: World, resource: SyncResource, end: End) -> SyncResource:
    """An object with another end, kept; nobody is told yet."""
    changed = world[SyncResources].put(
        replace(resource, date_expires=end.at(world.now), date_updated=world.now)
    )
    _set_end(world, changed)
    return changed


def move_end(world: World, resource: SyncResource, end: End, by: SyncActor) -> SyncResource:
    """Have an object without a value of its own end at another time."""
    changed = ended(world, resource, end)
    world.tell(SyncEndMoved(resource=changed, by=by))
    return changed


def remove(world: World, resource: SyncResource, by: SyncActor) -> SyncResource:
    """Remove an object with all that is in it; answers it as its removal shows it."""
    _forget(world, resource)
    gone = replace(resource, last_event_id=resource.last_event_id + 1, date_updated=world.now)
    world.tell(SyncResourceRemoved(resource=gone, by=by))
    return gone


def remove_all(world: World, service: str) -> None:
    """Remove everything in a service, which goes too and tells of it."""
    table = world[SyncResources]
    for kind in SyncKind:
        for resource in table.all(table.by_kind, (service, kind)):
            _forget(world, resource)


def _forget(world: World, resource: SyncResource) -> None:
    items, removals, granted = world[SyncItems], world[SyncRemovals], world[SyncPermissions]
    for item in items.all(items.by_collection, resource.sid):
        ends.forget_end(world, item)
        items.remove(item.sid)
    for removal in removals.all(removals.by_collection, resource.sid):
        removals.remove(removal.sid)
    for permission in granted.all(granted.by_resource, resource.sid):
        granted.remove(permission.sid)
    ends.forget_end(world, resource)
    world[SyncResources].remove(resource.sid)


def _set_end(world: World, resource: SyncResource) -> None:
    ends.set_end(world, resource, ExpireSyncResource(resource=resource.sid))


def listed(world: World, account: str, service: str, kind: SyncKind) -> SyncRows[SyncResource]:
    """The objects of one kind in a service; that the oldest is first is decided.

    Raises:
        Refused: 20404 there is no such service.
    """
    found = fetch_sync_service(world, account=account, service=service)
    table, now = world[SyncResources], world.clock.now()
    return SyncRows(
        table,
        table.by_kind,
        (found.sid, kind),
        PREFIXES[kind],
        keep=lambda it: not ends.has_ended(it, now),
    )


def fetched(world: World, account: str, service: str, kind: SyncKind, said: str) -> SyncResource:
    """An object as REST fetches it, by its sid or its name.

    Raises:
        Refused: 20404 it is not there, or the service is not.
    """
    found = fetch_sync_service(world, account=account, service=service)
    return _there(find(world, found.sid, kind, said), kind, said, BY_REST)
