"""Participants of a conversation: added, said anew, found.

The rules of this file (https://www.twilio.com/docs/platform/conversations/participants):

- Somebody is reached at addresses, each on a channel; nobody else in the conversation has the same.
- To say anew (PUT) is to replace: what is left out is cleared.
- Decided: who is given no name is called as the first address is, since Twilio Agent Connect takes
  nobody without; who is given no type is UNKNOWN.
- Decided: nobody comes to a closed conversation, but who is in it may yet be said to be another.
"""

from collections.abc import Iterable

from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import (
    channel_references,
    errors,
    grouping_keys,
    profiles,
)
from twilio_emulator.core.orchestrator.grouping_keys import Party
from twilio_emulator.core.orchestrator.resources import (
    PARTICIPANT,
    ConfigurationSettings,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratedParticipant,
    OrchestratedParticipantAdded,
    OrchestratedParticipantRemoved,
    OrchestratedParticipants,
    OrchestratedParticipantUpdated,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)
from twilio_emulator.core.senders.addresses import bare


@record
class ParticipantDraft:
    """Somebody who is to be in a conversation."""

    name: str | None = None
    type: ParticipantType = ParticipantType.UNKNOWN
    profile_id: str | None = None
    addresses: tuple[ParticipantAddress, ...] = ()

    @property
    def called(self) -> str | None:
        """The name, or what stands for it."""
        return self.name or (self.addresses[0].address if self.addresses else None)

    @property
    def party(self) -> Party:
        """As conversations are grouped by."""
        return self.type, self.profile_id, self.addresses


@command
class AddOrchestratedParticipant:
    """Add somebody to a conversation."""

    account: str
    conversation: str
    addresses: tuple[ParticipantAddress, ...]
    name: str | None = None
    type: ParticipantType = ParticipantType.UNKNOWN
    profile_id: str | None = None

    def apply(self, world: World) -> OrchestratedParticipant:
        conversation = of_conversation(world, self.account, self.conversation)
        if conversation.status is OrchestratedStatus.CLOSED:
            raise errors.closed(conversation.sid)
        draft = ParticipantDraft(
            name=self.name,
            type=self.type,
            profile_id=self.profile_id,
            addresses=self.addresses,
        )
        check_addresses("addresses", self.addresses)
        here = list(participants_of(world, conversation.sid))
        check_alone(here, draft)
        grouping_keys.check_free(
            world,
            conversation.configuration_sid,
            _keys(conversation, (*map(party, here), foreseen(world, conversation, draft))),
            conversation.sid,
        )
        return add_participant(world, conversation, draft)


@command
class SetOrchestratedParticipant:
    """Say anew who somebody is and where."""

    account: str
    conversation: str
    participant: str
    name: str | None = None
    type: ParticipantType = ParticipantType.UNKNOWN
    profile_id: str | None = None
    addresses: tuple[ParticipantAddress, ...] = ()

    def apply(self, world: World) -> OrchestratedParticipant:
        conversation = of_conversation(world, self.account, self.conversation)
        before = fetch_participant(
            world,
            account=self.account,
            conversation=self.conversation,
            participant=self.participant,
        )
        draft = ParticipantDraft(
            name=self.name,
            type=self.type,
            profile_id=self.profile_id,
            addresses=self.addresses,
        )
        check_addresses("addresses", self.addresses)
        others = [each for each in participants_of(world, conversation.sid) if each != before]
        check_alone(others, draft)
        if conversation.status is not OrchestratedStatus.CLOSED:
            grouping_keys.check_free(
                world,
                conversation.configuration_sid,
                _keys(conversation, (*map(party, others), foreseen(world, conversation, draft))),
                conversation.sid,
            )
        return update_participant(world, before, draft)


def add_participant(
    world: World, conversation: OrchestratedConversation, draft: ParticipantDraft
) -> OrchestratedParticipant:
    """Have somebody in a conversation, without asking whether that can be."""
    added = put_participant(world, conversation, draft)
    regroup(world, conversation)
    world.tell(OrchestratedParticipantAdded(participant=added))
    return added


def put_participant(
    world: World, conversation: OrchestratedConversation, draft: ParticipantDraft
) -> OrchestratedParticipant:
    """Keep somebody in a conversation, and tell nobody yet."""
    channel_references.refer(world, conversation, *(each.channel_id for each in draft.addresses))
    return world[OrchestratedParticipants].put(
        OrchestratedParticipant(
            sid=new_ttid(world, PARTICIPANT),
            account_sid=conversation.account_sid,
            conversation_sid=conversation.sid,
            name=draft.called,
            type=draft.type,
            profile_id=resolved(world, conversation, draft),
            addresses=draft.addresses,
            created_at=world.now,
            updated_at=world.now,
            serial=world.serial(),
        )
    )


def update_participant(
    world: World, before: OrchestratedParticipant, draft: ParticipantDraft
) -> OrchestratedParticipant:
    """Have somebody be as a draft says, without asking whether that can be."""
    conversation = world[OrchestratedConversations][before.conversation_sid]
    channel_references.refer(world, conversation, *(each.channel_id for each in draft.addresses))
    now = world[OrchestratedParticipants].put(
        replace(
            before,
            name=draft.called,
            type=draft.type,
            profile_id=resolved(world, conversation, draft),
            addresses=draft.addresses,
            updated_at=world.now,
        )
    )
    regroup(world, conversation)
    world.tell(OrchestratedParticipantUpdated(participant=now, before=before))
    return now


def resolved(
    world: World, conversation: OrchestratedConversation, draft: ParticipantDraft
) -> str | None:
    """The profile of whoever is to be in a conversation: as said, or as the memory store has it."""
    settings, account = conversation.settings, conversation.account_sid
    if not profiles.is_resolved(settings, draft.type, draft.profile_id):
        return draft.profile_id
    return profiles.find_or_make_profile(world, account, settings, draft.addresses)


def foreseen(
    world: World, conversation: OrchestratedConversation, draft: ParticipantDraft
) -> Party:
    """Whoever is to be in a conversation, as it will be grouped by; nothing is made for it yet."""
    return as_known(world, conversation.account_sid, conversation.settings, draft)


def as_known(
    world: World, account: str, settings: ConfigurationSettings, draft: ParticipantDraft
) -> Party:
    """The same of a conversation that is not there yet, but for its settings."""
    if not profiles.is_resolved(settings, draft.type, draft.profile_id):
        return draft.party
    found = profiles.find_profile(world, account, settings, draft.addresses)
    return draft.type, found, draft.addresses


def remove_participant(world: World, participant: OrchestratedParticipant) -> None:
    """Have somebody not in a conversation any more; no request can want that."""
    world[OrchestratedParticipants].remove(participant.sid)
    regroup(world, world[OrchestratedConversations][participant.conversation_sid])
    world.tell(OrchestratedParticipantRemoved(participant=participant))


def regroup(world: World, conversation: OrchestratedConversation) -> None:
    """Have an open conversation hold the keys of those who are in it."""
    if conversation.status is not OrchestratedStatus.CLOSED:
        here = map(party, participants_of(world, conversation.sid))
        grouping_keys.hold(world, conversation, _keys(conversation, here))


def party(participant: OrchestratedParticipant) -> Party:
    """Somebody, as conversations are grouped by."""
    return participant.type, participant.profile_id, participant.addresses


def _keys(conversation: OrchestratedConversation, parties: Iterable[Party]) -> tuple[str, ...]:
    return grouping_keys.keys_of(conversation.settings.conversation_grouping_type, parties)


def check_addresses(place: str, addresses: tuple[ParticipantAddress, ...]) -> None:
    """Raises:
    Refused: 20001 an address says nothing.
    """
    for at, each in enumerate(addresses):
        if not each.address:
            raise errors.invalid(f"{place}[{at}].address")


def check_alone(others: Iterable[OrchestratedParticipant], draft: ParticipantDraft) -> None:
    """Raises:
    Refused: 20409 another has one of the addresses.
    """
    wanted = places_of(draft.addresses)
    for other in others:
        if not wanted.isdisjoint(places_of(other.addresses)):
            raise errors.conflict(other.sid)


def places_of(
    addresses: Iterable[ParticipantAddress],
) -> frozenset[tuple[OrchestratorChannel, str]]:
    """Where somebody is reached; the same with the prefix of a channel and without it."""
    return frozenset((each.channel, bare(each.address)) for each in addresses)


def at_address(
    world: World, conversation: str, channel: OrchestratorChannel, address: str
) -> OrchestratedParticipant | None:
    """Who in a conversation is reached there; with or without the prefix of a channel."""
    wanted = bare(address)
    for each in participants_of(world, conversation):
        for held in each.addresses:
            if held.channel is channel and bare(held.address) == wanted:
                return each
    return None


def participants_of(world: World, conversation: str) -> Rows[OrchestratedParticipant]:
    """Who is in a conversation, oldest first."""
    participants = world[OrchestratedParticipants]
    return Rows(participants, participants.by_conversation, conversation)


def of_conversation(world: World, account: str, conversation: str) -> OrchestratedConversation:
    """A conversation of an account.

    Raises:
        Refused: 20404 it has no such.
    """
    found = world[OrchestratedConversations].get(conversation)
    if found is None or found.account_sid != account:
        raise errors.not_found()
    return found


def fetch_participant(
    world: World, *, account: str, conversation: str, participant: str
) -> OrchestratedParticipant:
    """Somebody in a conversation.

    Raises:
        Refused: 20404 there is no such conversation, or nobody such in it.
    """
    of_conversation(world, account, conversation)
    found = world[OrchestratedParticipants].get(participant)
    if found is None or found.conversation_sid != conversation:
        raise errors.not_found()
    return found


def list_participants(
    world: World, *, account: str, conversation: str
) -> Rows[OrchestratedParticipant]:
    """Who is in a conversation, oldest first.

    Raises:
        Refused: 20404 there is no such conversation.
    """
    of_conversation(world, account, conversation)
    return participants_of(world, conversation)
