"""Conversations: opened, found, changed and removed.

Answers show instants, not the durations that were asked for. What becomes of a conversation in time
is in `states.py`.
"""

from datetime import datetime, timedelta

from twilio_emulator.core.conversations import group_mms, media, permissions, services
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Conversation,
    Conversations,
    Messages,
    Participants,
    Receipts,
    Service,
    State,
)
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.conversations.states import (
    Reason,
    change_state,
    read_state,
    read_timing,
    restart_timers,
    stop_timers,
)
from twilio_emulator.core.conversations.webhook_configurations import ScopedWebhook, ScopedWebhooks
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    CONVERSATION_CLOSED,
    CONVERSATION_INITIALIZING,
    FOREIGN_MESSAGING_SERVICE,
    INITIAL_STATE_CLOSED,
    INVALID_DATE_CREATED,
    INVALID_DATE_UPDATED,
    INVALID_MESSAGING_SERVICE,
    INVALID_PARAMETER,
    MESSAGING_SERVICE_NOT_PROVIDED,
    NOT_FOUND,
    UNIQUE_NAME_LIKE_SID,
    UNIQUE_NAME_TAKEN,
    UNIQUE_NAME_TOO_LONG,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import MessagingServices

ATTRIBUTES_LIMIT = 16 * 1024


@record
class OpenedBy:
    """Whose text opens a conversation: the addresses, in a group of all phones with commas."""

    address: str
    proxy_address: str | None = None
    projected_address: str | None = None
    author_address: str | None = None


@event
class ConversationAdded:
    """A conversation came to be, perhaps by a text."""

    conversation: Conversation
    opened_by: OpenedBy | None = None


@event
class ConversationUpdated:
    """A conversation shows something else than `before`, its state aside."""

    conversation: Conversation
    before: Conversation


@event
class ConversationRemoved:
    """A conversation is gone, with everything in it.

    Its webhooks still have to hear of it, and so have the clients of its participants.
    """

    conversation: Conversation
    webhooks: tuple[ScopedWebhook, ...] = ()
    identities: tuple[str, ...] = ()


def find(world: World, service_sid: str, key: str) -> Conversation:
    """The conversation of a service with this sid or unique name.

    Raises:
        Refused: 20404.
    """
    found = world[Conversations].get(key)
    if found is None:
        found = world[Conversations].found(world[Conversations].by_unique_name, (service_sid, key))
    if found is None or found.service_sid != service_sid:
        raise Refused(NOT_FOUND)
    return found


def fetch_conversation(world: World, *, service: str, conversation: str) -> Conversation:
    """The conversation of a service with this sid or unique name.

    Raises:
        Refused: 20404.
    """
    return find(world, service, conversation)


def find_visible(world: World, service_sid: str, key: str) -> Conversation:
    """The same, once it is known that it is not private to others than who acts.

    Raises:
        Refused: 20404, 50430 when the acting user may not know of it.
    """
    found = find(world, service_sid, key)
    identity = permissions.acting_user(world)
    if identity is not None:
        permissions.require_sight(world, identity, found)
    return found


def find_writable(world: World, service_sid: str, key: str) -> Conversation:
    """The same, once it is known that it may be written to.

    Raises:
        Refused: 20404, 50430 when the acting user may not know of it, 50377 when closed, 50386 when
            it is still being assembled.
    """
    found = find_visible(world, service_sid, key)
    if found.state is State.CLOSED:
        raise Refused(CONVERSATION_CLOSED)
    if found.state is State.INITIALIZING:
        raise Refused(CONVERSATION_INITIALIZING)
    return found


@command
class AddConversation:
    """Open a conversation in a service."""

    service: str
    friendly_name: str | None = None
    unique_name: str | None = None
    date_created: str | None = None
    date_updated: str | None = None
    messaging_service_sid: str | None = None
    attributes: str | None = None
    state: str | None = None
    timers_inactive: str | None = None
    timers_closed: str | None = None
    bindings_email_address: str | None = None
    bindings_email_name: str | None = None

    def check(self, world: World) -> Conversation:
        """The conversation as it would be, but for its sid.

        Raises:
            Refused: what is asked for cannot be.
        """
        service = services.find(world, self.service)
        permissions.require_in_service(world, service.sid, "createConversation")
        state = read_state(self.state) or State.ACTIVE
        if state is State.CLOSED:
            raise Refused(INITIAL_STATE_CLOSED)
        if self.messaging_service_sid == "":
            raise Refused(MESSAGING_SERVICE_NOT_PROVIDED)
        defaults = world[AccountConfigurations][service.account_sid]
        timing = read_timing(self.timers_inactive, self.timers_closed)
        return Conversation(
            sid="",
            account_sid=service.account_sid,
            service_sid=service.sid,
            messaging_service_sid=read_messaging_service(
                world, service.account_sid, self.messaging_service_sid
            )
            or defaults.default_messaging_service_sid,
            friendly_name=parameters.name(self.friendly_name),
            unique_name=_unique_name(world, service, self.unique_name, ""),
            attributes=parameters.attributes(self.attributes, ATTRIBUTES_LIMIT)
            if self.attributes is not None
            else "{}",
            state=state,
            created_by=world.origin.identity or "system",
            inactive_after=_default(timing.inactive, defaults.default_inactive_timer),
            closed_after=_default(timing.closed, defaults.default_closed_timer),
            email_address=self.bindings_email_address or None,
            email_name=self.bindings_email_name or None,
            date_created=_date(world, self.date_created, INVALID_DATE_CREATED),
            date_updated=_date(world, self.date_updated or self.date_created, INVALID_DATE_UPDATED),
            date_state=world.now,
            serial=0,
            activity=0,
        )

    def apply(self, world: World) -> Conversation:
        conversation = keep(world, self.check(world))
        world.tell(ConversationAdded(conversation=conversation))
        return conversation


@command
class UpdateConversation:
    """Change what a conversation shows, its state, or its timers.

    Attributes:
        friendly_name: for people.
        date_created: an instant that it shows instead.
        date_updated: an instant that it shows instead.
        attributes: JSON of the app's own.
        messaging_service_sid: of the messaging service whose senders it uses (MG).
        state: whether it is active, inactive or closed.
        timers_inactive: an ISO 8601 duration without a message until it is inactive.
        timers_closed: an ISO 8601 duration without a message until it is closed.
        unique_name: for programs.
        bindings_email_address: where it is reached by e-mail, as the resource shows it.
        bindings_email_name: whose e-mail that is, as the resource shows it.
    """

    service: str
    conversation: str
    friendly_name: str | None = None
    date_created: str | None = None
    date_updated: str | None = None
    attributes: str | None = None
    messaging_service_sid: str | None = None
    state: str | None = None
    timers_inactive: str | None = None
    timers_closed: str | None = None
    unique_name: str | None = None
    bindings_email_address: str | None = None
    bindings_email_name: str | None = None

    def check(self, world: World) -> Conversation:
        """The conversation as it would be, before its state and timers move.

        Raises:
            Refused: what is asked for cannot be.
        """
        before = find_writable(world, self.service, self.conversation)
        if self.friendly_name is not None or self.unique_name is not None:
            permissions.require(world, before, "editConversationName")
        if self.attributes is not None:
            permissions.require(world, before, "editConversationAttributes")
        service = services.find(world, before.service_sid)
        read_state(self.state)
        timing = read_timing(self.timers_inactive, self.timers_closed)
        changes: dict[str, object] = {
            "date_updated": _date(world, self.date_updated, INVALID_DATE_UPDATED)
        }
        if self.friendly_name is not None:
            changes["friendly_name"] = parameters.name(self.friendly_name)
        if self.unique_name is not None:
            changes["unique_name"] = _unique_name(world, service, self.unique_name, before.sid)
        if self.attributes is not None:
            changes["attributes"] = parameters.attributes(self.attributes, ATTRIBUTES_LIMIT)
        if self.messaging_service_sid is not None:
            changes["messaging_service_sid"] = read_messaging_service(
                world, service.account_sid, self.messaging_service_sid
            )
        if self.bindings_email_address is not None:
            changes["email_address"] = self.bindings_email_address or None
        if self.bindings_email_name is not None:
            changes["email_name"] = self.bindings_email_name or None
        if self.date_created is not None:
            changes["date_created"] = _date(world, self.date_created, INVALID_DATE_CREATED)
        if timing.inactive is not None:
            changes["inactive_after"] = timing.inactive or None
        if timing.closed is not None:
            changes["closed_after"] = timing.closed or None
        return replace(before, **changes)

    def apply(self, world: World) -> Conversation:
        after = self.check(world)
        before = world[Conversations][after.sid]
        if self.timers_inactive is not None or self.timers_closed is not None:
            after = restart_timers(world, after)
        conversation = world[Conversations].put(after)
        state = read_state(self.state)
        besides = _shown(before) != _shown(conversation)
        moves = state not in (None, conversation.state)
        if state is not None and moves:
            conversation = change_state(world, conversation, state, Reason.API, besides=besides)
        elif state is State.ACTIVE:
            conversation = world[Conversations].put(restart_timers(world, conversation))
        if besides or not moves:
            world.tell(ConversationUpdated(conversation=conversation, before=before))
        return conversation


@command
class RemoveConversation:
    """Delete a conversation with its messages, participants, receipts and webhooks."""

    service: str
    conversation: str

    def check(self, world: World) -> Conversation:
        """Raises:
        Refused: 20404, 50430 or 50107 the acting user may not.
        """
        conversation = find_visible(world, self.service, self.conversation)
        permissions.require(world, conversation, "deleteConversation")
        return conversation

    def apply(self, world: World) -> None:
        remove(world, self.check(world))


def list_conversations(
    world: World,
    *,
    service: str,
    start_date: str | None = None,
    end_date: str | None = None,
    state: str | None = None,
) -> Rows[Conversation]:
    """Most recent activity first; with a date bound by creation, newest first.

    Raises:
        Refused: 20404 no such service, 20001 a filter that cannot be read.
    """
    services.find(world, service)
    start = _bound(start_date, "StartDate") if start_date else None
    end = None
    if end_date:
        end = parameters.later(_bound(end_date, "EndDate"), timedelta(seconds=1))
    wanted = read_state(state) if state else None
    table = world[Conversations]
    if start is None and end is None:
        states = State if wanted is None else (wanted,)
        groups = ((service, each) for each in states)
        return Rows(table, table.by_activity, *groups, downward=True)
    return Rows(
        table,
        table.by_creation,
        service,
        downward=True,
        keep=None if wanted is None else lambda it: it.state is wanted,
        lowest=None if start is None else parameters.milliseconds(start),
        highest=None if end is None else parameters.milliseconds(end) - 1,
    )


def keep(world: World, checked: Conversation) -> Conversation:
    """Give a checked conversation its sid, and keep it. Telling is left to the caller."""
    serial = world.serial()
    conversation = replace(checked, sid=world.sids.new("CH"), serial=serial, activity=serial)
    return world[Conversations].put(restart_timers(world, conversation))


def remove(world: World, conversation: Conversation) -> None:
    """Forget a conversation and all that is in it."""
    stop_timers(world, conversation)
    for message in world[Messages].all(world[Messages].by_conversation, conversation.sid):
        for receipt in world[Receipts].all(world[Receipts].by_message, message.sid):
            world[Receipts].remove(receipt.sid)
        media.forget(world, message)
        world[Messages].remove(message.sid)
    identities: list[str] = []
    for participant in world[Participants].all(
        world[Participants].by_conversation, conversation.sid
    ):
        world[Participants].remove(participant.sid)
        if participant.identity is not None:
            identities.append(participant.identity)
    group_mms.dissolve(world, conversation.sid)
    webhooks = tuple(
        world[ScopedWebhooks].all(world[ScopedWebhooks].by_conversation, conversation.sid)
    )
    for webhook in webhooks:
        world[ScopedWebhooks].remove(webhook.sid)
    world[Conversations].remove(conversation.sid)
    world.tell(
        ConversationRemoved(
            conversation=conversation, webhooks=webhooks, identities=tuple(identities)
        )
    )


def _default(asked: int | None, default: int | None) -> int | None:
    return default if asked is None else asked or None


def _date(world: World, text: str | None, refusal: Refusal) -> datetime:
    return world.now if text is None else parameters.instant(text, refusal)


def _bound(text: str, parameter: str) -> datetime:
    try:
        return parameters.instant(text, INVALID_PARAMETER)
    except Refused:
        raise Refused(INVALID_PARAMETER, parameter=parameter) from None


def read_messaging_service(world: World, account_sid: str, sid: str | None) -> str | None:
    """A messaging service of the account; none when none is named.

    Raises:
        Refused: 50341 no sid, 50342 not the account's.
    """
    if not sid:
        return None
    if not parameters.is_sid(sid, "MG"):
        raise Refused(INVALID_MESSAGING_SERVICE)
    found = world[MessagingServices].get(sid)
    if found is None or found.account_sid != account_sid:
        raise Refused(FOREIGN_MESSAGING_SERVICE)
    return sid


def _unique_name(world: World, service: Service, name: str | None, own: str) -> str | None:
    """The name, once it is known that no other conversation of the service has it."""
    name = parameters.name(name, refusal=UNIQUE_NAME_TOO_LONG)
    if name is None:
        return None
    if parameters.is_sid(name, "CH"):
        raise Refused(UNIQUE_NAME_LIKE_SID)
    if world[Conversations].by_unique_name.find((service.sid, name)) not in (None, own):
        raise Refused(UNIQUE_NAME_TAKEN)
    return name


def _shown(conversation: Conversation) -> Conversation:
    """What a change of state leaves as it is."""
    return replace(
        conversation,
        state=State.ACTIVE,
        date_updated=conversation.date_created,
        date_state=conversation.date_created,
        date_inactive=None,
        date_closed=None,
    )


def remove_of_service(world: World, removed: ServiceRemoved) -> None:
    """The conversations of a service go with it."""
    table = world[Conversations]
    for conversation in table.all(table.by_creation, removed.service.sid):
        remove(world, conversation)
