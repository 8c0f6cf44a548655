"""How the resources of Conversations v1 look, key for key as Twilio's pages show them."""

from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Delivery,
    Message,
    MessageMedia,
    Participant,
    Receipt,
    Role,
    Service,
    Services,
    User,
)
from twilio_emulator.core.conversations.user_conversations import unread_messages_count
from twilio_emulator.core.conversations.webhook_configurations import ScopedWebhook
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso


def conversation(it: Conversation, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/conversation-resource"""
    url = f"{call.root}/Conversations/{it.sid}"
    return {
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "messaging_service_sid": it.messaging_service_sid,
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "unique_name": it.unique_name,
        "attributes": it.attributes,
        "state": it.state,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "timers": timers(it),
        "url": url,
        "links": {
            "participants": f"{url}/Participants",
            "messages": f"{url}/Messages",
            "webhooks": f"{url}/Webhooks",
            "export": f"{url}/Export",
        },
        "bindings": bindings(it),
    }


def timers(it: Conversation) -> dict[str, object]:
    """Instants, never the durations; empty without timers."""
    shown: dict[str, object] = {}
    if it.date_inactive is not None:
        shown["date_inactive"] = iso(it.date_inactive)
    if it.date_closed is not None:
        shown["date_closed"] = iso(it.date_closed)
    return shown


def bindings(it: Conversation) -> dict[str, object]:
    """Empty but for e-mail. Answers call the address projected, as examples of the API show."""
    if it.email_address is None and it.email_name is None:
        return {}
    return {"email": {"projected_address": it.email_address, "name": it.email_name}}


def conversation_with_participants(it: Conversation, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/conversation-with-participants-resource"""
    shown = conversation(it, call)
    url = shown.pop("url")
    shown["links"] = {
        "participants": f"{url}/Participants",
        "messages": f"{url}/Messages",
        "webhooks": f"{url}/Webhooks",
    }
    return shown | {"url": url}


def participant(it: Participant, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/conversation-participant-resource"""
    return {
        "account_sid": it.account_sid,
        **in_service(call, it.service_sid),
        "conversation_sid": it.conversation_sid,
        "sid": it.sid,
        "identity": it.identity,
        "attributes": it.attributes,
        "messaging_binding": messaging_binding(it),
        "role_sid": it.role_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{call.root}/Conversations/{it.conversation_sid}/Participants/{it.sid}",
        "last_read_message_index": it.last_read_message_index,
        "last_read_timestamp": iso(it.last_read_timestamp),
    }


def messaging_binding(it: Participant) -> dict[str, object] | None:
    """Only the keys that apply; None for who has no address."""
    if it.address is None and it.projected_address is None:
        return None
    shown: dict[str, object] = {"type": it.channel}
    if it.address is not None:
        shown["address"] = it.address
    if it.proxy_address is not None:
        shown["proxy_address"] = it.proxy_address
    if it.projected_address is not None:
        shown["projected_address"] = it.projected_address
    return shown


def message(it: Message, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/conversation-message-resource"""
    url = f"{call.root}/Conversations/{it.conversation_sid}/Messages/{it.sid}"
    return {
        "account_sid": it.account_sid,
        **in_service(call, it.service_sid),
        "conversation_sid": it.conversation_sid,
        "sid": it.sid,
        "index": it.index,
        "author": it.author,
        "body": it.body,
        "media": [media(each) for each in it.media if each.category == "media"] or None,
        "attributes": it.attributes,
        "participant_sid": it.participant_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": url,
        "delivery": it.delivery and delivery(it.delivery),
        "links": {
            "delivery_receipts": f"{url}/Receipts",
            "channel_metadata": f"{url}/ChannelMetadata",
        },
        "content_sid": it.content_sid,
    }


def media(it: MessageMedia) -> dict[str, object]:
    """One file of a message."""
    return {
        "sid": it.sid,
        "size": it.size,
        "content_type": it.content_type,
        "filename": it.filename,
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


def receipt(it: Receipt, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/receipt-resource"""
    service_sid = call.world[Conversations][it.conversation_sid].service_sid
    message_url = f"{call.root}/Conversations/{it.conversation_sid}/Messages/{it.message_sid}"
    return {
        "account_sid": it.account_sid,
        **in_service(call, service_sid),
        "conversation_sid": it.conversation_sid,
        "sid": it.sid,
        "message_sid": it.message_sid,
        "channel_message_sid": it.text_sid,
        "participant_sid": it.participant_sid,
        "status": it.status,
        "error_code": it.error_code,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{message_url}/Receipts/{it.sid}",
    }


def scoped_webhook(it: ScopedWebhook, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/conversation-scoped-webhook-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        **in_service(call, it.service_sid),
        "conversation_sid": it.conversation_sid,
        "target": it.target,
        "url": f"{call.root}/Conversations/{it.conversation_sid}/Webhooks/{it.sid}",
        "configuration": webhook_configuration(it),
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
    }


def webhook_configuration(it: ScopedWebhook) -> dict[str, object]:
    """What belongs to the target. Keywords stand under `triggers`, unlike in one example."""
    shown: dict[str, object] = {"flow_sid": it.flow_sid}
    if it.target == "webhook":
        shown = {"url": it.url, "method": it.method, "filters": it.filters}
    elif it.target == "trigger":
        shown = {"url": it.url, "method": it.method, "triggers": it.triggers}
    if it.replay_after is not None:
        shown["replay_after"] = it.replay_after
    return shown


def participant_conversation(it: Participant, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/participant-conversation-resource"""
    found = call.world[Conversations][it.conversation_sid]
    return {
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "participant_sid": it.sid,
        "participant_user_sid": it.user_sid,
        "participant_identity": it.identity,
        "participant_messaging_binding": whole_binding(it),
        "conversation_sid": found.sid,
        "conversation_unique_name": found.unique_name,
        "conversation_friendly_name": found.friendly_name,
        "conversation_attributes": found.attributes,
        "conversation_date_created": iso(found.date_created),
        "conversation_date_updated": iso(found.date_updated),
        "conversation_created_by": found.created_by,
        "conversation_state": found.state,
        "conversation_timers": timers(found),
        "links": membership_links(it, call),
    }


def whole_binding(it: Participant) -> dict[str, object] | None:
    """All six keys, in this list only; None for who has no address."""
    if it.address is None and it.projected_address is None:
        return None
    return {
        "type": it.channel,
        "address": it.address,
        "proxy_address": it.proxy_address,
        "projected_address": it.projected_address,
        "level": None,
        "name": None,
    }


def membership_links(it: Participant, call: Call) -> dict[str, object]:
    """Where a participant and its conversation are."""
    url = f"{call.root}/Conversations/{it.conversation_sid}"
    return {"participant": f"{url}/Participants/{it.sid}", "conversation": url}


def user(it: User, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/user-resource"""
    shown = user_in_list(it, call)
    if call.world[Services][it.service_sid].reachability_enabled:
        shown |= {"is_online": it.is_online, "is_notifiable": it.is_notifiable}
    return shown


def user_in_list(it: User, call: Call) -> dict[str, object]:
    """Lists never show who is reachable, nor does a service that has not enabled it."""
    url = f"{call.root}/Users/{it.sid}"
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "role_sid": it.role_sid,
        "identity": it.identity,
        "friendly_name": it.friendly_name,
        "attributes": it.attributes,
        "is_online": None,
        "is_notifiable": None,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": url,
        "links": {"user_conversations": f"{url}/Conversations"},
    }


def user_conversation(it: Participant, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/user-conversation-resource"""
    found = call.world[Conversations][it.conversation_sid]
    return {
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "conversation_sid": found.sid,
        "unread_messages_count": unread_messages_count(call.world, it),
        "last_read_message_index": it.last_read_message_index,
        "participant_sid": it.sid,
        "user_sid": it.user_sid,
        "friendly_name": found.friendly_name,
        "conversation_state": found.state,
        "timers": timers(found),
        "attributes": found.attributes,
        "date_created": iso(found.date_created),
        "date_updated": iso(found.date_updated),
        "created_by": found.created_by,
        "notification_level": it.notification_level,
        "unique_name": found.unique_name,
        "url": f"{call.root}/Users/{it.user_sid}/Conversations/{found.sid}",
        "links": membership_links(it, call),
    }


def role(it: Role, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/role-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "friendly_name": it.friendly_name,
        "type": it.type,
        "permissions": it.permissions,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{call.root}/Roles/{it.sid}",
    }


def service(it: Service, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/service-resource"""
    url = f"{call.root}/Services/{it.sid}"
    return {
        "account_sid": it.account_sid,
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": url,
        "links": {
            "conversations": f"{url}/Conversations",
            "users": f"{url}/Users",
            "roles": f"{url}/Roles",
            "bindings": f"{url}/Bindings",
            "configuration": f"{url}/Configuration",
            "participant_conversations": f"{url}/ParticipantConversations",
            "conversation_with_participants": f"{url}/ConversationWithParticipants",
        },
    }


def in_service(call: Call, service_sid: str) -> dict[str, object]:
    """The one key that the `/Services/{IS}` form of an answer has more."""
    return {"chat_service_sid": service_sid} if call.service_form else {}
