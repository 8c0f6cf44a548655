"""What the users of client SDKs may do.

The rules of this file (https://www.twilio.com/docs/conversations/api/role-resource):

- Only they are checked. REST calls, phones and timers may do everything.
- Conversations are private (https://www.twilio.com/docs/conversations/fundamentals): who is not in
  one, did not create it and does not administer the service may not even know what it is. What a
  role permits, `joinConversation` too, reaches no further than that.
- A user has the permissions of its role in the service, and in a conversation those of its role
  there, too. The creator of a conversation has the role of creators in it, joined or not.
- A refusal says which permission was missing: not in its text, which apps compare, but beside it.
"""

from twilio_emulator.core.conversations.resources import (
    Conversation,
    Participant,
    Participants,
    Roles,
    Services,
    Users,
)
from twilio_emulator.core.conversations.roles import ADMINISTRATION
from twilio_emulator.core.kernel.refusals import (
    NOT_A_PARTICIPANT,
    USER_UNAUTHORIZED,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.world import World

SDK = "SDK"
"""The source of what a client SDK wants."""


class Unauthorized(Refused):
    """A user may not do this.

    Args:
        refusal: which of Twilio's errors it is.
        permissions: any of these would have been enough.
    """

    def __init__(self, refusal: Refusal, permissions: tuple[str, ...]) -> None:
        super().__init__(refusal)
        self.permissions = permissions
        self.reason = f"missing permission {' or '.join(permissions)}"


def acting_user(world: World) -> str | None:
    """The identity whose client SDK wants what is being done; None for everybody else."""
    origin = world.origin
    return origin.identity if origin.source == SDK else None


def require(world: World, conversation: Conversation, *permissions: str) -> None:
    """Whether the acting user has one of `permissions` in a conversation.

    Raises:
        Refused: 50107 they have none of them, 50430 they are not even in the conversation.
    """
    identity = acting_user(world)
    if identity is None:
        return
    if held_in(world, identity, conversation).isdisjoint(permissions):
        member = member_of(world, identity, conversation)
        raise Unauthorized(NOT_A_PARTICIPANT if member is None else USER_UNAUTHORIZED, permissions)


def require_in_service(world: World, service_sid: str, *permissions: str) -> None:
    """Whether the acting user has one of `permissions` in a service.

    Raises:
        Refused: 50107 they have none of them.
    """
    identity = acting_user(world)
    if identity is not None and held(world, identity, service_sid).isdisjoint(permissions):
        raise Unauthorized(USER_UNAUTHORIZED, permissions)


def require_member(world: World, identity: str, conversation: Conversation) -> None:
    """Whether a user is in a conversation.

    Raises:
        Refused: 50430.
    """
    if member_of(world, identity, conversation) is None:
        raise _stranger(identity, conversation)


def require_sight(world: World, identity: str, conversation: Conversation) -> None:
    """Whether a user may know what a conversation is.

    Raises:
        Refused: 50430.
    """
    if not may_see(world, identity, conversation):
        raise _stranger(identity, conversation)


def require_reader(world: World, identity: str, conversation: Conversation) -> None:
    """Whether a user may read what was said in a conversation.

    Raises:
        Refused: 50430.
    """
    if not may_read(world, identity, conversation):
        raise _stranger(identity, conversation)


def may_see(world: World, identity: str, conversation: Conversation) -> bool:
    """Whether a user may know what a conversation is: who may read it, and its creator."""
    return conversation.created_by == identity or may_read(world, identity, conversation)


def may_read(world: World, identity: str, conversation: Conversation) -> bool:
    """Whether a user may read what was said in a conversation, and who is in it.

    It is in it, or administers the service.
    """
    return (
        member_of(world, identity, conversation) is not None
        or held(world, identity, conversation.service_sid) >= ADMINISTRATION
    )


def _stranger(identity: str, conversation: Conversation) -> Refused:
    refused = Refused(NOT_A_PARTICIPANT)
    refused.reason = (
        f"{identity} is not in {conversation.sid}, and conversations are private: a participant "
        "with addParticipant or a REST call has to add it"
    )
    return refused


def member_of(world: World, identity: str, conversation: Conversation) -> "Participant | None":
    """The participant that an identity is in a conversation."""
    table = world[Participants]
    return table.found(table.by_member, (conversation.sid, identity))


def held(world: World, identity: str, service_sid: str) -> frozenset[str]:
    """The permissions of a user in a service."""
    user = world[Users].found(world[Users].by_identity, (service_sid, identity))
    return frozenset() if user is None else frozenset(world[Roles][user.role_sid].permissions)


def held_in(world: World, identity: str, conversation: Conversation) -> frozenset[str]:
    """The permissions of a user in a conversation, those in its service included."""
    held_there = held(world, identity, conversation.service_sid)
    role_sid = role_in(world, identity, conversation)
    return held_there if role_sid is None else held_there.union(world[Roles][role_sid].permissions)


def role_in(world: World, identity: str, conversation: Conversation) -> str | None:
    """The sid of the role that an identity has in a conversation."""
    member = member_of(world, identity, conversation)
    if member is not None:
        return member.role_sid
    if conversation.created_by == identity:
        return world[Services][conversation.service_sid].default_conversation_creator_role_sid
    return None
