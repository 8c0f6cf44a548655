"""Communications: what was said in a conversation, written down, followed and found.

The rules of this file (https://www.twilio.com/docs/platform/conversations/communications):

- A request writes down what was said, and sends nothing.
- What has the `resourceId` of something that is in the conversation is that, said anew.
- Something said makes an inactive conversation active. Nothing can be said in a closed one.
- Decided: an end that names no participant is the one who is reached there, if there is one; nobody
  is added for it.
- Decided: what is said anew keeps how far it has come to each recipient.
"""

from datetime import datetime

from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import channel_references, conversations, errors
from twilio_emulator.core.orchestrator.participants import at_address, of_conversation
from twilio_emulator.core.orchestrator.resources import (
    COMMUNICATION,
    Communication,
    CommunicationContent,
    CommunicationCreated,
    CommunicationParty,
    Communications,
    CommunicationUpdated,
    ContentType,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratedParticipants,
    OrchestratedStatus,
    OrchestratorChannel,
    TranscriptionDetails,
)
from twilio_emulator.core.senders.addresses import bare


@record
class CommunicationEndSaid:
    """An end of a communication, as a request says it."""

    address: str
    channel: OrchestratorChannel
    participant_id: str | None = None

    @property
    def party(self) -> CommunicationParty:
        """As it is kept."""
        return CommunicationParty(
            address=self.address, channel=self.channel, participant_id=self.participant_id
        )


@record
class TranscriptionSaid:
    """How something spoken was written down, as a request says it; `channel` is 0 inbound, 1
    outbound, and `confidence` from 0 to 1."""

    channel: int | None = None
    confidence: float | None = None
    engine: str | None = None


@record
class CommunicationContentSaid:
    """What is said in a communication, as a request says it."""

    type: ContentType
    text: str
    transcription: TranscriptionSaid | None = None

    @property
    def content(self) -> CommunicationContent:
        """As it is kept."""
        said = self.transcription
        if said is None:
            return CommunicationContent(type=self.type, text=self.text)
        details = TranscriptionDetails(
            channel=said.channel, confidence=said.confidence, engine=said.engine
        )
        return CommunicationContent(type=self.type, text=self.text, transcription=details)


@record
class CommunicationDraft:
    """Something that was said, and is to be in a conversation."""

    author: CommunicationParty
    content: CommunicationContent
    recipients: tuple[CommunicationParty, ...]
    channel_id: str | None = None
    resource_id: str | None = None
    occurred_at: datetime | None = None


@command
class RecordCommunication:
    """Write down something that was said in a conversation."""

    account: str
    conversation: str
    author: CommunicationEndSaid
    content: CommunicationContentSaid
    recipients: tuple[CommunicationEndSaid, ...]
    channel_id: str | None = None
    resource_id: str | None = None
    occurred_at: datetime | None = None

    def apply(self, world: World) -> Communication:
        conversation = of_conversation(world, self.account, self.conversation)
        if not self.recipients:
            raise errors.invalid("recipients")
        _check_party(world, conversation, "author", self.author)
        for at, each in enumerate(self.recipients):
            _check_party(world, conversation, f"recipients[{at}]", each)
        _check_content(self.content)
        if conversation.status is OrchestratedStatus.CLOSED:
            raise errors.closed(conversation.sid)
        draft = CommunicationDraft(
            author=self.author.party,
            content=self.content.content,
            recipients=tuple(each.party for each in self.recipients),
            channel_id=self.channel_id or None,
            resource_id=self.resource_id or None,
            occurred_at=self.occurred_at,
        )
        known = of_resource(world, conversation.sid, draft.resource_id)
        if known is not None:
            return update(world, known, draft)
        return record_communication(world, conversation, draft)


def record_communication(
    world: World, conversation: OrchestratedConversation, draft: CommunicationDraft
) -> Communication:
    """Write down something that was said in an open conversation, which is active then."""
    channel_references.refer(world, conversation, draft.channel_id, draft.resource_id)
    said = world[Communications].put(
        Communication(
            sid=new_ttid(world, COMMUNICATION),
            account_sid=conversation.account_sid,
            conversation_sid=conversation.sid,
            author=_named(world, conversation, draft.author),
            content=draft.content,
            recipients=tuple(_named(world, conversation, each) for each in draft.recipients),
            channel_id=draft.channel_id,
            resource_id=draft.resource_id,
            occurred_at=draft.occurred_at or world.now,
            created_at=world.now,
            updated_at=world.now,
            serial=world.serial(),
        )
    )
    conversation = world[OrchestratedConversations].put(
        replace(conversation, last_communication_at=world.now)
    )
    if conversation.status is OrchestratedStatus.INACTIVE:
        conversations.set_status(world, conversation, OrchestratedStatus.ACTIVE)
    world.tell(CommunicationCreated(communication=said))
    return said


def update(world: World, before: Communication, draft: CommunicationDraft) -> Communication:
    """Have something that was said read otherwise; what is not said stays, and how far it has come
    to those who are recipients still."""
    conversation = world[OrchestratedConversations][before.conversation_sid]
    come = {(each.channel, bare(each.address)): each.delivery_status for each in before.recipients}
    recipients = (
        replace(
            each,
            delivery_status=each.delivery_status or come.get((each.channel, bare(each.address))),
        )
        for each in draft.recipients
    )
    channel_references.refer(world, conversation, draft.channel_id)
    now = replace(
        before,
        author=_named(world, conversation, draft.author),
        content=draft.content,
        recipients=tuple(_named(world, conversation, each) for each in recipients),
        channel_id=draft.channel_id or before.channel_id,
        occurred_at=draft.occurred_at or before.occurred_at,
    )
    return put_update(world, before, now)


def put_update(world: World, before: Communication, now: Communication) -> Communication:
    """Keep what something that was said is now, and tell of it if it is another."""
    if now == before:
        return before
    now = world[Communications].put(replace(now, updated_at=world.now))
    world.tell(CommunicationUpdated(communication=now, before=before))
    return now


def of_resource(world: World, conversation: str, resource: str | None) -> Communication | None:
    """What is something else elsewhere, such as a message, in a conversation."""
    communications = world[Communications]
    return communications.found(communications.of_resource, (conversation, resource))


def _named(
    world: World, conversation: OrchestratedConversation, said: CommunicationParty
) -> CommunicationParty:
    """An end of a communication, with the participant who it is."""
    if said.participant_id is not None:
        return said
    found = at_address(world, conversation.sid, said.channel, said.address)
    return said if found is None else replace(said, participant_id=found.sid)


def _check_party(
    world: World, conversation: OrchestratedConversation, place: str, said: CommunicationEndSaid
) -> None:
    if not said.address:
        raise errors.invalid(f"{place}.address")
    if said.participant_id is not None:
        found = world[OrchestratedParticipants].get(said.participant_id)
        if found is None or found.conversation_sid != conversation.sid:
            raise errors.invalid(f"{place}.participantId", "nobody such is in the conversation")


def _check_content(said: CommunicationContentSaid) -> None:
    details = said.transcription
    if details is None:
        return
    if said.type is not ContentType.TRANSCRIPTION:
        raise errors.invalid("content.transcription", "the content is of type TEXT")
    if details.confidence is not None and not 0 <= details.confidence <= 1:
        raise errors.invalid("content.transcription.confidence")


def fetch_communication(
    world: World, *, account: str, conversation: str, communication: str
) -> Communication:
    """Something that was said in a conversation.

    Raises:
        Refused: 20404 there is no such conversation, or nothing such in it.
    """
    of_conversation(world, account, conversation)
    found = world[Communications].get(communication)
    if found is None or found.conversation_sid != conversation:
        raise errors.not_found()
    return found


def list_communications(
    world: World, *, account: str, conversation: str, channel_id: str | None = None
) -> Rows[Communication]:
    """What was said in a conversation, oldest first; all, or what belongs to a call or a chat.

    Raises:
        Refused: 20404 there is no such conversation.
    """
    of_conversation(world, account, conversation)
    communications = world[Communications]
    if channel_id:
        group = conversation, channel_id
        return Rows(communications, communications.by_channel, group)
    return Rows(communications, communications.by_conversation, conversation)
