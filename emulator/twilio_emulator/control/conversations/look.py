"""How conversations look in the control API: with everybody and everything that is in them."""

from twilio_emulator.control.phones.look import PREVIEW
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    Messages,
    Participant,
    Participants,
    Receipt,
    Receipts,
    Roles,
    Users,
)
from twilio_emulator.core.conversations.webhook_configurations import ScopedWebhooks
from twilio_emulator.core.kernel.records import Plain, plain, write_instant
from twilio_emulator.core.kernel.world import World


def in_list(world: World, it: Conversation) -> dict[str, object]:
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
        "last_message": newest
        and {
            "author": newest.author,
            "body": (newest.body or "")[:PREVIEW],
            "truncated": len(newest.body or "") > PREVIEW,
            "at": write_instant(newest.date_created),
        },
        "date_created": write_instant(it.date_created),
    }


def conversation(world: World, it: Conversation) -> dict[str, object]:
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
            "date_inactive": it.date_inactive and write_instant(it.date_inactive),
            "date_closed": it.date_closed and write_instant(it.date_closed),
        },
        "participants": [participant(world, each) for each in _participants(world, it)],
        "webhooks": [
            {
                "sid": each.sid,
                "target": each.target,
                "url": each.url,
                "filters": plain(each.filters),
            }
            for each in webhooks
        ],
        "date_updated": write_instant(it.date_updated),
    }


def participant(world: World, it: Participant) -> dict[str, object]:
    """Somebody in a conversation; who is on a chat client is a user who may be online."""
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
        "role": role and role.friendly_name,
        "friendly_name": user and user.friendly_name,
        "is_online": user and user.is_online,
        "last_read_message_index": it.last_read_message_index,
        "last_read_at": it.last_read_timestamp and write_instant(it.last_read_timestamp),
        "date_created": write_instant(it.date_created),
    }


def message(world: World, it: Message) -> dict[str, object]:
    """A message, and what became of it at each phone."""
    receipts = world[Receipts].all(world[Receipts].by_message, it.sid)
    return {
        "sid": it.sid,
        "index": it.index,
        "author": it.author,
        "participant_sid": it.participant_sid,
        "body": it.body or "",
        "attributes": it.attributes,
        "media": [plain(each) for each in it.media if each.category == "media"],
        "content_sid": it.content_sid,
        "receipts": [receipt(world, each) for each in receipts],
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
    }


def receipt(world: World, it: Receipt) -> dict[str, Plain]:
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
