"""How resources look to client SDKs: `@twilio/conversations` 3.0.1 reads every key that is here.

They resemble those of REST, with milliseconds in their dates and the names of Sync objects.
"""

from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    MessageMedia,
    Messages,
    Participant,
    Participants,
    Receipt,
    Services,
    User,
)
from twilio_emulator.core.conversations.user_conversations import unread_messages_count
from twilio_emulator.core.kernel.world import World
from twilio_emulator.sdk.conversations import names, sync_look
from twilio_emulator.wire.spelling import iso_milliseconds


def conversation(world: World, it: Conversation, root: str) -> dict[str, object]:
    """A conversation as everybody sees it."""
    url = f"{root}/Conversations/{it.sid}"
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "messaging_service_sid": it.messaging_service_sid,
        "friendly_name": it.friendly_name,
        "unique_name": it.unique_name,
        "attributes": it.attributes,
        "created_by": it.created_by,
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "messages_count": len(world[Messages].by_conversation.of(it.sid)),
        "participants_count": len(world[Participants].by_conversation.of(it.sid)),
        "state": sync_look.state(it),
        "bindings": sync_look.bindings(it),
        "url": url,
        "links": {"participants": f"{url}/Participants", "messages": f"{url}/Messages"},
        "sync_objects": {
            "conversation": names.document_of(it.sid),
            "participants": names.roster_of(it.sid),
            "messages": names.messages_of(it.sid),
        },
    }


def user_conversation(
    world: World, it: Conversation, member: Participant | None, root: str
) -> dict[str, object]:
    """A conversation as a user sees it, who need not be in it."""
    return {
        **conversation(world, it, root),
        "conversation_sid": it.sid,
        "status": "joined" if member else "notParticipating",
        "last_read_message_index": member.last_read_message_index if member else None,
        "notification_level": member.notification_level if member else "default",
        "unread_messages_count": unread_messages_count(world, member) if member else None,
    }


def participant(it: Participant, root: str) -> dict[str, object]:
    """A participant of a conversation."""
    conversation_url = f"{root}/Conversations/{it.conversation_sid}"
    return {
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "conversation_sid": it.conversation_sid,
        "sid": it.sid,
        "identity": it.identity,
        "role_sid": it.role_sid,
        "attributes": it.attributes,
        "messaging_binding": binding(it),
        "last_read_message_index": it.last_read_message_index,
        "last_read_timestamp": iso_milliseconds(it.last_read_timestamp),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "url": f"{conversation_url}/Participants/{it.sid}",
        "links": {"conversation": conversation_url},
    }


def binding(it: Participant) -> dict[str, object] | None:
    """How a participant is reached who is not a chat user alone."""
    if it.address is None and it.projected_address is None:
        return None
    addresses = {
        "address": it.address,
        "proxy_address": it.proxy_address,
        "projected_address": it.projected_address,
    }
    given = {name: address for name, address in addresses.items() if address is not None}
    return {"type": it.channel, **given}


def message(it: Message, root: str) -> dict[str, object]:
    """Something that was said."""
    conversation_url = f"{root}/Conversations/{it.conversation_sid}"
    url = f"{conversation_url}/Messages/{it.sid}"
    return {
        "sid": it.sid,
        "index": it.index,
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "conversation_sid": it.conversation_sid,
        "author": it.author,
        "participant_sid": it.participant_sid,
        "body": it.body,
        "subject": it.subject,
        "attributes": it.attributes,
        "media": [media(each) for each in it.media],
        "content_sid": it.content_sid,
        "delivery": it.delivery and sync_look.delivery(it.delivery),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "url": url,
        "links": {
            "conversation": conversation_url,
            "messages_receipts": f"{url}/Receipts",
            "channel_metadata": f"{url}/ChannelMetadata",
        },
    }


def media(it: MessageMedia) -> dict[str, object]:
    """A file of a message."""
    return {
        "sid": it.sid,
        "size": it.size,
        "content_type": it.content_type,
        "filename": it.filename,
        "category": it.category,
    }


def receipt(it: Receipt) -> dict[str, object]:
    """What became of a message at one phone."""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "message_sid": it.message_sid,
        "conversation_sid": it.conversation_sid,
        "channel_message_sid": it.text_sid,
        "participant_sid": it.participant_sid,
        "status": it.status,
        "error_code": it.error_code or 0,
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
    }


def user(world: World, it: User, root: str) -> dict[str, object]:
    """An identity. Who is reachable is shown where that is enabled."""
    url = f"{root}/Users/{it.sid}"
    reachable = world[Services][it.service_sid].reachability_enabled
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "role_sid": it.role_sid,
        "identity": it.identity,
        "friendly_name": it.friendly_name,
        "attributes": it.attributes,
        "is_online": it.is_online if reachable else None,
        "is_notifiable": it.is_notifiable if reachable else None,
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "url": url,
        "links": {"user_conversations": f"{url}/Conversations"},
        "sync_objects": {"user_info_map": names.info_of(it.sid)},
        # As clients of version 1 call it.
        "sync_unique_name": names.info_of(it.sid),
    }
