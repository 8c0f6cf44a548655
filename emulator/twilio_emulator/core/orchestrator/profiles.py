"""Which profile of the memory store somebody in a conversation has.

The rules of this file (https://www.twilio.com/docs/platform/conversations):

- A customer's profile is looked up by the addresses, the first first, or made. Nobody else has one
  but the one that is said.
- Decided: that is so by whatever conversations are grouped. The OpenAPI file says that customers
  alone have it resolved, and nothing of groupings; Twilio Agent Connect remembers nothing of a
  customer who has none.
- A memory store that is gone resolves nobody, and nothing says so.
"""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.customers import find_customer, find_or_make_customer
from twilio_emulator.core.orchestrator.resources import (
    ConfigurationSettings,
    GroupingType,
    ParticipantAddress,
    ParticipantType,
)

RESOLVED = frozenset(GroupingType)
"""By what conversations are grouped whose customers' profiles are looked for."""


def is_resolved(
    settings: ConfigurationSettings, kind: ParticipantType, profile_id: str | None
) -> bool:
    """Whether the profile of somebody is looked for."""
    is_customer = kind is ParticipantType.CUSTOMER and not profile_id
    return is_customer and settings.conversation_grouping_type in RESOLVED


def find_profile(
    world: World,
    account: str,
    settings: ConfigurationSettings,
    addresses: tuple[ParticipantAddress, ...],
) -> str | None:
    """The id of the profile that has the first of these addresses that anybody has."""
    store = settings.memory_store_id
    for each in addresses:
        found = find_customer(world, account, store, each.channel, each.address)
        if found is not None:
            return found.sid
    return None


def find_or_make_profile(
    world: World,
    account: str,
    settings: ConfigurationSettings,
    addresses: tuple[ParticipantAddress, ...],
) -> str | None:
    """The same; made for the first address that a profile can be made for, if nobody has any."""
    store, known = settings.memory_store_id, find_profile(world, account, settings, addresses)
    if known is not None:
        return known
    for each in addresses:
        made = find_or_make_customer(world, account, store, each.channel, each.address)
        if made is not None:
            return made.sid
    return None
