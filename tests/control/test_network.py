"""Receipts by hand, the carrier, and faults."""

from typing import Any

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from twilio_emulator.core.texts.text import Texts

pytestmark = pytest.mark.anyio


async def statuses(control: Control) -> list[str]:
    await control.ask("POST", "/clock", {"advance": 10})
    return [text.status for text in control.default.world[Texts]]


async def test_receipts_are_held_and_given_one_by_one(control: Control) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {"receipts": "hold"})
    sids = [control.text("one"), control.text("two"), control.text("three")]
    assert await statuses(control) == ["sent"] * 3
    given = await control.ask("POST", f"/messages/{sids[0]}/receipt", {"status": "delivered"})
    assert (given["message_sid"], given["status"]) == (sids[0], "delivered")
    failed = await control.ask(
        "POST", f"/messages/{sids[1]}/receipt", {"status": "undelivered", "error_code": 30003}
    )
    assert (failed["status"], failed["error_code"]) == ("undelivered", 30003)
    later = {"status": "delivered", "after_ms": 500}
    await control.ask("POST", f"/messages/{sids[2]}/receipt", later)
    assert control.default.world[Texts][sids[2]].status == "sent"
    assert await statuses(control) == ["delivered", "undelivered", "delivered"]


async def test_held_receipts_are_released_together(control: Control) -> None:
    for handset in (ANN, BOB):
        await control.ask("PUT", f"/handsets/{handset}", {"receipts": "hold"})
        control.text("hello", to=handset)
    assert await statuses(control) == ["sent", "sent"]
    released = await control.ask(
        "POST", "/receipts/release", {"match": {"to": ANN, "from": NUMBER}, "as": "delivered"}
    )
    assert [each["to"] for each in released["messages"]] == [ANN]
    assert await statuses(control) == ["delivered", "sent"]
    await control.ask("POST", "/receipts/release", {"as": "undelivered", "error_code": 30005})
    assert await statuses(control) == ["delivered", "undelivered"]


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("/messages/SM1/receipt", {"status": "delivered"}, 404, "There is no message SM1"),
        ("/messages/SM1/receipt", {}, 400, "missing required field status"),
        ("/receipts/release", {"match": {"colour": 1}}, 400, "unknown field colour"),
        ("/receipts/release", {"to": "delivered"}, 400, "body: Object contains unknown field to"),
    ],
)
async def test_what_is_wrong_with_a_receipt(
    control: Control, path: str, body: Any, status: int, message: str
) -> None:
    assert message in await control.mistake("POST", path, body, status=status)


async def test_the_carrier_is_changed(control: Control) -> None:
    assert (await control.ask("GET", "/carrier"))["profile"] == "ideal"
    changed = await control.ask("PATCH", "/carrier", {"profile": "no-dlr", "filters": ["spam"]})
    assert (changed["profile"], changed["filters"]) == ("no-dlr", ["spam"])
    assert await control.ask("GET", "/carrier") == changed
    assert "profile is one of" in await control.mistake("PATCH", "/carrier", {"profile": "x"})


async def test_rules_of_addresses(control: Control) -> None:
    fresh = {"own_addresses_only": False, "group_mms": True}
    assert await control.ask("GET", "/address-rules") == fresh
    changed = await control.ask("PATCH", "/address-rules", {"own_addresses_only": True})
    assert changed == {**fresh, "own_addresses_only": True}
    assert await control.ask("GET", "/address-rules") == changed
    await control.mistake("PATCH", "/address-rules", {"own_addresses_only": "maybe"})


async def test_faults_are_made_listed_and_removed(control: Control) -> None:
    rule = await control.ask(
        "POST",
        "/faults",
        {
            "match": {"to": "+1202*", "from": NUMBER},
            "do": {"final": {"status": "undelivered", "error_code": 30003}},
            "times": 1,
        },
        status=201,
    )
    assert rule["match"] == {"to": "+1202*", "from": NUMBER}
    assert rule["do"] == {"final": {"status": "undelivered", "error_code": 30003}}
    other = await control.ask("POST", "/faults", {"do": {"hold": True}}, status=201)
    assert other["match"] == {}
    assert (await control.ask("GET", "/faults"))["faults"] == [rule, other]
    await control.ask("DELETE", f"/faults/{other['id']}", status=204)
    control.text("one")
    control.text("two")
    assert await statuses(control) == ["undelivered", "delivered"]
    assert (await control.ask("GET", "/faults"))["faults"] == []
    await control.ask("POST", "/faults", {"do": {"hold": True}}, status=201)
    await control.ask("DELETE", "/faults", status=204)
    assert (await control.ask("GET", "/faults"))["faults"] == []
    await control.mistake("DELETE", "/faults/FR1", status=404)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "body: Object missing required field do"),
        ({"do": {"explode": True}}, "body do: Fault has no explode"),
        ({"do": {"hold": "yes"}}, "body do hold: Expected bool, got str"),
        ({"do": {"final": {"code": 1}}}, "body do final: Object missing required field status"),
        ({"do": {}, "times": 0}, "body times: expected 1 or more, not 0"),
        ({"do": {}, "match": {"body": "regex:("}}, "match is one of a pattern"),
    ],
)
async def test_what_is_wrong_with_a_fault(control: Control, body: Any, message: str) -> None:
    assert (await control.mistake("POST", "/faults", body)).startswith(message)
