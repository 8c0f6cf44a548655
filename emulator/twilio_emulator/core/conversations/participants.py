"""Participants of conversations: added, found, changed and removed.

A participant is a chat identity, or an address that is reached from a proxy address, or a party of
a group MMS. Who can be in a conversation is in `membership.py`, what an update makes of a binding
in `binding_updates.py`.
"""

from datetime import datetime

from twilio_emulator.core.conversations import conversations, group_mms, permissions, roles, users
from twilio_emulator.core.conversations.binding_updates import rebound
from twilio_emulator.core.conversations.membership import (
    check_conversations,
    check_group,
    check_room,
    check_unique,
)
from twilio_emulator.core.conversations.messaging_bindings import (
    MessagingBinding,
    read_binding,
)
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Participant,
    Participants,
    Services,
)
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    ADDRESS_EMPTY,
    IDENTITY_NOT_ACCEPTABLE,
    INVALID_DATE_CREATED,
    INVALID_DATE_UPDATED,
    INVALID_LAST_READ_INDEX,
    INVALID_PARAMETER,
    NOT_FOUND,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World

ATTRIBUTES_LIMIT = 4 * 1024


@event
class ParticipantAdded:
    """A participant joined or was added."""

    participant: Participant
    conversation: Conversation


@event
class ParticipantUpdated:
    """Something of a participant changed: attributes, role, binding or read horizon."""

    participant: Participant
    before: Participant
    conversation: Conversation


@event
class ParticipantRemoved:
    """A participant left or was removed."""

    participant: Participant
    conversation: Conversation


def find(world: World, conversation: Conversation, key: str) -> Participant:
    """The participant of a conversation with this sid or identity.

    Raises:
        Refused: 20404.
    """
    found = world[Participants].get(key)
    if found is None:
        found = world[Participants].found(world[Participants].by_member, (conversation.sid, key))
    if found is None or found.conversation_sid != conversation.sid:
        raise Refused(NOT_FOUND)
    return found


def fetch_participant(
    world: World, *, service: str, conversation: str, participant: str
) -> Participant:
    """The participant of a conversation with this sid or identity.

    Raises:
        Refused: 20404.
    """
    return find(world, conversations.find(world, service, conversation), participant)


def speaking_as(world: World, conversation: Conversation, author: str) -> Participant | None:
    """The participant whose identity or address `author` is."""
    table = world[Participants]
    found = table.found(table.by_member, (conversation.sid, author))
    if found is not None:
        return found
    for _, sid in table.by_address_in.of((conversation.sid, author)).upward():
        return table[sid]
    return None


def list_participants(world: World, *, service: str, conversation: str) -> Rows[Participant]:
    """In the order in which they joined.

    Raises:
        Refused: 20404 no such conversation.
    """
    found = conversations.find(world, service, conversation)
    return Rows(world[Participants], world[Participants].by_conversation, found.sid)


@command
class AddParticipant:
    """Add an identity, an address reached from a proxy address, or a party of a group MMS."""

    service: str
    conversation: str
    identity: str | None = None
    messaging_binding_address: str | None = None
    messaging_binding_proxy_address: str | None = None
    messaging_binding_projected_address: str | None = None
    messaging_binding_name: str | None = None
    messaging_binding_level: str | None = None
    attributes: str | None = None
    role_sid: str | None = None
    date_created: str | None = None
    date_updated: str | None = None

    def check(self, world: World) -> Participant:
        """The participant as it would be, but for its sid.

        Raises:
            Refused: it cannot be added.
        """
        conversation = conversations.find_writable(world, self.service, self.conversation)
        self._check_permission(world, conversation)
        participant = self.participant(world, conversation)
        check_room(world, participant)
        check_unique(world, participant)
        check_group(world, conversation, participant)
        return participant

    def participant(self, world: World, conversation: Conversation) -> Participant:
        """The same, while nobody knows yet whether the conversation has room for it.

        Raises:
            Refused: there is no such participant.
        """
        binding = self._binding(world, conversation.account_sid)
        if self.identity:
            users.check_identity(self.identity)
        attributes = "{}"
        if self.attributes is not None:
            attributes = parameters.attributes(self.attributes, ATTRIBUTES_LIMIT)
        return Participant(
            sid="",
            account_sid=conversation.account_sid,
            service_sid=conversation.service_sid,
            conversation_sid=conversation.sid,
            identity=self.identity or None,
            channel=binding.channel if binding else "chat",
            address=binding.address if binding else None,
            proxy_address=binding.proxy_address if binding else None,
            projected_address=binding.projected_address if binding else None,
            attributes=attributes,
            role_sid=self._role(world, conversation),
            date_created=_date(world, self.date_created, INVALID_DATE_CREATED),
            date_updated=_date(world, self.date_updated or self.date_created, INVALID_DATE_UPDATED),
            serial=0,
        )

    def apply(self, world: World) -> Participant:
        checked = self.check(world)
        return join(world, world[Conversations][checked.conversation_sid], checked)

    def _role(self, world: World, conversation: Conversation) -> str:
        """Who joins what it made itself keeps the role of creators."""
        if self.role_sid is None and self.identity == permissions.acting_user(world):
            own = permissions.role_in(world, self.identity or "", conversation)
            return _role(world, conversation, own)
        return _role(world, conversation, self.role_sid)

    def _check_permission(self, world: World, conversation: Conversation) -> None:
        if not self.identity:
            permissions.require(world, conversation, "addNonChatParticipant")
        elif self.identity == permissions.acting_user(world):
            permissions.require_in_service(world, conversation.service_sid, "joinConversation")
        else:
            permissions.require(world, conversation, "addParticipant")

    def _binding(self, world: World, account_sid: str) -> MessagingBinding | None:
        address, proxy_address = (
            self.messaging_binding_address,
            self.messaging_binding_proxy_address,
        )
        projected_address = self.messaging_binding_projected_address
        if address is None and proxy_address is None and projected_address is None:
            if not self.identity:
                raise Refused(ADDRESS_EMPTY)
            return None
        if self.identity and projected_address is None:
            raise Refused(IDENTITY_NOT_ACCEPTABLE)
        return read_binding(
            world,
            account_sid,
            address=address,
            proxy_address=proxy_address,
            projected_address=projected_address,
            has_email_parameters=bool(self.messaging_binding_name or self.messaging_binding_level),
        )


@command
class UpdateParticipant:
    """Change a participant's attributes, role, binding, identity or read horizon."""

    service: str
    conversation: str
    participant: str
    date_created: str | None = None
    date_updated: str | None = None
    attributes: str | None = None
    role_sid: str | None = None
    messaging_binding_proxy_address: str | None = None
    messaging_binding_projected_address: str | None = None
    identity: str | None = None
    last_read_message_index: str | None = None
    last_read_timestamp: str | None = None

    def check(self, world: World) -> Participant:
        """The participant as it would be.

        Raises:
            Refused: it cannot be.
        """
        conversation = conversations.find_writable(world, self.service, self.conversation)
        before = find(world, conversation, self.participant)
        self._check_permission(world, conversation, before)
        changes: dict[str, object] = {
            "date_updated": _date(world, self.date_updated, INVALID_DATE_UPDATED)
        }
        if self.attributes is not None:
            changes["attributes"] = parameters.attributes(self.attributes, ATTRIBUTES_LIMIT)
        if self.role_sid is not None:
            changes["role_sid"] = _role(world, conversation, self.role_sid)
        if self.date_created is not None:
            changes["date_created"] = _date(world, self.date_created, INVALID_DATE_CREATED)
        changes |= read_horizon(world, self.last_read_message_index, self.last_read_timestamp)
        after = replace(before, **changes)
        bound = rebound(
            world,
            after,
            proxy_address=self.messaging_binding_proxy_address,
            projected_address=self.messaging_binding_projected_address,
            identity=self.identity,
        )
        if bound is not after:
            if bound.identity != before.identity:
                check_conversations(world, bound)
            check_unique(world, bound)
            check_group(world, conversation, bound)
        return bound

    def apply(self, world: World) -> Participant:
        after = self.check(world)
        before = world[Participants][after.sid]
        if after.identity is not None and after.user_sid is None:
            service = world[Services][after.service_sid]
            after = replace(after, user_sid=users.ensure(world, service, after.identity).sid)
        world[Participants].put(after)
        if group_mms.party(before) != group_mms.party(after):
            group_mms.refresh(world, after.conversation_sid)
        world.tell(
            ParticipantUpdated(
                participant=after,
                before=before,
                conversation=world[Conversations][after.conversation_sid],
            )
        )
        return after

    def _check_permission(
        self, world: World, conversation: Conversation, before: Participant
    ) -> None:
        if before.identity is not None and before.identity == permissions.acting_user(world):
            own = ("editOwnParticipantAttributes", "editAnyParticipantAttributes")
            permissions.require(world, conversation, *own)
        else:
            permissions.require(world, conversation, "editAnyParticipantAttributes")


@command
class RemoveParticipant:
    """Take a participant out of a conversation; their messages stay."""

    service: str
    conversation: str
    participant: str

    def check(self, world: World) -> Participant:
        """Raises:
        Refused: 20404, or the conversation may not be written to.
        """
        conversation = conversations.find_writable(world, self.service, self.conversation)
        participant = find(world, conversation, self.participant)
        acting = permissions.acting_user(world)
        leaves = acting is not None and participant.identity == acting
        permissions.require(
            world, conversation, "leaveConversation" if leaves else "removeParticipant"
        )
        return participant

    def apply(self, world: World) -> None:
        leave(world, self.check(world))


def bound(world: World, conversation: Conversation, binding: MessagingBinding) -> Participant:
    """A participant who wrote to a conversation, with the service's default role."""
    return Participant(
        sid="",
        account_sid=conversation.account_sid,
        service_sid=conversation.service_sid,
        conversation_sid=conversation.sid,
        channel=binding.channel,
        address=binding.address,
        proxy_address=binding.proxy_address,
        projected_address=binding.projected_address,
        role_sid=_role(world, conversation, None),
        date_created=world.now,
        date_updated=world.now,
        serial=0,
    )


def join(world: World, conversation: Conversation, checked: Participant) -> Participant:
    """Put a checked participant into its conversation; an identity gets its user."""
    user_sid = None
    if checked.identity is not None:
        service = world[Services][conversation.service_sid]
        user_sid = users.ensure(world, service, checked.identity).sid
    participant = world[Participants].put(
        replace(
            checked,
            sid=world.sids.new("MB"),
            conversation_sid=conversation.sid,
            user_sid=user_sid,
            serial=world.serial(),
        )
    )
    if group_mms.party(participant) is not None:
        group_mms.refresh(world, conversation.sid)
    world.tell(ParticipantAdded(participant=participant, conversation=conversation))
    return participant


def leave(world: World, participant: Participant) -> None:
    """Take a participant out of its conversation."""
    world[Participants].remove(participant.sid)
    if group_mms.party(participant) is not None:
        group_mms.refresh(world, participant.conversation_sid)
    world.tell(
        ParticipantRemoved(
            participant=participant,
            conversation=world[Conversations][participant.conversation_sid],
        )
    )


def _role(world: World, conversation: Conversation, sid: str | None) -> str:
    """The conversation role that was asked for, else the service's default."""
    if sid is None:
        return world[Services][conversation.service_sid].default_conversation_role_sid
    return roles.read_conversation_role(world, conversation.service_sid, sid)


def read_horizon(world: World, index: str | None, timestamp: str | None) -> dict[str, object]:
    """What changes of a participant when it reads; an empty index, or `null`, forgets the horizon.

    Raises:
        Refused: 50421 the index is no whole number, 20001 the timestamp is no instant.
    """
    changes: dict[str, object] = {}
    if index is not None:
        if index in ("", "null"):
            changes = {"last_read_message_index": None, "last_read_timestamp": None}
        else:
            changes["last_read_message_index"] = parameters.whole_number(
                index, INVALID_LAST_READ_INDEX
            )
            changes["last_read_timestamp"] = world.now
    if timestamp:
        try:
            changes["last_read_timestamp"] = parameters.instant(timestamp, INVALID_PARAMETER)
        except Refused:
            raise Refused(INVALID_PARAMETER, parameter="LastReadTimestamp") from None
    return changes


def advance_horizon(world: World, sid: str, index: int) -> None:
    """A phone reports that it has shown everything up to a message to its owner."""
    before = world[Participants].get(sid)
    if before is None or not before.open:
        return
    if before.last_read_message_index is not None and before.last_read_message_index >= index:
        return
    after = world[Participants].put(
        replace(
            before,
            last_read_message_index=index,
            last_read_timestamp=world.now,
            date_updated=world.now,
        )
    )
    conversation = world[Conversations][after.conversation_sid]
    world.tell(ParticipantUpdated(participant=after, before=before, conversation=conversation))


def _date(world: World, text: str | None, refusal: Refusal) -> datetime:
    return world.now if text is None else parameters.instant(text, refusal)
