"""Observations, summaries and recall by REST."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.rest.memory.test_profiles import ANN, BOB, PROFILES, Ask, made
from twilio_emulator.core.orchestrator.configurations import FIRST_CONFIGURATION

TALK = "conv_conversation_00000000000000000000000001"
NOON = "2026-01-05T08:00:00Z"
CONVERSATIONS = "https://conversations.twilio.com/v2/Conversations"


@pytest.fixture
def ann(ask: Ask) -> str:
    return f"{PROFILES}/{made(ask, phone=ANN)}"


def note(ask: Ask, ann: str, *contents: str, **more: object) -> None:
    every = [
        {"content": content, "source": "test", "occurredAt": NOON, **more} for content in contents
    ]
    assert ask("POST", f"{ann}/Observations", said={"observations": every}) == (
        202,
        {"message": "Observations accepted for processing."},
    )


def test_observations(ask: Ask, ann: str, advance: Callable[..., None]) -> None:
    url = f"{ann}/Observations"
    note(ask, ann, "likes tea", conversationIds=[TALK])
    answer = ask("GET", url)[1]
    (it,) = answer["observations"]
    shown = {
        "id": it["id"],
        "content": "likes tea",
        "source": "test",
        "occurredAt": NOON,
        "conversationIds": [TALK],
        "createdAt": "2026-01-05T09:00:00Z",
        "updatedAt": "2026-01-05T09:00:00Z",
    }
    assert answer == {"observations": [shown], "meta": {"key": "observations", "pageSize": 1}}
    one = f"{url}/{it['id']}"
    assert ask("GET", one) == (200, shown)

    advance(seconds=1)
    assert ask("PATCH", one, said={"content": "likes coffee"}) == (
        202,
        {"message": "Observation update accepted."},
    )
    changed = {**shown, "content": "likes coffee", "updatedAt": "2026-01-05T09:00:01Z"}
    assert ask("GET", one) == (200, changed)
    meta = {"key": "revisions", "pageSize": 2}
    assert ask("GET", f"{one}/Revisions") == (200, {"revisions": [changed, shown], "meta": meta})
    assert ask("GET", url, source="other")[1]["observations"] == []
    assert ask("GET", url, createdAfter="soon")[0] == 400

    assert ask("DELETE", one) == (202, {"message": "Observation deletion accepted."})
    assert ask("GET", one)[0] == 404


def test_summaries(ask: Ask, ann: str) -> None:
    url = f"{ann}/ConversationSummaries"
    said = {"content": "of tea", "conversationId": TALK, "occurredAt": NOON}
    assert ask("POST", url, said={"summaries": [said]}) == (
        202,
        {"message": "Summaries accepted for processing."},
    )
    answer = ask("GET", url, conversationId=TALK)[1]
    (it,) = answer["summaries"]
    times = dict.fromkeys(("createdAt", "updatedAt"), "2026-01-05T09:00:00Z")
    assert it == {"id": it["id"], **said, **times}
    assert answer["meta"] == {"key": "summaries", "pageSize": 1}
    one = f"{url}/{it['id']}"
    assert ask("PATCH", one, said={"source": "test"})[0] == 202
    assert ask("GET", one) == (200, {**it, "source": "test"})
    assert ask("DELETE", one) == (202, {"message": "Summary deletion accepted."})
    assert ask("GET", one)[0] == 404


def test_what_was_remembered_of_who_was_merged(ask: Ask, ann: str, http: Any) -> None:
    bob = f"{PROFILES}/{made(ask, phone=BOB)}"
    note(ask, bob, "likes tea")
    observation = ask("GET", f"{bob}/Observations")[1]["observations"][0]["id"]
    ask("POST", f"{bob}/Identifiers", said={"idType": "phone", "value": ANN})
    for path in (f"Observations/{observation}", f"Observations/{observation}/Revisions"):
        assert ask("GET", f"{bob}/{path}")[0] == 200
        assert http.asked.headers["canonical-profile-id"] == ann.rpartition("/")[2]
    assert ask("GET", f"{ann}/Observations/{observation}")[0] == 200
    assert "canonical-profile-id" not in http.asked.headers


def test_recall(ask: Ask, ann: str) -> None:
    note(ask, ann, "likes green tea", "lives in Bonn")
    said = {"content": "of tea", "conversationId": TALK, "occurredAt": NOON}
    ask("POST", f"{ann}/ConversationSummaries", said={"summaries": [said]})
    status, answer = ask("POST", f"{ann}/Recall", said={"query": "green tea"})
    assert status == 200
    assert [(it["content"], it["score"]) for it in answer["observations"]] == [
        ("likes green tea", 1.0),
        ("lives in Bonn", 0.0),
    ]
    assert [(it["content"], it["score"]) for it in answer["summaries"]] == [("of tea", 0.5)]
    assert answer["communications"] == []
    assert answer["meta"] == {"queryTime": 0}
    answer = ask("POST", f"{ann}/Recall", said={})[1]
    assert "score" not in answer["observations"][0]


@pytest.fixture
def talk(ask: Ask, ann: str) -> str:
    """A conversation of Ann and the shop, in which both have said something."""
    parties = [
        {
            "type": "CUSTOMER",
            "name": "Ann",
            "profileId": ann.rpartition("/")[2],
            "addresses": [{"channel": "SMS", "address": ANN}],
        },
        {"type": "AI_AGENT", "addresses": [{"channel": "SMS", "address": BOB}]},
    ]
    said = {"configurationId": FIRST_CONFIGURATION, "participants": parties}
    talk = str(ask("POST", CONVERSATIONS, said=said)[1]["id"])
    for author, recipient, text, sid in (
        (ANN, BOB, "Do you have green tea?", "SM1"),
        (BOB, ANN, "Yes.", "SM2"),
    ):
        said = {
            "author": {"address": author, "channel": "SMS"},
            "recipients": [{"address": recipient, "channel": "SMS"}],
            "content": {"type": "TEXT", "text": text},
            "resourceId": f"{sid[:2]}{'0' * 31}{sid[2]}",
        }
        assert ask("POST", f"{CONVERSATIONS}/{talk}/Communications", said=said)[0] == 201
    return talk


def test_what_was_said_is_recalled(ask: Ask, ann: str, talk: str) -> None:
    note(ask, ann, "lives in Bonn", "likes tea")
    asked = {"conversationId": talk, "communicationsLimit": 10}
    answer = ask("POST", f"{ann}/Recall", said=asked)[1]
    # The question is made of what was said: five words and "yes", of which "tea" is one.
    assert answer["observations"][0]["content"] == "likes tea"
    assert answer["observations"][0]["score"] == 1 / 6
    first, second = answer["communications"]
    assert first["content"] == {"text": "Do you have green tea?"}
    assert first["channelId"] == "SM" + "0" * 31 + "1"
    assert first["author"]["profileId"] == ann.rpartition("/")[2]
    assert {name: first["author"][name] for name in ("name", "type", "address", "channel")} == {
        "name": "Ann",
        "type": "CUSTOMER",
        "address": ANN,
        "channel": "SMS",
    }
    assert first["recipients"][0]["id"] == second["author"]["id"]
    assert second["content"] == {"text": "Yes."}


def test_the_last_of_all_conversations_is_recalled(ask: Ask, ann: str, talk: str) -> None:
    def said(**asked: object) -> list[str]:
        answer = ask("POST", f"{ann}/Recall", said=asked)[1]
        return [it["content"]["text"] for it in answer["communications"]]

    assert said() == []
    assert said(communicationsLimit=1) == ["Yes."]
    assert said(communicationsLimit=9) == ["Do you have green tea?", "Yes."]
    assert said(communicationsLimit=9, endDate="2026-01-05T09:00:00Z") == []
    assert said(communicationsLimit=9, beginDate="2026-01-05T09:00:01Z") == []
    assert said(communicationsLimit=9, conversationId=TALK) == []


def test_who_is_no_participant_has_an_address(ask: Ask, ann: str, talk: str) -> None:
    said = {
        "author": {"address": "+12025550111", "channel": "SMS"},
        "recipients": [{"address": BOB, "channel": "SMS"}],
        "content": {"type": "TEXT", "text": "Wrong number?"},
        "channelId": "CA1",
    }
    assert ask("POST", f"{CONVERSATIONS}/{talk}/Communications", said=said)[0] == 201
    asked = {"conversationId": talk, "communicationsLimit": 1}
    (it,) = ask("POST", f"{ann}/Recall", said=asked)[1]["communications"]
    assert it["channelId"] == "CA1"
    author = it["author"]
    assert (author["name"], author["address"]) == ("+12025550111", "+12025550111")


@pytest.mark.parametrize("asked", [{"observationsLimit": 101}, {"query": 1}, {"beginDate": "x"}])
def test_what_cannot_be_asked_for(ask: Ask, ann: str, asked: object) -> None:
    status, answer = ask("POST", f"{ann}/Recall", said=asked)
    assert (status, answer["code"]) == (400, 400)
