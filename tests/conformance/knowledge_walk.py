"""A real sequence of calls that comes by every operation of Knowledge, with every parameter, and is
shown every key."""

from typing import TYPE_CHECKING

from tests.conformance.memory_walk import done
from tests.conformance.orchestrator_walk import pages
from twilio_emulator.core.knowledge.knowledge import FillKnowledge, Passage

V2 = "https://knowledge.twilio.com/v2"
BASES = f"{V2}/ControlPlane/KnowledgeBases"

if TYPE_CHECKING:
    from tests.conformance.test_json_operations import JsonWalk


def walk(it: "JsonWalk") -> None:
    """Come by every operation."""
    made = done(it, it.ask("POST", BASES, {"displayName": "docs", "description": "for tests"}))
    base = made["resultUrl"]
    it.ask("GET", base)
    it.ask("GET", BASES, orderBy="ASC")
    it.ask("POST", BASES, {"displayName": "more"})
    pages(it, BASES)
    it.ask("PATCH", base, {"displayName": "shop", "description": "other"}, if_match='"1"')
    _knowledge(it, made["result"]["id"])
    it.ask("DELETE", base)


def _knowledge(it: "JsonWalk", base: str) -> None:
    url = f"{V2}/KnowledgeBases/{base}/Knowledge"
    text = {"type": "Text", "content": "We have tea."}
    named = {"name": "faq", "description": "of the shop"}
    made = it.ask("POST", url, {**named, "source": text})
    one = f"{url}/{made['id']}"
    web = {"type": "Web", "url": "https://example.com", "crawlDepth": 1, "crawlPeriod": "WEEKLY"}
    site = it.ask("POST", url, {**named, "source": web})["id"]
    page = Passage(content="We have coffee.", url="https://example.com/coffee")
    other = Passage(content="We have milk.")
    it.inside.perform(
        FillKnowledge(
            account=it.inside.account_sid, base=base, knowledge=site, passages=(page, other)
        )
    )
    it.ask("GET", url)
    pages(it, url)
    it.ask("GET", one)
    it.ask("GET", f"{url}/{site}")
    it.ask("PATCH", one, {**named, "source": text}, refresh="false")
    it.ask("PATCH", f"{url}/{site}", {**named, "source": web}, refresh="true")
    it.ask("PATCH", f"{url}/{site}", {**named, "source": web})
    it.ask("GET", f"{one}/Chunks")
    it.ask("GET", f"{url}/{site}/Chunks")
    pages(it, f"{url}/{site}/Chunks")
    search = {"query": "coffee", "top": 5, "knowledgeIds": [site]}
    it.ask("POST", f"{V2}/KnowledgeBases/{base}/Search", search)
    it.ask("DELETE", one)
