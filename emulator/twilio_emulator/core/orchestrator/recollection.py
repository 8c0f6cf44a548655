"""What Memory's recall takes from conversations: what was said last, and by whom.

The rules of this file (CreateFetchProfileMemory of Memory's OpenAPI file):

- Of a conversation that is named its last communications are shown, oldest first; without one, the
  last of all conversations that the customer is in, which is decided.
- A conversation that is named need not be the customer's, which is decided: an agent may ask what
  was said to another.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import NamedTuple

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.recall import QUERIED, Recalled, Recollection, recall
from twilio_emulator.core.memory.resources import MemoryProfile
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    Communications,
    OrchestratedConversations,
    OrchestratedParticipants,
)


class ConversationRecall(NamedTuple):
    """What was remembered of a customer, and what was said."""

    memories: Recalled
    communications: tuple[Communication, ...]


def recall_with_conversation(
    world: World, account: str, profile: MemoryProfile, asked: Recollection
) -> ConversationRecall:
    """What is remembered of a customer; where nothing is asked for in words, of what was said last.
    A conversation that there is not has said nothing."""
    said: tuple[str, ...] = ()
    if asked.query is None and asked.conversation_id is not None:
        last = _last_of(world, account, asked.conversation_id)
        said = tuple(it.content.text for it in islice(last, QUERIED))
    return ConversationRecall(
        recall(world, profile, asked, said), _communications(world, account, profile, asked)
    )


def _communications(
    world: World, account: str, profile: MemoryProfile, asked: Recollection
) -> tuple[Communication, ...]:
    if asked.conversation_id is not None:
        every = _last_of(world, account, asked.conversation_id)
    else:
        every = _last_with(world, account, profile)
    begin, end = asked.begin_date, asked.end_date
    within = (
        it
        for it in every
        if (begin is None or it.occurred_at >= begin) and (end is None or it.occurred_at < end)
    )
    return tuple(islice(within, asked.communications_limit))[::-1]


def _last_of(world: World, account: str, conversation: str) -> Iterator[Communication]:
    """What was said in a conversation, the last first."""
    found = world[OrchestratedConversations].get(conversation)
    if found is not None and found.account_sid == account:
        table = world[Communications]
        for _, sid in table.by_conversation.of(conversation).downward():
            yield table[sid]


def _last_with(world: World, account: str, profile: MemoryProfile) -> Iterator[Communication]:
    """What was said in all conversations with a customer, the last first."""
    participants = world[OrchestratedParticipants]
    conversations = {
        it.conversation_sid: None for it in participants.all(participants.by_profile, profile.sid)
    }
    every = (_last_of(world, account, conversation) for conversation in conversations)
    return merge(*every, key=lambda it: it.serial, reverse=True)
