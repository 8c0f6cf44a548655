"""How conversations look in the control API: with everybody and everything that is in them."""

from typing import TypedDict

from twilio_emulator.control.parameters import written
from twilio_emulator.control.phones.look import PREVIEW
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    MessageMedia,
    Messages,
    Participant,
    Participants,
    Receipt,
    Receipts,
    ReceiptStatus,
    Roles,
    State,
    Users,
)
from twilio_emulator.core.conversations.webhook_configurations import ScopedWebhooks
from twilio_emulator.core.kernel.records import shown, write_instant
from twilio_emulator.core.kernel.world import World


class LastSaid(TypedDict):
    """As much of the newest message as a list shows.

    Attributes:
        truncated: whether the body is longer.
    """

    author: str
    body: str
    truncated: bool
    at: str


class ListedConversation(TypedDict):
    """A conversation as a list shows it.

    Attributes:
        service_sid: of the conversation service (IS).
        unique_name: what programs may call it instead of its sid.
        members: identities, and addresses of phones.
        message_count: how many messages it has.
    """

    sid: str
    service_sid: str
    friendly_name: str | None
    unique_name: str | None
    state: State
    members: list[str]
    message_count: int
    last_message: LastSaid | None
    date_created: str


class ShownTimers(TypedDict):
    """When a conversation becomes inactive or closed by itself.

    Attributes:
        inactive_after: seconds without a message.
        closed_after: seconds without a message.
    """

    inactive_after: int | None
    closed_after: int | None
    date_inactive: str | None
    date_closed: str | None


class ShownWebhook(TypedDict):
    """A webhook of one conversation (WH).

    Attributes:
        target: `webhook`, `trigger` or `studio`.
        filters: the events that it is for.
    """

    sid: str
    target: str
    url: str | None
    filters: list[str] | None


class ShownParticipant(TypedDict):
    """A participant of a conversation (MB).

    Attributes:
        identity: of a chat client; null for a phone.
        channel: `chat`, `sms` or `whatsapp`.
        address: of the phone.
        proxy_address: the number of the account that the phone writes to.
        projected_address: of a group text: the number that an identity has there.
        attributes: JSON of the app's own.
        role: its name.
        friendly_name: of the user.
        is_online: whether the user is connected.
    """

    sid: str
    identity: str | None
    channel: str
    address: str | None
    proxy_address: str | None
    projected_address: str | None
    attributes: str
    role: str | None
    friendly_name: str | None
    is_online: bool | None
    last_read_message_index: int | None
    last_read_at: str | None
    date_created: str


class ShownConversation(ListedConversation):
    """A conversation with its participants, its timers and its webhooks.

    Attributes:
        attributes: JSON of the app's own.
        created_by: `system`, or an identity.
        messaging_service_sid: of the messaging service whose senders it uses (MG).
    """

    attributes: str
    created_by: str
    messaging_service_sid: str | None
    timers: ShownTimers
    participants: list[ShownParticipant]
    webhooks: list[ShownWebhook]
    date_updated: str


class ShownReceipt(TypedDict):
    """What became of a message at one phone.

    Attributes:
        text_sid: of the text that went there.
        error_code: Twilio's, when it ended badly.
    """

    participant_sid: str
    address: str | None
    text_sid: str | None
    status: ReceiptStatus | None
    error_code: int | None


class SaidMessage(TypedDict):
    """A message of a conversation, and what became of it at each phone.

    Attributes:
        index: its place in the conversation.
        attributes: JSON of the app's own.
    """

    sid: str
    index: int
    author: str
    participant_sid: str | None
    body: str
    attributes: str
    media: list[MessageMedia]
    content_sid: str | None
    receipts: list[ShownReceipt]
    date_created: str
    date_updated: str


def in_list(world: World, it: Conversation) -> ListedConversation:
    """A conversation as a list shows it, with its newest message."""
    messages = world[Messages].by_conversation.of(it.sid)
    newest = next((world[Messages][sid] for _, sid in messages.downward()), None)
    return {
        "sid": it.sid,
        "service_sid": it.service_sid,
        "friendly_name": it.friendly_name,
        "unique_name": it.unique_name,
        "state": it.state,
        "members": [_name(each) for each in _participants(world, it)],
        "message_count": len(messages),
        "last_message": last_said(newest) if newest else None,
        "date_created": write_instant(it.date_created),
    }


def last_said(it: Message) -> LastSaid:
    """As much of a message as a list of conversations shows."""
    return {
        "author": it.author,
        "body": (it.body or "")[:PREVIEW],
        "truncated": len(it.body or "") > PREVIEW,
        "at": write_instant(it.date_created),
    }


def conversation(world: World, it: Conversation) -> ShownConversation:
    """A conversation with its participants, its timers and its webhooks."""
    webhooks = world[ScopedWebhooks].all(world[ScopedWebhooks].by_conversation, it.sid)
    return {
        **in_list(world, it),
        "attributes": it.attributes,
        "created_by": it.created_by,
        "messaging_service_sid": it.messaging_service_sid,
        "timers": {
            "inactive_after": it.inactive_after,
            "closed_after": it.closed_after,
            "date_inactive": written(it.date_inactive),
            "date_closed": written(it.date_closed),
        },
        "participants": [participant(world, each) for each in _participants(world, it)],
        "webhooks": [
            {
                "sid": each.sid,
                "target": each.target,
                "url": each.url,
                "filters": None if each.filters is None else list(each.filters),
            }
            for each in webhooks
        ],
        "date_updated": write_instant(it.date_updated),
    }


def participant(world: World, it: Participant) -> ShownParticipant:
    """A participant; one on a chat client is a user who may be online."""
    user = world[Users].get(it.user_sid)
    role = world[Roles].get(it.role_sid)
    return {
        "sid": it.sid,
        "identity": it.identity,
        "channel": it.channel,
        "address": it.address,
        "proxy_address": it.proxy_address,
        "projected_address": it.projected_address,
        "attributes": it.attributes,
        "role": role.friendly_name if role else None,
        "friendly_name": user.friendly_name if user else None,
        "is_online": user.is_online if user else None,
        "last_read_message_index": it.last_read_message_index,
        "last_read_at": written(it.last_read_timestamp),
        "date_created": write_instant(it.date_created),
    }


def message(world: World, it: Message) -> SaidMessage:
    """A message, and what became of it at each phone."""
    receipts = world[Receipts].all(world[Receipts].by_message, it.sid)
    return {
        "sid": it.sid,
        "index": it.index,
        "author": it.author,
        "participant_sid": it.participant_sid,
        "body": it.body or "",
        "attributes": it.attributes,
        "media": [shown(each) for each in it.media if each.category == "media"],
        "content_sid": it.content_sid,
        "receipts": [receipt(world, each) for each in receipts],
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
    }


def receipt(world: World, it: Receipt) -> ShownReceipt:
    """What became of a message at one phone."""
    phone = world[Participants].get(it.participant_sid)
    return {
        "participant_sid": it.participant_sid,
        "address": phone.address if phone else None,
        "text_sid": it.text_sid,
        "status": it.status,
        "error_code": it.error_code,
    }


def _participants(world: World, it: Conversation) -> list[Participant]:
    return list(world[Participants].all(world[Participants].by_conversation, it.sid))


def _name(it: Participant) -> str:
    return it.identity or it.address or it.projected_address or it.sid
