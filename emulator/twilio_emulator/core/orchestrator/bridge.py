"""The bridge to Conversations v1: what is said in a bridged service is said in v2 too.

The rules of this file (https://www.twilio.com/docs/platform/conversations/bridge):

- A conversation of the service is one of v2 from its first message on; the addresses in it have
  the `CH...` as their `channelId`. A conversation of v2 whose participants name one is that one.
- Who joins or leaves there joins or leaves here, and whoever says something is there.
- What is closed on one side is closed on the other.
- What is said in v1 is here at once; Twilio takes up to three seconds.
"""

from twilio_emulator.core.conversations import conversations as v1_conversations
from twilio_emulator.core.conversations import messages as v1_messages
from twilio_emulator.core.conversations import participants as v1_participants
from twilio_emulator.core.conversations import states
from twilio_emulator.core.conversations.delivery_receipts import ReceiptUpdated
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Message,
    Participant,
    Participants,
    ReceiptStatus,
    State,
)
from twilio_emulator.core.conversations.states import ConversationStateUpdated, Reason
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import communications, delivery_status, people
from twilio_emulator.core.orchestrator.communications import (
    CommunicationDraft,
    record_communication,
)
from twilio_emulator.core.orchestrator.conversations import begin, set_status
from twilio_emulator.core.orchestrator.participants import (
    ParticipantDraft,
    at_address,
    participants_of,
    places_of,
    remove_participant,
    update_participant,
)
from twilio_emulator.core.orchestrator.people import CommunicationEnd, drafted
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    CommunicationContent,
    CommunicationStatus,
    ContentType,
    ConversationConfiguration,
    ConversationConfigurations,
    OrchestratedConversation,
    OrchestratedConversationRemoved,
    OrchestratedConversations,
    OrchestratedConversationUpdated,
    OrchestratedParticipantAdded,
    OrchestratedParticipantUpdated,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantType,
)
from twilio_emulator.core.senders.addresses import Channel, channel_of

CHANNELS = {
    Channel.SMS: OrchestratorChannel.SMS,
    Channel.WHATSAPP: OrchestratorChannel.WHATSAPP,
    Channel.RCS: OrchestratorChannel.RCS,
}
"""By what a participant of v1 is reached who does not chat."""

RECEIVED = {
    ReceiptStatus.SENT: CommunicationStatus.IN_PROGRESS,
    ReceiptStatus.DELIVERED: CommunicationStatus.DELIVERED,
    ReceiptStatus.READ: CommunicationStatus.READ,
    ReceiptStatus.UNDELIVERED: CommunicationStatus.FAILED,
    ReceiptStatus.FAILED: CommunicationStatus.FAILED,
}
"""How far a communication has come, by the receipt of v1."""

TYPE = ParticipantType.UNKNOWN
"""Decided: who the participants of v1 are here, as Twilio Agent Connect finds them. Their profiles
are not looked for then: they are grouped by the conversation of v1."""

IN_CHAT, ON_PHONE = CommunicationStatus.DELIVERED, CommunicationStatus.IN_PROGRESS
"""Decided: how far something has come that was just said in v1, to who chats and to a phone, whose
receipt says the rest."""

WHEN_DELETED = OrchestratedStatus.CLOSED
"""Decided: what a conversation is whose other half was deleted in v1."""


@record
class BridgedConversation:
    """That a conversation of v1, whose sid it has, is one of v2."""

    sid: str
    conversation_sid: str


class BridgedConversations(Table[BridgedConversation]):
    """Found by the conversation of v1, listed by that of v2."""

    refers = (("conversation_sid", "orchestrated_conversations"),)

    def __init__(self) -> None:
        self.by_conversation: Ordered[BridgedConversation] = Ordered(
            lambda it: it.conversation_sid, lambda it: 0
        )
        super().__init__(BridgedConversation, self.by_conversation)


def said(world: World, added: v1_messages.MessageAdded) -> None:
    """What is said in a bridged conversation of v1 is said in its conversation of v2."""
    configuration = _configuration(world, added.conversation.service_sid)
    if configuration is None:
        return
    message, chat = added.message, added.conversation
    conversation = _across(world, chat.sid) or _begin(world, configuration, chat)
    author = people.ensure(world, conversation, _author(world, message))
    record_communication(
        world,
        conversation,
        CommunicationDraft(
            author=author.party(),
            content=_content(message),
            recipients=tuple(
                end.party(_first_status(end.channel))
                for end in _ends(world, conversation, chat.sid)
                if end.participant != author.participant
            ),
            channel_id=chat.sid,
            resource_id=message.sid,
        ),
    )


def edited(world: World, updated: v1_messages.MessageUpdated) -> None:
    """A message of v1 reads otherwise."""
    before = communication_of(world, updated.message)
    if before is not None:
        content = _content(updated.message)
        communications.put_update(world, before, replace(before, content=content))


def received(world: World, updated: ReceiptUpdated) -> None:
    """A phone has got a message of v1, or not."""
    communication = communication_of(world, updated.message)
    participant = world[Participants].get(updated.receipt.participant_sid)
    status = updated.receipt.status
    if communication is None or participant is None or status is None:
        return
    at = _drafted(participant).addresses[0].address
    delivery_status.show(world, communication, RECEIVED[status], at)


def joined(world: World, added: v1_participants.ParticipantAdded) -> None:
    """Somebody is in a conversation of v1 that something was said in."""
    conversation = _across(world, added.conversation.sid)
    if conversation is not None:
        people.ensure(world, conversation, _drafted(added.participant))


def left(world: World, removed: v1_participants.ParticipantRemoved) -> None:
    """Somebody is in a conversation of v1 no more: nor here, unless by another address."""
    conversation = _across(world, removed.conversation.sid)
    if conversation is None:
        return
    (gone,) = _drafted(removed.participant).addresses
    here = at_address(world, conversation.sid, gone.channel, gone.address)
    if here is None:
        return
    place = places_of((gone,))
    addresses = tuple(
        each
        for each in here.addresses
        if each.channel_id != gone.channel_id or places_of((each,)) != place
    )
    if not addresses:
        remove_participant(world, here)
    elif addresses != here.addresses:
        update_participant(world, here, people.redrafted(here, addresses))


def moved(world: World, updated: ConversationStateUpdated) -> None:
    """What is closed in v1 is closed here."""
    if updated.conversation.state is State.CLOSED:
        _close(world, updated.conversation.sid, OrchestratedStatus.CLOSED)


def deleted(world: World, removed: v1_conversations.ConversationRemoved) -> None:
    """What is deleted in v1 is closed here."""
    if _bridged(world, removed.conversation.sid) is not None:
        _close(world, removed.conversation.sid, WHEN_DELETED)
        world[BridgedConversations].remove(removed.conversation.sid)


def closed(world: World, updated: OrchestratedConversationUpdated) -> None:
    """What is closed here is closed in v1."""
    if updated.conversation.status is not OrchestratedStatus.CLOSED:
        return
    for chat in _chats(world, updated.conversation):
        if chat.state is not State.CLOSED:
            states.change_state(world, chat, State.CLOSED, Reason.EVENT)


def removed(world: World, gone: OrchestratedConversationRemoved) -> None:
    """What is removed here stays in v1, and begins here anew when something is said."""
    table = world[BridgedConversations]
    for bridged in table.all(table.by_conversation, gone.conversation.sid):
        table.remove(bridged.sid)


def named(
    world: World, event: OrchestratedParticipantAdded | OrchestratedParticipantUpdated
) -> None:
    """A conversation of v2 is that of v1 which the address of a participant names."""
    participant = event.participant
    conversation = world[OrchestratedConversations][participant.conversation_sid]
    bridge = conversation.settings.conversations_v1_bridge
    if bridge is None:
        return
    for each in participant.addresses:
        chat = world[Conversations].get(each.channel_id)
        if chat is None or chat.service_sid != bridge.service_id:
            continue
        if _across(world, chat.sid) is None:
            _link(world, chat, conversation)


def communication_of(world: World, message: Message) -> Communication | None:
    """The communication that a message of v1 is."""
    bridged = _bridged(world, message.conversation_sid)
    if bridged is None:
        return None
    return communications.of_resource(world, bridged.conversation_sid, message.sid)


def _configuration(world: World, service_sid: str) -> ConversationConfiguration | None:
    table = world[ConversationConfigurations]
    return table.found(table.by_bridge, service_sid)


def _bridged(world: World, sid: str) -> BridgedConversation | None:
    """What a conversation of v1 is here; no table is made for it where nothing is bridged."""
    return world[BridgedConversations].get(sid) if BridgedConversations in world else None


def _across(world: World, sid: str) -> OrchestratedConversation | None:
    """The open conversation that one of v1 is."""
    bridged = _bridged(world, sid)
    if bridged is None:
        return None
    found = world[OrchestratedConversations][bridged.conversation_sid]
    return None if found.status is OrchestratedStatus.CLOSED else found


def _begin(
    world: World, configuration: ConversationConfiguration, chat: Conversation
) -> OrchestratedConversation:
    """Begin the conversation that one of v1 is, with all who are in it."""
    table = world[Participants]
    drafts = tuple(map(_drafted, table.all(table.by_conversation, chat.sid)))
    conversation = begin(world, configuration, drafts)
    _link(world, chat, conversation)
    return conversation


def _link(world: World, chat: Conversation, conversation: OrchestratedConversation) -> None:
    world[BridgedConversations].put(
        BridgedConversation(sid=chat.sid, conversation_sid=conversation.sid)
    )


def _close(world: World, sid: str, status: OrchestratedStatus) -> None:
    conversation = _across(world, sid)
    if conversation is not None:
        set_status(world, conversation, status)


def _chats(world: World, conversation: OrchestratedConversation) -> tuple[Conversation, ...]:
    """The conversations of v1 that one is."""
    table = world[BridgedConversations]
    bridged = table.all(table.by_conversation, conversation.sid)
    found = (world[Conversations].get(each.sid) for each in bridged)
    return tuple(each for each in found if each is not None)


def _author(world: World, message: Message) -> ParticipantDraft:
    """Who says something in v1: a participant there, or whoever is named."""
    participant = world[Participants].get(message.participant_sid)
    if participant is not None:
        return _drafted(participant)
    channel, name = OrchestratorChannel.CHAT, message.author
    return drafted(channel, name, TYPE, channel_id=message.conversation_sid)


def _drafted(participant: Participant) -> ParticipantDraft:
    """A participant of v1 as one of v2."""
    chat = participant.conversation_sid
    if participant.identity is not None:
        return drafted(OrchestratorChannel.CHAT, participant.identity, TYPE, channel_id=chat)
    address = participant.address or participant.projected_address or ""
    return drafted(CHANNELS[channel_of(address)], address, TYPE, channel_id=chat)


def _ends(
    world: World, conversation: OrchestratedConversation, chat: str
) -> tuple[CommunicationEnd, ...]:
    """Who is in a conversation of v1, as they are here."""
    return tuple(
        people.end_of(participant, each)
        for participant in participants_of(world, conversation.sid)
        for each in participant.addresses
        if each.channel_id == chat
    )


def _content(message: Message) -> CommunicationContent:
    return CommunicationContent(type=ContentType.TEXT, text=message.body or "")


def _first_status(channel: OrchestratorChannel) -> CommunicationStatus:
    """How far something has come that was just said."""
    return IN_CHAT if channel is OrchestratorChannel.CHAT else ON_PHONE
