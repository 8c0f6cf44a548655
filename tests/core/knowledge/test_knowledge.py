from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.knowledge import bases, knowledge, searching
from twilio_emulator.core.knowledge.bases import (
    AddKnowledgeBase,
    PatchKnowledgeBase,
    RemoveKnowledgeBase,
)
from twilio_emulator.core.knowledge.knowledge import (
    AddKnowledge,
    FillKnowledge,
    Passage,
    PatchKnowledge,
    RemoveKnowledge,
    cut,
)
from twilio_emulator.core.knowledge.resources import (
    KnowledgeBaseChanged,
    KnowledgeChanged,
    KnowledgeChunks,
    KnowledgeSource,
    KnowledgeTable,
)

NOTHING = "know_knowledge_00000000000000000000000001"


@pytest.fixture
def base(world: World) -> dict[str, Any]:
    done = world.perform(AddKnowledgeBase(account=ACCOUNT, display_name="docs"))
    return {"account": ACCOUNT, "base": done.result}


def text(content: str) -> KnowledgeSource:
    return KnowledgeSource(type="Text", content=content)


def web(**said: Any) -> KnowledgeSource:
    return KnowledgeSource(type="Web", **said)


def add(world: World, base: dict[str, Any], name: str, source: KnowledgeSource | None) -> str:
    return world.perform(AddKnowledge(**base, name=name, source=source)).sid


def contents(world: World, base: dict[str, Any], sid: str) -> list[str]:
    return [it.content for it in knowledge.list_chunks(world, **base, knowledge=sid)]


def found(world: World, base: dict[str, Any], query: str, **more: Any) -> list[tuple[str, float]]:
    every = searching.search_knowledge(world, **base, query=query, **{"top": 5, **more})
    return [(it.chunk.content, it.score) for it in every]


def test_a_base_is_opened_changed_and_closed(
    world: World, base: dict[str, Any], told: Told, advance: Any
) -> None:
    it = bases.fetch_knowledge_base(world, **base)
    assert it.sid.startswith("know_knowledgebase_0")
    assert (it.display_name, it.description, it.version) == ("docs", None, 1)
    advance(seconds=1)
    world.perform(PatchKnowledgeBase(**base, description="of the shop", if_match='"1"'))
    done = world.perform(PatchKnowledgeBase(**base, display_name="shop"))
    assert done.place == f"/ControlPlane/KnowledgeBases/{it.sid}"
    it = bases.fetch_knowledge_base(world, **base)
    assert (it.display_name, it.description, it.version) == ("shop", "of the shop", 3)
    assert it.date_updated > it.date_created
    assert refused(world, PatchKnowledgeBase(**base, if_match='"1"')) == 20412

    add(world, base, "faq", text("We have tea."))
    done = world.perform(RemoveKnowledgeBase(**base))
    assert told.of(KnowledgeBaseChanged)[-1].base is None
    assert len(world[KnowledgeTable]) == len(world[KnowledgeChunks]) == 0
    assert refused(world, RemoveKnowledgeBase(**base)) == 20404
    operation = bases.fetch_knowledge_operation(world, account=ACCOUNT, operation=done.sid)
    assert (operation.result, operation.place) == (it.sid, None)
    with pytest.raises(Refused):
        bases.fetch_knowledge_operation(world, account=ACCOUNT, operation="proc_job_1")


def test_a_base_that_cannot_be(world: World, base: dict[str, Any]) -> None:
    for said in (
        {"display_name": "docs"},
        {"display_name": "two words"},
        {"display_name": ""},
        {"display_name": "x" * 65},
        {"display_name": "it", "description": ""},
        {"display_name": "it", "description": "x" * 129},
    ):
        assert refused(world, AddKnowledgeBase(account=ACCOUNT, **said)) == 400
    world.perform(PatchKnowledgeBase(**base, display_name="docs"))


def test_bases_are_listed_newest_first(world: World, base: dict[str, Any]) -> None:
    other = world.perform(AddKnowledgeBase(account=ACCOUNT, display_name="more")).result
    find = bases.list_knowledge_bases
    assert [it.sid for it in find(world, account=ACCOUNT)] == [other, base["base"]]
    assert [it.sid for it in find(world, account=ACCOUNT, order_by="ASC")] == [base["base"], other]


def test_a_text_can_be_searched_at_once(world: World, base: dict[str, Any], told: Told) -> None:
    sid = add(world, base, "faq", text("We have green tea.\n\nWe open at nine."))
    it = knowledge.fetch_knowledge(world, **base, knowledge=sid)
    assert (it.status, it.name) == ("COMPLETED", "faq")
    assert contents(world, base, sid) == ["We have green tea.\n\nWe open at nine."]
    assert found(world, base, "green tea?") == [("We have green tea.\n\nWe open at nine.", 1.0)]
    assert told.of(KnowledgeChanged)[-1].knowledge == it

    changed = PatchKnowledge(**base, knowledge=sid, source=text("We have coffee."))
    world.perform(changed)
    assert found(world, base, "tea") == []
    assert contents(world, base, sid) == ["We have coffee."]
    world.perform(PatchKnowledge(**base, knowledge=sid, name="answers", description="of the shop"))
    it = knowledge.fetch_knowledge(world, **base, knowledge=sid)
    assert (it.name, it.description) == ("answers", "of the shop")
    world.perform(RemoveKnowledge(**base, knowledge=sid))
    assert told.of(KnowledgeChanged)[-1].knowledge is None
    assert refused(world, RemoveKnowledge(**base, knowledge=sid)) == 20404


def test_a_site_says_what_a_test_says(world: World, base: dict[str, Any]) -> None:
    sid = add(world, base, "site", web(url="https://shop.example"))
    it = knowledge.fetch_knowledge(world, **base, knowledge=sid)
    assert it.status == "QUEUED"
    assert it.source == web(url="https://shop.example", crawl_depth=2, crawl_period="NEVER")
    assert contents(world, base, sid) == []
    page = Passage(content="We have tea.", title="Tea", url="https://shop.example/tea")
    world.perform(FillKnowledge(**base, knowledge=sid, passages=(page, Passage(content="More"))))
    assert knowledge.fetch_knowledge(world, **base, knowledge=sid).status == "COMPLETED"
    first, second = knowledge.list_chunks(world, **base, knowledge=sid)
    assert (first.title, first.url, first.index) == ("Tea", "https://shop.example/tea", 0)
    assert (second.title, second.url, second.index) == ("site", None, 1)

    world.perform(PatchKnowledge(**base, knowledge=sid, source=web(crawl_period="WEEKLY")))
    it = knowledge.fetch_knowledge(world, **base, knowledge=sid)
    assert it.source == web(url="https://shop.example", crawl_depth=2, crawl_period="WEEKLY")
    assert it.status == "COMPLETED"
    assert contents(world, base, sid) == ["We have tea.", "More"]
    world.perform(
        PatchKnowledge(**base, knowledge=sid, source=web(url="https://shop.example", crawl_depth=1))
    )
    world.perform(FillKnowledge(**base, knowledge=sid, passages=()))
    assert contents(world, base, sid) == []
    wrong = FillKnowledge(**base, knowledge=sid, passages=(Passage(content=""),))
    assert refused(world, wrong) == 400


def test_a_source_may_come_later(world: World, base: dict[str, Any]) -> None:
    first = add(world, base, "later", None)
    assert knowledge.fetch_knowledge(world, **base, knowledge=first).status == "QUEUED"
    world.perform(PatchKnowledge(**base, knowledge=first, source=web(url="http://shop.example")))
    assert knowledge.fetch_knowledge(world, **base, knowledge=first).status == "QUEUED"
    second = add(world, base, "later", None)
    world.perform(PatchKnowledge(**base, knowledge=second, source=text("tea")))
    assert contents(world, base, second) == ["tea"]
    listed = knowledge.list_knowledge(world, **base)
    assert [it.sid for it in listed] == [second, first]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("", None),
        ("x" * 31, None),
        ("it", KnowledgeSource(type="Text")),
        ("it", text("x" * 185_001)),
        ("it", KnowledgeSource(type="File")),
        ("it", KnowledgeSource(type="Text", content="x", url="https://acme.example")),
        ("it", KnowledgeSource(type="Text", content="x", crawl_depth=1)),
        ("it", KnowledgeSource(type="Web", content="x", url="https://acme.example")),
        ("it", KnowledgeSource(type="Book")),
        ("it", web()),
        ("it", web(url="ftp://shop.example")),
        ("it", web(url="https://shop.example/" + "x" * 2048)),
        ("it", web(url="https://shop.example", crawl_depth=0)),
        ("it", web(url="https://shop.example", crawl_depth=11)),
        ("it", web(url="https://shop.example", crawl_period="DAILY")),
    ],
)
def test_knowledge_that_cannot_be(
    world: World, base: dict[str, Any], name: str, source: KnowledgeSource | None
) -> None:
    assert refused(world, AddKnowledge(**base, name=name, source=source)) == 400


def test_what_cannot_be_changed(world: World, base: dict[str, Any]) -> None:
    sid = add(world, base, "site", web(url="https://shop.example"))
    for source in (text("tea"), web(url="https://other.example"), web(crawl_depth=0)):
        assert refused(world, PatchKnowledge(**base, knowledge=sid, source=source)) == 400
    long = PatchKnowledge(**base, knowledge=sid, description="x" * 1025)
    assert refused(world, long) == 400
    other = world.perform(AddKnowledgeBase(account=ACCOUNT, display_name="more")).result
    elsewhere = {**base, "base": other}
    assert refused(world, PatchKnowledge(**elsewhere, knowledge=sid)) == 20404


def test_what_has_most_of_the_words_comes_first(world: World, base: dict[str, Any]) -> None:
    tea = add(world, base, "tea", text("Green TEA is fresh."))
    add(world, base, "both", text("Tea and coffee."))
    add(world, base, "other", text("We open at nine."))
    assert found(world, base, "green tea") == [
        ("Green TEA is fresh.", 1.0),
        ("Tea and coffee.", 0.5),
    ]
    assert found(world, base, "green tea", top=1) == [("Green TEA is fresh.", 1.0)]
    assert found(world, base, "tea", knowledge_ids=(tea,)) == [("Green TEA is fresh.", 1.0)]
    assert found(world, base, "tea", knowledge_ids=(NOTHING,)) == []
    assert found(world, base, "") == []


@pytest.mark.parametrize(
    "said",
    [
        {"top": 0},
        {"top": 21},
        {"query": "x" * 2049},
        {"knowledge_ids": ("x",)},
        {"knowledge_ids": (NOTHING,) * 101},
    ],
)
def test_what_cannot_be_asked(world: World, base: dict[str, Any], said: dict[str, Any]) -> None:
    with pytest.raises(Refused) as why:
        found(world, base, **{"query": "tea", **said})
    assert why.value.code == 400


def test_a_text_is_cut_between_paragraphs() -> None:
    long, longer = "x" * 600, "y" * 1200
    assert list(cut(f"a\n\n\n\nb\n\n{long}\n\n{long}\n\n{longer}\n\nc")) == [
        f"a\n\nb\n\n{long}",
        long,
        longer,
        "c",
    ]
    assert list(cut(" \n\n ")) == []
