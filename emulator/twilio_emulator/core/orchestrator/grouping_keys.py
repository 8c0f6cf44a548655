"""What makes communications one conversation: the keys that open conversations hold.

The rules of this file (https://www.twilio.com/docs/platform/conversations):

- By addresses, the key is the set of bare addresses: a customer is in one conversation by SMS,
  WhatsApp and RCS. By addresses and channel, there is a key for each channel that somebody is
  reached by. By profile, there is a key for each customer: their profile.
- Of a configuration, one open conversation has a key. A closed one holds none.
- Decided: addresses are a key when a customer's is among them, or when there are two. Else nobody
  could open two conversations and add the agent to each, then the customers.
"""

import json
from collections.abc import Iterable

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import errors
from twilio_emulator.core.orchestrator.resources import (
    GroupingType,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)
from twilio_emulator.core.senders.addresses import bare

LEAST = 2
"""How many addresses are a key, where none is known to be a customer's."""

WITHOUT_PROFILE = GroupingType.ADDRESSES
"""Decided: by what those are grouped who should be by profile, and have none."""

Party = tuple[ParticipantType, str | None, tuple[ParticipantAddress, ...]]
"""Of somebody in a conversation: who it is, the profile, the addresses."""


@record
class GroupingKey:
    """A key that a conversation holds. The sid is the configuration's, with the key."""

    sid: str
    conversation_sid: str


class GroupingKeys(Table[GroupingKey]):
    """Found by configuration and key, listed by conversation."""

    refers = (("conversation_sid", "orchestrated_conversations"),)

    def __init__(self) -> None:
        self.by_conversation: Ordered[GroupingKey] = Ordered(
            lambda it: it.conversation_sid, lambda it: 0
        )
        super().__init__(GroupingKey, self.by_conversation)


def keys_of(grouping: GroupingType, parties: Iterable[Party]) -> tuple[str, ...]:
    """The keys of a conversation of these parties."""
    parties = tuple(parties)
    if grouping is GroupingType.PROFILE:
        profiles = {
            profile for kind, profile, _ in parties if kind is ParticipantType.CUSTOMER and profile
        }
        if profiles:
            return tuple(f"profile {profile}" for profile in sorted(profiles))
        grouping = WITHOUT_PROFILE
    if grouping is GroupingType.ADDRESSES:
        key = _key(parties, None)
        return (key,) if key else ()
    channels = sorted({each.channel for _, _, addresses in parties for each in addresses})
    found = ((channel, _key(parties, channel)) for channel in channels)
    return tuple(f"{channel} {key}" for channel, key in found if key)


def _key(parties: tuple[Party, ...], channel: OrchestratorChannel | None) -> str | None:
    """The set of addresses, on one channel or on any, if it is a key."""
    addresses: set[str] = set()
    has_customer = False
    for kind, _, held in parties:
        on_channel = {_place(each) for each in held if channel in (None, each.channel)}
        has_customer |= bool(on_channel) and kind is ParticipantType.CUSTOMER
        addresses |= on_channel
    is_key = has_customer or len(addresses) >= LEAST
    return _set(addresses) if is_key else None


def _set(members: set[str]) -> str:
    """A set as a text, which no other set has: an identity may hold any character."""
    return json.dumps(sorted(members))


def _place(at: ParticipantAddress) -> str:
    """Where somebody is reached. Decided: an identity is another in each chat of v1 that the
    `channelId` names, since an agent answers in that one."""
    in_chat = at.channel is OrchestratorChannel.CHAT and at.channel_id
    return f"{at.channel_id}/{at.address}" if in_chat else bare(at.address)


def find_open(
    world: World, configuration: str, keys: Iterable[str]
) -> OrchestratedConversation | None:
    """The open conversation of a configuration that holds the first of these keys that is held."""
    held = world[GroupingKeys]
    for key in keys:
        found = held.get(_sid(configuration, key))
        if found is not None:
            return world[OrchestratedConversations][found.conversation_sid]
    return None


def check_free(
    world: World, configuration: str, keys: Iterable[str], conversation: str | None = None
) -> None:
    """See that no conversation but this one holds one of the keys.

    Raises:
        Refused: 20409 another does.
    """
    held = world[GroupingKeys]
    for key in keys:
        found = held.get(_sid(configuration, key))
        if found is not None and found.conversation_sid != conversation:
            raise errors.conflict(found.conversation_sid)


def hold(world: World, conversation: OrchestratedConversation, keys: Iterable[str]) -> None:
    """Have a conversation hold these keys and no others; what another holds it keeps."""
    held = world[GroupingKeys]
    wanted = {_sid(conversation.configuration_sid, key) for key in keys}
    for each in held.all(held.by_conversation, conversation.sid):
        if each.sid not in wanted:
            held.remove(each.sid)
    for sid in sorted(wanted):
        if sid not in held:
            held.put(GroupingKey(sid=sid, conversation_sid=conversation.sid))


def release(world: World, conversation: OrchestratedConversation) -> None:
    """Have a conversation hold no key any more."""
    hold(world, conversation, ())


def _sid(configuration: str, key: str) -> str:
    return f"{configuration} {key}"
