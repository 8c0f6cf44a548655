"""What is known in a base: added, changed, forgotten, and how it is cut into chunks.

The rules of this file (Knowledge of Knowledge's OpenAPI file):

- A text can be searched at once. Nothing is fetched from the web: what a site says, a test puts
  there, and until then it is queued. Files are not taken, as they are uploaded to Amazon's storage;
  a test puts their text there as a text. That they are refused with 400 is decided.
- The kind of a source and its URL stay as they are.
- A text is cut between paragraphs into chunks of at most `LONGEST_CHUNK` characters.
"""

from collections.abc import Iterator

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.bad_requests import NOWHERE_FOUND, bad, long_enough
from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.knowledge.bases import fetch_knowledge_base
from twilio_emulator.core.knowledge.resources import (
    COMPLETED,
    FILE,
    QUEUED,
    TEXT,
    WEB,
    Knowledge,
    KnowledgeBaseChanged,
    KnowledgeChanged,
    KnowledgeChunk,
    KnowledgeChunks,
    KnowledgeSource,
    KnowledgeTable,
)

LONGEST_NAME = 30
LONGEST_DESCRIPTION = 1024
LONGEST_TEXT = 185_000
LONGEST_URL = 2048
DEEPEST_CRAWL = 10
CRAWL_PERIODS = ("WEEKLY", "BIWEEKLY", "MONTHLY", "NEVER")
USUAL_DEPTH, USUAL_PERIOD = 2, "NEVER"

LONGEST_CHUNK = 1000
"""Decided: characters of a chunk, unless a paragraph is longer. How Twilio cuts is unpublished."""


@record
class Passage:
    """Something that a source says, as a test puts it there."""

    content: str
    title: str | None = None
    url: str | None = None


@command
class AddKnowledge:
    """Have something in a base.

    Raises:
        Refused: 400 something of it cannot be, 20404 there is no such base.
    """

    account: str
    base: str
    name: str
    description: str | None = None
    source: KnowledgeSource | None = None

    def apply(self, world: World) -> Knowledge:
        base = fetch_knowledge_base(world, account=self.account, base=self.base)
        _check(self.name, self.description)
        source = None if self.source is None else _checked(self.source)
        knowledge = Knowledge(
            sid=new_ttid(world, "know_knowledge"),
            account_sid=base.account_sid,
            base_sid=base.sid,
            name=self.name,
            description=self.description,
            source=source,
            status=QUEUED,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
        return _read(world, knowledge)


@command
class PatchKnowledge:
    """Have something otherwise. A text is read anew; how a site is crawled says no other text.

    Raises:
        Refused: 400 something of it cannot be or cannot be changed, 20404.
    """

    account: str
    base: str
    knowledge: str
    name: str | None = None
    description: str | None = None
    source: KnowledgeSource | None = None

    def apply(self, world: World) -> Knowledge:
        found = fetch_knowledge(
            world, account=self.account, base=self.base, knowledge=self.knowledge
        )
        name = found.name if self.name is None else self.name
        description = found.description if self.description is None else self.description
        _check(name, description)
        changed = replace(found, name=name, description=description, date_updated=world.now)
        if self.source is None:
            return _put(world, changed)
        source = _patched(found.source, self.source)
        changed = replace(changed, source=source)
        same_site = found.source is not None and source.content is None
        return _put(world, changed) if same_site else _read(world, changed)


@command
class FillKnowledge:
    """Say what a source says, as a crawler would find it: what was known of it is forgotten.

    Raises:
        Refused: 400 a passage is empty, 20404.
    """

    account: str
    base: str
    knowledge: str
    passages: tuple[Passage, ...]

    def apply(self, world: World) -> Knowledge:
        found = fetch_knowledge(
            world, account=self.account, base=self.base, knowledge=self.knowledge
        )
        for at, passage in enumerate(self.passages):
            long_enough(f"passages[{at}].content", passage.content, 1, LONGEST_TEXT)
        return _fill(world, replace(found, date_updated=world.now), self.passages)


@command
class RemoveKnowledge:
    """Forget something, with its chunks."""

    account: str
    base: str
    knowledge: str

    def apply(self, world: World) -> None:
        _remove(
            world,
            fetch_knowledge(world, account=self.account, base=self.base, knowledge=self.knowledge),
        )


def fetch_knowledge(world: World, *, account: str, base: str, knowledge: str) -> Knowledge:
    """Something that is in a base.

    Raises:
        Refused: 20404.
    """
    held = fetch_knowledge_base(world, account=account, base=base)
    found = world[KnowledgeTable].get(knowledge)
    if found is None or found.base_sid != held.sid:
        raise Refused(NOWHERE_FOUND)
    return found


def list_knowledge(world: World, *, account: str, base: str) -> Rows[Knowledge]:
    """What is in a base, newest first; that this is the order is decided.

    Raises:
        Refused: 20404 there is no such base.
    """
    held = fetch_knowledge_base(world, account=account, base=base)
    table = world[KnowledgeTable]
    return Rows(table, table.by_base, held.sid, downward=True)


def list_chunks(world: World, *, account: str, base: str, knowledge: str) -> Rows[KnowledgeChunk]:
    """The chunks of something, in the order in which they stand in it.

    Raises:
        Refused: 20404 there is no such knowledge.
    """
    found = fetch_knowledge(world, account=account, base=base, knowledge=knowledge)
    table = world[KnowledgeChunks]
    return Rows(table, table.by_knowledge, found.sid)


def forget_knowledge(world: World, event: KnowledgeBaseChanged) -> None:
    """In a base that is gone nothing is known."""
    if event.base is None:
        table = world[KnowledgeTable]
        for each in table.all(table.by_base, event.sid):
            _remove(world, each)


def cut(text: str) -> Iterator[str]:
    """A text in chunks: paragraphs that fit together are one."""
    chunk = ""
    for paragraph in filter(None, (each.strip() for each in text.split("\n\n"))):
        if chunk and len(chunk) + len(paragraph) + 2 > LONGEST_CHUNK:
            yield chunk
            chunk = ""
        chunk = f"{chunk}\n\n{paragraph}" if chunk else paragraph
    if chunk:
        yield chunk


def _check(name: str, description: str | None) -> None:
    long_enough("name", name, 1, LONGEST_NAME)
    long_enough("description", description or "", 0, LONGEST_DESCRIPTION)


def _patched(before: KnowledgeSource | None, said: KnowledgeSource) -> KnowledgeSource:
    """A source with what is said of it otherwise.

    Raises:
        Refused: 400 it cannot be, or is another kind or another site.
    """
    if before is None:
        return _checked(said)
    if said.type != before.type:
        raise bad("source.type cannot be changed")
    if said.url not in (None, before.url):
        raise bad("source.url cannot be changed")
    depth = before.crawl_depth if said.crawl_depth is None else said.crawl_depth
    period = before.crawl_period if said.crawl_period is None else said.crawl_period
    return _checked(replace(said, url=before.url, crawl_depth=depth, crawl_period=period))


def _checked(source: KnowledgeSource) -> KnowledgeSource:
    """A source as it is kept: what is usual is said.

    Raises:
        Refused: 400 it cannot be.
    """
    if source.type == TEXT:
        if source.content is None:
            raise bad("source.content must be given")
        long_enough("source.content", source.content, 0, LONGEST_TEXT)
        _check_alone("Text", source.url, source.crawl_depth, source.crawl_period)
        return KnowledgeSource(type=TEXT, content=source.content)
    if source.type == FILE:
        raise bad("source.type File is not emulated: a text says the same")
    if source.type != WEB:
        raise bad("source.type must be Text, Web or File")
    _check_alone("Web", source.content)
    url = source.url or ""
    if len(url) > LONGEST_URL or not parameters.is_url(url):
        raise bad("source.url must be the URL of a web site")
    depth = USUAL_DEPTH if source.crawl_depth is None else source.crawl_depth
    if not 1 <= depth <= DEEPEST_CRAWL:
        raise bad(f"source.crawlDepth must be 1 to {DEEPEST_CRAWL}")
    period = USUAL_PERIOD if source.crawl_period is None else source.crawl_period
    if period not in CRAWL_PERIODS:
        raise bad(f"source.crawlPeriod must be one of {', '.join(CRAWL_PERIODS)}")
    return KnowledgeSource(type=WEB, url=url, crawl_depth=depth, crawl_period=period)


def _check_alone(kind: str, *others: object) -> None:
    """See that a source says nothing that only others of another type do."""
    if any(other is not None for other in others):
        raise bad(f"source has what no source of type {kind} has")


def _read(world: World, knowledge: Knowledge) -> Knowledge:
    """Know what a text says; what a site says nobody reads."""
    source = knowledge.source
    if source is None or source.content is None:
        _forget_chunks(world, knowledge)
        return _put(world, replace(knowledge, status=QUEUED))
    passages = (Passage(content=chunk) for chunk in cut(source.content))
    return _fill(world, knowledge, tuple(passages))


def _fill(world: World, knowledge: Knowledge, passages: tuple[Passage, ...]) -> Knowledge:
    _forget_chunks(world, knowledge)
    knowledge = _put(world, replace(knowledge, status=COMPLETED))
    chunks = world[KnowledgeChunks]
    for index, passage in enumerate(passages):
        chunks.put(
            KnowledgeChunk(
                knowledge_sid=knowledge.sid,
                base_sid=knowledge.base_sid,
                index=index,
                content=passage.content,
                title=passage.title or knowledge.name,
                url=passage.url,
                date_created=world.now,
            )
        )
    return knowledge


def _put(world: World, knowledge: Knowledge) -> Knowledge:
    world[KnowledgeTable].put(knowledge)
    world.tell(KnowledgeChanged(sid=knowledge.sid, knowledge=knowledge))
    return knowledge


def _forget_chunks(world: World, knowledge: Knowledge) -> None:
    chunks = world[KnowledgeChunks]
    for chunk in chunks.all(chunks.by_knowledge, knowledge.sid):
        chunks.remove(chunk.sid)


def _remove(world: World, knowledge: Knowledge) -> None:
    _forget_chunks(world, knowledge)
    world[KnowledgeTable].remove(knowledge.sid)
    world.tell(KnowledgeChanged(sid=knowledge.sid, knowledge=None))
