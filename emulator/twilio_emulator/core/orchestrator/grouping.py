"""Which conversation traffic belongs to: an open one that has its key, or one that it begins.

The rules of this file (https://www.twilio.com/docs/platform/conversations):

- The customer's profile is looked up in the configuration's memory store by the address, or made
  there. Where that cannot be, nothing says so.
- One side is the account's, by the direction of the text; the other is the customer.
"""

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.resources import MemoryProfilesMerged
from twilio_emulator.core.orchestrator import grouping_keys, people, profiles
from twilio_emulator.core.orchestrator.conversations import begin
from twilio_emulator.core.orchestrator.participants import ParticipantDraft, update_participant
from twilio_emulator.core.orchestrator.people import CommunicationEnd
from twilio_emulator.core.orchestrator.resources import (
    ConversationConfiguration,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratedParticipants,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantType,
)

NAMED, NOT_NAMED = ParticipantType.AGENT, ParticipantType.UNKNOWN
"""Decided: who the account's side is, if the rule that captures names it and if it does not."""

OTHER_SIDE = ParticipantType.CUSTOMER
"""Decided: who the other side is."""


def agent(channel: OrchestratorChannel, address: str, *, is_named: bool) -> ParticipantDraft:
    """The account's side; `is_named` says whether the rule that captures names it."""
    return people.drafted(channel, address, NAMED if is_named else NOT_NAMED)


def customer(
    world: World,
    configuration: ConversationConfiguration,
    channel: OrchestratorChannel,
    address: str,
) -> ParticipantDraft:
    """Whoever is at an address, as a customer; with the profile if it is looked for."""
    draft = people.drafted(channel, address, OTHER_SIDE)
    account, settings = configuration.account_sid, configuration.settings
    is_resolved = profiles.is_resolved(settings, draft.type, None)
    return replace(
        draft,
        profile_id=profiles.find_or_make_profile(world, account, settings, draft.addresses)
        if is_resolved
        else None,
    )


def belongs_to(
    world: World,
    configuration: ConversationConfiguration,
    author: ParticipantDraft,
    recipient: ParticipantDraft,
) -> tuple[OrchestratedConversation, CommunicationEnd, CommunicationEnd]:
    """The conversation of what one has written to the other, and both as they are in it."""
    grouping = configuration.settings.conversation_grouping_type
    keys = grouping_keys.keys_of(grouping, (author.party, recipient.party))
    conversation = grouping_keys.find_open(world, configuration.sid, keys)
    if conversation is None:
        conversation = begin(world, configuration, (author, recipient))
    return (
        conversation,
        people.ensure(world, conversation, author),
        people.ensure(world, conversation, recipient),
    )


def merged(world: World, event: MemoryProfilesMerged) -> None:
    """Who has a profile that is another one now has that in the conversations that are open, so
    that what follows belongs to them."""
    table = world[OrchestratedParticipants]
    for each in table.all(table.by_profile, event.sid):
        conversation = world[OrchestratedConversations][each.conversation_sid]
        if conversation.status is not OrchestratedStatus.CLOSED:
            draft = people.redrafted(each, each.addresses)
            update_participant(world, each, replace(draft, profile_id=event.canonical))
