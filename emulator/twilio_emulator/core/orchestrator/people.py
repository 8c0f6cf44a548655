"""Who is at an end of a communication, and who comes to be in a conversation by one.

The rules of this file:

- An address of WhatsApp or RCS is the same with its prefix and without it; Twilio's pages show
  both. It is kept with its prefix.
- Who is reached by another channel at the same number, or is known to be the same customer, is the
  same participant, who then has an address more.
"""

from typing import NamedTuple

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.participants import (
    ParticipantDraft,
    add_participant,
    at_address,
    participants_of,
    update_participant,
)
from twilio_emulator.core.orchestrator.resources import (
    CommunicationParty,
    CommunicationStatus,
    OrchestratedConversation,
    OrchestratedParticipant,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)
from twilio_emulator.core.senders.addresses import bare

PREFIXED = {OrchestratorChannel.WHATSAPP: "whatsapp:", OrchestratorChannel.RCS: "rcs:"}
"""Channels whose addresses say so."""

BY_NUMBER = frozenset({OrchestratorChannel.SMS, OrchestratorChannel.VOICE, *PREFIXED})
"""Channels on which one subscriber has one number."""


class CommunicationEnd(NamedTuple):
    """Who writes, or is written to, on one channel."""

    channel: OrchestratorChannel
    address: str
    participant: OrchestratedParticipant | None = None
    channel_id: str | None = None

    def party(self, status: CommunicationStatus | None = None) -> CommunicationParty:
        """As a communication has it; a recipient with how far it has come."""
        return CommunicationParty(
            address=self.address,
            channel=self.channel,
            participant_id=None if self.participant is None else self.participant.sid,
            delivery_status=status,
        )


def spelled(channel: OrchestratorChannel, address: str) -> str:
    """An address as it is kept."""
    prefix = PREFIXED.get(channel)
    return address if prefix is None else prefix + bare(address)


def end_of(participant: OrchestratedParticipant, at: ParticipantAddress) -> CommunicationEnd:
    """Somebody at one of their addresses."""
    return CommunicationEnd(at.channel, at.address, participant, at.channel_id)


def end_at(
    world: World, conversation: OrchestratedConversation, channel: OrchestratorChannel, address: str
) -> CommunicationEnd:
    """An address, and who is there if anybody is."""
    here = at_address(world, conversation.sid, channel, address)
    kept = spelled(channel, address)
    held = () if here is None else here.addresses
    chat = next((each.channel_id for each in held if each.channel is channel), None)
    return CommunicationEnd(channel, kept, here, chat)


def ensure(
    world: World,
    conversation: OrchestratedConversation,
    draft: ParticipantDraft,
) -> CommunicationEnd:
    """Who is at the one address of a draft: somebody known, perhaps with an address more, else
    somebody new, who is what the draft says."""
    (at,) = draft.addresses
    here = at_address(world, conversation.sid, at.channel, at.address)
    if here is None:
        known = _known(world, conversation, draft)
        if known is None:
            here = add_participant(world, conversation, draft)
        else:
            here = update_participant(world, known, redrafted(known, (*known.addresses, at)))
    return CommunicationEnd(at.channel, at.address, here, at.channel_id)


def drafted(
    channel: OrchestratorChannel,
    address: str,
    type: ParticipantType = ParticipantType.UNKNOWN,
    *,
    profile_id: str | None = None,
    channel_id: str | None = None,
) -> ParticipantDraft:
    """Somebody at one address."""
    at = ParticipantAddress(
        channel=channel, address=spelled(channel, address), channel_id=channel_id
    )
    return ParticipantDraft(type=type, profile_id=profile_id, addresses=(at,))


def redrafted(
    participant: OrchestratedParticipant, addresses: tuple[ParticipantAddress, ...]
) -> ParticipantDraft:
    """Somebody in a conversation, at other addresses."""
    return ParticipantDraft(
        name=participant.name,
        type=participant.type,
        profile_id=participant.profile_id,
        addresses=addresses,
    )


def _known(
    world: World, conversation: OrchestratedConversation, draft: ParticipantDraft
) -> OrchestratedParticipant | None:
    """Who has the number on another channel, or is the same customer."""
    (at,) = draft.addresses
    for each in participants_of(world, conversation.sid):
        if draft.profile_id is not None and each.profile_id == draft.profile_id:
            return each
        if at.channel in BY_NUMBER and any(
            held.channel in BY_NUMBER and bare(held.address) == bare(at.address)
            for held in each.addresses
        ):
            return each
    return None
