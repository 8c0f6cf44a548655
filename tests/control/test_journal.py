import ast
import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from twilio_emulator.control import journal, journal_entries
from twilio_emulator.control.journal import Following, stream, wanted
from twilio_emulator.core.kernel.journal import Log
from twilio_emulator.core.kernel.keeping import MB, Room
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.products import VOCABULARY
from twilio_emulator.webhooks.http.exchange import Exchange

pytestmark = pytest.mark.anyio

LOGIN = ("AC00000000000000000000000000000001", "00000000000000000000000000000001")


async def entries(control: Control, after: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await control.ask("GET", "/journal", after=after))["entries"]
    return found


async def test_what_went_on_in_order(control: Control) -> None:
    seq = control.default.gate.log.number
    await control.client.post("/v1/Conversations", auth=LOGIN, data={"FriendlyName": "Talk"})
    command, event, request = await entries(control, seq)
    assert (command["seq"], command["kind"], command["command"]) == (
        seq + 1,
        "command",
        "AddConversation",
    )
    assert command["fields"]["friendly_name"] == "Talk"
    assert command["origin"] == {"webhooks": False}
    assert (event["kind"], event["event"]) == ("event", "ConversationAdded")
    assert event["fields"]["conversation"]["friendly_name"] == "Talk"
    assert (request["kind"], request["method"], request["path"], request["status"]) == (
        "request",
        "POST",
        "/v1/Conversations",
        201,
    )


async def test_why_a_call_was_refused(control: Control) -> None:
    seq = control.default.gate.log.number
    wish = CreateText(account=LOGIN[0], to="nobody", from_=NUMBER, body="hello")
    with pytest.raises(Refused):
        control.default.gate.perform_now(wish)
    await control.client.get("/v1/Conversations", auth=(LOGIN[0], "wrong"))
    await control.client.get("/v1/Conversations/CH1", auth=LOGIN)
    command, refused, *requests = await entries(control, seq)
    assert refused["kind"] == "refused"
    assert refused["command_seq"] == command["seq"]
    assert refused["code"] == 21211
    assert [(each["status"], each["code"]) for each in requests] == [(401, 20003), (404, 20404)]


async def test_no_secret_is_shown(control: Control) -> None:
    new = await control.ask("POST", "/accounts", status=201)
    page = await control.ask("GET", "/journal", account=new["account_sid"])
    everything = json.dumps(page)
    assert '"auth_token": "(not shown)"' in everything
    assert not any(new[name] in everything for name in ("auth_token", "api_secret"))
    assert new["account_sid"] in everything


async def test_page_by_page(control: Control) -> None:
    first = await control.ask("GET", "/journal", limit=2)
    assert [entry["seq"] for entry in first["entries"]] == [1, 2]
    assert first["next_seq"] == 2
    second = await control.ask("GET", "/journal", after=2, limit=1)
    assert [entry["seq"] for entry in second["entries"]] == [3]
    end = control.default.gate.log.number
    assert await control.ask("GET", "/journal", after=end) == {
        "entries": [],
        "next_seq": end,
        "dropped": 0,
    }


async def test_what_fell_out_is_counted(control: Control) -> None:
    control.default.gate.log = log = Log(Room(3, MB))
    for number in range(5):
        log.add(control.default.world.now, "restored", {"message": str(number)})
    page = await control.ask("GET", "/journal")
    assert [entry["message"] for entry in page["entries"]] == ["2", "3", "4"]
    assert page["dropped"] == 2
    assert page["note"] == "older entries were dropped; keep more with --keep log=30"
    assert (await control.ask("GET", "/journal", after=1))["dropped"] == 1
    assert (await control.ask("GET", "/journal", after=4))["dropped"] == 0
    assert "note" not in await control.ask("GET", "/journal", after=2)
    assert "note" not in await control.ask("GET", "/journal", newest=2)
    assert "note" in await control.ask("GET", "/journal", newest=3)
    assert "note" in await control.ask("GET", "/webhooks")
    await control.ask("DELETE", "/journal", status=204)
    assert "note" not in await control.ask("GET", "/journal")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": 0}, "query limit: expected 1 or more, not 0"),
        ({"after": "x"}, "query after: Expected int, got str"),
        (
            {"befor": 1},
            (
                "query: Object contains unknown field befor, "
                "expected some of after, before, limit, newest, kinds (did you mean before?)"
            ),
        ),
    ],
)
async def test_what_is_wrong_is_said(control: Control, query: dict[str, Any], message: str) -> None:
    assert await control.mistake("GET", "/journal", **query) == message


class Stream:
    """The server-sent events of an account, read one by one."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self.pieces = pieces

    async def next(self) -> tuple[int, str, Any]:
        piece = (await anext(self.pieces)).decode()
        assert piece.endswith("\n\n")
        number, name, content = (line.partition(": ")[2] for line in piece.strip().split("\n"))
        return int(number), name, json.loads(content)


def listen(control: Control, since: int | None = None, **wish: Any) -> Stream:
    log = control.default.gate.log
    return Stream(
        stream(
            control.default,
            log.number if since is None else since,
            wanted(Following(**wish), VOCABULARY),
            VOCABULARY,
        )
    )


async def test_events_as_they_happen(control: Control) -> None:
    live = listen(control)
    assert await anext(live.pieces) == b"retry: 1000\n\n"
    hearing = asyncio.ensure_future(live.next())
    await asyncio.sleep(0)
    control.text("hello")
    number, name, content = await hearing
    assert name == "message.accepted"
    assert content["seq"] == number
    assert content["fields"]["text"]["body"] == "hello"
    await control.ask("POST", "/clock", {"advance": 10})
    names = []
    while number < control.default.gate.log.number - 1:
        number, name, _ = await live.next()
        names.append(name)
    assert [name for name in names if name != "clock.advanced"] == [
        "message.status",
        "message.status",
        "handset.updated",
        "handset.received",
        "message.status",
    ]


async def test_one_who_lost_the_connection_goes_on_where_it_was(control: Control) -> None:
    seq = control.default.gate.log.number
    control.text("one")
    control.text("two")
    live = listen(control, seq)
    await anext(live.pieces)
    number, _, first = await live.next()
    again = listen(control, number)
    await anext(again.pieces)
    _, _, second = await again.next()
    assert [each["fields"]["text"]["body"] for each in (first, second)] == ["one", "two"]


async def test_only_some_types_or_one_handset(control: Control) -> None:
    seq = control.default.gate.log.number
    control.text("for Ann", to=ANN)
    control.text("for Bob", to=f"whatsapp:{BOB}", sender="whatsapp:+14155238886")
    await control.ask("POST", "/clock", {"advance": 10})
    received = listen(control, seq, types="handset.received,optout.changed")
    await anext(received.pieces)
    assert [(await received.next())[2]["fields"]["item"]["body"] for _ in range(2)] == [
        "for Ann",
        "for Bob",
    ]
    control.default.gate.log.add(control.default.world.now, "webhook", EXCHANGE)
    control.text("for Bob again", to=BOB)
    bobs = listen(control, seq, handset=BOB)
    await anext(bobs.pieces)
    assert {(await bobs.next())[1] for _ in range(7)} == {
        "message.accepted",
        "message.status",
        "handset.updated",
        "handset.received",
    }
    commands = listen(control, seq, types="command")
    await anext(commands.pieces)
    assert (await commands.next())[2]["command"] == "CreateText"


async def test_a_reader_who_came_too_late_is_told_what_is_missing(control: Control) -> None:
    control.default.gate.log = log = Log(Room(2, MB))
    for _ in range(5):
        log.add(control.default.world.now, "webhook", EXCHANGE)
    live = listen(control, 1)
    await anext(live.pieces)
    assert await live.next() == (
        3,
        "dropped",
        {"count": 2, "note": "older entries were dropped; keep more with --keep log=20"},
    )
    assert (await live.next())[:2] == (4, "webhook.attempt")


EXCHANGE = Exchange(
    event="onMessageAdded",
    subject="CH1",
    account_sid="AC00000000000000000000000000000001",
    product="conversations",
    attempt=1,
    method="POST",
    url="http://app.test/hook",
    connected_to=None,
    headers=(("Host", "app.test"),),
    body="",
    signed="http://app.test/hook",
    status=200,
    answer_headers=(),
    answer_body="",
    milliseconds=3,
    outcome="answered 200",
)


async def test_webhooks_are_told_too(control: Control) -> None:
    log, now = control.default.gate.log, control.default.world.now
    live = listen(control)
    await anext(live.pieces)
    log.add(now, "webhook", EXCHANGE)
    log.add(now, "webhook", replace(EXCHANGE, status=500))
    log.add(now, "webhook", replace(EXCHANGE, status=None))
    assert [(await live.next())[1] for _ in range(3)] == [
        "webhook.attempt",
        "webhook.failed",
        "webhook.failed",
    ]


async def test_silence_is_broken_by_a_comment(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "HEARTBEAT", 0.0)
    live = listen(control)
    await anext(live.pieces)
    assert await anext(live.pieces) == b": still here\n\n"


async def test_the_stream_ends_with_the_account(control: Control) -> None:
    live = listen(control)
    await anext(live.pieces)
    ending = asyncio.ensure_future(anext(live.pieces, None))
    await asyncio.sleep(0)
    control.default.news.end()
    assert await ending is None


@pytest.mark.parametrize(
    ("headers", "query", "since"),
    [
        ({}, {}, "now"),
        ({}, {"after": "2"}, 2),
        ({"last-event-id": "3"}, {"after": "2"}, 3),
        ({"last-event-id": "1000000"}, {}, 0),
    ],
)
async def test_where_a_stream_begins(
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    query: dict[str, str],
    since: int | str,
) -> None:
    begun: list[int] = []

    async def short(_: object, since: int, *_wish: object) -> AsyncIterator[bytes]:
        begun.append(since)
        yield b""

    monkeypatch.setattr(journal, "stream", short)
    expected = control.default.gate.log.number if since == "now" else since
    response = await control.client.get("/_emulator/v1/events", headers=headers, params=query)
    assert response.headers["content-type"] == "text/event-stream"
    assert begun == [expected]


async def test_a_last_event_that_is_no_number(control: Control) -> None:
    response = await control.client.get(
        "/_emulator/v1/events", headers={"last-event-id": "the last one"}
    )
    assert response.status_code == 400
    assert "Last-Event-ID" in response.json()["message"]


def noted_in(path: Path) -> set[str]:
    """The kinds of entries that a module puts into the log of an account, by itself or by
    `Gate.note`."""
    tree = ast.parse(path.read_text())
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = ast.unparse(node.func)
        if re.search(r"\b_?log\.add$", called):
            kind = node.args[1]
        elif re.search(r"\b_?gate\.note$", called):
            kind = node.args[0]
        else:
            continue
        if not (isinstance(kind, ast.Name) and kind.id == "kind"):  # which `Gate.note` hands on
            found.add(constants[kind.id] if isinstance(kind, ast.Name) else ast.literal_eval(kind))
    return found


async def test_every_kind_of_entries_can_be_asked_for(control: Control) -> None:
    source = Path(journal_entries.__file__).parents[1]
    noted = {kind for path in source.rglob("*.py") for kind in noted_in(path)}
    assert noted == set(journal_entries.KINDS)
    await control.ask("GET", "/journal", kinds=",".join(journal_entries.KINDS))
    asks = re.compile(r'(?:static asked = |types: |kinds: |Besides\()"([a-z,-]+)"')
    asked = {
        (path.name, kind)
        for path in (source / "console/page").rglob("*.js")
        for kinds in asks.findall(path.read_text())
        for kind in kinds.split(",")
    }
    assert {("webhooks.js", "webhook"), ("alerts.js", "hint"), ("sync.js", "connection")} <= asked
    assert {kind for _, kind in asked} <= set(journal_entries.KINDS)
