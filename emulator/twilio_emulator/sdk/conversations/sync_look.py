"""What Sync objects hold: conversations, messages, participants and users as client SDKs know them.

Every field that a version of the JavaScript SDK reads is here, under the names that it reads; some
still speak of channels, members and consumption, the words of Programmable Chat.
"""

from twilio_emulator.core.conversations.resources import (
    Conversation,
    Delivery,
    Message,
    MessageMedia,
    Participant,
    Participants,
    User,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.sdk.conversations import names
from twilio_emulator.wire.spelling import iso_milliseconds


def came_by_whatsapp(world: World, participant_sid: str | None) -> bool:
    """Whether a participant writes from WhatsApp, which says more of a message than others."""
    found = world[Participants].get(participant_sid)
    return found is not None and found.channel == Channel.WHATSAPP


def conversation(it: Conversation) -> dict[str, object]:
    """The document of a conversation. What differs from user to user is not in it."""
    return {
        "sid": it.sid,
        "friendlyName": it.friendly_name,
        "uniqueName": it.unique_name,
        # As text: JSON of any depth stays what it is.
        "attributes": it.attributes,
        "createdBy": it.created_by,
        "dateCreated": iso_milliseconds(it.date_created),
        "dateUpdated": iso_milliseconds(it.date_updated),
        "messages": names.messages_of(it.sid),
        "roster": names.roster_of(it.sid),
        "state": state(it),
        "lastMessage": last_message(it),
        "bindings": bindings(it),
    }


def state(it: Conversation) -> dict[str, object]:
    """Where a conversation is in its life, and since when."""
    return {"current": it.state, "dateUpdated": iso_milliseconds(it.date_state)}


def last_message(it: Conversation) -> dict[str, object] | None:
    """The latest message, deleted or not; None while there was none."""
    if it.last_message_index is None:
        return None
    return {
        "index": it.last_message_index,
        "timestamp": iso_milliseconds(it.last_message_date),
    }


def bindings(it: Conversation) -> dict[str, object]:
    """Empty but for e-mail."""
    if it.email_address is None and it.email_name is None:
        return {}
    return {"email": {"name": it.email_name, "projected_address": it.email_address}}


def membership(it: Participant) -> dict[str, object]:
    """An item of the map of a user's conversations. What all see alike is in the document."""
    return {
        "channel": names.document_of(it.conversation_sid),
        "messages": names.messages_of(it.conversation_sid),
        "roster": names.roster_of(it.conversation_sid),
        "status": "joined",
        "notificationLevel": it.notification_level,
        "lastConsumedMessageIndex": it.last_read_message_index,
    }


def participant(it: Participant) -> dict[str, object]:
    """An item of a conversation's roster."""
    return {
        "identity": it.identity,
        "type": it.channel,
        "roleSid": it.role_sid,
        "attributes": it.attributes,
        "dateCreated": iso_milliseconds(it.date_created),
        "dateUpdated": iso_milliseconds(it.date_updated),
        "lastConsumedMessageIndex": it.last_read_message_index,
        "lastConsumptionTimestamp": iso_milliseconds(it.last_read_timestamp),
        "userInfo": it.user_sid and names.info_of(it.user_sid),
        "bindings": {},
    }


def message(it: Message, *, has_channel_metadata: bool) -> dict[str, object]:
    """An item of a conversation's list of messages."""
    files = [each for each in it.media if each.category == "media"]
    return {
        "sid": it.sid,
        "text": it.body,
        "type": "media" if files else "text",
        "author": it.author,
        "subject": it.subject,
        "contentSid": it.content_sid,
        "lastUpdatedBy": it.last_updated_by,
        "attributes": it.attributes,
        "timestamp": iso_milliseconds(it.date_created),
        "dateUpdated": iso_milliseconds(it.date_updated),
        "memberSid": it.participant_sid,
        # Only the first file, for clients that know of no others.
        "media": media(files[0]) if files else None,
        "medias": [media(each) for each in it.media] or None,
        "delivery": it.delivery and delivery(it.delivery),
        "channelMetadata": has_channel_metadata,
    }


def media(it: MessageMedia) -> dict[str, object]:
    """A file of a message."""
    return {
        "sid": it.sid,
        "category": it.category,
        "filename": it.filename,
        "contentType": it.content_type,
        "size": it.size,
    }


def delivery(it: Delivery) -> dict[str, object]:
    """How far the receipts of a message have come."""
    return {
        "total": it.total,
        "sent": it.sent,
        "delivered": it.delivered,
        "read": it.read,
        "failed": it.failed,
        "undelivered": it.undelivered,
    }


def user(it: User, *, reachable: bool) -> dict[str, object]:
    """The items of the map of what a user shows; who is reachable only where that is enabled."""
    shown: dict[str, object] = {
        "friendlyName": {"value": it.friendly_name},
        "attributes": {"value": it.attributes},
    }
    if reachable:
        shown["reachability"] = {"online": it.is_online, "notifiable": it.is_notifiable}
    return shown
