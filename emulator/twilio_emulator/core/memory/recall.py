"""What is remembered of a customer that has to do with a question, or what is youngest of it.

The rules of this file (https://www.twilio.com/docs/conversations/memory/conversation-memory-concepts):

- Twilio searches by meaning and by words; here it is by words alone: how many of the question's
  words are in a memory is its score. That is decided, as no language model is at hand.
- Without a question one is made of the last ten communications of the conversation. Without both,
  what is youngest comes first, and nothing has a score.
- A memory is as old as what it tells of; that the dates of a request go by that is decided.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from twilio_emulator.core.kernel.bad_requests import bad, long_enough
from twilio_emulator.core.kernel.parameters import milliseconds
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.words import shared, words
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.observations import check_conversation
from twilio_emulator.core.memory.resources import (
    ConversationSummaries,
    ConversationSummary,
    MemoryProfile,
    Observation,
    Observations,
)

M = TypeVar("M", Observation, ConversationSummary)

LONGEST_QUERY = 1024
MOST = 100
QUERIED = 10
"""Communications of a conversation that a question is made of."""


@record
class Recollection:
    """What is asked for, as the API has it."""

    conversation_id: str | None = None
    query: str | None = None
    begin_date: datetime | None = None
    end_date: datetime | None = None
    communications_limit: int = 0
    observations_limit: int = 20
    summaries_limit: int = 5
    relevance_threshold: float = 0.0

    def check(self) -> None:
        """Refuse what cannot be asked for.

        Raises:
            Refused: 400.
        """
        if self.conversation_id is not None:
            check_conversation("conversationId", self.conversation_id)
        long_enough("query", self.query or "", 0, LONGEST_QUERY)
        for place, limit in (
            ("communicationsLimit", self.communications_limit),
            ("observationsLimit", self.observations_limit),
            ("summariesLimit", self.summaries_limit),
        ):
            if not 0 <= limit <= MOST:
                raise bad(f"{place} must be 0 to {MOST}")
        if not 0 <= self.relevance_threshold <= 1:
            raise bad("relevanceThreshold must be 0 to 1")


class Remembered(NamedTuple, Generic[M]):
    """A memory, with how much it has to do with the question; None where there was none."""

    memory: M
    score: float | None


class Recalled(NamedTuple):
    """What was remembered."""

    observations: tuple[Remembered[Observation], ...]
    summaries: tuple[Remembered[ConversationSummary], ...]


def recall(
    world: World, profile: MemoryProfile, asked: Recollection, said: Iterable[str] = ()
) -> Recalled:
    """What is remembered of a customer.

    Args:
        said: what the conversation said last, for want of a question.
    """
    wanted = words(asked.query or " ".join(said))
    observations = world[Observations]
    summaries = world[ConversationSummaries]
    return Recalled(
        _best(
            observations.all(observations.by_profile, profile.sid),
            wanted,
            asked,
            asked.observations_limit,
        ),
        _best(
            summaries.all(summaries.by_profile, profile.sid), wanted, asked, asked.summaries_limit
        ),
    )


def _best(
    every: Iterable[M], wanted: frozenset[str], asked: Recollection, most: int
) -> tuple[Remembered[M], ...]:
    begin, end = asked.begin_date, asked.end_date
    found = [
        Remembered(it, shared(it.content, wanted))
        for it in every
        if (begin is None or it.occurred_at >= begin) and (end is None or it.occurred_at < end)
    ]
    kept = [it for it in found if it.score is None or it.score >= asked.relevance_threshold]
    kept.sort(key=_weight, reverse=True)
    return tuple(kept[:most])


def _weight(it: Remembered[M]) -> tuple[float, int, int]:
    return it.score or 0.0, milliseconds(it.memory.occurred_at), it.memory.serial
