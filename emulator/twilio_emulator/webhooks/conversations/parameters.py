"""What webhooks of conversations say, event by event.

The rules of this file (https://www.twilio.com/docs/conversations/conversations-webhooks, and
requests that receivers have recorded, which show what the page leaves out):

- What is not set is left out, never sent empty. What does not exist yet has no sid, index or dates.
- Every event has `ChatServiceSid`, post-events of conversations and messages `MessagingServiceSid`.
- Numbers are decimal text, instants ISO 8601 in UTC with milliseconds.
- `MessagingBinding.Type` is in lower case, as recorded; the page has capitals.
"""

import json
from collections.abc import Iterable
from datetime import datetime

from twilio_emulator.core.conversations.conversations import OpenedBy
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    MessageMedia,
    Participant,
    Receipt,
    State,
    User,
)
from twilio_emulator.core.conversations.states import Reason
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import Origin, Source
from twilio_emulator.webhooks.http.signatures import Parameters

Given = dict[str, str | None]


def common(event: str, account_sid: str, origin: Origin) -> Given:
    """What every event says."""
    return {
        "EventType": event,
        "AccountSid": account_sid,
        "Source": origin.source,
        "ClientIdentity": origin.identity if origin.source is Source.SDK else None,
        "RetryCount": "0",
    }


def conversation(it: Conversation) -> Given:
    """A conversation; one without a sid does not exist yet."""
    existing: Given = {}
    if it.sid:
        existing = {"ConversationSid": it.sid, **_dates(it.date_created, it.date_updated)}
    return {
        **existing,
        "FriendlyName": it.friendly_name,
        "UniqueName": it.unique_name,
        "Attributes": it.attributes,
        "ChatServiceSid": it.service_sid,
        "MessagingServiceSid": it.messaging_service_sid,
        "State": it.state,
    }


def opened_by(it: OpenedBy | None) -> Given:
    """Whose text opens a conversation, if it is one that does."""
    if it is None:
        return {}
    return {
        "MessagingBinding.ProxyAddress": it.proxy_address,
        "MessagingBinding.Address": it.address,
        "MessagingBinding.ProjectedAddress": it.projected_address,
        "MessagingBinding.AuthorAddress": it.author_address,
    }


def messaging_service(it: Conversation) -> Given:
    """The messaging service of a conversation."""
    return {"MessagingServiceSid": it.messaging_service_sid}


def change_of_state(
    it: Conversation, state_from: State, reason: Reason, updated: datetime
) -> Given:
    """A conversation changed its state. There is no `State`."""
    return {
        "ConversationSid": it.sid,
        "ChatServiceSid": it.service_sid,
        "MessagingServiceSid": it.messaging_service_sid,
        "StateUpdated": write_instant(updated),
        "StateFrom": state_from,
        "StateTo": it.state,
        "Reason": reason,
    }


def message(it: Message) -> Given:
    """A message; one without a sid does not exist yet."""
    existing: Given = {}
    if it.sid:
        existing = {
            "MessageSid": it.sid,
            "Index": str(it.index),
            **_dates(it.date_created, it.date_updated),
        }
    return {
        "ConversationSid": it.conversation_sid,
        "ChatServiceSid": it.service_sid,
        **existing,
        "Body": it.body,
        "Author": it.author,
        "ParticipantSid": it.participant_sid,
        "Attributes": it.attributes,
        "Media": media(it.media),
    }


def media(files: Iterable[MessageMedia]) -> str | None:
    """Files as a JSON array; those that are not kept yet have no sid."""
    shown = [
        {
            **({"Sid": file.sid} if file.sid else {}),
            "Filename": file.filename,
            "ContentType": file.content_type,
            "Size": file.size,
        }
        for file in files
        if file.category == "media"
    ]
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False) if shown else None


def participant(it: Participant) -> Given:
    """A participant with its binding; one without a sid does not exist yet."""
    existing: Given = {}
    if it.sid:
        existing = {"ParticipantSid": it.sid, **_dates(it.date_created, it.date_updated)}
    return {
        "ConversationSid": it.conversation_sid,
        "ChatServiceSid": it.service_sid,
        **existing,
        "Identity": it.identity,
        "RoleSid": it.role_sid,
        "Attributes": it.attributes,
        "MessagingBinding.ProxyAddress": it.proxy_address,
        "MessagingBinding.Address": it.address,
        "MessagingBinding.ProjectedAddress": it.projected_address,
        "MessagingBinding.Type": it.channel,
    }


def last_read(it: Participant) -> Given:
    """How far a participant has read."""
    index = it.last_read_message_index
    return {"LastReadMessageIndex": None if index is None else str(index)}


def user(it: User) -> Given:
    """A user."""
    return {
        "ChatServiceSid": it.service_sid,
        "UserSid": it.sid,
        **_dates(it.date_created, it.date_updated),
        "Identity": it.identity,
        "RoleSid": it.role_sid,
        "Attributes": it.attributes,
        "FriendlyName": it.friendly_name,
    }


def presence(it: User) -> Given:
    """Whether a user can be reached; Twilio writes these names so."""
    return {
        "isOnline": "true" if it.is_online else "false",
        "isNotifiable": "true" if it.is_notifiable else "false",
    }


def receipt(it: Receipt, service_sid: str) -> Given:
    """A delivery receipt."""
    return {
        "ConversationSid": it.conversation_sid,
        "ChatServiceSid": service_sid,
        "MessageSid": it.message_sid,
        "DeliveryReceiptSid": it.sid,
        "ChannelMessageSid": it.text_sid,
        "ParticipantSid": it.participant_sid,
        "Status": it.status,
        "ErrorCode": None if it.error_code is None else str(it.error_code),
        **_dates(it.date_created, it.date_updated),
    }


def removed(at: datetime) -> Given:
    """When something was removed."""
    return {"DateRemoved": write_instant(at)}


def without(given: Given, *names: str) -> Given:
    """The same but for some names, which an event does not have."""
    return {name: value for name, value in given.items() if name not in names}


def said(*given: Given) -> Parameters:
    """What is sent: everything that is set."""
    return tuple(
        (name, str(value)) for each in given for name, value in each.items() if value is not None
    )


def _dates(created: datetime, updated: datetime) -> Given:
    return {"DateCreated": write_instant(created), "DateUpdated": write_instant(updated)}
