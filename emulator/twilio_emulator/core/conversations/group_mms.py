"""Group MMS: conversations whose parties share one thread on their phones.

The rules of this file (https://www.twilio.com/docs/conversations-classic/group-texting):

- The parties of a group are the numbers of its phones and the projected addresses, which stand for
  chat users and apps. The set of them decides where an inbound group text belongs.
- So two conversations that are not closed cannot have the same set, from two parties on: a group
  that has only its first is being put together.
- In a group every chat user needs a projected address, and only who is in it can speak.
- The carriers deliver what a phone says to the other phones; Twilio sends what the others say.
"""

from collections.abc import Iterable

from twilio_emulator.core.conversations.resources import Conversation, Participant, Participants
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import (
    AUTHOR_NOT_IN_GROUP,
    GROUP_ACTIVATION_FAILED,
    GROUP_FULL,
    GROUP_PARTICIPANT_EXISTS,
    GROUP_TAKEN,
    PROJECTED_ADDRESS_NOT_PROVIDED,
    Refused,
)
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World

LARGEST = 10
SMALLEST = 3
"""Parties; what two of them say to each other goes as SMS."""


@record
class Group:
    """The parties of a conversation that is a group MMS; its sid is the conversation's."""

    sid: str
    parties: tuple[str, ...]
    serial: int


class Groups(Table[Group]):
    """Groups of conversations that are not closed, by their parties."""

    refers = (("sid", "conversations"),)

    def __init__(self) -> None:
        self.by_parties: Ordered[Group] = Ordered(
            lambda group: group.parties if len(group.parties) > 1 else None,
            lambda group: group.serial,
        )
        super().__init__(Group, self.by_parties)


def party(participant: Participant) -> str | None:
    """What a participant is in a group; None for who is in none."""
    if participant.proxy_address is not None:
        return None
    return participant.address or participant.projected_address


def matching(world: World, addresses: Iterable[str]) -> Group | None:
    """The group whose parties are just these."""
    for _, sid in world[Groups].by_parties.of(tuple(sorted(set(addresses)))).upward():
        return world[Groups][sid]
    return None


def phone(world: World, group: Group, address: str) -> "Participant | None":
    """The participant of a group with this number."""
    table = world[Participants]
    for _, sid in table.by_address_in.of((group.sid, address)).upward():
        return table[sid]
    return None


def others(group: Group | None, sender: str, to: str) -> tuple[str, ...]:
    """Who gets a text besides the one it is for: it goes from one party of a group to the rest."""
    if group is None or not {sender, to} <= set(group.parties):
        return ()
    return tuple(party for party in group.parties if party not in (sender, to))


def check_change(world: World, conversation: Conversation, after: Iterable["Participant"]) -> None:
    """Whether a conversation may have the participants `after`, of whom one is new or changed.

    Raises:
        Refused: 50434 a participant has no projected address, 50436 too many, 50437 an address
            twice, 50438 there is such a group.
    """
    everyone = list(after)
    parties = [address for each in everyone if (address := party(each)) is not None]
    if not parties:
        return
    if any(each.channel == "chat" for each in everyone):
        raise Refused(PROJECTED_ADDRESS_NOT_PROVIDED)
    if len(everyone) > LARGEST:
        raise Refused(GROUP_FULL)
    if len(set(parties)) < len(parties):
        raise Refused(GROUP_PARTICIPANT_EXISTS)
    taken = matching(world, parties)
    if taken is not None and taken.sid != conversation.sid:
        raise Refused(GROUP_TAKEN, conversation=taken.sid)


def check_activation(participants: Iterable["Participant"]) -> None:
    """Raises:
    Refused: 50435 it would be a group with fewer parties than one has.
    """
    parties = [each for each in participants if party(each) is not None]
    if parties and len(parties) < SMALLEST:
        raise Refused(GROUP_ACTIVATION_FAILED)


def speaker(world: World, conversation: Conversation, author: str) -> Participant:
    """The participant of a group whose identity, address or projected address `author` is.

    Raises:
        Refused: 50513 there is none.
    """
    for participant in world[Participants].all(
        world[Participants].by_conversation, conversation.sid
    ):
        if author in (participant.identity, participant.address, participant.projected_address):
            return participant
    raise Refused(AUTHOR_NOT_IN_GROUP)


def refresh(world: World, conversation_sid: str) -> None:
    """Look again who is in the group, after a participant came, left or changed."""
    parties = sorted(
        address
        for each in world[Participants].all(world[Participants].by_conversation, conversation_sid)
        if (address := party(each)) is not None
    )
    known = world[Groups].get(conversation_sid)
    if parties:
        serial = world.serial() if known is None else known.serial
        world[Groups].put(Group(sid=conversation_sid, parties=tuple(parties), serial=serial))
    else:
        dissolve(world, conversation_sid)


def dissolve(world: World, conversation_sid: str) -> None:
    """Free the set of parties: the conversation is closed or gone."""
    if conversation_sid in world[Groups]:
        world[Groups].remove(conversation_sid)
