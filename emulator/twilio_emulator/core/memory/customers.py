"""The profile of whoever writes from an address: found in a store, or made there.

The rules of this file (https://www.twilio.com/docs/conversations/orchestrator/concepts/profiles):

- Each channel has a type of identifier by which its customers are looked for.
- What the page does not say is decided in `IDENTIFIED_BY`: who writes by WhatsApp is found by their
  number too, so that a customer goes on by another channel in one conversation.
"""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.default_settings import CHAT, CONTACT, PHONE, PROMOTED, WHATSAPP
from twilio_emulator.core.memory.identity import having, identify, known
from twilio_emulator.core.memory.profiles import put_profile
from twilio_emulator.core.memory.resources import MemoryProfile, MemoryStore, MemoryStores
from twilio_emulator.core.memory.trait_groups import find_trait_group

IDENTIFIED_BY = {
    "SMS": (PHONE,),
    "VOICE": (PHONE,),
    "RCS": (PHONE,),
    "WHATSAPP": (WHATSAPP, PHONE),
    "CHAT": (CHAT,),
}
"""Decided: by which types a customer of a channel is looked for, the first first, and which they
have when they are made. `whatsapp` has the address with its prefix, `phone` the bare number."""


def find_customer(
    world: World, account: str, store: str, channel: str, address: str
) -> MemoryProfile | None:
    """The profile of who has an address of a channel; None where nobody is known by it, or there is
    no such store: then nobody is resolved, and nothing says so."""
    found = _store(world, account, store)
    if found is None:
        return None
    for id_type, value in _identifiers(world, found, channel, address):
        for profile in having(world, found, id_type, value):
            return profile
    return None


def find_or_make_customer(
    world: World, account: str, store: str, channel: str, address: str
) -> MemoryProfile | None:
    """The same, made if nobody is known by the address; it is known by all of it afterwards. None
    where that cannot be, since the store knows no such identifiers."""
    in_store = _store(world, account, store)
    if in_store is None:
        return None
    identifiers = _identifiers(world, in_store, channel, address)
    found = find_customer(world, account, store, channel, address)
    if found is not None:
        return identify(world, in_store, found, identifiers)
    if not identifiers:
        return None
    contact = find_trait_group(in_store, CONTACT)
    traits = {
        name: value
        for name, id_type in PROMOTED.items()
        for type_of_value, value in identifiers
        if type_of_value == id_type and contact is not None and name in contact.traits
    }
    return put_profile(world, in_store, {CONTACT: traits} if traits else {}, identifiers)


def _store(world: World, account: str, store: str) -> MemoryStore | None:
    found = world[MemoryStores].get(store)
    return found if found is not None and found.account_sid == account else None


def _identifiers(
    world: World, store: MemoryStore, channel: str, address: str
) -> tuple[tuple[str, str], ...]:
    bare = address.partition(":")[2] if channel in ("WHATSAPP", "RCS") else address
    return known(
        world,
        store,
        (
            (id_type, (bare or address) if id_type == PHONE else address)
            for id_type in IDENTIFIED_BY.get(channel, ())
            if store.identity.config(id_type) is not None
        ),
    )
