"""When a conversation becomes inactive, and when it closes.

The rules of this file (https://www.twilio.com/docs/platform/conversations/conversation-lifecycle):

- Both timeouts count from the last communication, and from the beginning where there is none yet.
  To become inactive restarts neither.
- Traffic from anybody, in or out, makes an inactive conversation active. Closed is the end.
- With several channels the longer timeout is that of the conversation: the end of one channel is a
  proposal. Its channels are those of its participants' addresses, which is decided.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.conversations import set_status
from twilio_emulator.core.orchestrator.participants import participants_of
from twilio_emulator.core.orchestrator.resources import (
    CommunicationCreated,
    ConfigurationSettings,
    OrchestratedConversation,
    OrchestratedConversationCreated,
    OrchestratedConversationRemoved,
    OrchestratedConversations,
    OrchestratedConversationUpdated,
    OrchestratedParticipantAdded,
    OrchestratedParticipantRemoved,
    OrchestratedParticipantUpdated,
    OrchestratedStatus,
    OrchestratorChannel,
)


@command
class ExpireOrchestratedConversation:
    """A timeout of a conversation is over."""

    conversation: str
    status: OrchestratedStatus

    def apply(self, world: World) -> None:
        set_status(world, world[OrchestratedConversations][self.conversation], self.status)


def begun(world: World, created: OrchestratedConversationCreated) -> None:
    """Count from the beginning."""
    _count(world, created.conversation)


def joined(
    world: World,
    changed: OrchestratedParticipantAdded
    | OrchestratedParticipantUpdated
    | OrchestratedParticipantRemoved,
) -> None:
    """Count as the channels have it that the conversation has now."""
    _count(world, world[OrchestratedConversations][changed.participant.conversation_sid])


def communicated(world: World, created: CommunicationCreated) -> None:
    """Count from now."""
    _count(world, world[OrchestratedConversations][created.communication.conversation_sid])


def moved(world: World, updated: OrchestratedConversationUpdated) -> None:
    """What a status brings with it for the timeouts."""
    now, before = updated.conversation, updated.before
    if now.status is before.status:
        return
    if now.status is OrchestratedStatus.ACTIVE:
        # Decided: what a request makes active counts anew from then, as with Conversations v1.
        _count(world, now, world.now)
        return
    world.timers.cancel(_key(now, OrchestratedStatus.INACTIVE))
    if now.status is OrchestratedStatus.CLOSED:
        world.timers.cancel(_key(now, OrchestratedStatus.CLOSED))


def removed(world: World, gone: OrchestratedConversationRemoved) -> None:
    """Nothing is counted any more."""
    for status in (OrchestratedStatus.INACTIVE, OrchestratedStatus.CLOSED):
        world.timers.cancel(_key(gone.conversation, status))


def timeouts(
    settings: ConfigurationSettings, channels: Iterable[OrchestratorChannel]
) -> tuple[int | None, int | None]:
    """Minutes until a conversation of these channels is inactive, and until it is closed; None is
    never."""
    of_channels = [
        (None, None)
        if found is None or found.status_timeouts is None
        else (found.status_timeouts.inactive, found.status_timeouts.closed)
        for found in (settings.channel_settings.get(each) for each in channels)
    ]
    return (
        _longest([inactive for inactive, _ in of_channels]),
        _longest([closed for _, closed in of_channels]),
    )


def _expires(settings: ConfigurationSettings) -> bool:
    return any(each.status_timeouts is not None for each in settings.channel_settings.values())


def _longest(minutes: list[int | None]) -> int | None:
    """The longest of all. Decided: a channel without a timeout never ends, nor does a conversation
    with it; and without a channel nothing does."""
    counted = [each for each in minutes if each is not None]
    return max(counted) if counted and len(counted) == len(minutes) else None


def _count(
    world: World, conversation: OrchestratedConversation, since: datetime | None = None
) -> None:
    """Set both timers, or none where the conversation has no timeouts."""
    settings = conversation.settings
    if conversation.status is OrchestratedStatus.CLOSED or not _expires(settings):
        return
    channels = {
        each.channel
        for participant in participants_of(world, conversation.sid)
        for each in participant.addresses
    }
    inactive, closed = timeouts(settings, channels)
    if conversation.status is OrchestratedStatus.INACTIVE:
        inactive = None
    since = since or conversation.last_communication_at or conversation.created_at
    _set(world, conversation, OrchestratedStatus.INACTIVE, since, inactive)
    _set(world, conversation, OrchestratedStatus.CLOSED, since, closed)


def _set(
    world: World,
    conversation: OrchestratedConversation,
    status: OrchestratedStatus,
    since: datetime,
    minutes: int | None,
) -> None:
    key = _key(conversation, status)
    if minutes is None:
        world.timers.cancel(key)
        return
    due = max(world.now, parameters.later(since, timedelta(minutes=minutes)))
    expiry = ExpireOrchestratedConversation(conversation=conversation.sid, status=status)
    world.timers.set(key, due, expiry)


def _key(conversation: OrchestratedConversation, status: OrchestratedStatus) -> str:
    return f"{conversation.sid}/{status}"
