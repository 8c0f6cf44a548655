"""Mailboxes by the control API."""

from typing import Any

import pytest

from tests.control.asking import Control
from tests.core.test_mailboxes import Write

pytestmark = pytest.mark.anyio

ANN = "/mailboxes/ann%40example.com/messages"
WAIT = "/mailboxes/Ann@example.com/messages/wait"


def write(control: Control, **said: Any) -> str:
    sid: str = control.default.gate.perform_now(Write(**said)).sid
    return sid


async def test_a_mailbox_is_read_as_a_phone_is(control: Control) -> None:
    assert await control.ask("GET", ANN) == {"items": [], "next_seq": 0}
    sid = write(control)
    read = await control.ask("GET", ANN)
    (item,) = read["items"]
    assert item["id"] == sid
    assert (item["mailbox"], item["to"]) == ("ann@example.com", "Ann@Example.com")
    assert item["subject"] == "0424 is your Shop verification code"
    assert item["body"] == item["text"]
    assert item["codes"] == ["0424"]
    assert item["links"] == ["https://example.com/in?a=1&b=2"]
    assert item["substitutions"]["twilio_code"] == "0424"
    assert read["next_seq"] == item["seq"]
    assert await control.ask("GET", f"{ANN}/{sid}") == item
    await control.mistake("GET", f"/mailboxes/bob@example.com/messages/{sid}", status=404)
    write(control, to="bob@example.com")
    said = await control.mistake("GET", f"/mailboxes/bob@example.com/messages/{sid}", status=404)
    assert said == f"path mail: bob@example.com has no {sid}"


async def test_pages_filters_and_deletion(control: Control) -> None:
    for number in range(3):
        write(control, text=f"letter {number}", subject="News" if number else "{{code}} is it")

    def texts(answer: Any) -> list[str]:
        return [each["text"][-1] for each in answer["items"]]

    newest = await control.ask("GET", ANN, limit=2)
    assert texts(newest) == ["1", "2"]
    assert texts((await control.client.get(newest["next"])).json()) == ["0"]
    assert texts(await control.ask("GET", ANN, since=newest["items"][0]["seq"])) == ["2"]
    assert texts(await control.ask("GET", ANN, subject="News")) == ["1", "2"]
    assert texts(await control.ask("GET", ANN, contains="0424")) == ["0"]
    assert texts(await control.ask("GET", ANN, regex="er [02]$")) == ["0", "2"]
    assert texts(await control.ask("GET", ANN, **{"from": "VERIFY@example.com"})) == ["0", "1", "2"]
    assert texts(await control.ask("GET", ANN, **{"from": "shop@example.com"})) == []
    assert "regex" in await control.mistake("GET", ANN, regex="(")
    await control.ask("DELETE", ANN, status=204, contains="letter 1")
    assert texts(await control.ask("GET", ANN)) == ["0", "2"]
    await control.ask("DELETE", ANN, status=204)
    assert texts(await control.ask("GET", ANN)) == []
    await control.mistake("DELETE", "/mailboxes/bob@example.com/messages", status=404)


async def test_mailboxes_are_listed(control: Control) -> None:
    write(control)
    write(control)
    write(control, to="bob@example.com")
    await control.ask("DELETE", "/mailboxes/bob@example.com/messages", status=204)
    listed = (await control.ask("GET", "/mailboxes"))["mailboxes"]
    assert [(each["address"], each["count"]) for each in listed] == [
        ("ann@example.com", 2),
        ("bob@example.com", 0),
    ]
    assert [each["subject"] for each in listed] == ["0424 is your Shop verification code", None]
    page = await control.ask("GET", "/mailboxes", limit=1)
    rest = (await control.client.get(page["next"])).json()
    assert [each["address"] for each in rest["mailboxes"]] == ["bob@example.com"]


async def test_waits(control: Control) -> None:
    write(control)
    answer = await control.ask("GET", WAIT, after=0, contains="code")
    assert answer["items"][0]["codes"] == ["0424"]
    assert answer["next_seq"] == answer["items"][0]["seq"]
    sid = answer["items"][0]["id"]
    missed = await control.ask("GET", WAIT, after="now", timeout=0, status=408)
    assert (missed["items"], missed["others"]) == ([], [])
    missed = await control.ask("GET", WAIT, after=0, contains="pizza", timeout=0, status=408)
    assert [each["id"] for each in missed["others"]] == [sid]
    missed = await control.ask("GET", WAIT, after=0, without=sid, timeout=0, status=408)
    assert missed["message"] == "0 of 1 came, and 0 that are something else"
    assert "count" in await control.mistake("GET", WAIT, after=0, count=0)
    assert "after" in await control.mistake("GET", WAIT)


async def test_the_journal_hides_codes(control: Control) -> None:
    write(control)
    entries = (await control.ask("GET", "/journal"))["entries"]
    (received,) = [each for each in entries if each.get("event") == "MailReceived"]
    assert "0424" not in str(received)
    assert "{{code}}" in received["fields"]["mail"]["written_subject"]
