"""What was noticed about a customer, as their agents write it down.

The rules of this file (Observations of Memory's OpenAPI file):

- Nothing is extracted from conversations, since that takes a language model: what there is, an app
  or a test has written.
- Each state of an observation is kept, the present one among them; that this is what its revisions
  are is decided.
"""

import re
from datetime import datetime

from twilio_emulator.core.kernel.arranged import wants_upward
from twilio_emulator.core.kernel.bad_requests import (
    NO_INSTANT,
    NOWHERE_FOUND,
    bad,
    long_enough,
    spelled,
)
from twilio_emulator.core.kernel.parameters import instant
from twilio_emulator.core.kernel.records import closed, command, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import is_ttid, new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.profiles import fetch_canonical, fetch_current
from twilio_emulator.core.memory.resources import (
    MemoryProfile,
    MemoryProfileRemoved,
    Observation,
    ObservationNoted,
    ObservationRemoved,
    ObservationRevision,
    ObservationRevisions,
    Observations,
)

MOST_AT_ONCE = 10
MOST_CONVERSATIONS = 10
LONGEST_CONTENT = 4096
LONGEST_SOURCE = 100

SOURCE = re.compile("[a-zA-Z0-9 _.-]+")
CONVERSATION = "conv_conversation"


@record
class ObservationData:
    """What is said of an observation that is to be made."""

    content: str
    source: str
    occurred_at: datetime
    conversation_ids: tuple[str, ...] = ()


@closed()
@command
class AddObservations:
    """Write observations of a customer down.

    Raises:
        Refused: 400 the first that cannot be, 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    observations: tuple[ObservationData, ...]

    def apply(self, world: World) -> tuple[Observation, ...]:
        _, profile = fetch_current(world, self.account, self.store, self.profile)
        if not 1 <= len(self.observations) <= MOST_AT_ONCE:
            raise bad(f"observations must have 1 to {MOST_AT_ONCE} items")
        for at, each in enumerate(self.observations):
            _check(f"observations[{at}].", each.content, each.source, each.conversation_ids)
        return tuple(_note(world, profile, each) for each in self.observations)


@command
class PatchObservation:
    """Write an observation down otherwise.

    Raises:
        Refused: 400, 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    observation: str
    content: str | None = None
    source: str | None = None
    occurred_at: datetime | None = None
    conversation_ids: tuple[str, ...] | None = None

    def apply(self, world: World) -> Observation:
        _, profile = fetch_current(world, self.account, self.store, self.profile)
        found = _of(world, profile, self.observation)
        content = found.content if self.content is None else self.content
        source = found.source if self.source is None else self.source
        said = self.conversation_ids
        conversations = found.conversation_ids if said is None else said
        _check("", content, source, conversations)
        return _put(
            world,
            replace(
                found,
                content=content,
                source=source,
                occurred_at=self.occurred_at or found.occurred_at,
                conversation_ids=conversations,
                date_updated=world.now,
            ),
        )


@command
class RemoveObservation:
    """Forget an observation.

    Raises:
        Refused: 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    observation: str

    def apply(self, world: World) -> None:
        _, profile = fetch_current(world, self.account, self.store, self.profile)
        _remove(world, _of(world, profile, self.observation))


def fetch_observation(
    world: World, *, account: str, store: str, profile: str, observation: str
) -> Observation:
    """An observation of a profile, by whichever of its ids.

    Raises:
        Refused: 20404.
    """
    found = fetch_canonical(world, account=account, store=store, profile=profile)
    return _of(world, found, observation)


def list_observations(
    world: World,
    *,
    account: str,
    store: str,
    profile: str,
    order_by: str | None = None,
    source: str | None = None,
    created_after: str | None = None,
    created_before: str | None = None,
    conversation_id: str | None = None,
) -> Rows[Observation]:
    """The observations of a profile, newest first unless `order_by` is `ASC`.

    Args:
        source: those of this source alone.
        created_after: those of this instant and later.
        created_before: those before this instant.
        conversation_id: those of this conversation.

    Raises:
        Refused: 400 a parameter cannot be, 20404; `Moved` it is another profile now.
    """
    _, found = fetch_current(world, account, store, profile)
    downward = not wants_upward(order_by)
    if source is not None:
        spelled("source", source, SOURCE, LONGEST_SOURCE)
    if conversation_id is not None:
        check_conversation("conversationId", conversation_id)
    after = None if created_after is None else instant(created_after, NO_INSTANT)
    before = None if created_before is None else instant(created_before, NO_INSTANT)

    def wanted(it: Observation) -> bool:
        return (
            (source is None or it.source == source)
            and (after is None or it.date_created >= after)
            and (before is None or it.date_created < before)
            and (conversation_id is None or conversation_id in it.conversation_ids)
        )

    table = world[Observations]
    return Rows(table, table.by_profile, found.sid, downward=downward, keep=wanted)


def list_revisions(
    world: World, *, account: str, store: str, profile: str, observation: str
) -> Rows[ObservationRevision]:
    """What an observation was, the newest state first.

    Raises:
        Refused: 20404.
    """
    found = fetch_observation(
        world, account=account, store=store, profile=profile, observation=observation
    )
    table = world[ObservationRevisions]
    return Rows(table, table.by_observation, found.sid, downward=True)


def check_conversation(place: str, said: str) -> None:
    """Refuse what has not the form of a conversation's id; whether there is such a one is not
    looked at, which is decided.

    Raises:
        Refused: 400.
    """
    if not is_ttid(said, CONVERSATION):
        raise bad(f"{place} must be the id of a conversation")


def forget_observations(world: World, event: MemoryProfileRemoved) -> None:
    """Of a profile that is gone nothing is remembered."""
    table = world[Observations]
    for each in table.all(table.by_profile, event.profile.sid):
        _remove(world, each)


def _of(world: World, profile: MemoryProfile, observation: str) -> Observation:
    found = world[Observations].get(observation)
    if found is None or found.profile_sid != profile.sid:
        raise Refused(NOWHERE_FOUND)
    return found


def _check(place: str, content: str, source: str, conversations: tuple[str, ...]) -> None:
    long_enough(f"{place}content", content, 1, LONGEST_CONTENT)
    spelled(f"{place}source", source, SOURCE, LONGEST_SOURCE)
    if len(conversations) > MOST_CONVERSATIONS:
        raise bad(f"{place}conversationIds must have at most {MOST_CONVERSATIONS} items")
    for at, each in enumerate(conversations):
        check_conversation(f"{place}conversationIds[{at}]", each)


def _note(world: World, profile: MemoryProfile, said: ObservationData) -> Observation:
    return _put(
        world,
        Observation(
            sid=new_ttid(world, "mem_observation"),
            account_sid=profile.account_sid,
            profile_sid=profile.sid,
            content=said.content,
            source=said.source,
            occurred_at=said.occurred_at,
            conversation_ids=said.conversation_ids,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        ),
    )


def _put(world: World, observation: Observation) -> Observation:
    world[Observations].put(observation)
    serial = world.serial()
    world[ObservationRevisions].put(
        ObservationRevision(
            sid=f"{observation.sid}/{serial}",
            observation_sid=observation.sid,
            observation=observation,
            serial=serial,
        )
    )
    world.tell(ObservationNoted(observation=observation))
    return observation


def _remove(world: World, observation: Observation) -> None:
    revisions = world[ObservationRevisions]
    for revision in revisions.all(revisions.by_observation, observation.sid):
        revisions.remove(revision.sid)
    world[Observations].remove(observation.sid)
    world.tell(ObservationRemoved(observation=observation))
