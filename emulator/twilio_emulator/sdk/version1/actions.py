"""Commands of sessions: what version 1 of the JavaScript SDK calls what it wants done.

Each is one of the commands that REST and later clients use. Channels, members and consumption are
the words of Programmable Chat.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from twilio_emulator.core.conversations import conversations, permissions, user_conversations
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.resources import Messages
from twilio_emulator.core.conversations.user_conversations import UpdateUserConversation
from twilio_emulator.core.conversations.users import UpdateUser
from twilio_emulator.core.kernel.refusals import NOT_FOUND, SERVER_ERROR, Refused, Said
from twilio_emulator.sdk.conversations import names
from twilio_emulator.sdk.twilsock.operations import ClientSession
from twilio_emulator.wire import json_bodies
from twilio_emulator.wire.request_log import Requested

log = logging.getLogger("twilio_emulator")

OK = 200

T = TypeVar("T")

ActionAnswer = Mapping[str, object]
Action = Callable[[ClientSession, dict[str, object]], Awaitable[ActionAnswer]]

NOTHING: ActionAnswer = {}


class InConversation(Struct, rename="camel"):
    """What most commands say."""

    channel_sid: str


class CreateConversationAction(Struct, rename="camel"):
    """`createConversation`."""

    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str | None = None


class Renamed(InConversation, rename="camel"):
    """`editFriendlyName`, `editUniqueName`, `editAttributes`; null takes a name away."""

    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str | None = None


class NewMember(InConversation, rename="camel"):
    """`addMemberV2`."""

    username: str
    attributes: str | None = None


class NewPhone(Struct, rename="camel"):
    """`addNonChatParticipant`."""

    conversation_sid: str
    address: str
    proxy_address: str
    attributes: str | None = None


class Member(InConversation, rename="camel"):
    """`removeMember`, by identity or sid; `editMemberAttributes`."""

    username: str | None = None
    member_sid: str | None = None
    attributes: str | None = None


class SendMessageAction(InConversation, rename="camel"):
    """`sendMessage`, `sendMediaMessage`."""

    text: str | None = None
    subject: str | None = None
    attributes: str | None = None
    media_sid: str | None = None


class OldMessage(InConversation, rename="camel"):
    """`editMessage`, `editMessageAttributes`, `deleteMessage`, by the message's index."""

    message_idx: int | Annotated[str, Meta(pattern="^[0-9]{1,18}$")]
    text: str | None = None
    attributes: str | None = None


class Level(InConversation, rename="camel"):
    """`editNotificationLevel`."""

    notification_level: str


class UpdateHorizonAction(InConversation, rename="camel"):
    """How far a conversation was read; null is not at all."""

    message_idx: int | None = None


class Horizons(Struct):
    """`consumptionReportV2`."""

    report: list[UpdateHorizonAction]


class EditUserAction(Struct, rename="camel"):
    """`editUserFriendlyName`, `editUserAttributes`; null takes the name away."""

    username: str
    friendly_name: str | None = None
    attributes: str | None = None


async def perform(caller: ClientSession, said: dict[str, object]) -> dict[str, object]:
    """Have a command done.

    Returns:
        what the item of the command gets as its response: status 200, or Twilio's error code.
    """
    name = str(said.get("action"))
    status, refused = OK, None
    response: dict[str, object] = {"status": OK, "statusText": "OK"}
    try:
        action = ACTIONS.get(name)
        if action is None:
            raise Refused(NOT_FOUND, resource=name)
        response |= await action(caller, said)
    except Exception as why:
        status, refused = _say_why(name, why)
        response = {"status": refused.code, "statusText": refused.message}
    caller.gate.note(
        "request",
        Requested(
            sid="",
            method="POST",
            product="aim",
            path=name,
            status=status,
            code=refused.code if refused else None,
            message=refused.message if refused else None,
        ),
    )
    return response


def _say_why(name: str, why: Exception) -> tuple[int, Said]:
    """The status of a command that failed, and why; a fault of ours is written to our own log."""
    if not isinstance(why, Refused):
        log.error("%s failed", name, exc_info=why)
        why = Refused(SERVER_ERROR)
    return why.status, Said(why.code, why.message)


def _read(kind: type[T], said: dict[str, object]) -> T:
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as wrong:
        raise json_bodies.refusal(b"", wrong) from None


def _place(caller: ClientSession, conversation_sid: str) -> dict[str, str]:
    return {"service": caller.service_sid, "conversation": conversation_sid}


async def _create(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(CreateConversationAction, said)
    made = await caller.perform(
        AddConversation(
            service=caller.service_sid,
            friendly_name=wish.friendly_name,
            unique_name=wish.unique_name,
            attributes=wish.attributes,
        )
    )
    return {"conversationSid": made.sid, "conversation": names.document_of(made.sid)}


async def _destroy(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    place = _place(caller, _read(InConversation, said).channel_sid)
    await caller.perform(RemoveConversation(**place))
    return NOTHING


async def _change(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(Renamed, said)
    await caller.perform(
        UpdateConversation(
            **_place(caller, wish.channel_sid),
            friendly_name=_given(said, "friendlyName", wish.friendly_name),
            unique_name=_given(said, "uniqueName", wish.unique_name),
            attributes=wish.attributes,
        )
    )
    return NOTHING


def _given(said: dict[str, object], name: str, value: str | None) -> str | None:
    """An empty text takes away what is null, and None leaves it as it is."""
    return value or "" if name in said else None


async def _join(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    place = _place(caller, _read(InConversation, said).channel_sid)
    await caller.perform(AddParticipant(**place, identity=caller.identity))
    return NOTHING


async def _leave(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    place = _place(caller, _read(InConversation, said).channel_sid)
    await caller.perform(RemoveParticipant(**place, participant=caller.identity))
    return NOTHING


async def _add(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(NewMember, said)
    place = _place(caller, wish.channel_sid)
    await caller.perform(
        AddParticipant(**place, identity=wish.username, attributes=wish.attributes)
    )
    return NOTHING


async def _add_phone(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(NewPhone, said)
    await caller.perform(
        AddParticipant(
            **_place(caller, wish.conversation_sid),
            messaging_binding_address=wish.address,
            messaging_binding_proxy_address=wish.proxy_address,
            attributes=wish.attributes,
        )
    )
    return NOTHING


async def _remove(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(Member, said)
    member = wish.member_sid or wish.username or ""
    await caller.perform(RemoveParticipant(**_place(caller, wish.channel_sid), participant=member))
    return NOTHING


async def _change_member(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(Member, said)
    await caller.perform(
        UpdateParticipant(
            **_place(caller, wish.channel_sid),
            participant=wish.member_sid or "",
            attributes=wish.attributes,
        )
    )
    return NOTHING


async def _send(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(SendMessageAction, said)
    made = await caller.perform(
        PostMessage(
            **_place(caller, wish.channel_sid),
            author=caller.identity,
            body=wish.text,
            subject=wish.subject,
            attributes=wish.attributes,
            media_sid=(wish.media_sid,) if wish.media_sid else (),
        )
    )
    return {"messageId": str(made.index), "messageSid": made.sid}


async def _edit(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(OldMessage, said)
    place = _message(caller, wish)
    await caller.perform(EditMessage(**place, body=wish.text, attributes=wish.attributes))
    return NOTHING


async def _delete(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    await caller.perform(RemoveMessage(**_message(caller, _read(OldMessage, said))))
    return NOTHING


def _message(caller: ClientSession, wish: OldMessage) -> dict[str, str]:
    """Where the message with an index is."""
    place = _place(caller, wish.channel_sid)
    found = conversations.find(caller.world, caller.service_sid, wish.channel_sid)
    permissions.require_sight(caller.world, caller.identity, found)
    table, index = caller.world[Messages], int(wish.message_idx)
    for rank, sid in table.by_conversation.of(wish.channel_sid).upward((index, "")):
        if rank == index:
            return {**place, "message": sid}
        break
    raise Refused(NOT_FOUND, resource=f"message {index}")


async def _set_level(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(Level, said)
    await caller.perform(
        UpdateUserConversation(
            service=caller.service_sid,
            user=caller.user.sid,
            conversation=wish.channel_sid,
            notification_level=wish.notification_level,
        )
    )
    return NOTHING


async def _report(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    """How far several conversations have been read."""
    report: list[object] = []
    for horizon in _read(Horizons, said).report:
        index = horizon.message_idx
        member = await caller.perform(
            UpdateUserConversation(
                service=caller.service_sid,
                user=caller.user.sid,
                conversation=horizon.channel_sid,
                last_read_message_index="" if index is None else str(index),
            )
        )
        unread = user_conversations.unread_messages_count(caller.world, member)
        report.append({"channelSid": horizon.channel_sid, "unreadMessagesCount": unread})
    return {"report": report}


async def _change_user(caller: ClientSession, said: dict[str, object]) -> ActionAnswer:
    wish = _read(EditUserAction, said)
    await caller.perform(
        UpdateUser(
            service=caller.service_sid,
            user=wish.username,
            friendly_name=_given(said, "friendlyName", wish.friendly_name),
            attributes=wish.attributes,
        )
    )
    return NOTHING


ACTIONS: Mapping[str, Action] = {
    "createConversation": _create,
    "destroyChannel": _destroy,
    "editFriendlyName": _change,
    "editUniqueName": _change,
    "editAttributes": _change,
    "joinChannelV2": _join,
    "leaveChannel": _leave,
    "addMemberV2": _add,
    "addNonChatParticipant": _add_phone,
    "removeMember": _remove,
    "editMemberAttributes": _change_member,
    "sendMessage": _send,
    "sendMediaMessage": _send,
    "editMessage": _edit,
    "editMessageAttributes": _edit,
    "deleteMessage": _delete,
    "editNotificationLevel": _set_level,
    "consumptionReportV2": _report,
    "editUserFriendlyName": _change_user,
    "editUserAttributes": _change_user,
}
