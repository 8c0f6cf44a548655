"""Knowledge by REST: bases, what is in them, and what is found."""

from collections.abc import Callable
from typing import Any

import pytest

V2 = "https://knowledge.twilio.com/v2"
BASES = f"{V2}/ControlPlane/KnowledgeBases"

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def base(ask: Ask, http: Any) -> str:
    status, answer = ask("POST", BASES, said={"displayName": "docs"})
    assert status == 202
    operation = http.asked.headers["operation-id"]
    assert answer["statusUrl"] == f"{V2}/ControlPlane/Operations/{operation}"
    assert http.asked.headers["location"] == answer["statusUrl"]
    done = ask("GET", answer["statusUrl"])[1]
    assert (done["status"], done["operationId"]) == ("COMPLETED", operation)
    assert done["resultUrl"] == f"{BASES}/{done['result']['id']}"
    return str(done["result"]["id"])


def test_a_base(ask: Ask, base: str, http: Any) -> None:
    shown = {
        "displayName": "docs",
        "id": base,
        "status": "ACTIVE",
        "createdAt": "2026-01-05T09:00:00Z",
        "updatedAt": "2026-01-05T09:00:00Z",
        "version": 1,
    }
    assert ask("GET", f"{BASES}/{base}") == (200, shown)
    assert http.asked.headers["etag"] == '"1"'
    meta = {"key": "knowledgeBases", "pageSize": 1}
    assert ask("GET", BASES) == (200, {"knowledgeBases": [shown], "meta": meta})
    assert ask("PATCH", f"{BASES}/{base}", said={"description": "of it"})[0] == 202
    changed = ask("GET", f"{BASES}/{base}")[1]
    assert (changed["description"], changed["version"]) == ("of it", 2)
    status, answer = ask("POST", BASES, said={"displayName": "docs"})
    assert (status, answer["code"]) == (400, 400)
    assert ask("DELETE", f"{BASES}/{base}")[0] == 202
    assert ask("GET", f"{BASES}/{base}")[0] == 404


def test_knowledge_is_added_and_found(ask: Ask, base: str) -> None:
    url = f"{V2}/KnowledgeBases/{base}/Knowledge"
    said = {"name": "faq", "source": {"type": "Text", "content": "We have green tea."}}
    status, made = ask("POST", url, said=said)
    shown = {
        **said,
        "id": made["id"],
        "status": "COMPLETED",
        "createdAt": "2026-01-05T09:00:00Z",
        "updatedAt": "2026-01-05T09:00:00Z",
    }
    assert (status, made) == (201, shown)
    one = f"{url}/{made['id']}"
    assert ask("GET", one) == (200, shown)
    meta = {"key": "knowledge", "pageSize": 1}
    assert ask("GET", url) == (200, {"knowledge": [shown], "meta": meta})
    chunk = {
        "content": "We have green tea.",
        "createdAt": "2026-01-05T09:00:00Z",
        "chunkIndex": 0,
        "documentTitle": "faq",
    }
    meta = {"key": "chunks", "pageSize": 1}
    assert ask("GET", f"{one}/Chunks") == (200, {"chunks": [chunk], "meta": meta})
    search = f"{V2}/KnowledgeBases/{base}/Search"
    hit = {**chunk, "score": 0.5, "knowledgeId": made["id"]}
    assert ask("POST", search, said={"query": "black tea", "top": 3}) == (200, {"chunks": [hit]})
    status, answer = ask("POST", search, said={"query": "black tea"})
    assert (status, answer["code"]) == (400, 400)

    assert ask("PATCH", one, said={"name": "answers"}) == (200, {**shown, "name": "answers"})
    assert ask("PATCH", f"{one}?refresh=true") == (
        202,
        {"message": "Knowledge update accepted and is being processed."},
    )
    assert ask("PATCH", f"{one}?refresh=maybe")[0] == 400
    assert ask("PATCH", one, said={"description": "of it"})[0] == 400
    assert ask("DELETE", one) == (204, None)
    assert ask("GET", one)[0] == 404


def test_a_site(ask: Ask, base: str) -> None:
    url = f"{V2}/KnowledgeBases/{base}/Knowledge"
    source = {"type": "Web", "url": "https://shop.example", "crawlDepth": 3}
    made = ask("POST", url, said={"name": "site", "description": "of it", "source": source})[1]
    assert made["status"] == "QUEUED"
    assert made["description"] == "of it"
    assert made["source"] == {**source, "crawlPeriod": "NEVER"}
