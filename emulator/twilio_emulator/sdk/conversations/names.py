"""What the Sync objects of a service are called, and their sids.

The rules of this file:

- Names are the real service's: `CH….channel`, `CH….messages`, `CH….roster`, `US….info` and, by
  identity, `alice.channels`.
- A sid follows from the sid of what the object shows, and leads back to it. So clients who come
  back after a restart find again what they had open.
"""

from collections.abc import Callable
from hashlib import blake2b

from twilio_emulator.core.conversations.resources import Conversations, Users
from twilio_emulator.core.kernel.world import World
from twilio_emulator.sdk.sync.watched import Kind

PREFIXES = {Kind.DOCUMENT: "ET", Kind.LIST: "ES", Kind.MAP: "MP"}


def document_of(conversation_sid: str) -> str:
    """What a conversation is."""
    return f"{conversation_sid}.channel"


def messages_of(conversation_sid: str) -> str:
    """The list of a conversation's messages, by index."""
    return f"{conversation_sid}.messages"


def roster_of(conversation_sid: str) -> str:
    """The map of a conversation's participants, by sid."""
    return f"{conversation_sid}.roster"


def info_of(user_sid: str) -> str:
    """The map of what a user shows."""
    return f"{user_sid}.info"


def conversations_of(identity: str) -> str:
    """The map of the conversations that a user is in, by sid."""
    return f"{identity}.channels"


def session_of(identity: str, number: int) -> str:
    """The list by which a client of version 1 has things done."""
    return f"{identity}.session-{number}"


def subject(name: str) -> tuple[str, str]:
    """A name taken apart: the sid or the identity that it is about, and what of it it shows."""
    about, _, shows = name.rpartition(".")
    return about, shows


def sid_of(world: World, service_sid: str) -> Callable[[Kind, str], str]:
    """Gives the sids of a service's objects."""

    def sid(kind: Kind, name: str) -> str:
        about, shows = subject(name)
        if shows.startswith("session-"):
            return (
                PREFIXES[kind]
                + blake2b(f"{service_sid}/{name}".encode(), digest_size=16).hexdigest()
            )
        if shows != "channels":
            return PREFIXES[kind] + about[2:]
        user_sid = world[Users].by_identity.find((service_sid, about)) or ""
        # A user has two maps, so one of them has the digits backwards.
        return PREFIXES[kind] + user_sid[:1:-1]

    return sid


def name_of(world: World, service_sid: str) -> Callable[[Kind, str], str | None]:
    """Gives the names behind sids of a service's objects."""

    def name(kind: Kind, sid: str) -> str | None:
        if sid[:2] != PREFIXES.get(kind):
            return None
        digits = sid[2:]
        conversation = world[Conversations].get(f"CH{digits}")
        if conversation is not None and conversation.service_sid == service_sid:
            return {
                Kind.DOCUMENT: document_of,
                Kind.LIST: messages_of,
                Kind.MAP: roster_of,
            }[kind](conversation.sid)
        for user_sid in (f"US{digits}", f"US{digits[::-1]}"):
            user = world[Users].get(user_sid)
            if kind is Kind.MAP and user is not None and user.service_sid == service_sid:
                own = user_sid == f"US{digits}"
                return info_of(user_sid) if own else conversations_of(user.identity)
        return None

    return name
