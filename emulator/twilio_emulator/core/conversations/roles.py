"""Roles: named lists of what a user may do, in a whole service or in one conversation.

The rules of this file (https://www.twilio.com/docs/conversations/api/role-resource):

- Roles bind the users of client SDKs. REST calls are never checked against them.
- Twilio's page lists permissions by type of role, and leaves out some that the API takes. Every
  permission is taken in both types, rather than one refused that Twilio accepts.
- A new list of permissions replaces the old one whole.
- A default role cannot be removed, nor one that is in use.
"""

from twilio_emulator.core.conversations.resources import (
    Participants,
    Role,
    Roles,
    RoleType,
    Services,
    Users,
)
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    FRIENDLY_NAME_NOT_PROVIDED,
    FRIENDLY_NAME_TOO_LONG,
    INVALID_ROLE_TYPE,
    MISSING_PARAMETER,
    NOT_A_CONVERSATION_ROLE,
    NOT_A_SERVICE_ROLE,
    NOT_FOUND,
    PERMISSION_NOT_FOUND,
    ROLE_IN_USE,
    ROLE_NOT_FOUND,
    ROLE_SID_NOT_PROVIDED,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World

NAME_LIMIT = 64


@event
class RoleAdded:
    """There is a new role."""

    role: Role


@event
class RoleUpdated:
    """A role permits something else."""

    role: Role


@event
class RoleRemoved:
    """A role is gone."""

    role: Role


SERVICE_PERMISSIONS = (
    "addParticipant",
    "createConversation",
    "deleteAnyMessage",
    "deleteConversation",
    "editAnyMessage",
    "editAnyMessageAttributes",
    "editAnyUserInfo",
    "editConversationAttributes",
    "editConversationName",
    "editOwnMessage",
    "editOwnMessageAttributes",
    "editOwnUserInfo",
    "joinConversation",
    "removeParticipant",
)
CONVERSATION_PERMISSIONS = (
    "addNonChatParticipant",
    "addParticipant",
    "deleteAnyMessage",
    "deleteConversation",
    "deleteOwnMessage",
    "editAnyMessage",
    "editAnyMessageAttributes",
    "editAnyParticipantAttributes",
    "editAnyUserInfo",
    "editConversationAttributes",
    "editConversationName",
    "editNotificationLevel",
    "editOwnMessage",
    "editOwnMessageAttributes",
    "editOwnParticipantAttributes",
    "editOwnUserInfo",
    "leaveConversation",
    "removeParticipant",
    "sendMediaMessage",
    "sendMessage",
)
PERMISSIONS = frozenset(SERVICE_PERMISSIONS + CONVERSATION_PERMISSIONS)
ADMINISTRATION = frozenset(SERVICE_PERMISSIONS) - {
    "createConversation",
    "editOwnMessage",
    "editOwnMessageAttributes",
    "editOwnUserInfo",
    "joinConversation",
}
"""Who has all of these in a service administers it, and sees every conversation in it.

Twilio names the service admin, not what makes one. Some of these alone are often given to all
users, for the conversations that they are in, so some do not open what is private.
"""

_CHANNEL_USER = (
    "sendMessage",
    "sendMediaMessage",
    "leaveConversation",
    "editOwnMessage",
    "editOwnMessageAttributes",
    "deleteOwnMessage",
    "editOwnParticipantAttributes",
    "editNotificationLevel",
)
DEFAULT_ROLES = (
    (
        "service user",
        RoleType.SERVICE,
        ("createConversation", "joinConversation", "editOwnUserInfo"),
    ),
    ("service admin", RoleType.SERVICE, SERVICE_PERMISSIONS),
    ("channel user", RoleType.CONVERSATION, _CHANNEL_USER),
    (
        "channel admin",
        RoleType.CONVERSATION,
        (
            *_CHANNEL_USER,
            "addParticipant",
            "addNonChatParticipant",
            "removeParticipant",
            "editConversationName",
            "editConversationAttributes",
            "editAnyMessage",
            "editAnyMessageAttributes",
            "editAnyParticipantAttributes",
            "deleteAnyMessage",
            "deleteConversation",
        ),
    ),
)
"""Names still use the words of Programmable Chat; Twilio publishes no permission lists for them."""


def find(world: World, service_sid: str, sid: str) -> Role:
    """The role of a service with this sid.

    Raises:
        Refused: 20404.
    """
    role = world[Roles].get(sid)
    if role is None or role.service_sid != service_sid:
        raise Refused(NOT_FOUND)
    return role


def fetch_role(world: World, *, service: str, role: str) -> Role:
    """The role of a service with this sid.

    Raises:
        Refused: 20404.
    """
    return find(world, service, role)


def list_roles(world: World, *, service: str) -> Rows[Role]:
    """In the order in which they came."""
    return Rows(world[Roles], world[Roles].by_service, service)


def read_service_role(world: World, service_sid: str, sid: str) -> str:
    """The sid of a role that a user may have.

    Raises:
        Refused: 50103 no sid, 50100 no such role, 50102 one that is held in a conversation.
    """
    return _read(world, service_sid, sid, RoleType.SERVICE, NOT_A_SERVICE_ROLE)


def read_conversation_role(world: World, service_sid: str, sid: str) -> str:
    """The sid of a role that a participant may have.

    Raises:
        Refused: 50103 no sid, 50100 no such role, 50109 one that is held in a service.
    """
    return _read(world, service_sid, sid, RoleType.CONVERSATION, NOT_A_CONVERSATION_ROLE)


def _read(world: World, service_sid: str, sid: str, kind: RoleType, other: Refusal) -> str:
    if not sid:
        raise Refused(ROLE_SID_NOT_PROVIDED)
    role = world[Roles].get(sid)
    if role is None or role.service_sid != service_sid:
        raise Refused(ROLE_NOT_FOUND)
    if role.type is not kind:
        raise Refused(other)
    return role.sid


def add_role(
    world: World,
    account_sid: str,
    service_sid: str,
    friendly_name: str,
    kind: RoleType,
    permissions: tuple[str, ...],
) -> Role:
    """Make a role; what it says has been checked."""
    return world[Roles].put(
        Role(
            sid=world.sids.new("RL"),
            account_sid=account_sid,
            service_sid=service_sid,
            friendly_name=friendly_name,
            type=kind,
            permissions=permissions,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )


@command
class AddRole:
    """Make a role in a service."""

    service: str
    friendly_name: str
    type: str
    permission: tuple[str, ...]

    def apply(self, world: World) -> Role:
        if not self.friendly_name:
            raise Refused(FRIENDLY_NAME_NOT_PROVIDED)
        if len(self.friendly_name) > NAME_LIMIT:
            raise Refused(FRIENDLY_NAME_TOO_LONG)
        try:
            kind = RoleType(self.type.lower())
        except ValueError:
            raise Refused(INVALID_ROLE_TYPE) from None
        permissions = _read_permissions(self.permission)
        account_sid = world[Services][self.service].account_sid
        role = add_role(world, account_sid, self.service, self.friendly_name, kind, permissions)
        world.tell(RoleAdded(role=role))
        return role


@command
class UpdateRole:
    """Give a role another list of permissions."""

    service: str
    role: str
    permission: tuple[str, ...] | None = None

    def apply(self, world: World) -> Role:
        role = find(world, self.service, self.role)
        if self.permission is None:
            raise Refused(MISSING_PARAMETER, parameter="Permission")
        permissions = _read_permissions(self.permission)
        role = world[Roles].put(replace(role, permissions=permissions, date_updated=world.now))
        world.tell(RoleUpdated(role=role))
        return role


@command
class RemoveRole:
    """Delete a role that is neither in use nor a default one."""

    service: str
    role: str

    def apply(self, world: World) -> None:
        role = find(world, self.service, self.role)
        if _is_in_use(world, role):
            raise Refused(ROLE_IN_USE)
        world[Roles].remove(role.sid)
        world.tell(RoleRemoved(role=role))


def _read_permissions(permissions: tuple[str, ...]) -> tuple[str, ...]:
    if not PERMISSIONS.issuperset(permissions):
        raise Refused(PERMISSION_NOT_FOUND)
    return tuple(dict.fromkeys(permissions))


def _is_in_use(world: World, role: Role) -> bool:
    """Roles are deleted so rarely that looking through all users is better than an index."""
    if role.sid in world[Services][role.service_sid].default_role_sids:
        return True
    return any(user.role_sid == role.sid for user in world[Users]) or any(
        participant.role_sid == role.sid for participant in world[Participants]
    )
