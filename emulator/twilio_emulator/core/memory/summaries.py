"""What conversations with a customer came to, as their agents write it down.

The rules of this file (ConversationSummaries of Memory's OpenAPI file):

- Nothing is summed up here, since that takes a language model: what there is, an app or a test has
  written.
- A list has the newest first, which is decided: the file says no order for it.
"""

from datetime import datetime

from twilio_emulator.core.kernel.bad_requests import NOWHERE_FOUND, bad, long_enough, spelled
from twilio_emulator.core.kernel.records import closed, command, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.observations import (
    LONGEST_CONTENT,
    LONGEST_SOURCE,
    MOST_AT_ONCE,
    SOURCE,
    check_conversation,
)
from twilio_emulator.core.memory.profiles import fetch_canonical, fetch_current
from twilio_emulator.core.memory.resources import (
    ConversationSummaries,
    ConversationSummary,
    MemoryProfile,
    MemoryProfileRemoved,
    SummaryNoted,
    SummaryRemoved,
)


@record
class SummaryData:
    """What is said of a summary that is to be made."""

    content: str
    conversation_id: str
    occurred_at: datetime
    source: str | None = None


@closed()
@command
class AddConversationSummaries:
    """Write summaries of conversations with a customer down.

    Raises:
        Refused: 400 the first that cannot be, 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    summaries: tuple[SummaryData, ...]

    def apply(self, world: World) -> tuple[ConversationSummary, ...]:
        _, profile = fetch_current(world, self.account, self.store, self.profile)
        if not 1 <= len(self.summaries) <= MOST_AT_ONCE:
            raise bad(f"summaries must have 1 to {MOST_AT_ONCE} items")
        for at, each in enumerate(self.summaries):
            _check(f"summaries[{at}].", each.content, each.conversation_id, each.source)
        return tuple(_note(world, profile, each) for each in self.summaries)


@command
class PatchConversationSummary:
    """Write a summary down otherwise.

    Raises:
        Refused: 400, 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    summary: str
    content: str | None = None
    conversation_id: str | None = None
    occurred_at: datetime | None = None
    source: str | None = None

    def apply(self, world: World) -> ConversationSummary:
        _, profile = fetch_current(world, self.account, self.store, self.profile)
        found = _of(world, profile, self.summary)
        content = found.content if self.content is None else self.content
        conversation = self.conversation_id or found.conversation_id
        source = found.source if self.source is None else self.source
        _check("", content, conversation, source)
        return _put(
            world,
            replace(
                found,
                content=content,
                conversation_id=conversation,
                occurred_at=self.occurred_at or found.occurred_at,
                source=source,
                date_updated=world.now,
            ),
        )


@command
class RemoveConversationSummary:
    """Forget a summary.

    Raises:
        Refused: 20404; `Moved` it is another profile now.
    """

    account: str
    store: str
    profile: str
    summary: str

    def apply(self, world: World) -> None:
        _, profile = fetch_current(world, self.account, self.store, self.profile)
        _remove(world, _of(world, profile, self.summary))


def fetch_summary(
    world: World, *, account: str, store: str, profile: str, summary: str
) -> ConversationSummary:
    """A summary of a profile, by whichever of its ids.

    Raises:
        Refused: 20404.
    """
    found = fetch_canonical(world, account=account, store=store, profile=profile)
    return _of(world, found, summary)


def list_summaries(
    world: World, *, account: str, store: str, profile: str, conversation_id: str | None = None
) -> Rows[ConversationSummary]:
    """The summaries of a profile, of one conversation or of all.

    Raises:
        Refused: 400 that is no id of a conversation, 20404; `Moved` it is another profile now.
    """
    _, found = fetch_current(world, account, store, profile)
    if conversation_id is not None:
        check_conversation("conversationId", conversation_id)

    def wanted(it: ConversationSummary) -> bool:
        return conversation_id is None or it.conversation_id == conversation_id

    table = world[ConversationSummaries]
    return Rows(table, table.by_profile, found.sid, downward=True, keep=wanted)


def forget_summaries(world: World, event: MemoryProfileRemoved) -> None:
    """Of a profile that is gone nothing is remembered."""
    table = world[ConversationSummaries]
    for each in table.all(table.by_profile, event.profile.sid):
        _remove(world, each)


def _of(world: World, profile: MemoryProfile, summary: str) -> ConversationSummary:
    found = world[ConversationSummaries].get(summary)
    if found is None or found.profile_sid != profile.sid:
        raise Refused(NOWHERE_FOUND)
    return found


def _check(place: str, content: str, conversation: str, source: str | None) -> None:
    long_enough(f"{place}content", content, 1, LONGEST_CONTENT)
    check_conversation(f"{place}conversationId", conversation)
    if source is not None:
        spelled(f"{place}source", source, SOURCE, LONGEST_SOURCE)


def _note(world: World, profile: MemoryProfile, said: SummaryData) -> ConversationSummary:
    return _put(
        world,
        ConversationSummary(
            sid=new_ttid(world, "mem_summary"),
            account_sid=profile.account_sid,
            profile_sid=profile.sid,
            content=said.content,
            conversation_id=said.conversation_id,
            source=said.source,
            occurred_at=said.occurred_at,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        ),
    )


def _put(world: World, summary: ConversationSummary) -> ConversationSummary:
    world[ConversationSummaries].put(summary)
    world.tell(SummaryNoted(summary=summary))
    return summary


def _remove(world: World, summary: ConversationSummary) -> None:
    world[ConversationSummaries].remove(summary.sid)
    world.tell(SummaryRemoved(summary=summary))
