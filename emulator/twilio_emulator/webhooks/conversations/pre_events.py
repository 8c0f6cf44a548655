"""Which command a pre-event webhook has to be asked about, and what it is asked.

The rules of this file (https://www.twilio.com/docs/conversations/conversations-webhooks):

- Pre-events go to the service's URL, or to the account's where the service names none, when the
  filters there name them. Webhooks of one conversation are never asked.
- What is asked about is what the command would make: new values, and no sid for what is not there.
- A command that cannot be performed anyway is not asked about.
- A text that a conversation will capture is asked about as its message; one that will open a
  conversation, as that conversation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

from twilio_emulator.core.conversations import services
from twilio_emulator.core.conversations.autocreation import Opening
from twilio_emulator.core.conversations.capture import Capture
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
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    MessageMedia,
    Participant,
    Services,
    User,
)
from twilio_emulator.core.conversations.users import UpdateUser
from twilio_emulator.core.conversations.webhook_configurations import WebhookConfigurations
from twilio_emulator.core.conversations.with_participants import AddConversationWithParticipants
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Checkable, Command, Origin, Source, World
from twilio_emulator.core.messaging.inbound import ReceiveText, SendFromHandset
from twilio_emulator.core.senders.addresses import Channel, channel_of
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.webhooks.conversations import parameters
from twilio_emulator.webhooks.conversations.manner import CONVERSATIONS
from twilio_emulator.webhooks.conversations.parameters import Given
from twilio_emulator.webhooks.conversations.post_events import not_named, webhooks_of
from twilio_emulator.webhooks.decisions import AS_SET, NOT_ENABLED, Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request


class InService(Checkable[object], Protocol):
    """A command of REST or of a client: all say in which service."""

    @property
    def service(self) -> str:
        """The sid of the service, as the request gave it."""


@dataclass(frozen=True, slots=True)
class PreEvent:
    """A pre-event.

    Attributes:
        says: what is asked, of the command and what its check answered.
    """

    name: str
    says: Callable[[Any, Any], Given]


def _conversation(_: object, checked: Conversation) -> Given:
    return parameters.conversation(checked)


def _changed_conversation(command: UpdateConversation, checked: Conversation) -> Given:
    said = parameters.conversation(checked)
    return said | {"State": command.state.lower()} if command.state else said


def _message(_: object, checked: Message) -> Given:
    return parameters.message(checked)


def _participant(_: object, checked: Participant) -> Given:
    return parameters.participant(checked)


def _user(_: object, checked: User) -> Given:
    return parameters.without(parameters.user(checked), "DateCreated")


PRE_EVENTS: dict[type, PreEvent] = {
    AddConversation: PreEvent("onConversationAdd", _conversation),
    AddConversationWithParticipants: PreEvent("onConversationAdd", _conversation),
    UpdateConversation: PreEvent("onConversationUpdate", _changed_conversation),
    RemoveConversation: PreEvent("onConversationRemove", _conversation),
    AddParticipant: PreEvent("onParticipantAdd", _participant),
    UpdateParticipant: PreEvent("onParticipantUpdate", _participant),
    RemoveParticipant: PreEvent("onParticipantRemove", _participant),
    PostMessage: PreEvent("onMessageAdd", _message),
    EditMessage: PreEvent("onMessageUpdate", _message),
    RemoveMessage: PreEvent("onMessageRemove", _message),
    UpdateUser: PreEvent("onUserUpdate", _user),
}

ASKED_ABOUT = (*PRE_EVENTS, SendFromHandset, ReceiveText)
"""The commands that a webhook may be asked about."""


def question(world: World, command: Command[object], origin: Origin) -> Outcome | None:
    """Whether a webhook is asked about `command`; None where no URL could be."""
    if not len(world[WebhookConfigurations]):
        return None
    try:
        if isinstance(command, SendFromHandset | ReceiveText):
            return _about_text(world, command, origin)
        pre = PRE_EVENTS.get(type(command))
        return None if pre is None else _about(world, cast(InService, command), origin, pre)
    except Refused:
        return None


def _about(world: World, command: InService, origin: Origin, pre: PreEvent) -> Outcome | None:
    service = services.find(world, command.service)
    against = None if origin.webhooks else NOT_ENABLED

    def says() -> Given:
        return pre.says(command, world.check(command, origin))

    return _outcome(world, origin, pre.name, service.sid, against, says)


def _about_text(
    world: World, command: SendFromHandset | ReceiveText, origin: Origin
) -> Outcome | None:
    claimed = world.check(command, origin)
    if not isinstance(claimed, Capture):
        return None
    found = claimed.found
    body, media = _content(world, command)
    if isinstance(found, Opening):
        event, service_sid = "onConversationAdd", found.conversation.service_sid
        whatsapp = channel_of(found.to) is Channel.WHATSAPP
        said = {
            **parameters.conversation(found.conversation),
            **parameters.opened_by(found.opened_by),
            "MessageBody": body,
            "Media": media,
        }
    else:
        event, service_sid = "onMessageAdd", found.service_sid
        whatsapp = found.channel == Channel.WHATSAPP
        said = {
            "ConversationSid": found.conversation_sid,
            "ChatServiceSid": found.service_sid,
            "Body": body,
            "Author": found.address,
            "ParticipantSid": found.sid,
            "Attributes": "{}",
            "Media": media,
        }
    origin = replace(origin, source=Source.WHATSAPP if whatsapp else Source.SMS)
    return _outcome(world, origin, event, service_sid, None, lambda: said)


def _content(world: World, command: SendFromHandset | ReceiveText) -> tuple[str | None, str | None]:
    """Body and media of a text that is about to come in."""
    if isinstance(command, SendFromHandset):
        body, enclosures = command.body, command.media
    else:
        body = world[Texts][command.text].body
        enclosures = tuple(map(text_media.enclosed, text_media.of(world, command.text)))
    return body or None, parameters.media(map(_announced, enclosures))


def _announced(file: Enclosure) -> MessageMedia:
    """A file that is not kept yet."""
    return MessageMedia(
        sid="",
        filename=file.filename,
        content_type=file.content_type or "application/octet-stream",
        size=file.size or 0,
    )


def _outcome(
    world: World,
    origin: Origin,
    event: str,
    service_sid: str,
    against: str | None,
    says: Callable[[], Given],
) -> Outcome | None:
    """The decision of the configuration in force; `against` is what else speaks against asking."""
    account_sid = world[Services][service_sid].account_sid
    webhooks, setting = webhooks_of(world, account_sid, service_sid)
    url = webhooks.pre_webhook_url
    if not url:
        return None
    against = not_named(webhooks.filters, event) or against
    said = {} if against else says()
    subject = said.get("ConversationSid") or service_sid
    decision = Decision(
        event=event,
        subject=subject,
        setting=setting,
        url=url,
        sent=against is None,
        because=against or AS_SET,
    )
    if against:
        return decision, None
    return decision, Request(
        event=event,
        subject=subject,
        account_sid=account_sid,
        manner=CONVERSATIONS,
        url=url,
        method=(webhooks.method or "POST").upper(),
        parameters=parameters.said(parameters.common(event, account_sid, origin), said),
    )
