"""Which conversation traffic belongs to: an open one that has its key, or one that it begins.

The rules of this file (https://www.twilio.com/docs/platform/conversations):

- The customer's profile is looked up in the configuration's memory store by the address, or made
  there, where conversations are grouped by it. Where that cannot be, nothing says so.
- Decided: who then has no profile is grouped by addresses.
- Decided: the account's side is an AGENT if the rule that captures names it, else UNKNOWN; the
  other side is the CUSTOMER.
"""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.customers import find_or_make_customer
from twilio_emulator.core.orchestrator import grouping_keys, people
from twilio_emulator.core.orchestrator.conversations import begin
from twilio_emulator.core.orchestrator.participants import ParticipantDraft
from twilio_emulator.core.orchestrator.people import CommunicationEnd
from twilio_emulator.core.orchestrator.resources import (
    ConversationConfiguration,
    GroupingType,
    OrchestratedConversation,
    OrchestratorChannel,
    ParticipantType,
)


def customer(
    world: World,
    configuration: ConversationConfiguration,
    channel: OrchestratorChannel,
    address: str,
) -> ParticipantDraft:
    """Whoever is at an address, as a customer; with the profile where conversations are grouped by
    it."""
    settings, profile = configuration.settings, None
    if settings.conversation_grouping_type is GroupingType.PROFILE:
        profile = find_or_make_customer(
            world,
            configuration.account_sid,
            settings.memory_store_id,
            channel,
            people.spelled(channel, address),
        )
    profile_id = None if profile is None else profile.sid
    return people.drafted(channel, address, ParticipantType.CUSTOMER, profile_id=profile_id)


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
