"""Users of a conversation service: who an identity is, and whether it can be reached.

The rules of this file (https://www.twilio.com/docs/conversations/api/user-resource):

- An identity that is added to a conversation becomes a user by itself. It is case-sensitive and
  never changes.
- Who is online and who can be notified is shown once the service has reachability enabled.
"""

from twilio_emulator.core.conversations import permissions, services
from twilio_emulator.core.conversations.resources import Service, Services, User, Users
from twilio_emulator.core.conversations.roles import read_service_role
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    IDENTITY_LIKE_SID,
    IDENTITY_NOT_PROVIDED,
    IDENTITY_RESERVED,
    IDENTITY_TOO_LONG,
    NOT_FOUND,
    USER_EXISTS,
    Refused,
)
from twilio_emulator.core.kernel.restoring import WorldRestored
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World

ATTRIBUTES_LIMIT = 4 * 1024
IDENTITY_LIMIT = 256
RESERVED = "system"
"""The author of a message for which none is named."""


@event
class UserAdded:
    """An identity became known in a service."""

    user: User


@event
class UserUpdated:
    """A user shows something else than `before`, or is reachable otherwise."""

    user: User
    before: User


@event
class UserRemoved:
    """A user is gone, and was taken out of all conversations before."""

    user: User


def find(world: World, service_sid: str, key: str) -> User:
    """The user of a service with this sid or identity.

    Raises:
        Refused: 20404.
    """
    found = world[Users].get(key)
    if found is None:
        found = world[Users].found(world[Users].by_identity, (service_sid, key))
    if found is None or found.service_sid != service_sid:
        raise Refused(NOT_FOUND)
    return found


def fetch_user(world: World, *, service: str, user: str) -> User:
    """The user of a service with this sid or identity.

    Raises:
        Refused: 20404.
    """
    return find(world, service, user)


def list_users(world: World, *, service: str) -> Rows[User]:
    """In the order in which they came."""
    return Rows(world[Users], world[Users].by_service, service)


def check_identity(identity: str) -> None:
    """Raises:
    Refused: 50203 reserved, 50204 empty, 50206 looks like a user sid, 50207 too long.
    """
    if not identity:
        raise Refused(IDENTITY_NOT_PROVIDED)
    if len(identity) > IDENTITY_LIMIT:
        raise Refused(IDENTITY_TOO_LONG)
    if parameters.is_sid(identity, "US"):
        raise Refused(IDENTITY_LIKE_SID)
    if identity.lower() == RESERVED:
        raise Refused(IDENTITY_RESERVED)


def ensure(world: World, service: Service, identity: str) -> User:
    """The user of `identity`, made when there is none yet."""
    user = world[Users].found(world[Users].by_identity, (service.sid, identity))
    return _add(world, _new(world, service, identity)) if user is None else user


@command
class AddUser:
    """Make an identity known before it connects or is added anywhere."""

    service: str
    identity: str
    friendly_name: str | None = None
    attributes: str | None = None
    role_sid: str | None = None

    def apply(self, world: World) -> User:
        service = services.find(world, self.service)
        check_identity(self.identity)
        user = replace(
            _new(world, service, self.identity),
            **_changes(world, service, self.friendly_name, self.attributes, self.role_sid),
        )
        if world[Users].by_identity.find((service.sid, self.identity)):
            raise Refused(USER_EXISTS)
        return _add(world, user)


@command
class UpdateUser:
    """Change what a user shows, or its role in the service."""

    service: str
    user: str
    friendly_name: str | None = None
    attributes: str | None = None
    role_sid: str | None = None

    def check(self, world: World) -> User:
        """The user as it would be.

        Raises:
            Refused: what is asked for cannot be.
        """
        before = find(world, self.service, self.user)
        own = ("editOwnUserInfo",) if before.identity == permissions.acting_user(world) else ()
        permissions.require_in_service(world, before.service_sid, *own, "editAnyUserInfo")
        service = services.find(world, before.service_sid)
        return replace(
            before,
            date_updated=world.now,
            **_changes(world, service, self.friendly_name, self.attributes, self.role_sid),
        )

    def apply(self, world: World) -> User:
        after = self.check(world)
        before = world[Users][after.sid]
        world[Users].put(after)
        world.tell(UserUpdated(user=after, before=before))
        return after


@command
class ChangeReachability:
    """A user came online or left. Only a service with reachability enabled tells of it."""

    service: str
    user: str
    is_online: bool

    def apply(self, world: World) -> User:
        return reach(world, find(world, self.service, self.user), is_online=self.is_online)


def reach(world: World, before: User, **changes: bool) -> User:
    """Note how a user can be reached now."""
    after = replace(before, **changes)
    if after == before:
        return before
    world[Users].put(after)
    if world[Services][after.service_sid].reachability_enabled:
        world.tell(UserUpdated(user=after, before=before))
    return after


def _new(world: World, service: Service, identity: str) -> User:
    return User(
        sid="",
        account_sid=service.account_sid,
        service_sid=service.sid,
        identity=identity,
        role_sid=service.default_chat_service_role_sid,
        date_created=world.now,
        date_updated=world.now,
        serial=0,
    )


def _add(world: World, user: User) -> User:
    user = world[Users].put(replace(user, sid=world.sids.new("US"), serial=world.serial()))
    world.tell(UserAdded(user=user))
    return user


def _changes(
    world: World,
    service: Service,
    friendly_name: str | None,
    attributes: str | None,
    role_sid: str | None,
) -> dict[str, object]:
    changes: dict[str, object] = {}
    if friendly_name is not None:
        changes["friendly_name"] = parameters.name(friendly_name)
    if attributes is not None:
        changes["attributes"] = parameters.attributes(attributes, ATTRIBUTES_LIMIT)
    if role_sid is not None:
        changes["role_sid"] = read_service_role(world, service.sid, role_sid)
    return changes


@command
class ConnectUser:
    """The first client of an identity has connected."""

    service: str
    identity: str

    def apply(self, world: World) -> User:
        service = services.find(world, self.service)
        check_identity(self.identity)
        return reach(world, ensure(world, service, self.identity), is_online=True)


def remove_of_service(world: World, removed: ServiceRemoved) -> None:
    """The users of a service go with it."""
    table = world[Users]
    for user in table.all(table.by_service, removed.service.sid):
        table.remove(user.sid)


def be_offline(world: World, _: WorldRestored) -> None:
    """No user is online when a world is put back: clients are hung up on, and are
    online again when they connect again."""
    for user in [user for user in world[Users] if user.is_online]:
        world[Users].put(replace(user, is_online=False))
