"""Bounds of control calls: what lies beyond is said in one line, and nothing has happened."""

import asyncio
from typing import Any

import httpx2
import pytest

from tests.control.asking import ANN, NUMBER, PREFIX, Control
from twilio_emulator.control.exchange import LONGEST_LINE
from twilio_emulator.core.kernel.clock import FIRST, LAST

pytestmark = pytest.mark.anyio

MANY = "9" * 5000
GREAT = "9" * 19


@pytest.mark.parametrize("number", [MANY, GREAT, f"-{GREAT}", "²", "٣", "1e400"])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/journal", "after"),
        ("/journal", "before"),
        ("/journal", "limit"),
        ("/journal", "newest"),
        ("/events", "after"),
        ("/webhooks", "after"),
        ("/webhooks", "limit"),
        ("/alerts", "limit"),
        ("/messages", "limit"),
        ("/conversations", "limit"),
        (f"/handsets/{ANN}/messages", "since"),
        (f"/handsets/{ANN}/messages", "limit"),
        ("/wait", "count"),
        ("/wait", "after"),
    ],
)
async def test_numbers_have_bounds(control: Control, path: str, name: str, number: str) -> None:
    query = {"after": "0", name: number} if path == "/wait" else {name: number}
    assert f"query {name}: " in await control.mistake("GET", path, **query)


@pytest.mark.parametrize("number", [MANY, "²", "-1", "1.0", "x", "\xff"])
async def test_the_last_event_has_bounds(control: Control, number: str) -> None:
    response = await control.client.get(
        f"{PREFIX}/events", headers=httpx2.Headers([(b"last-event-id", number.encode("latin-1"))])
    )
    assert response.status_code == 400
    assert response.json()["message"].startswith("header Last-Event-ID: expected a number")


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "9800-01-01T00:00:00Z",
    ],
)
async def test_clocks_show_nothing_at_the_edge_of_the_calendar(control: Control, at: str) -> None:
    for path in ("/clock", "/accounts"):
        message = await control.mistake("POST", path, {"now": at})
        assert message.startswith("body now: expected ")
    assert len((await control.ask("GET", "/accounts"))["accounts"]) == 1


async def test_a_clock_is_not_advanced_beyond_its_end(control: Control) -> None:
    await control.ask("POST", "/clock", {"now": LAST.isoformat()})
    for by in (1, "P1D", "P36500D"):
        message = await control.mistake("POST", "/clock", {"advance": by})
        assert message == f"body advance: expected less, since clocks end in {LAST.year}"
    control.text("Hello")
    body = {"to": NUMBER, "body": "Hello"}
    await control.ask("POST", f"/handsets/{ANN}/messages", body, status=201)
    await control.ask("POST", "/tokens", {"identity": "ann"}, status=201)


async def test_the_first_and_the_last_moment_are_shown(control: Control) -> None:
    for at in (FIRST, LAST):
        opened = await control.ask(
            "POST", "/accounts", {"now": at.isoformat(), "clock": "frozen"}, status=201
        )
        shown = await control.ask("GET", "/clock", account=opened["account_sid"])
        assert shown["now"] == at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"do": ' + b'{"a":' * 600 + b"1" + b"}" * 601,
        b'{"do": {"hold": 1e999}}',
        b'{"do": {"hold": NaN}}',
        b'{"do": {"hold": "\\ud800"}}',
        b'{"do": {"hold": true}, "times": ' + b"9" * 5000 + b"}",
        b'{"do": {"hold": true}, "times": ' + b"9" * 20 + b"}",
        b'{"do": {"delay": {"stage": "sent", "ms": ' + b"9" * 20 + b"}}}",
        b'{"do": {}, "' + b"x" * 70_000 + b'": 1}',
        b"\xff",
    ],
)
async def test_a_body_that_cannot_be_is_said_in_one_line(control: Control, body: bytes) -> None:
    response = await control.client.post(f"{PREFIX}/faults", content=body)
    message = response.json()["message"]
    assert response.status_code == 400
    assert message.startswith("body")
    assert message.isprintable()
    assert len(message) <= LONGEST_LINE + 3
    assert (await control.ask("GET", "/faults"))["faults"] == []


@pytest.mark.parametrize("body", [b"[" * 300 + b"]" * 300, b'{"tables":' * 60 + b"1" + b"}" * 60])
async def test_a_snapshot_is_not_nested_deeper_than_snapshots_are(
    control: Control, body: bytes
) -> None:
    response = await control.client.put(f"{PREFIX}/snapshot", content=body)
    assert response.status_code == 400


async def test_refusals_draw_no_account(control: Control) -> None:
    drawn = control.server.worlds._sids.drawn
    await control.mistake("POST", "/accounts", {"carrier": "lossy"})
    assert control.server.worlds._sids.drawn == drawn


@pytest.mark.parametrize(
    "wrong", [{"attributes": "{"}, {"media": [{"base64": "aGk=", "content_type": "x"}]}]
)
async def test_a_message_that_is_refused_leaves_no_file(
    control: Control, wrong: dict[str, Any]
) -> None:
    opened = await control.ask("POST", "/conversations", {}, status=201)
    before = control.default.world.snapshot()
    body = {"body": "Hello", "media": [{"base64": "aGk=", "content_type": "image/png"}], **wrong}
    await control.mistake("POST", f"/conversations/{opened['sid']}/messages", body)
    assert control.default.world.snapshot() == before


async def test_a_patient_clock_gives_up(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twilio_emulator.control.clock.LONGEST", 0.01)
    hosted = control.default

    async def never() -> None:
        await asyncio.Event().wait()

    hosted.pace.settle = never
    message = await control.mistake("POST", "/clock", {"advance": 1}, status=408)
    assert "moves no further" in message
    await control.ask("POST", "/clock", {"advance": 1, "settle": False})
    monkeypatch.setattr("twilio_emulator.control.phones.handset_messages.LONGEST", 0.01)
    body = {"to": NUMBER, "body": "Hello"}
    await control.ask("POST", f"/handsets/{ANN}/messages", body, status=201, wait="webhook")


async def test_json_that_nests_too_deeply_does_not_poison_the_journal(control: Control) -> None:
    deep = b'{"a":' * 500 + b"1" + b"}" * 500
    sid, token = control.default.world.account_sid, "0" * 31 + "1"
    response = await control.client.post(
        "http://content.twilio.com/v1/Content",
        content=deep,
        auth=(sid, token),
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 400
    assert (await control.ask("GET", "/journal"))["entries"]
    assert (await control.client.get(f"{PREFIX}/recording")).status_code == 200
