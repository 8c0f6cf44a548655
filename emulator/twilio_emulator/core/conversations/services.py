"""Conversation services and their configuration."""

from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Roles,
    Service,
    Services,
)
from twilio_emulator.core.conversations.roles import (
    DEFAULT_ROLES,
    add_role,
    read_conversation_role,
    read_service_role,
)
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    CREATOR_ROLE_NOT_FOUND,
    FRIENDLY_NAME_NOT_PROVIDED,
    NOT_FOUND,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World


@event
class ServiceAdded:
    """A conversation service came to be."""

    service: Service


@event
class ServiceConfigured:
    """A service has other default roles, or shows who is reachable."""

    service: Service
    before: Service


@event
class ServiceRemoved:
    """A conversation service is gone, with everything in it."""

    service: Service


def find(world: World, sid: str) -> Service:
    """The service with `sid`.

    Raises:
        Refused: 20404.
    """
    service = world[Services].get(sid)
    if service is None:
        raise Refused(NOT_FOUND)
    return service


def find_service(world: World, account_sid: str, named: str | None) -> str | None:
    """The sid of the service that a request is about: the default one where it names none.

    Returns:
        None: the account has no service of that name.
    """
    if named is None:
        return world[AccountConfigurations][account_sid].default_chat_service_sid
    service = world[Services].get(named)
    return named if service is not None and service.account_sid == account_sid else None


def open_service(
    world: World, account_sid: str, friendly_name: str | None, sid: str | None = None
) -> Service:
    """Make a service with its four default roles."""
    sid = sid or world.sids.new("IS")
    service_user, _, channel_user, channel_admin = [
        add_role(world, account_sid, sid, name, kind, permissions)
        for name, kind, permissions in DEFAULT_ROLES
    ]
    service = world[Services].put(
        Service(
            sid=sid,
            account_sid=account_sid,
            friendly_name=friendly_name,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
            default_chat_service_role_sid=service_user.sid,
            default_conversation_role_sid=channel_user.sid,
            default_conversation_creator_role_sid=channel_admin.sid,
        )
    )
    world.tell(ServiceAdded(service=service))
    return service


@command
class AddService:
    """Make a conversation service."""

    account: str
    friendly_name: str

    def apply(self, world: World) -> Service:
        friendly_name = parameters.name(self.friendly_name)
        if friendly_name is None:
            raise Refused(FRIENDLY_NAME_NOT_PROVIDED)
        return open_service(world, self.account, friendly_name)


@command
class ConfigureService:
    """Choose which roles are given by default, and whether it shows who is reachable."""

    service: str
    default_conversation_creator_role_sid: str | None = None
    default_conversation_role_sid: str | None = None
    default_chat_service_role_sid: str | None = None
    reachability_enabled: bool | None = None

    def apply(self, world: World) -> Service:
        before = find(world, self.service)
        changes: dict[str, object] = {"date_updated": world.now}
        if self.default_conversation_creator_role_sid is not None:
            changes["default_conversation_creator_role_sid"] = self._creator_role(world)
        if self.default_conversation_role_sid is not None:
            changes["default_conversation_role_sid"] = read_conversation_role(
                world, before.sid, self.default_conversation_role_sid
            )
        if self.default_chat_service_role_sid is not None:
            changes["default_chat_service_role_sid"] = read_service_role(
                world, before.sid, self.default_chat_service_role_sid
            )
        if self.reachability_enabled is not None:
            changes["reachability_enabled"] = self.reachability_enabled
        service = world[Services].put(replace(before, **changes))
        world.tell(ServiceConfigured(service=service, before=before))
        return service

    def _creator_role(self, world: World) -> str:
        try:
            return read_conversation_role(
                world, self.service, self.default_conversation_creator_role_sid or ""
            )
        except Refused:
            raise Refused(CREATOR_ROLE_NOT_FOUND) from None


def fetch_service(world: World, *, account: str, service_sid: str) -> Service:
    """The service of an account with this sid.

    Raises:
        Refused: 20404.
    """
    service = find(world, service_sid)
    if service.account_sid != account:
        raise Refused(NOT_FOUND)
    return service


def fetch_configuration(world: World, *, service: str) -> Service:
    """The service, which holds its own configuration.

    Raises:
        Refused: 20404.
    """
    return find(world, service)


def list_services(world: World, *, account: str) -> Rows[Service]:
    """In the order in which they came."""
    return Rows(world[Services], world[Services].by_account, account)


def remove_roles(world: World, removed: ServiceRemoved) -> None:
    """The roles of a service go with it."""
    table = world[Roles]
    for role in table.all(table.by_service, removed.service.sid):
        table.remove(role.sid)
