from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.core.conftest import Told
from tests.core.memory.stores import HERE, NOBODY, TALK, somebody
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory import observations, summaries
from twilio_emulator.core.memory.observations import (
    AddObservations,
    ObservationData,
    PatchObservation,
    RemoveObservation,
)
from twilio_emulator.core.memory.recall import Recollection, recall
from twilio_emulator.core.memory.resources import (
    ObservationNoted,
    ObservationRemoved,
    ObservationRevisions,
    SummaryNoted,
    SummaryRemoved,
)
from twilio_emulator.core.memory.summaries import (
    AddConversationSummaries,
    PatchConversationSummary,
    RemoveConversationSummary,
    SummaryData,
)

ANN = "+12025550199"
OTHER_TALK = "conv_conversation_00000000000000000000000002"


@pytest.fixture
def ann(world: World) -> dict[str, Any]:
    return {**HERE, "profile": somebody(world, phone=ANN).sid}


def noted(world: World, content: str = "likes tea", **fields: Any) -> ObservationData:
    return ObservationData(
        **{"content": content, "source": "test", "occurred_at": world.now, **fields}
    )


def summed(world: World, content: str = "of tea", **fields: Any) -> SummaryData:
    said = {"content": content, "conversation_id": TALK, "occurred_at": world.now, **fields}
    return SummaryData(**said)


def note(world: World, ann: dict[str, Any], *contents: str, **fields: Any) -> list[str]:
    every = tuple(noted(world, content, **fields) for content in contents)
    return [it.sid for it in world.perform(AddObservations(**ann, observations=every))]


def test_an_observation_is_made_changed_and_forgotten(
    world: World, ann: dict[str, Any], told: Told, advance: Any
) -> None:
    began = world.now
    (sid,) = note(world, ann, "likes tea", conversation_ids=(TALK,))
    assert sid.startswith("mem_observation_0")
    advance(seconds=1)
    at = {**ann, "observation": sid}
    world.perform(PatchObservation(**at, content="likes coffee"))
    it = observations.fetch_observation(world, **at)
    assert (it.content, it.source, it.conversation_ids) == ("likes coffee", "test", (TALK,))
    assert (it.occurred_at, it.date_created) == (began, began)
    assert it.date_updated == began + timedelta(seconds=1)

    early = began - timedelta(days=1)
    world.perform(PatchObservation(**at, source="other", occurred_at=early, conversation_ids=()))
    it = observations.fetch_observation(world, **at)
    assert (it.source, it.occurred_at, it.conversation_ids) == ("other", early, ())
    revisions = observations.list_revisions(world, **at)
    assert [each.observation.content for each in revisions] == (
        ["likes coffee", "likes coffee", "likes tea"]
    )
    assert len(told.of(ObservationNoted)) == 3

    world.perform(RemoveObservation(**at))
    assert refused(world, RemoveObservation(**at)) == 20404
    assert len(world[ObservationRevisions]) == 0
    assert [each.observation.sid for each in told.of(ObservationRemoved)] == [sid]


def test_observations_are_listed_by_what_they_are(
    world: World, ann: dict[str, Any], advance: Any
) -> None:
    (first,) = note(world, ann, "one", source="a", conversation_ids=(TALK,))
    at = world.now
    advance(seconds=1)
    (second,) = note(world, ann, "two", source="b")

    def sids(**query: str) -> list[str]:
        return [it.sid for it in observations.list_observations(world, **ann, **query)]

    later = (at + timedelta(seconds=1)).isoformat()
    assert sids() == [second, first]
    assert sids(order_by="ASC") == [first, second]
    assert sids(source="a") == [first]
    assert sids(conversation_id=TALK) == [first]
    assert sids(conversation_id=OTHER_TALK) == []
    assert sids(created_after=later) == [second]
    assert sids(created_before=later) == [first]
    for query in (
        {"order_by": "UP"},
        {"source": "<x>"},
        {"created_after": "soon"},
        {"created_before": "late"},
        {"conversation_id": "CH1"},
    ):
        with pytest.raises(Refused) as why:
            sids(**query)
        assert why.value.code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"content": ""},
        {"content": "x" * 4097},
        {"source": ""},
        {"source": "<x>"},
        {"source": "x" * 101},
        {"conversation_ids": ("CH1",)},
        {"conversation_ids": (TALK,) * 11},
    ],
)
def test_an_observation_that_cannot_be(
    world: World, ann: dict[str, Any], fields: dict[str, Any]
) -> None:
    good, wrong = noted(world), noted(world, **fields)
    assert refused(world, AddObservations(**ann, observations=(good, wrong))) == 400
    (sid,) = note(world, ann, "likes tea")
    assert refused(world, PatchObservation(**ann, observation=sid, **fields)) == 400


def test_ten_at_once_and_of_somebody(world: World, ann: dict[str, Any]) -> None:
    assert refused(world, AddObservations(**ann, observations=())) == 400
    assert refused(world, AddObservations(**ann, observations=(noted(world),) * 11)) == 400
    assert refused(world, AddConversationSummaries(**ann, summaries=())) == 400
    many = (summed(world),) * 11
    assert refused(world, AddConversationSummaries(**ann, summaries=many)) == 400
    nobody = {**HERE, "profile": NOBODY}
    assert refused(world, AddObservations(**nobody, observations=(noted(world),))) == 20404
    bob = {**HERE, "profile": somebody(world, phone="+12025550188").sid}
    (sid,) = note(world, ann, "likes tea")
    assert refused(world, RemoveObservation(**bob, observation=sid)) == 20404


def test_a_summary_is_made_changed_and_forgotten(
    world: World, ann: dict[str, Any], told: Told, advance: Any
) -> None:
    began = world.now
    wish = AddConversationSummaries(**ann, summaries=(summed(world, source="test"),))
    (made,) = world.perform(wish)
    assert made.sid.startswith("mem_summary_0")
    advance(seconds=1)
    at = {**ann, "summary": made.sid}
    world.perform(PatchConversationSummary(**at, content="of coffee"))
    it = summaries.fetch_summary(world, **at)
    assert (it.content, it.conversation_id, it.source) == ("of coffee", TALK, "test")
    assert (it.date_created, it.date_updated) == (began, began + timedelta(seconds=1))
    world.perform(
        PatchConversationSummary(
            **at, conversation_id=OTHER_TALK, source="other", occurred_at=world.now
        )
    )
    it = summaries.fetch_summary(world, **at)
    assert (it.conversation_id, it.source, it.occurred_at) == (OTHER_TALK, "other", world.now)
    assert len(told.of(SummaryNoted)) == 3

    world.perform(RemoveConversationSummary(**at))
    assert refused(world, RemoveConversationSummary(**at)) == 20404
    assert len(told.of(SummaryRemoved)) == 1


def test_summaries_are_listed_newest_first(world: World, ann: dict[str, Any]) -> None:
    both = (summed(world, "one"), summed(world, "two", conversation_id=OTHER_TALK))
    world.perform(AddConversationSummaries(**ann, summaries=both))
    find = summaries.list_summaries
    assert [it.content for it in find(world, **ann)] == ["two", "one"]
    assert [it.content for it in find(world, **ann, conversation_id=TALK)] == ["one"]
    with pytest.raises(Refused):
        find(world, **ann, conversation_id="CH1")


@pytest.mark.parametrize(
    "fields", [{"content": ""}, {"conversation_id": "CH1"}, {"source": "<x>"}, {"source": ""}]
)
def test_a_summary_that_cannot_be(
    world: World, ann: dict[str, Any], fields: dict[str, Any]
) -> None:
    wrong = summed(world, **fields)
    assert refused(world, AddConversationSummaries(**ann, summaries=(wrong,))) == 400


def recalled(
    world: World, ann: dict[str, Any], *said: str, **asked: Any
) -> list[tuple[str, float | None]]:
    profile = observations.fetch_canonical(world, **ann)
    found = recall(world, profile, Recollection(**asked), said)
    return [(it.memory.content, it.score) for it in (*found.observations, *found.summaries)]


def test_what_shares_words_with_a_question_comes_first(world: World, ann: dict[str, Any]) -> None:
    note(world, ann, "Likes green tea", "lives in Bonn", "hates tea bags")
    assert recalled(world, ann, query="Which TEA, green?") == [
        ("Likes green tea", 2 / 3),
        ("hates tea bags", 1 / 3),
        ("lives in Bonn", 0.0),
    ]
    assert recalled(world, ann, query="green tea", relevance_threshold=0.5) == [
        ("Likes green tea", 1.0),
        ("hates tea bags", 0.5),
    ]
    assert recalled(world, ann, query="tea", observations_limit=1) == [("hates tea bags", 1.0)]
    assert recalled(world, ann, query="tea", observations_limit=0) == []


def test_a_question_is_made_of_what_was_said(world: World, ann: dict[str, Any]) -> None:
    note(world, ann, "lives in Bonn", "likes tea")
    assert recalled(world, ann, "Do you live", "in Bonn?")[0] == ("lives in Bonn", 2 / 5)
    assert recalled(world, ann, "Bonn", query="tea")[0] == ("likes tea", 1.0)


def test_without_a_question_the_youngest_comes_first(
    world: World, ann: dict[str, Any], advance: Any
) -> None:
    note(world, ann, "of today")
    note(world, ann, "of yesterday", occurred_at=world.now - timedelta(days=1))
    world.perform(AddConversationSummaries(**ann, summaries=(summed(world, "summed up"),)))
    assert recalled(world, ann, relevance_threshold=1.0) == [
        ("of today", None),
        ("of yesterday", None),
        ("summed up", None),
    ]
    assert recalled(world, ann, summaries_limit=0, observations_limit=1) == [("of today", None)]


def test_dates_are_of_what_is_told(world: World, ann: dict[str, Any]) -> None:
    at: datetime = world.now
    for days in range(3):
        note(world, ann, f"{days} days ago", occurred_at=at - timedelta(days=days))
    asked = {"begin_date": at - timedelta(days=1), "end_date": at}
    assert recalled(world, ann, **asked) == [("1 days ago", None)]


@pytest.mark.parametrize(
    "asked",
    [
        {"conversation_id": "CH1"},
        {"query": "x" * 1025},
        {"communications_limit": -1},
        {"observations_limit": 101},
        {"summaries_limit": 101},
        {"relevance_threshold": 1.1},
        {"relevance_threshold": -0.1},
    ],
)
def test_what_cannot_be_asked_for(asked: dict[str, Any]) -> None:
    with pytest.raises(Refused) as why:
        Recollection(**asked).check()
    assert why.value.code == 400


def test_what_can_be_asked_for() -> None:
    Recollection(conversation_id=TALK, query="", relevance_threshold=1).check()
