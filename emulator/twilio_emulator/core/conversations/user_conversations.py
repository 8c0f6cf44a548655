"""The conversations of a participant, as a user or by a phone's address.

The rules of this file:

- A participant is shown every conversation, closed ones too, the one with the latest activity
  first (https://www.twilio.com/docs/conversations/api/user-conversation-resource).
- How far a user has read is null until it is set; then what came later is unread, up to 1000
  messages (https://www.twilio.com/docs/conversations/read-horizon).
"""

from collections.abc import Iterator

from twilio_emulator.core.conversations import conversations, participants, permissions, users
from twilio_emulator.core.conversations.participants import ParticipantUpdated, read_horizon
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Messages,
    Participant,
    Participants,
)
from twilio_emulator.core.kernel.indexes import Place, Ranks
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_NOTIFICATION_LEVEL,
    MISSING_IDENTIFIER,
    NOT_FOUND,
    ONE_IDENTIFIER_ONLY,
    Refused,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import kept

MOST_UNREAD = 1000


class Memberships:
    """Participants who are one person, by the last activity of the conversation each is in.

    A person is in a thousand conversations at most, not counting closed ones. So they are sorted
    when it is asked for, and not kept in order with every message.
    """

    __slots__ = ("_places", "_world")

    def __init__(self, world: World, ranks: Ranks) -> None:
        self._world = world
        found = (world[Participants][sid] for _, sid in ranks.upward())
        self._places = sorted((self.place(each) for each in found), reverse=True)

    def __iter__(self) -> Iterator[Participant]:
        return (self._world[Participants][sid] for _, sid in self._places)

    def place(self, record: Participant) -> Place:
        """Where a participant stands: the activity of its conversation, and its sid."""
        return self._world[Conversations][record.conversation_sid].activity, record.sid

    def after(self, place: Place | None, size: int) -> tuple[list[Participant], bool]:
        """The `size` participants that follow `place` (or come first), and whether more follow."""
        places = [each for each in self._places if place is None or each < place]
        return self._records(places[:size]), len(places) > size

    def before(self, place: Place, size: int) -> tuple[list[Participant], bool]:
        """The `size` that stand just before `place`, and whether more stand before them."""
        places = [each for each in self._places if each > place]
        return self._records(places[-size:]), len(places) > size

    def _records(self, places: list[Place]) -> list[Participant]:
        return [self._world[Participants][sid] for _, sid in places]


@event
class NotificationLevelChanged:
    """A user wants push notifications of a conversation, or no longer."""

    participant: Participant
    conversation: Conversation


def find(world: World, service_sid: str, user: str, conversation: str) -> Participant:
    """The participant that a user is in a conversation.

    Raises:
        Refused: 20404 one of the two is unknown, or the user is not in the conversation.
    """
    found_user = users.find(world, service_sid, user)
    found = conversations.find(world, service_sid, conversation)
    table = world[Participants]
    participant = table.found(table.by_member, (found.sid, found_user.identity))
    if participant is None:
        raise Refused(NOT_FOUND)
    return participant


def fetch_user_conversation(
    world: World, *, service: str, user: str, conversation: str
) -> Participant:
    """The participant that a user is in a conversation.

    Raises:
        Refused: 20404.
    """
    return find(world, service, user, conversation)


def list_user_conversations(world: World, *, service: str, user: str) -> Memberships:
    """Where a user is a participant.

    Raises:
        Refused: 20404 no such user.
    """
    found = users.find(world, service, user)
    return Memberships(world, world[Participants].by_identity.of((service, found.identity)))


def list_participant_conversations(
    world: World, *, service: str, identity: str | None = None, address: str | None = None
) -> Memberships:
    """Where an identity or an address is a participant.

    Raises:
        Refused: 50451 both are given, 20001 neither is.
    """
    if identity and address:
        raise Refused(ONE_IDENTIFIER_ONLY)
    if identity:
        return Memberships(world, world[Participants].by_identity.of((service, identity)))
    if address:
        address = kept(world.numbering, address)
        return Memberships(world, world[Participants].by_address.of((service, address)))
    raise Refused(MISSING_IDENTIFIER)


def unread_messages_count(world: World, participant: Participant) -> int | None:
    """How many messages are beyond the read horizon; None while nothing was read."""
    horizon = participant.last_read_message_index
    if horizon is None:
        return None
    beyond = world[Messages].by_conversation.of(participant.conversation_sid).above(horizon)
    return min(beyond, MOST_UNREAD)


@command
class UpdateUserConversation:
    """Say how far a user has read, or whether it wants to be notified."""

    service: str
    user: str
    conversation: str
    notification_level: str | None = None
    last_read_timestamp: str | None = None
    last_read_message_index: str | None = None

    def apply(self, world: World) -> Participant:
        identity = permissions.acting_user(world)
        if identity is not None:
            private = conversations.find(world, self.service, self.conversation)
            permissions.require_member(world, identity, private)
        before = find(world, self.service, self.user, self.conversation)
        conversation = conversations.find_writable(world, self.service, before.conversation_sid)
        if self.notification_level is not None:
            permissions.require(world, conversation, "editNotificationLevel")
        level = self._notification_level(before)
        horizon = read_horizon(world, self.last_read_message_index, self.last_read_timestamp)
        if level != before.notification_level:
            before = world[Participants].put(replace(before, notification_level=level))
            world.tell(NotificationLevelChanged(participant=before, conversation=conversation))
        if not horizon:
            return before
        after = replace(before, date_updated=world.now, **horizon)
        world[Participants].put(after)
        world.tell(ParticipantUpdated(participant=after, before=before, conversation=conversation))
        return after

    def _notification_level(self, before: Participant) -> str:
        if self.notification_level is None:
            return before.notification_level
        if self.notification_level.lower() not in ("default", "muted"):
            raise Refused(INVALID_NOTIFICATION_LEVEL)
        return self.notification_level.lower()


@command
class RemoveUserConversation:
    """Take a user out of a conversation."""

    service: str
    user: str
    conversation: str

    def apply(self, world: World) -> None:
        participant = find(world, self.service, self.user, self.conversation)
        conversations.find_writable(world, self.service, participant.conversation_sid)
        participants.leave(world, participant)
