"""How an action sends: as texts, or as a message of the bridged conversation of v1.

The rules of this file:

- A text is from the sender's address, by a messaging service where the settings name one. It says
  which conversation it comes from, so that nothing captures it once more.
- With a `channelId` of v1 (`CH...`) among the settings, or of a party's address where there is a
  bridge, a message of the sender's is posted there, and v1 sends it on. It fires the webhooks of v1
  if the request that asks for the action would.
- Decided: a message there has the attributes that the settings say, by v1's name or in camel case:
  Twilio Agent Connect speaks of `Attributes` that are handed on, and of all else in camel case.
- Media are sent in texts alone; v1 takes files that were uploaded, and no URLs.
"""

import json
from typing import Any

from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.resources import Conversations, Message
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.orchestrator import errors, people
from twilio_emulator.core.orchestrator.action_resources import ActionContent, ActionParty
from twilio_emulator.core.orchestrator.people import CommunicationEnd
from twilio_emulator.core.orchestrator.resources import (
    OrchestratedConversation,
    OrchestratedParticipant,
    OrchestratedParticipants,
    OrchestratorChannel,
    ParticipantAddress,
)
from twilio_emulator.core.senders.addresses import Channel, bare, on_channel
from twilio_emulator.core.texts.text import Text

NOT_BRIDGED = Refusal(20404, 404, "Channel {channel} is not in the bridged Conversations service")
NO_CHANNEL_ID = Refusal(20001, 400, "CHAT needs the channelId of a bridged conversation")
NO_MEDIA_URLS = Refusal(20001, 400, "mediaUrls cannot be posted to a bridged conversation")
"""Decided: what an action that has failed says of it, where the sender has no words of its own;
and that media URLs cannot go there."""

V1 = "CH"
"""What the ids of v1's conversations begin with."""

CHANNELS = {
    OrchestratorChannel.SMS: Channel.SMS,
    OrchestratorChannel.WHATSAPP: Channel.WHATSAPP,
    OrchestratorChannel.RCS: Channel.RCS,
}
"""What carries a text of a channel."""

SAID = {
    "applicationSid": "application_sid",
    "attempt": "attempt",
    "addressRetention": "address_retention",
    "contentRetention": "content_retention",
    "fallbackFrom": "fallback_from",
    "maxPrice": "max_price",
    "messageIntent": "message_intent",
    "messagingServiceSid": "messaging_service_sid",
    "riskCheck": "risk_check",
    "scheduleType": "schedule_type",
    "sendAt": "send_at",
    "statusCallback": "status_callback",
    "tags": "tags",
    "trafficType": "traffic_type",
    "validityPeriod": "validity_period",
}
"""Parameters of a text that the settings may say, by their names there. Decided: what is neither
here nor in `ASKED` is passed over, as it is in a form."""

ASKED = {
    "forceDelivery": "force_delivery",
    "provideFeedback": "provide_feedback",
    "sendAsMms": "send_as_mms",
    "shortenUrls": "shorten_urls",
    "smartEncoded": "smart_encoded",
}
"""The same of those that are true or false."""


def resolve(
    world: World, conversation: OrchestratedConversation, party: ActionParty, place: str
) -> CommunicationEnd:
    """Who is meant by a party of an action, and at which address.

    Args:
        place: where the party stands in the request.

    Raises:
        Refused: 20001 it is not one address of one channel, or VOICE, by which nothing is sent.
    """
    if party.participant_id is None:
        if not party.address or party.channel is None:
            raise errors.missing(f"{place}.{'channel' if party.address else 'address'}")
        end = people.end_at(world, conversation, party.channel, party.address)
    else:
        found = world[OrchestratedParticipants].get(party.participant_id)
        if found is None or found.conversation_sid != conversation.sid:
            raise errors.invalid(f"{place}.participantId", "it is not in the conversation")
        addresses = _meant(found, party)
        if not addresses or (party.channel is None and len(addresses) > 1):
            raise errors.invalid(place, "the participant has no such address, or several")
        end = people.end_of(found, addresses[0])
    if end.channel not in CHANNELS and end.channel is not OrchestratorChannel.CHAT:
        raise errors.invalid(f"{place}.channel", f"nothing is sent by {end.channel}")
    return end


def _meant(found: OrchestratedParticipant, party: ActionParty) -> list[ParticipantAddress]:
    """Which addresses of a participant a party of an action may mean: as it spells one, else that
    with the prefix of its channel or without it."""
    held = [each for each in found.addresses if party.channel in (None, each.channel)]
    if party.address is None:
        return held
    said = party.address
    as_said = [each for each in held if each.address == said]
    return as_said or [each for each in held if bare(each.address) == bare(said)]


def chat_of(
    conversation: OrchestratedConversation,
    settings: dict[str, Any],
    content: ActionContent,
    *ends: CommunicationEnd,
) -> str | None:
    """The conversation of v1 that a message is for, if it is for one; empty if none is named."""
    said = settings.get("channelId")
    if isinstance(said, str) and said.startswith(V1):
        return said
    named = next((each.channel_id for each in ends if (each.channel_id or "").startswith(V1)), None)
    if ends[0].channel is OrchestratorChannel.CHAT:
        return named or ""
    # Decided: media go by text here too, since v1 has no place for them.
    by_text = conversation.settings.conversations_v1_bridge is None or content.media_urls
    return None if by_text else named


def send_text(
    world: World,
    conversation: OrchestratedConversation,
    sender: CommunicationEnd,
    recipient: CommunicationEnd,
    content: ActionContent,
    settings: dict[str, Any],
) -> Text:
    """Send a text to one recipient.

    Raises:
        Refused: Twilio would not send it.
    """
    channel = CHANNELS[sender.channel]
    said: dict[str, Any] = {
        field: text
        for name, field in SAID.items()
        if (text := _text(settings.get(name))) is not None
    }
    said |= {
        field: settings[name] for name, field in ASKED.items() if type(settings.get(name)) is bool
    }
    return CreateText(
        account=conversation.account_sid,
        to=on_channel(channel, bare(recipient.address)),
        from_=on_channel(channel, bare(sender.address)),
        body=content.text,
        media_url=content.media_urls,
        content_sid=content.content_id,
        content_variables=_variables(content),
        **said,
    ).send(world, conversation.sid)


def post(
    world: World,
    conversation: OrchestratedConversation,
    chat: str,
    sender: CommunicationEnd,
    content: ActionContent,
    settings: dict[str, Any],
) -> Message:
    """Post a message in the bridged conversation of v1.

    Raises:
        Refused: there is no such conversation in the service that is bridged, or Twilio would not
            post it.
    """
    if not chat:
        raise Refused(NO_CHANNEL_ID)
    bridge = conversation.settings.conversations_v1_bridge
    bridged = world[Conversations].get(chat)
    if bridged is None or bridge is None or bridged.service_sid != bridge.service_id:
        raise Refused(NOT_BRIDGED, channel=chat)
    if content.media_urls:
        raise Refused(NO_MEDIA_URLS)
    return PostMessage(
        service=bridged.service_sid,
        conversation=chat,
        author=sender.address,
        body=content.text,
        attributes=_attributes(settings),
        content_sid=content.content_id,
        content_variables=_variables(content),
    ).apply(world)


def _attributes(settings: dict[str, Any]) -> str | None:
    """The attributes of a message of v1: a text that is JSON, or the object itself."""
    said = settings.get("Attributes", settings.get("attributes"))
    return json.dumps(said) if isinstance(said, dict) else _text(said)


def _text(said: object) -> str | None:
    """A parameter as a form has it."""
    return str(said) if type(said) in (str, int, float) else None


def _variables(content: ActionContent) -> str | None:
    return None if content.variables is None else json.dumps(content.variables)
