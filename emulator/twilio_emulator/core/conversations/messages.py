"""Messages of conversations: what they say, and their indexes.

The rules of this file:

- The index is a counter of the conversation: 0, 1, 2, ... in order of arrival. Deleting leaves a
  gap.
- A message into an inactive conversation makes it active, and every message restarts its timers.
- It has a body, files, or the content of a template, which then is all that it has. Anybody can be
  its author; in a group MMS only who is in it.
"""

from datetime import datetime

from twilio_emulator.core.content import templates
from twilio_emulator.core.content.content_types import IN_CONVERSATIONS
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.conversations import (
    conversations,
    fanout,
    group_mms,
    media,
    permissions,
    states,
)
from twilio_emulator.core.conversations.group_mms import Groups
from twilio_emulator.core.conversations.participants import speaking_as
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Message,
    MessageMedia,
    Messages,
    Participant,
    Participants,
    Receipt,
    Receipts,
    State,
)
from twilio_emulator.core.conversations.states import Reason
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    AUTHOR_TOO_LONG,
    CONTENT_SID_MISSING,
    INVALID_DATE_CREATED,
    INVALID_DATE_UPDATED,
    INVALID_PARAMETER,
    MESSAGE_BODY_NOT_PROVIDED,
    MESSAGE_BODY_TOO_LONG,
    NO_MESSAGING_SERVICE,
    NOT_FOUND,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.media import MediaFile

BODY_LIMIT = 32 * 1024
ATTRIBUTES_LIMIT = 4 * 1024
AUTHOR_LIMIT = 256
SYSTEM = "system"
RICH = "application/x-vnd.com.twilio.rich."
"""Before the type of a template: what client SDKs know its contents by."""


@event
class MessageAdded:
    """A message was posted. `conversation` is as it is with the message in it."""

    message: Message
    conversation: Conversation


@event
class MessageUpdated:
    """A message shows something else than `before`."""

    message: Message
    before: Message
    conversation: Conversation


@event
class MessageRemoved:
    """A message is gone."""

    message: Message
    conversation: Conversation


def find(world: World, conversation: Conversation, sid: str) -> Message:
    """The message of a conversation with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[Messages].get(sid)
    if found is None or found.conversation_sid != conversation.sid:
        raise Refused(NOT_FOUND)
    return found


def fetch_message(world: World, *, service: str, conversation: str, message: str) -> Message:
    """The message of a conversation with this sid.

    Raises:
        Refused: 20404.
    """
    return find(world, conversations.find(world, service, conversation), message)


def list_messages(
    world: World, *, service: str, conversation: str, order: str | None = None
) -> Rows[Message]:
    """By index; `Order=desc` shows the newest first.

    Raises:
        Refused: 20404 no such conversation, 20001 another order.
    """
    found = conversations.find(world, service, conversation)
    direction = (order or "asc").lower()
    if direction not in ("asc", "desc"):
        raise Refused(INVALID_PARAMETER, parameter="Order")
    return Rows(
        world[Messages], world[Messages].by_conversation, found.sid, downward=direction == "desc"
    )


def list_receipts(world: World, *, service: str, conversation: str, message: str) -> Rows[Receipt]:
    """What became of a message at each phone, in the order in which it went out.

    Raises:
        Refused: 20404 no such conversation or message.
    """
    found = find(world, conversations.find(world, service, conversation), message)
    return Rows(world[Receipts], world[Receipts].by_message, found.sid)


def fetch_receipt(
    world: World, *, service: str, conversation: str, message: str, receipt: str
) -> Receipt:
    """The receipt of a message with this sid.

    Raises:
        Refused: 20404.
    """
    found = find(world, conversations.find(world, service, conversation), message)
    known = world[Receipts].get(receipt)
    if known is None or known.message_sid != found.sid:
        raise Refused(NOT_FOUND)
    return known


@command
class PostMessage:
    """Say something in a conversation."""

    service: str
    conversation: str
    author: str | None = None
    body: str | None = None
    subject: str | None = None
    attributes: str | None = None
    media_sid: tuple[str, ...] = ()
    content_sid: str | None = None
    content_variables: str | None = None
    date_created: str | None = None
    date_updated: str | None = None

    def check(self, world: World) -> Message:
        """The message as it would be, but for its sid.

        Raises:
            Refused: it cannot be posted.
        """
        conversation = conversations.find_writable(world, self.service, self.conversation)
        permissions.require(
            world, conversation, "sendMediaMessage" if self.media_sid else "sendMessage"
        )
        body = self.body
        files: tuple[MessageMedia, ...] = ()
        if self.content_sid is not None:
            body = self._rendered(world, conversation).body
        elif self.content_variables:
            raise Refused(CONTENT_SID_MISSING)
        else:
            files = media.read(world, conversation.service_sid, self.media_sid)
            # Client SDKs take null for a text, which is sent as an empty one.
            if not body and not files and permissions.acting_user(world) is None:
                raise Refused(MESSAGE_BODY_NOT_PROVIDED)
        author = read_author(self.author)
        participant = _participant(world, conversation, author)
        _check_sender(world, conversation)
        return Message(
            sid="",
            account_sid=conversation.account_sid,
            service_sid=conversation.service_sid,
            conversation_sid=conversation.sid,
            index=conversation.next_index,
            author=author,
            body=read_body(body) if body else None,
            participant_sid=participant.sid if participant else None,
            subject=self.subject,
            attributes=read_attributes(self.attributes),
            media=files,
            content_sid=self.content_sid,
            date_created=_date(world, self.date_created, INVALID_DATE_CREATED),
            date_updated=_date(world, self.date_updated or self.date_created, INVALID_DATE_UPDATED),
        )

    def apply(self, world: World) -> Message:
        checked = self.check(world)
        conversation = world[Conversations][checked.conversation_sid]
        if self.content_sid is None:
            return post(world, conversation, checked)
        content = self._rendered(world, conversation)
        shown = media.write(
            world,
            conversation,
            checked.author,
            RICH + content.type.replace("/", "."),
            f'{{"data": {content.data}}}',
        )
        return post(world, conversation, replace(checked, media=(shown,)), content)

    def _rendered(self, world: World, conversation: Conversation) -> Rendered:
        content = templates.for_message(world, conversation.account_sid, self.content_sid or "")
        return templates.render(
            content, templates.read_variables(self.content_variables), IN_CONVERSATIONS
        )


@command
class EditMessage:
    """Change what a message says; what went out to handsets stays as it was sent."""

    service: str
    conversation: str
    message: str
    author: str | None = None
    body: str | None = None
    subject: str | None = None
    attributes: str | None = None
    date_created: str | None = None
    date_updated: str | None = None

    def check(self, world: World) -> Message:
        """The message as it would be.

        Raises:
            Refused: it cannot be.
        """
        conversation = conversations.find_writable(world, self.service, self.conversation)
        before = find(world, conversation, self.message)
        self._check_permissions(world, conversation, before)
        changes: dict[str, object] = {
            "date_updated": _date(world, self.date_updated, INVALID_DATE_UPDATED),
            "last_updated_by": world.origin.identity or SYSTEM,
        }
        if self.author is not None:
            changes["author"] = read_author(self.author)
        if self.body is not None:
            changes["body"] = read_body(self.body)
        if self.subject is not None:
            changes["subject"] = self.subject or None
        if self.attributes is not None:
            changes["attributes"] = read_attributes(self.attributes)
        if self.date_created is not None:
            changes["date_created"] = _date(world, self.date_created, INVALID_DATE_CREATED)
        return replace(before, **changes)

    def apply(self, world: World) -> Message:
        after = self.check(world)
        before = world[Messages][after.sid]
        world[Messages].put(after)
        world.tell(
            MessageUpdated(
                message=after,
                before=before,
                conversation=world[Conversations][after.conversation_sid],
            )
        )
        return after

    def _check_permissions(self, world: World, conversation: Conversation, before: Message) -> None:
        own = before.author == permissions.acting_user(world)
        if self.attributes is not None:
            needed = _own_or_any(own, "editOwnMessageAttributes", "editAnyMessageAttributes")
            permissions.require(world, conversation, *needed)
        if self.body is not None:
            needed = _own_or_any(own, "editOwnMessage", "editAnyMessage")
            permissions.require(world, conversation, *needed)


@command
class RemoveMessage:
    """Delete a message; its index is not used again."""

    service: str
    conversation: str
    message: str

    def check(self, world: World) -> Message:
        """Raises:
        Refused: 20404, or the conversation may not be written to.
        """
        conversation = conversations.find_writable(world, self.service, self.conversation)
        message = find(world, conversation, self.message)
        own = message.author == permissions.acting_user(world)
        needed = _own_or_any(own, "deleteOwnMessage", "deleteAnyMessage")
        permissions.require(world, conversation, *needed)
        return message

    def apply(self, world: World) -> None:
        message = self.check(world)
        forget(world, message)
        world.tell(
            MessageRemoved(
                message=message, conversation=world[Conversations][message.conversation_sid]
            )
        )


def _own_or_any(own: bool, for_own: str, for_any: str) -> tuple[str, ...]:
    """Which permissions are enough for a user's own message, and for another's."""
    return (for_own, for_any) if own else (for_any,)


def forget(world: World, message: Message) -> None:
    """Drop a message with its receipts and its files."""
    for receipt in world[Receipts].all(world[Receipts].by_message, message.sid):
        world[Receipts].remove(receipt.sid)
    media.forget(world, message)
    world[Messages].remove(message.sid)


def post(
    world: World,
    conversation: Conversation,
    checked: Message,
    content: Rendered | None = None,
) -> Message:
    """Put a checked message at the end of its conversation, and send it out.

    Args:
        content: what the message's content template shows.
    """
    if conversation.state is State.INACTIVE:
        conversation = states.change_state(world, conversation, State.ACTIVE, Reason.EVENT)
    else:
        conversation = states.restart_timers(world, conversation)
    conversation = world[Conversations].put(
        replace(
            conversation,
            activity=world.serial(),
            next_index=checked.index + 1,
            last_message_index=checked.index,
            last_message_date=checked.date_created,
        )
    )
    message = world[Messages].put(replace(checked, sid=world.sids.new("IM")))
    media.attach(world, message)
    world.tell(MessageAdded(message=message, conversation=conversation))
    fanout.send_out(world, conversation, message, content)
    return world[Messages][message.sid]


def capture(
    world: World,
    conversation: Conversation,
    participant: Participant,
    *,
    body: str | None,
    author: str | None = None,
    attributes: str | None = None,
    files: tuple[MediaFile, ...] = (),
) -> Message:
    """An inbound text becomes a message of the participant that it came from.

    `author` and `attributes` are what a pre-event webhook made of them.
    """
    speaker = participant.address or SYSTEM
    return post(
        world,
        conversation,
        Message(
            sid="",
            account_sid=conversation.account_sid,
            service_sid=conversation.service_sid,
            conversation_sid=conversation.sid,
            index=conversation.next_index,
            author=author or speaker,
            body=body or None,
            participant_sid=participant.sid,
            attributes=attributes or "{}",
            media=media.take_in(world, conversation, speaker, files),
            date_created=world.now,
            date_updated=world.now,
        ),
    )


def _participant(world: World, conversation: Conversation, author: str) -> Participant | None:
    """Who of a conversation the author is; in a group it must be one of its participants."""
    if conversation.sid in world[Groups]:
        return group_mms.speaker(world, conversation, author)
    return speaking_as(world, conversation, author)


def _check_sender(world: World, conversation: Conversation) -> None:
    """Whether there is a messaging service to send to phones with."""
    if conversation.messaging_service_sid is None and len(
        world[Participants].by_kind.of((conversation.sid, False))
    ):
        raise Refused(NO_MESSAGING_SERVICE)


def read_author(author: str | None) -> str:
    """Raises:
    Refused: 50310 it is too long.
    """
    if author and len(author) > AUTHOR_LIMIT:
        raise Refused(AUTHOR_TOO_LONG)
    return author or SYSTEM


def read_body(body: str) -> str:
    """Raises:
    Refused: 50504 it is too long.
    """
    if len(body) > BODY_LIMIT // 4 and len(body.encode()) > BODY_LIMIT:
        raise Refused(MESSAGE_BODY_TOO_LONG)
    return body


def read_attributes(attributes: str | None) -> str:
    """Raises:
    Refused: 50303, 50304.
    """
    return "{}" if attributes is None else parameters.attributes(attributes, ATTRIBUTES_LIMIT)


def _date(world: World, text: str | None, refusal: Refusal) -> datetime:
    return world.now if text is None else parameters.instant(text, refusal)
