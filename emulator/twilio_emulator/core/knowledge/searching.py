"""What is found in a base: the chunks that have most of a question's words.

The rules of this file (CreateKnowledgeSearch of Knowledge's OpenAPI file):

- Twilio searches by meaning; here it is by words alone, and what shares no word with the question
  is not found. Both are decided, as no language model is at hand.
"""

from typing import NamedTuple

from twilio_emulator.core.kernel.bad_requests import bad, long_enough
from twilio_emulator.core.kernel.ttids import is_ttid
from twilio_emulator.core.kernel.words import shared, words
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.knowledge.bases import fetch_knowledge_base
from twilio_emulator.core.knowledge.resources import (
    KnowledgeChunk,
    KnowledgeChunks,
    KnowledgeTable,
)

LONGEST_QUERY = 2048
MOST_FOUND = 20
MOST_SOUGHT = 100


class FoundChunk(NamedTuple):
    """A chunk, with how much it has to do with the question, from 0 to 1."""

    chunk: KnowledgeChunk
    score: float


def search_knowledge(
    world: World,
    *,
    account: str,
    base: str,
    query: str,
    top: int,
    knowledge_ids: tuple[str, ...] = (),
) -> list[FoundChunk]:
    """The best chunks of a base, or of some knowledge in it; no more than `top`.

    Raises:
        Refused: 400 something of the question cannot be, 20404 there is no such base.
    """
    held = fetch_knowledge_base(world, account=account, base=base)
    long_enough("query", query, 0, LONGEST_QUERY)
    if not 1 <= top <= MOST_FOUND:
        raise bad(f"top must be 1 to {MOST_FOUND}")
    if len(knowledge_ids) > MOST_SOUGHT:
        raise bad(f"knowledgeIds must have at most {MOST_SOUGHT} items")
    for at, each in enumerate(knowledge_ids):
        if not is_ttid(each, "know_knowledge"):
            raise bad(f"knowledgeIds[{at}] must be the id of knowledge")
    wanted = words(query)
    table, chunks = world[KnowledgeTable], world[KnowledgeChunks]
    found = [
        FoundChunk(chunk, score)
        for knowledge in table.all(table.by_base, held.sid)
        if not knowledge_ids or knowledge.sid in knowledge_ids
        for chunk in chunks.all(chunks.by_knowledge, knowledge.sid)
        if (score := shared(chunk.content, wanted))
    ]
    found.sort(key=lambda it: it.score, reverse=True)
    return found[:top]
