"""Conversations as client SDKs make, change, leave and list them."""

from msgspec import UNSET, Struct, UnsetType

from twilio_emulator.core.conversations import conversations, permissions, users
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Participants,
    User,
)
from twilio_emulator.core.conversations.user_conversations import UpdateUserConversation
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.sdk.conversations import look
from twilio_emulator.sdk.twilsock.operations import NOTHING, ClientRequest, Operations, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelResponse

PAGE_SIZE = 50

CONVERSATIONS = "Client/v2/Services/{service}/Conversations"
OF_USER = "Client/v2/Services/{service}/Users/{user}/Conversations"


class NewConversation(Struct):
    """A conversation as a client wants it; all are private, so `access` says nothing."""

    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str | None = None


class ChangedConversation(Struct):
    """What a client changes; null takes a name away."""

    friendly_name: str | UnsetType | None = UNSET
    unique_name: str | UnsetType | None = UNSET
    attributes: str | None = None


class ChangedMembership(Struct):
    """How far a user has read, where null forgets it, and whether it wants notifications."""

    last_read_message_index: int | UnsetType | None = UNSET
    notification_level: str | None = None


def declare(operations: Operations) -> None:
    """Declare the operations of this file."""

    @operations.on("POST", CONVERSATIONS)
    async def add(call: ClientRequest) -> TunnelResponse:
        wish = call.body(NewConversation)
        made = await call.caller.perform(
            AddConversation(
                service=call.said["service"],
                friendly_name=wish.friendly_name,
                unique_name=wish.unique_name,
                attributes=wish.attributes,
            )
        )
        return answered(look.conversation(call.world, made, call.caller.root), 201)

    @operations.on("GET", CONVERSATIONS + "/{conversation}")
    async def fetch(call: ClientRequest) -> TunnelResponse:
        return answered(look.conversation(call.world, visible(call), call.caller.root))

    @operations.on("POST", CONVERSATIONS + "/{conversation}")
    async def update(call: ClientRequest) -> TunnelResponse:
        wish = call.body(ChangedConversation)
        changed = await call.caller.perform(
            UpdateConversation(
                service=call.said["service"],
                conversation=call.said["conversation"],
                friendly_name=cleared(wish.friendly_name),
                unique_name=cleared(wish.unique_name),
                attributes=wish.attributes,
            )
        )
        return answered(look.conversation(call.world, changed, call.caller.root))

    @operations.on("DELETE", CONVERSATIONS + "/{conversation}")
    async def remove(call: ClientRequest) -> TunnelResponse:
        await call.caller.perform(
            RemoveConversation(service=call.said["service"], conversation=call.said["conversation"])
        )
        return NOTHING

    @operations.on("GET", OF_USER)
    async def list_own(call: ClientRequest) -> TunnelResponse:
        world, user = call.world, own_user(call)
        table = world[Participants]
        rows = Rows(table, table.by_identity, (user.service_sid, user.identity))
        members, meta = call.page(rows, PAGE_SIZE)
        shown = [
            look.user_conversation(
                world, world[Conversations][member.conversation_sid], member, call.caller.root
            )
            for member in members
        ]
        return answered({"conversations": shown, "meta": meta})

    @operations.on("GET", OF_USER + "/{conversation}")
    async def fetch_own(call: ClientRequest) -> TunnelResponse:
        own_user(call)
        return answered(_own(call, visible(call)))

    @operations.on("POST", OF_USER + "/{conversation}")
    async def update_own(call: ClientRequest) -> TunnelResponse:
        wish = call.body(ChangedMembership)
        index = wish.last_read_message_index
        member = await call.caller.perform(
            UpdateUserConversation(
                service=call.said["service"],
                user=own_user(call).sid,
                conversation=call.said["conversation"],
                notification_level=wish.notification_level,
                # Null is to have read nothing, and is nothing in words.
                last_read_message_index=None
                if isinstance(index, UnsetType)
                else str("" if index is None else index),
            )
        )
        return answered(_own(call, call.world[Conversations][member.conversation_sid]))


def visible(call: ClientRequest) -> Conversation:
    """The conversation that a path names, when its user may know of it.

    Raises:
        Refused: 20404 there is none, 50430 it is private to others.
    """
    found = conversations.find(call.world, call.said["service"], call.said["conversation"])
    permissions.require_sight(call.world, call.caller.identity, found)
    return found


def readable(call: ClientRequest) -> Conversation:
    """The conversation that a path names, when its user may read what was said in it.

    Raises:
        Refused: 20404 there is none, 50430 it is private to others.
    """
    found = conversations.find(call.world, call.said["service"], call.said["conversation"])
    permissions.require_reader(call.world, call.caller.identity, found)
    return found


def own_user(call: ClientRequest) -> User:
    """The user that a path names, when it is the caller.

    Raises:
        Refused: 20404.
    """
    user = users.find(call.world, call.said["service"], call.said["user"])
    if user.identity != call.caller.identity:
        raise Refused(NOT_FOUND)
    return user


def cleared(said: str | UnsetType | None) -> str | None:
    """What commands call it: None leaves a text as it is, an empty one takes it away."""
    return None if isinstance(said, UnsetType) else said or ""


def _own(call: ClientRequest, it: Conversation) -> dict[str, object]:
    member = permissions.member_of(call.world, call.caller.identity, it)
    return look.user_conversation(call.world, it, member, call.caller.root)
