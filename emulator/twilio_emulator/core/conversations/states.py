"""The states of a conversation, and the timers that lead from one to the next.

The rules of this file:

- `active` and `inactive` change into each other freely, both become `closed`, and nothing leaves
  `closed`: it is read-only for ever and its addresses are free again.
- Both timers count from the last activity: creation, a message, or becoming active by request.
  Becoming inactive does not restart the closed timer.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from twilio_emulator.core.conversations import group_mms
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Participants,
    State,
)
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    CLOSED_TIMER_TOO_SHORT,
    INACTIVE_TIMER_TOO_SHORT,
    INVALID_CLOSED_TIMER,
    INVALID_INACTIVE_TIMER,
    INVALID_STATE,
    STATE_EMPTY,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.world import World

SHORTEST_INACTIVE = timedelta(minutes=1)
SHORTEST_CLOSED = timedelta(minutes=10)


class Reason(StrEnum):
    """Why a conversation changed its state."""

    API = "API"
    TIMER = "TIMER"
    EVENT = "EVENT"


@event
class ConversationStateUpdated:
    """A conversation changed its state; `besides` other things of it when `ConversationUpdated`
    follows."""

    conversation: Conversation
    state_from: State
    reason: Reason
    besides: bool = False


@record
class Timing:
    """What was asked of the timers, in seconds; None leaves one as it is, 0 removes it."""

    inactive: int | None
    closed: int | None


@command
class ExpireConversation:
    """A timer's time has come."""

    conversation: str
    state: State

    def apply(self, world: World) -> None:
        change_state(world, world[Conversations][self.conversation], self.state, Reason.TIMER)


def change_state(
    world: World,
    conversation: Conversation,
    state: State,
    reason: Reason,
    *,
    besides: bool = False,
) -> Conversation:
    """Move to `state`, with what follows for timers and addresses; `besides` other changes."""
    state_from = conversation.state
    changed = replace(conversation, state=state, date_state=world.now, date_updated=world.now)
    if state is State.ACTIVE:
        changed = restart_timers(world, changed)
    elif state is State.INACTIVE:
        world.timers.cancel(_inactive_key(conversation))
        changed = replace(changed, date_inactive=None)
        if state_from is State.INITIALIZING:
            changed = restart_timers(world, changed)
    else:
        changed = stop_timers(world, changed)
        for participant in world[Participants].all(
            world[Participants].by_conversation, conversation.sid
        ):
            world[Participants].put(replace(participant, open=False))
        group_mms.dissolve(world, conversation.sid)
    world[Conversations].put(changed)
    world.tell(
        ConversationStateUpdated(
            conversation=changed, state_from=state_from, reason=reason, besides=besides
        )
    )
    return changed


def restart_timers(world: World, conversation: Conversation) -> Conversation:
    """Count both timers from now. One that is still being assembled has none."""
    if conversation.state is State.INITIALIZING:
        return conversation
    if conversation.inactive_after is None and conversation.closed_after is None:
        if conversation.date_inactive is None and conversation.date_closed is None:
            return conversation
        return stop_timers(world, conversation)
    inactive = closed = None
    if conversation.inactive_after is not None and conversation.state is State.ACTIVE:
        inactive = world.now + timedelta(seconds=conversation.inactive_after)
    if conversation.closed_after is not None:
        closed = world.now + timedelta(seconds=conversation.closed_after)
    _set(world, _inactive_key(conversation), inactive, conversation, State.INACTIVE)
    _set(world, _closed_key(conversation), closed, conversation, State.CLOSED)
    return replace(conversation, date_inactive=inactive, date_closed=closed)


def stop_timers(world: World, conversation: Conversation) -> Conversation:
    """Let neither timer fire."""
    world.timers.cancel(_inactive_key(conversation))
    world.timers.cancel(_closed_key(conversation))
    return replace(conversation, date_inactive=None, date_closed=None)


def _set(
    world: World, key: str, due: datetime | None, conversation: Conversation, state: State
) -> None:
    if due is None:
        world.timers.cancel(key)
    else:
        world.timers.set(key, due, ExpireConversation(conversation=conversation.sid, state=state))


def _inactive_key(conversation: Conversation) -> str:
    return f"{conversation.sid}/inactive"


def _closed_key(conversation: Conversation) -> str:
    return f"{conversation.sid}/closed"


def read_state(text: str | None) -> State | None:
    """The state that somebody asks for; None when none is named.

    Raises:
        Refused: 50374 it is empty, 50378 it is not one that a conversation can be given.
    """
    if text is None:
        return None
    if not text:
        raise Refused(STATE_EMPTY)
    if text.lower() not in ("active", "inactive", "closed"):
        raise Refused(INVALID_STATE)
    return State(text.lower())


def read_timing(inactive: str | None, closed: str | None) -> Timing:
    """Both durations.

    Raises:
        Refused: 50379, 50380 one is no duration, 50375, 50376 one is too short.
    """
    return Timing(
        inactive=_seconds(
            inactive, SHORTEST_INACTIVE, INVALID_INACTIVE_TIMER, INACTIVE_TIMER_TOO_SHORT
        ),
        closed=_seconds(closed, SHORTEST_CLOSED, INVALID_CLOSED_TIMER, CLOSED_TIMER_TOO_SHORT),
    )


def _seconds(
    text: str | None, shortest: timedelta, invalid: Refusal, too_short: Refusal
) -> int | None:
    """None leaves the timer as it is; an empty text or `PT0S` removes it."""
    if text is None:
        return None
    if not text:
        return 0
    asked = parameters.duration(text, invalid)
    if asked and asked < shortest:
        raise Refused(too_short)
    return int(asked.total_seconds())
