"""The keys that answers about knowledge have. What is not known of a thing is left out."""

from twilio_emulator.core.knowledge.resources import (
    Knowledge,
    KnowledgeBase,
    KnowledgeChunk,
    KnowledgeSource,
)
from twilio_emulator.core.knowledge.searching import FoundChunk
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.json_operations import given
from twilio_emulator.wire.spelling import iso


def base(it: KnowledgeBase, _: Call) -> dict[str, object]:
    """`KnowledgeBase`."""
    return given(
        {
            "displayName": it.display_name,
            "description": it.description,
            "id": it.sid,
            "status": "ACTIVE",
            "createdAt": iso(it.date_created),
            "updatedAt": iso(it.date_updated),
            "version": it.version,
        }
    )


def knowledge(it: Knowledge, _: Call) -> dict[str, object]:
    """`Knowledge`."""
    return given(
        {
            "id": it.sid,
            "name": it.name,
            "description": it.description,
            "status": it.status,
            "source": None if it.source is None else _source(it.source),
            "createdAt": iso(it.date_created),
            "updatedAt": iso(it.date_updated),
        }
    )


def _source(it: KnowledgeSource) -> dict[str, object]:
    return given(
        {
            "type": it.type,
            "content": it.content,
            "url": it.url,
            "crawlDepth": it.crawl_depth,
            "crawlPeriod": it.crawl_period,
        }
    )


def chunk(it: KnowledgeChunk, _: Call) -> dict[str, object]:
    """`KnowledgeChunk`."""
    return given(
        {
            "content": it.content,
            "createdAt": iso(it.date_created),
            "chunkIndex": it.index,
            "documentTitle": it.title,
            "documentUrl": it.url,
        }
    )


def found(it: FoundChunk, call: Call) -> dict[str, object]:
    """`KnowledgeChunkResult`."""
    return {
        **chunk(it.chunk, call),
        "score": it.score,
        "knowledgeId": it.chunk.knowledge_sid,
    }
