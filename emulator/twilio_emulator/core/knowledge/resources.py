"""Knowledge bases and what is found in them: the records and tables.

The rules of this file (Knowledge's OpenAPI file):

- A base holds knowledge: texts, web sites and files, each of which is cut into chunks. What is
  searched is the chunks.
"""

from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.long_runs import LongRun
from twilio_emulator.core.kernel.records import closed, event, record
from twilio_emulator.core.kernel.tables import Table

TEXT, WEB, FILE = "Text", "Web", "File"

QUEUED, COMPLETED = "QUEUED", "COMPLETED"
"""Of what nobody has read yet, and of what can be searched."""


@record
class KnowledgeBase:
    """A knowledge base."""

    sid: str
    account_sid: str
    display_name: str
    description: str | None = None
    version: int = 1
    date_created: datetime
    date_updated: datetime
    serial: int


class KnowledgeBases(Table[KnowledgeBase]):
    """Bases by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[KnowledgeBase] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        super().__init__(KnowledgeBase, self.by_account)


@closed("errors", "fileName", "fileSize", "mimeType", "importUrl", "uploadExpiration")
@record
class KnowledgeSource:
    """Where knowledge comes from: a text itself, or a web site and how it is crawled."""

    type: str
    content: str | None = None
    url: str | None = None
    crawl_depth: int | None = None
    crawl_period: str | None = None


@record
class Knowledge:
    """Something to be known, of one source or of none yet."""

    sid: str
    account_sid: str
    base_sid: str
    name: str
    description: str | None = None
    source: KnowledgeSource | None = None
    status: str
    date_created: datetime
    date_updated: datetime
    serial: int


class KnowledgeTable(Table[Knowledge]):
    """Knowledge by base."""

    refers = (("base_sid", "knowledge_bases"),)

    def __init__(self) -> None:
        self.by_base: Ordered[Knowledge] = Ordered(lambda it: it.base_sid, lambda it: it.serial)
        super().__init__(Knowledge, self.by_base)


@record
class KnowledgeChunk:
    """A piece of what is known, and where it stands in its document."""

    knowledge_sid: str
    base_sid: str
    index: int
    content: str
    title: str | None = None
    url: str | None = None
    date_created: datetime

    @property
    def sid(self) -> str:
        """What the table keeps it by."""
        return f"{self.knowledge_sid}/{self.index}"


class KnowledgeChunks(Table[KnowledgeChunk]):
    """Chunks by knowledge, in their order."""

    refers = (("knowledge_sid", "knowledge"),)

    def __init__(self) -> None:
        self.by_knowledge: Ordered[KnowledgeChunk] = Ordered(
            lambda it: it.knowledge_sid, lambda it: it.index
        )
        super().__init__(KnowledgeChunk, self.by_knowledge)


class KnowledgeOperations(Table[LongRun]):
    """What was done to bases, found by id alone."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        super().__init__(LongRun)


@event
class KnowledgeBaseChanged:
    """A base is another; None when it is gone."""

    sid: str
    base: KnowledgeBase | None


@event
class KnowledgeChanged:
    """Something is known, or otherwise than before; None when it is forgotten."""

    sid: str
    knowledge: Knowledge | None
