"""Domain events as changes of Sync objects, and what is in such an object when it is opened.

The rules of this file:

- Sync objects show the world and hold nothing of their own. There are five sorts: a document, a
  list of messages and a roster for each conversation; a map of their conversations and one of what
  they show for each user.
- Nothing is worked out for an object that was not opened. In an account that no client has ever
  connected to, an event costs one look.
- What an object becomes is taken from the event, which is what was true when it happened.
- Who leaves a conversation is told so before it is closed to them.
- When the world is put back, objects that were opened become what it shows now, change by change:
  who comes back to them is told what is different.
- A deleted conversation leaves a tombstone, until many more have gone, for clients that are just
  opening it: for those alone who could read it before.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from twilio_emulator.core.conversations import permissions
from twilio_emulator.core.conversations.conversations import (
    ConversationRemoved,
    ConversationUpdated,
)
from twilio_emulator.core.conversations.delivery_receipts import ReceiptUpdated
from twilio_emulator.core.conversations.messages import MessageAdded, MessageRemoved, MessageUpdated
from twilio_emulator.core.conversations.participants import (
    ParticipantAdded,
    ParticipantRemoved,
    ParticipantUpdated,
)
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Message,
    Messages,
    Participant,
    Participants,
    Services,
    User,
    Users,
)
from twilio_emulator.core.conversations.roles import RoleUpdated
from twilio_emulator.core.conversations.services import ServiceConfigured, ServiceRemoved
from twilio_emulator.core.conversations.states import ConversationStateUpdated
from twilio_emulator.core.conversations.user_conversations import NotificationLevelChanged
from twilio_emulator.core.conversations.users import UserRemoved, UserUpdated
from twilio_emulator.core.kernel.refusals import NOT_A_PARTICIPANT, Refusal
from twilio_emulator.core.kernel.restoring import WorldRestored
from twilio_emulator.core.kernel.world import Happened, World
from twilio_emulator.sdk.conversations import names, sync_look
from twilio_emulator.sdk.sync.objects import (
    Contents,
    DocumentContents,
    ListContents,
    MapContents,
)
from twilio_emulator.sdk.sync.service import Sync
from twilio_emulator.sdk.sync.watched import Kind
from twilio_emulator.wire.spelling import iso_milliseconds

ACCESS_FORBIDDEN = Refusal(54007, 403, "Access forbidden for identity")
"""An object that belongs to another user alone."""


class Tombstone(NamedTuple):
    """A deleted conversation, and the identities that were in it."""

    conversation: Conversation
    identities: tuple[str, ...]


TOMBSTONES_KEPT = 1000
"""Conversations that were removed, of which clients that were away still learn that."""


class Projection:
    """The Sync objects of an account, one `Sync` for each service that a client connected to.

    Args:
        world: what they show.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._syncs: dict[str, Sync] = {}
        self._tombstones: dict[str, Tombstone] = {}
        self._hearers: dict[type, Callable[[Any], None]] = {
            ConversationUpdated: self._conversation_changed,
            ConversationStateUpdated: self._conversation_changed,
            ConversationRemoved: self._conversation_removed,
            MessageAdded: self._message_added,
            MessageUpdated: self._message_changed,
            MessageRemoved: self._message_removed,
            ReceiptUpdated: self._message_changed,
            ParticipantAdded: self._participant_joined,
            ParticipantUpdated: self._participant_changed,
            ParticipantRemoved: self._participant_left,
            NotificationLevelChanged: self._participant_changed,
            UserUpdated: self._user_changed,
            UserRemoved: self._user_removed,
            RoleUpdated: self._role_changed,
            ServiceConfigured: self._service_configured,
            ServiceRemoved: self._service_removed,
            WorldRestored: self._world_restored,
        }
        world.listeners.append(self._hear, self._hearers)

    def sync(self, service_sid: str) -> Sync:
        """The Sync objects of a service, from now on."""
        known = self._syncs.get(service_sid)
        if known is None:
            known = self._syncs[service_sid] = self._open(service_sid)
        return known

    def _open(self, service_sid: str) -> Sync:
        world = self._world
        return Sync(
            account_sid=world[Services][service_sid].account_sid,
            service_sid=service_sid,
            now=lambda: iso_milliseconds(world.now) or "",
            materialise=lambda kind, name: self._contents(service_sid, kind, name),
            deny=lambda identity, kind, name: self._deny(service_sid, identity, kind, name),
            sid_of=names.sid_of(world, service_sid),
            name_of=names.name_of(world, service_sid),
        )

    def _contents(self, service_sid: str, kind: Kind, name: str) -> Contents | None:
        about, shows = names.subject(name)
        if kind is Kind.MAP and shows in ("channels", "info"):
            by_sid = shows == "info"
            user = self._user(service_sid, about, by_sid=by_sid)
            return None if user is None else self._contents_of_user(user, by_sid=by_sid)
        found = self._conversation(service_sid, about)
        if found is None:
            return None
        created, updated = iso_milliseconds(found.date_created), iso_milliseconds(self._world.now)
        dates = {"date_created": created or "", "date_updated": updated or ""}
        removed = found.sid in self._tombstones
        match kind, shows:
            case Kind.DOCUMENT, "channel":
                return DocumentContents(
                    **dates, removed=removed, data=sync_look.conversation(found)
                )
            case Kind.LIST, "messages":
                return ListContents(**dates, removed=removed, items=self._messages(found))
            case Kind.MAP, "roster":
                return MapContents(**dates, removed=removed, items=self._roster(found))
        return None

    def _contents_of_user(self, user: User, *, by_sid: bool) -> MapContents:
        items = list(self._info(user) if by_sid else self._memberships(user))
        created = iso_milliseconds(user.date_created) or ""
        updated = iso_milliseconds(self._world.now) or ""
        return MapContents(date_created=created, date_updated=updated, items=items)

    def _conversation(self, service_sid: str, sid: str) -> Conversation | None:
        found = self._world[Conversations].get(sid)
        if found is None and sid in self._tombstones:
            found = self._tombstones[sid].conversation
        return found if found is not None and found.service_sid == service_sid else None

    def _user(self, service_sid: str, about: str, *, by_sid: bool) -> User | None:
        users = self._world[Users]
        if not by_sid:
            return users.found(users.by_identity, (service_sid, about))
        found = users.get(about)
        return found if found is not None and found.service_sid == service_sid else None

    def _messages(self, it: Conversation) -> Iterator[tuple[int, object]]:
        table = self._world[Messages]
        for message in table.all(table.by_conversation, it.sid):
            yield message.index, self._message(message)

    def _message(self, it: Message) -> dict[str, object]:
        return sync_look.message(
            it, has_channel_metadata=sync_look.came_by_whatsapp(self._world, it.participant_sid)
        )

    def _roster(self, it: Conversation) -> Iterator[tuple[str, object]]:
        table = self._world[Participants]
        for participant in table.all(table.by_conversation, it.sid):
            yield participant.sid, sync_look.participant(participant)

    def _memberships(self, it: User) -> Iterator[tuple[str, object]]:
        table = self._world[Participants]
        for member in table.all(table.by_identity, (it.service_sid, it.identity)):
            yield member.conversation_sid, sync_look.membership(member)

    def _info(self, it: User) -> Iterator[tuple[str, object]]:
        reachable = self._world[Services][it.service_sid].reachability_enabled
        return iter(sync_look.user(it, reachable=reachable).items())

    def _deny(self, service_sid: str, identity: str, kind: Kind, name: str) -> Refusal | None:
        about, shows = names.subject(name)
        if shows == "info":
            return None
        if shows == "channels" or shows.startswith("session-"):
            return None if about == identity else ACCESS_FORBIDDEN
        found = self._conversation(service_sid, about)
        # Without one the object is what is left of a conversation that a restoring took away.
        if found is None or self._was_in(identity, found):
            return None
        allows = permissions.may_see if kind is Kind.DOCUMENT else permissions.may_read
        return None if allows(self._world, identity, found) else NOT_A_PARTICIPANT

    def _was_in(self, identity: str, it: Conversation) -> bool:
        tombstone = self._tombstones.get(it.sid)
        return tombstone is not None and identity in tombstone.identities

    def _hear(self, happened: Happened) -> None:
        if self._syncs:
            self._hearers[type(happened.event)](happened.event)

    def _conversation_changed(self, event: ConversationUpdated | ConversationStateUpdated) -> None:
        self._show_conversation(event.conversation)

    def _show_conversation(self, it: Conversation) -> None:
        sync = self._syncs.get(it.service_sid)
        name = names.document_of(it.sid)
        if sync is not None and sync.holds(Kind.DOCUMENT, name):
            sync.set_document(name, sync_look.conversation(it))

    def _conversation_removed(self, event: ConversationRemoved) -> None:
        it = event.conversation
        sync = self._syncs.get(it.service_sid)
        if sync is None:
            return
        self._tombstones[it.sid] = Tombstone(it, event.identities)
        for identity in event.identities:
            sync.remove_item(names.conversations_of(identity), it.sid)
        sync.remove_object(Kind.DOCUMENT, names.document_of(it.sid))
        sync.remove_object(Kind.MAP, names.roster_of(it.sid))
        sync.remove_object(Kind.LIST, names.messages_of(it.sid))
        if len(self._tombstones) > TOMBSTONES_KEPT:
            self._forget(next(iter(self._tombstones)))

    def _forget(self, sid: str) -> None:
        """From now on a conversation that was removed is one that never was."""
        service_sid = self._tombstones.pop(sid).conversation.service_sid
        sync = self._syncs.get(service_sid)
        if sync is not None:
            sync.discard(Kind.DOCUMENT, names.document_of(sid))
            sync.discard(Kind.MAP, names.roster_of(sid))
            sync.discard(Kind.LIST, names.messages_of(sid))

    def _message_added(self, event: MessageAdded) -> None:
        self._message_changed(event)
        self._show_conversation(event.conversation)

    def _message_changed(self, event: MessageAdded | MessageUpdated | ReceiptUpdated) -> None:
        it = event.message
        sync = self._syncs.get(it.service_sid)
        name = names.messages_of(it.conversation_sid)
        if sync is not None and sync.holds(Kind.LIST, name):
            sync.set_list_item(name, it.index, self._message(it))

    def _message_removed(self, event: MessageRemoved) -> None:
        it = event.message
        sync = self._syncs.get(it.service_sid)
        if sync is not None:
            sync.remove_list_item(names.messages_of(it.conversation_sid), it.index)

    def _participant_joined(self, event: ParticipantAdded) -> None:
        self._participant_changed(event)
        it = event.participant
        sync = self._syncs.get(it.service_sid)
        if sync is not None and it.identity is not None:
            sync.recheck(it.identity)

    def _participant_changed(
        self, event: ParticipantAdded | ParticipantUpdated | NotificationLevelChanged
    ) -> None:
        it = event.participant
        sync = self._syncs.get(it.service_sid)
        if sync is None:
            return
        roster = names.roster_of(it.conversation_sid)
        if sync.holds(Kind.MAP, roster):
            sync.set_item(roster, it.sid, sync_look.participant(it))
        if it.identity is not None:
            own = names.conversations_of(it.identity)
            if sync.holds(Kind.MAP, own):
                sync.set_item(own, it.conversation_sid, sync_look.membership(it))

    def _participant_left(self, event: ParticipantRemoved) -> None:
        it: Participant = event.participant
        sync = self._syncs.get(it.service_sid)
        if sync is None:
            return
        sync.remove_item(names.roster_of(it.conversation_sid), it.sid)
        if it.identity is not None:
            sync.remove_item(names.conversations_of(it.identity), it.conversation_sid)
            sync.recheck(it.identity)

    def _user_changed(self, event: UserUpdated) -> None:
        self._show_user(event.user)
        if event.user.role_sid != event.before.role_sid:
            self._recheck(event.user)

    def _show_user(self, it: User) -> None:
        sync = self._syncs.get(it.service_sid)
        name = names.info_of(it.sid)
        if sync is not None and sync.holds(Kind.MAP, name):
            for key, value in self._info(it):
                sync.set_item(name, key, value)

    def _recheck(self, it: User) -> None:
        sync = self._syncs.get(it.service_sid)
        if sync is not None:
            sync.recheck(it.identity)

    def _user_removed(self, event: UserRemoved) -> None:
        it = event.user
        sync = self._syncs.get(it.service_sid)
        if sync is not None:
            sync.remove_object(Kind.MAP, names.info_of(it.sid))

    def _role_changed(self, event: RoleUpdated) -> None:
        sync = self._syncs.get(event.role.service_sid)
        if sync is not None:
            for identity in sync.identities:
                sync.recheck(identity)

    def _service_configured(self, event: ServiceConfigured) -> None:
        if event.service.reachability_enabled == event.before.reachability_enabled:
            return
        table = self._world[Users]
        for user in table.all(table.by_service, event.service.sid):
            self._show_user(user)

    def _service_removed(self, event: ServiceRemoved) -> None:
        self._syncs.pop(event.service.sid, None)

    def _world_restored(self, event: WorldRestored) -> None:
        world = self._world
        self._syncs = {sid: sync for sid, sync in self._syncs.items() if sid in world[Services]}
        self._tombstones = {
            sid: it for sid, it in self._tombstones.items() if sid not in world[Conversations]
        }
        for sync in self._syncs.values():
            sync.refill()
