from datetime import timedelta

import pytest

from tests.control.asking import ANN, Control
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio


async def test_a_clock_that_stands_still(control: Control) -> None:
    clock = await control.ask("GET", "/clock")
    assert clock["mode"] == "frozen"
    assert clock["next_due"] is None
    assert await control.ask("GET", "/clock") == clock


@pytest.mark.parametrize("advance", [90, 90.0, "PT1M30S"])
async def test_advancing_by_seconds_or_a_duration(control: Control, advance: float | str) -> None:
    before = control.default.world.clock.now()
    clock = await control.ask("POST", "/clock", {"advance": advance})
    assert control.default.world.clock.now() - before == timedelta(seconds=90)
    assert clock["now"].endswith("Z")


async def test_what_is_due_on_the_way_happens_at_its_own_time(control: Control) -> None:
    sid = control.text("hello")
    began = control.default.world.clock.now()
    assert (await control.ask("GET", "/clock"))["next_due"] is not None
    await control.ask("POST", "/clock", {"advance": "P1D"})
    text = control.default.world[Texts][sid]
    assert text.status == "delivered"
    assert text.date_updated - began < timedelta(seconds=1)
    items = (await control.ask("GET", f"/handsets/{ANN}/messages"))["items"]
    assert [item["body"] for item in items] == ["hello"]


async def test_the_clock_can_be_set_ahead_and_run_at_another_rate(control: Control) -> None:
    clock = await control.ask("POST", "/clock", {"now": "2100-01-01T00:00:00Z"})
    assert clock == {
        "mode": "frozen",
        "now": "2100-01-01T00:00:00.000Z",
        "next_due": None,
        "next_limit": None,
    }
    for mode in ("x60", "real", "frozen"):
        assert (await control.ask("POST", "/clock", {"mode": mode}))["mode"] == mode


async def test_freezing_and_advancing_in_one_call() -> None:
    server = Server(Settings(), lambda: b"")
    hosted = server.worlds.open(OpenAccount(), clock="real")
    hosted.pace.set_rate(0.0)
    before = hosted.world.clock.now()
    await hosted.pace.advance(timedelta(hours=1), settle=False)
    assert hosted.world.clock.now() - before == timedelta(hours=1)


async def test_advancing_waits_for_webhooks_unless_told_otherwise(control: Control) -> None:
    waits: list[str] = []

    async def settle() -> None:
        waits.append("settled")

    control.default.pace.settle = settle
    control.default.pace.busy = lambda: True
    control.text("hello")
    await control.ask("POST", "/clock", {"advance": 0})
    assert waits == ["settled", "settled"]
    waits.clear()
    await control.ask("POST", "/clock", {"advance": 10, "settle": False})
    assert waits == []
    control.text("hello again")
    await control.ask("POST", "/clock", {"advance": 10})
    assert len(waits) > 3


async def test_who_waits_for_a_call_learns_how_far_the_clock_was_moved(control: Control) -> None:
    passed: list[float] = []
    control.default.pace.passed = passed.append
    control.text("hello")
    await control.ask("POST", "/clock", {"advance": 10})
    assert sum(passed) == pytest.approx(10)
    assert len(passed) > 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"mode": "slow"}, "body mode: expected real, frozen or xN, such as x60, not 'slow'"),
        ({"advance": -1}, "body advance: expected seconds or an ISO 8601 duration"),
        ({"advance": "soon"}, "body advance: expected seconds or an ISO 8601 duration"),
        ({"advance": 10**10}, "body advance: expected seconds or an ISO 8601 duration"),
        ({"advance": True}, "body advance: Expected float | str | null, got bool"),
        ({"now": "1999-01-01"}, "or later, since no clock runs back"),
        ({"now": "noon"}, "body now: expected an ISO 8601 instant"),
        (
            {"now": "2100-01-01T00:00:00Z", "advance": 5},
            "body: expected now or advance, not both",
        ),
        ({"later": 5}, "body: Object contains unknown field later"),
    ],
)
async def test_what_is_wrong_is_said_and_changes_nothing(
    control: Control, body: object, message: str
) -> None:
    before = await control.ask("GET", "/clock")
    assert message in await control.mistake("POST", "/clock", body)
    assert await control.ask("GET", "/clock") == before
