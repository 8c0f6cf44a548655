"""Lists that are longer than a page: in order, whole, and nothing cut in silence."""

from typing import Any

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from twilio_emulator.control.journal import Following, stream, wanted
from twilio_emulator.core.accounts.debugger_alerts import RaiseAlert
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.journal import Log
from twilio_emulator.core.kernel.keeping import MB, Room
from twilio_emulator.products import VOCABULARY

pytestmark = pytest.mark.anyio

ACCOUNT = "AC00000000000000000000000000000001"
EVERYTHING = 2500


@pytest.fixture
def log(control: Control) -> Log:
    """More entries than the answer to a call holds by itself, of two kinds."""
    log = control.default.gate.log = Log()
    for number in range(1, EVERYTHING + 1):
        kind = "restored" if number % 5 else "public url"
        log.add(control.default.world.now, kind, {"message": str(number)})
    return log


def numbers(page: dict[str, Any]) -> list[int]:
    return [entry["seq"] for entry in page["entries"]]


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("limit", [{}, {"limit": 1}, {"limit": 9999}])
async def test_so_many_of_the_newest_entries_whatever_the_limit(
    control: Control, limit: dict[str, int]
) -> None:
    page = await control.ask("GET", "/journal", newest=2000, **limit)
    assert numbers(page) == [*range(EVERYTHING - 1999, EVERYTHING + 1)]
    assert (page["next_seq"], page["dropped"]) == (EVERYTHING, 0)
    every = await control.ask("GET", "/journal", newest=9999, **limit)
    assert len(every["entries"]) == EVERYTHING
    assert "next" not in every
    assert numbers(await control.ask("GET", "/journal", newest=0, **limit)) == []


@pytest.mark.usefixtures("log")
async def test_the_journal_is_read_both_ways(control: Control) -> None:
    onwards = await control.ask("GET", "/journal", limit=999)
    assert numbers(onwards) == [*range(1, 1000)]
    assert await control.sids(onwards, "entries", "seq") == [*range(1, EVERYTHING + 1)]
    back = await control.ask("GET", "/journal", newest=700)
    pages = []
    while True:
        pages.append(numbers(back))
        if "next" not in back:
            break
        back = (await control.client.get(back["next"])).json()
    assert [len(page) for page in pages] == [700, 700, 700, 400]
    assert [seq for page in reversed(pages) for seq in page] == [*range(1, EVERYTHING + 1)]
    between = await control.ask("GET", "/journal", after=10, before=13)
    assert numbers(between) == [11, 12]
    assert "next" not in between


@pytest.mark.usefixtures("log")
async def test_entries_of_some_kinds(control: Control) -> None:
    newest = await control.ask("GET", "/journal", newest=2, kinds="public url,hint")
    assert numbers(newest) == [EVERYTHING - 5, EVERYTHING]
    first = await control.ask("GET", "/journal", kinds="public url", limit=2)
    assert numbers(first) == [5, 10]
    assert (await control.sids(first, "entries", "seq"))[-1] == EVERYTHING
    assert numbers(await control.ask("GET", "/journal", kinds="hint")) == []
    said = await control.mistake("GET", "/journal", kinds="event,hints")
    assert said.startswith("query kinds: expected some of request, command,")
    assert said.endswith(", not hints (did you mean hint?)")


async def test_the_wrong_part_of_the_journal(control: Control) -> None:
    said = await control.mistake("GET", "/journal", newest=-1)
    assert said == "query newest: expected 0 or more, not -1"
    assert numbers(await control.ask("GET", "/journal", before=0)) == []
    assert numbers(await control.ask("GET", "/journal", before=-5)) == []


async def test_what_fell_out_is_not_read_from_behind(control: Control) -> None:
    control.default.gate.log = log = Log(Room(3, MB))
    for number in range(5):
        log.add(control.default.world.now, "restored", {"message": str(number)})
    page = await control.ask("GET", "/journal", newest=10)
    assert (numbers(page), page["dropped"]) == ([3, 4, 5], 2)
    assert numbers(await control.ask("GET", "/journal", before=3)) == []


async def test_the_journal_is_cleared(control: Control) -> None:
    gate = control.default.gate
    control.text("before")
    written, number = len(gate.journal), gate.log.number
    await control.ask("DELETE", "/journal", status=204)
    page = await control.ask("GET", "/journal")
    assert page == {"entries": [], "next_seq": number, "dropped": number}
    control.text("after")
    entries = (await control.ask("GET", "/journal"))["entries"]
    assert entries[0]["seq"] == number + 1
    assert entries[0]["fields"]["body"] == "after"
    assert len(gate.journal) == written + 1  # what was cleared can be recorded all the same
    assert (await control.ask("GET", "/webhooks"))["webhooks"] == []


async def test_whoever_reads_along_is_told_that_it_was_cleared(control: Control) -> None:
    log = control.default.gate.log
    live = stream(control.default, log.number, wanted(Following(), VOCABULARY), VOCABULARY)
    assert await anext(live) == b"retry: 1000\n\n"
    await control.ask("DELETE", "/journal", status=204)
    assert await anext(live) == b"id: %d\nevent: cleared\ndata: {}\n\n" % log.number
    control.text("after")
    assert b"message.accepted" in await anext(live)


async def test_alerts_are_reached_page_by_page(control: Control) -> None:
    raised = [
        control.default.gate.perform_now(
            RaiseAlert(account=ACCOUNT, error_code=code, alert_text="", resource_sid="SM1")
        ).sid
        for code in (11200, 12300) * 4
    ]
    page = await control.ask("GET", "/alerts", limit=3)
    assert [each["sid"] for each in page["alerts"]] == raised[5:]
    assert sorted(await control.sids(page, "alerts")) == sorted(raised)
    page = await control.ask("GET", "/alerts", limit=1, error_code=12300)
    assert await control.sids(page, "alerts") == raised[7::-2]


async def test_phones_and_conversations_are_reached_page_by_page(control: Control) -> None:
    for n in range(5):
        await control.ask("PUT", f"/handsets/+1202555{1000 + n}")
    page = await control.ask("GET", "/handsets", limit=2)
    phones = await control.sids(page, "handsets", "address")
    assert phones == [f"+1202555{1000 + n}" for n in range(5)]
    assert len((await control.ask("GET", "/handsets"))["handsets"]) == 5

    other = control.default.gate.perform_now(AddService(account=ACCOUNT, friendly_name="Other"))
    opened = []
    for n in range(6):
        wish = {"service_sid": other.sid} if n % 2 else {}
        opened.append((await control.ask("POST", "/conversations", wish, status=201))["sid"])
    await control.ask("POST", f"/conversations/{opened[2]}/messages", {"body": "x"}, status=201)
    expected = [opened[2], *(opened[n] for n in (5, 4, 3, 1, 0))]
    page = await control.ask("GET", "/conversations", limit=2)
    assert await control.sids(page, "conversations") == expected
    every = await control.ask("GET", "/conversations")
    assert [each["sid"] for each in every["conversations"]] == expected
    assert "limit" in await control.mistake("GET", "/conversations", limit=0)


async def test_messages_are_reached_page_by_page(control: Control) -> None:
    opened = await control.ask("POST", "/conversations", {}, status=201)
    path = f"/conversations/{opened['sid']}/messages"
    for n in range(5):
        await control.ask("POST", path, {"body": str(n)}, status=201)
    page = await control.ask("GET", path, limit=2)
    assert [each["index"] for each in page["messages"]] == [3, 4]
    assert await control.sids(page, "messages", "index") == [3, 4, 1, 2, 0]
    assert len((await control.ask("GET", path))["messages"]) == 5
    after = await control.ask("GET", path, limit=2, after=1, before=4)
    assert [each["index"] for each in after["messages"]] == [2, 3]
    assert "next" not in after

    for phone in (ANN, BOB, ANN, ANN):
        await control.ask("POST", f"/handsets/{phone}/messages", {"to": NUMBER}, status=201)
    page = await control.ask("GET", f"/handsets/{ANN}/messages", limit=2)
    held = await control.ask("GET", f"/handsets/{ANN}/messages")
    seqs = [item["seq"] for item in held["items"]]
    assert len(seqs) == 3
    assert await control.sids(page, "items", "seq") == [*seqs[1:], seqs[0]]


async def test_a_preview_says_that_it_is_one(control: Control) -> None:
    for body in ("short", "long " * 100):
        await control.ask(
            "POST", f"/handsets/{ANN}/messages", {"to": NUMBER, "body": body}, status=201
        )
        last = (await control.ask("GET", f"/handsets/{ANN}"))["last_message"]
        assert last["truncated"] is (body != "short")
    opened = await control.ask("POST", "/conversations", {}, status=201)
    path = f"/conversations/{opened['sid']}"
    await control.ask("POST", f"{path}/messages", {"body": "long " * 100}, status=201)
    assert (await control.ask("GET", path))["last_message"]["truncated"] is True
