"""Conversations of v2: begun, said anew, changed, closed, removed, found.

The rules of this file (https://www.twilio.com/docs/platform/conversations/conversation-lifecycle):

- Who begins one that is there already is told which (409).
- Closed is the end: what is closed does not open again.
- Decided: to say anew (PUT) clears the name and the metadata when they are left out, as with
  participants; to change in part (PATCH) takes null as not said, but a key of `metadata` that is
  null goes.
- Decided: lists are in the order in which things came, as of participants and communications.
- Decided: statuses that are asked for may stand in one parameter, with commas, too: Twilio Agent
  Connect for TypeScript says them so, and the OpenAPI file one by one.
- What can be changed of the pinned settings is where its events are told; an empty list ends that.
"""

import re

from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import (
    channel_references,
    errors,
    grouping_keys,
    operations,
    settings,
)
from twilio_emulator.core.orchestrator.channel_references import (
    ChannelReference,
    ChannelReferences,
)
from twilio_emulator.core.orchestrator.configurations import fetch_configuration
from twilio_emulator.core.orchestrator.operations import CONVERSATION_ID, OrchestratorOperation
from twilio_emulator.core.orchestrator.participants import (
    ParticipantDraft,
    as_known,
    check_addresses,
    of_conversation,
    places_of,
    put_participant,
    regroup,
)
from twilio_emulator.core.orchestrator.resources import (
    CONVERSATION,
    Communications,
    ConversationConfiguration,
    OrchestratedConversation,
    OrchestratedConversationCreated,
    OrchestratedConversationRemoved,
    OrchestratedConversations,
    OrchestratedConversationUpdated,
    OrchestratedParticipantAdded,
    OrchestratedParticipants,
    OrchestratedStatus,
    StatusCallbackTarget,
)

MOST_PARTICIPANTS = 50
"""With whom a conversation may begin."""

MOST_METADATA, LONGEST_VALUE = 8, 512

STATUSES = frozenset(OrchestratedStatus)

_KEY = re.compile(r"[A-Za-z0-9._-]{1,128}")


@record
class ConversationOwnSettings:
    """What a conversation begins with in place of what its configuration says."""

    intelligence_configuration_ids: tuple[str, ...] | None = None


@record
class ConversationCallbacks:
    """Where the events of a conversation are told."""

    status_callbacks: tuple[StatusCallbackTarget, ...] | None = None


@command
class BeginConversation:
    """Begin a conversation."""

    account: str
    configuration_id: str
    name: str | None = None
    configuration: ConversationOwnSettings | None = None
    participants: tuple[ParticipantDraft, ...] = ()
    metadata: dict[str, str] | None = None

    def apply(self, world: World) -> OrchestratedConversation:
        configuration = fetch_configuration(
            world, account=self.account, configuration=self.configuration_id
        )
        if len(self.participants) > MOST_PARTICIPANTS:
            raise errors.invalid("participants", f"at most {MOST_PARTICIPANTS}")
        taken: frozenset[tuple[str, str]] = frozenset()
        for at, each in enumerate(self.participants):
            place = f"participants[{at}].addresses"
            check_addresses(place, each.addresses)
            held = places_of(each.addresses)
            if not held.isdisjoint(taken):
                raise errors.invalid(place, "another participant has one of them")
            taken |= held
        own = self.configuration
        intelligence = None if own is None else own.intelligence_configuration_ids
        if intelligence is not None:
            settings.check_intelligence("configuration.intelligenceConfigurationIds", intelligence)
        metadata = self.metadata or {}
        check_metadata(metadata)
        pinned = configuration.settings
        parties = [as_known(world, self.account, pinned, each) for each in self.participants]
        keys = grouping_keys.keys_of(pinned.conversation_grouping_type, parties)
        grouping_keys.check_free(world, configuration.sid, keys)
        return begin(
            world,
            configuration,
            self.participants,
            name=self.name,
            metadata=metadata,
            intelligence=intelligence,
        )


@command
class SetOrchestratedConversation:
    """Say anew what a conversation is called, and where it is in its life."""

    account: str
    conversation: str
    status: OrchestratedStatus
    name: str | None = None
    metadata: dict[str, str] | None = None

    def apply(self, world: World) -> OrchestratedConversation:
        before = of_conversation(world, self.account, self.conversation)
        metadata = self.metadata or {}
        check_metadata(metadata)
        check_step(before, self.status)
        now = replace(before, status=self.status, name=self.name, metadata=metadata)
        return update(world, before, now)


@command
class ChangeOrchestratedConversation:
    """Change what is said of a conversation."""

    account: str
    conversation: str
    name: str | None = None
    status: OrchestratedStatus | None = None
    configuration: ConversationCallbacks | None = None
    metadata: dict[str, str | None] | None = None

    def apply(self, world: World) -> OrchestratedConversation:
        before = of_conversation(world, self.account, self.conversation)
        both = {**before.metadata, **(self.metadata or {})}
        metadata = {name: value for name, value in both.items() if value is not None}
        check_metadata(metadata)
        status = self.status or before.status
        check_step(before, status)
        pinned = before.settings
        said = self.configuration
        callbacks = None if said is None else said.status_callbacks
        if callbacks is not None:
            place = "configuration.statusCallbacks"
            settings.check_callbacks(place, callbacks, settings.MOST_OF_CONVERSATION)
            pinned = replace(pinned, status_callbacks=callbacks)
        name = before.name if self.name is None else self.name
        now = replace(before, status=status, name=name, metadata=metadata, settings=pinned)
        return update(world, before, now)


@command
class RemoveOrchestratedConversation:
    """Remove a conversation, with all that is in it."""

    account: str
    conversation: str
    idempotency_key: str | None = None

    def apply(self, world: World) -> OrchestratorOperation:
        found = operations.repeated(world, self.account, self.idempotency_key)
        if found is not None:
            return found
        conversation = of_conversation(world, self.account, self.conversation)
        grouping_keys.release(world, conversation)
        channel_references.forget(world, conversation.sid)
        participants = world[OrchestratedParticipants]
        for each in participants.all(participants.by_conversation, conversation.sid):
            participants.remove(each.sid)
        communications = world[Communications]
        for said in communications.all(communications.by_conversation, conversation.sid):
            communications.remove(said.sid)
        world[OrchestratedConversations].remove(conversation.sid)
        world.tell(OrchestratedConversationRemoved(conversation=conversation))
        related = CONVERSATION_ID, conversation.sid
        return operations.done(world, self.account, related, self.idempotency_key)


def begin(
    world: World,
    configuration: ConversationConfiguration,
    drafts: tuple[ParticipantDraft, ...],
    *,
    name: str | None = None,
    metadata: dict[str, str] | None = None,
    intelligence: tuple[str, ...] | None = None,
) -> OrchestratedConversation:
    """Begin a conversation of these participants, without asking whether that can be.

    Args:
        intelligence: what is to read along, in place of what the configuration says.
    """
    pinned = configuration.settings
    if intelligence is not None:
        pinned = replace(pinned, intelligence_configuration_ids=intelligence)
    conversation = world[OrchestratedConversations].put(
        OrchestratedConversation(
            sid=new_ttid(world, CONVERSATION),
            account_sid=configuration.account_sid,
            configuration_sid=configuration.sid,
            configuration_version=configuration.version,
            settings=pinned,
            name=name,
            metadata=metadata or {},
            created_at=world.now,
            updated_at=world.now,
            serial=world.serial(),
        )
    )
    added = [put_participant(world, conversation, each) for each in drafts]
    regroup(world, conversation)
    world.tell(OrchestratedConversationCreated(conversation=conversation))
    for participant in added:
        world.tell(OrchestratedParticipantAdded(participant=participant))
    return conversation


def update(
    world: World, before: OrchestratedConversation, now: OrchestratedConversation
) -> OrchestratedConversation:
    """Have a conversation be otherwise, without asking whether that can be.

    A closed one holds no keys any more.
    """
    if now == before:
        return before
    now = world[OrchestratedConversations].put(replace(now, updated_at=world.now))
    if now.status is OrchestratedStatus.CLOSED:
        grouping_keys.release(world, now)
    world.tell(OrchestratedConversationUpdated(conversation=now, before=before))
    return now


def set_status(
    world: World, conversation: OrchestratedConversation, status: OrchestratedStatus
) -> OrchestratedConversation:
    """Have a conversation that is not closed be active, inactive or closed."""
    return update(world, conversation, replace(conversation, status=status))


def check_step(conversation: OrchestratedConversation, status: OrchestratedStatus) -> None:
    """Raises:
    Refused: 20409 it is closed, and would not be any more.
    """
    if conversation.status is OrchestratedStatus.CLOSED is not status:
        raise errors.closed(conversation.sid)


def check_metadata(said: dict[str, str]) -> None:
    """Raises:
    Refused: 20001 there is too much of it, or something too long.
    """
    if len(said) > MOST_METADATA:
        raise errors.invalid("metadata", f"at most {MOST_METADATA} entries")
    for name, value in said.items():
        if not _KEY.fullmatch(name) or len(value) > LONGEST_VALUE:
            raise errors.invalid(f"metadata.{name}")


def fetch_conversation(
    world: World, *, account: str, conversation: str
) -> OrchestratedConversation:
    """A conversation of an account.

    Raises:
        Refused: 20404 it has no such.
    """
    return of_conversation(world, account, conversation)


def list_conversations(
    world: World, *, account: str, status: tuple[str, ...] = (), channel_id: str | None = None
) -> "Rows[OrchestratedConversation] | OfChannel":
    """An account's conversations, oldest first: all, those in some states, or those that have to do
    with a call, a message or a chat.

    Raises:
        Refused: 20001 there is no such status.
    """
    status = tuple(part for each in status for part in each.split(","))
    if not STATUSES.issuperset(status):
        raise errors.invalid("status")
    if channel_id:
        return OfChannel(world, account, channel_id, frozenset(status))
    conversations = world[OrchestratedConversations]
    if not status:
        return Rows(conversations, conversations.by_account, account)
    groups = ((account, OrchestratedStatus(each)) for each in dict.fromkeys(status))
    return Rows(conversations, conversations.by_status, *groups)


class OfChannel:
    """The conversations that have to do with a call, a message or a chat, page by page."""

    def __init__(self, world: World, account: str, channel_id: str, status: frozenset[str]) -> None:
        references = world[ChannelReferences]
        self._channel_id = channel_id
        self._conversations = conversations = world[OrchestratedConversations]

        def keep(reference: ChannelReference) -> bool:
            return not status or conversations[reference.conversation_sid].status in status

        group = account, channel_id
        self._rows = Rows(references, references.by_channel, group, keep=keep)

    def place(self, record: OrchestratedConversation) -> Place:
        """Where a conversation stands."""
        return record.serial, channel_references.sid_of(record.sid, self._channel_id)

    def after(self, place: Place | None, size: int) -> tuple[list[OrchestratedConversation], bool]:
        """The `size` conversations that follow `place` (or come first), and whether more follow."""
        rows, more = self._rows.after(place, size)
        return [self._conversations[each.conversation_sid] for each in rows], more

    def before(self, place: Place, size: int) -> tuple[list[OrchestratedConversation], bool]:
        """The `size` that stand just before `place`, and whether more stand before them."""
        rows, more = self._rows.before(place, size)
        return [self._conversations[each.conversation_sid] for each in rows], more
