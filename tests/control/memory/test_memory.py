"""What is remembered and known, by the control API."""

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from twilio_emulator.core.studio.executions import AddExecution

pytestmark = pytest.mark.anyio

STORE = "mem_store_00000000000000000000000001"
CONVERSATION = f"conv_conversation_0{'1' * 25}"
PROFILES = "/memory/profiles"
LONG_AGO = "2026-01-05T09:00:00.000Z"


async def test_who_is_not_known_is_made_known(control: Control) -> None:
    wish = {"content": "Likes tea.", "occurred_at": LONG_AGO, "conversation_ids": [CONVERSATION]}
    profile = await control.ask("POST", f"{PROFILES}/{ANN}/observations", wish, status=201)
    assert (profile["store_id"], profile["identifiers"]) == (STORE, {"phone": [ANN]})
    assert profile["traits"] == {"Contact": {"phone": ANN}}
    (noted,) = profile["observations"]
    assert (noted["content"], noted["source"]) == ("Likes tea.", "control-api")
    assert (noted["occurred_at"], noted["conversation_ids"]) == (LONG_AGO, [CONVERSATION])

    wish = {"content": "Asked for tea.", "conversation_id": CONVERSATION}
    path = f"{PROFILES}/whatsapp:{ANN}/summaries"
    profile = await control.ask("POST", path, wish, status=201)
    assert [each["content"] for each in profile["summaries"]] == ["Asked for tea."]
    assert await control.ask("GET", f"{PROFILES}/{profile['id']}", store=STORE) == profile


async def test_who_is_known_is_listed(control: Control) -> None:
    made = []
    for who in (ANN, "ben@example.com", BOB):
        path = f"{PROFILES}/{who}/observations"
        made.append((await control.ask("POST", path, {"content": "Hello."}, status=201))["id"])
    for wish in ({}, {"limit": 1}, {"limit": 2, "store": STORE}):
        page = await control.ask("GET", PROFILES, **wish)
        assert await control.sids(page, "profiles", "id") == made[::-1]
    found = await control.ask("GET", f"{PROFILES}/ben@example.com")
    assert (found["id"], found["identifiers"]) == (made[1], {"email": ["ben@example.com"]})


async def test_who_chats_is_known_by_their_identity(control: Control) -> None:
    path = f"{PROFILES}/alice-1/observations"
    made = await control.ask("POST", path, {"content": "Hello."}, status=201)
    assert made["identifiers"] == {"chat": ["alice-1"]}
    assert made["traits"] == {"Contact": {"chatId": "alice-1"}}
    assert await control.ask("GET", f"{PROFILES}/alice-1") == made


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "line"),
    [
        ("GET", f"{PROFILES}/{ANN}", None, 404, f"path memory_profile: nobody is known as {ANN}"),
        ("GET", f"{PROFILES}?store=x", None, 404, "query store: there is no such memory store"),
        (
            "POST",
            f"{PROFILES}/mem_profile_0/observations",
            {"content": "x"},
            404,
            "path memory_profile: nobody is known as mem_profile_0",
        ),
        (
            "POST",
            f"{PROFILES}/{ANN}/observations",
            {"content": "x", "occurred_at": "then"},
            400,
            "body occurred_at: expected an ISO 8601 instant",
        ),
        (
            "POST",
            "/knowledge/texts",
            {"content": "x", "base": "know_knowledgebase_0"},
            404,
            "body base: there is no knowledge base know_knowledgebase_0",
        ),
    ],
)
async def test_what_cannot_be(
    method: str, path: str, body: object, status: int, line: str, control: Control
) -> None:
    assert line in await control.mistake(method, path, body, status=status)


async def test_what_is_refused_leaves_nobody_known_and_no_base(control: Control) -> None:
    summary = {"content": "x", "conversation_id": "x"}
    for path, body in (("observations", {"content": ""}), ("summaries", summary)):
        await control.ask("POST", f"{PROFILES}/{ANN}/{path}", body, status=400)
        assert await control.ask("GET", PROFILES) == {"profiles": []}
    await control.ask("POST", f"{PROFILES}/{ANN}/observations", {"content": "Hello."}, status=201)
    await control.ask("POST", f"{PROFILES}/{ANN}/observations", {"content": ""}, status=400)
    assert len((await control.ask("GET", PROFILES))["profiles"]) == 1
    await control.ask("POST", "/knowledge/texts", {"content": "x", "name": ""}, status=400)
    assert await control.ask("GET", "/knowledge/bases") == {"bases": []}
    await control.ask("POST", "/knowledge/texts", {"content": "x"}, status=201)
    await control.ask("POST", "/knowledge/texts", {"content": "x", "name": ""}, status=400)
    assert len((await control.ask("GET", "/knowledge/bases"))["bases"]) == 1


async def test_texts_are_put_where_agents_look(control: Control) -> None:
    text = {"content": "We are open until 6.", "name": "Hours"}
    base = await control.ask("POST", "/knowledge/texts", text, status=201)
    assert (base["display_name"], base["knowledge"][0]["status"]) == ("Handbook", "COMPLETED")
    assert base["description"]  # Twilio Agent Connect takes no base without
    again = await control.ask("POST", "/knowledge/texts", {"content": "Hello."}, status=201)
    assert [each["name"] for each in again["knowledge"]] == ["Hours", "Text"]
    listed = await control.ask("GET", "/knowledge/bases")
    assert listed == {"bases": [again]}


async def test_who_was_handed_over_is_listed(control: Control) -> None:
    gate, account = control.default.gate, control.default.world.account_sid
    flows = [f"FW{'7' * 32}", f"FW{'8' * 32}"]
    for flow, to in ((flows[0], ANN), (flows[1], BOB)):
        said = {"flow": flow, "to": to, "from_": NUMBER, "parameters": '{"reason": "asked"}'}
        gate.perform_now(AddExecution(account=account, **said))

    async def found(**wish: str | int) -> list[str]:
        page = await control.ask("GET", "/studio/executions", **wish)
        return await control.sids(page, "executions", "to")

    assert await found() == await found(limit=1) == [BOB, ANN]
    assert await found(to=ANN) == await found(flow=flows[0]) == [ANN]
    (shown, _) = (await control.ask("GET", "/studio/executions"))["executions"]
    assert (shown["parameters"], shown["status"]) == ({"reason": "asked"}, "active")
