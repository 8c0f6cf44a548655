import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio

WAIT = f"/handsets/{ANN}/messages/wait"


def bodies(answer: dict[str, Any], name: str = "items") -> list[str]:
    return [item["body"] for item in answer[name]]


async def test_a_frozen_clock_comes_to_the_timers_that_make_it_hold(control: Control) -> None:
    control.text("Your code is 424242")
    answer = await control.ask("GET", WAIT, after=0, contains="code")
    assert bodies(answer) == ["Your code is 424242"]
    assert answer["next_seq"] == answer["items"][0]["seq"]


async def test_the_clock_stops_where_it_holds(control: Control) -> None:
    began = control.default.world.clock.now()
    control.text("hello")
    await control.ask("GET", WAIT, after=0)
    assert control.default.world.clock.now() - began == timedelta(milliseconds=105)


async def test_what_was_there_before_does_not_count(control: Control) -> None:
    control.text("before")
    first = await control.ask("GET", WAIT, after=0)
    answer = await control.ask("GET", WAIT, after=first["next_seq"], timeout=0, status=408)
    assert bodies(answer) == bodies(answer, "others") == []
    answer = await control.ask("GET", WAIT, after="now", timeout=0, status=408)
    assert answer["message"] == "0 of 1 came, and 0 that are something else"
    control.text("after")
    assert bodies(await control.ask("GET", WAIT, after=first["next_seq"])) == ["after"]


async def test_what_came_instead_is_told(control: Control) -> None:
    control.text("Your parcel")
    control.text("Your code is 1111")
    control.text("for Bob", to=BOB)
    answer = await control.ask(
        "GET", WAIT, after=0, contains="code", count=2, timeout=0, status=408
    )
    assert answer["status"] == 408
    assert answer["message"] == "1 of 2 came, and 1 that are something else"
    assert bodies(answer) == ["Your code is 1111"]
    assert bodies(answer, "others") == ["Your parcel"]
    assert answer["next_seq"] == control.default.world.serials


async def test_several_are_waited_for_and_no_more_are_given(control: Control) -> None:
    for number in range(3):
        control.text(f"message {number}")
    answer = await control.ask("GET", WAIT, after=0, count=2)
    assert bodies(answer) == ["message 0", "message 1"]
    rest = await control.ask("GET", WAIT, after=answer["next_seq"])
    assert bodies(rest) == ["message 2"]


async def test_what_an_earlier_wait_gave_can_be_left_out(control: Control) -> None:
    control.text("hello")
    control.text("code 1111")
    code = (await control.ask("GET", WAIT, after=0, contains="code"))["items"][0]
    answer = await control.ask("GET", WAIT, after=0, without=code["id"])
    assert bodies(answer) == ["hello"]


async def test_what_a_handset_sent_or_still_waits_for_has_not_come(control: Control) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {"network": "airplane"})
    control.text("hello")
    await control.ask("POST", "/clock", {"advance": 1})
    path = f"/handsets/{ANN}/messages"
    await control.ask("POST", path, {"to": NUMBER, "body": "hi"}, status=201)
    items = (await control.ask("GET", path))["items"]
    assert {item["state"] for item in items} == {"pending", "displayed"}
    await control.ask("POST", "/clock", {"mode": "real"})
    answer = await control.ask("GET", WAIT, after=0, timeout=0, status=408)
    assert bodies(answer) == []
    answer = await control.ask("GET", WAIT, after=0, direction="from_handset")
    assert bodies(answer) == ["hi"]


async def test_any_handset(control: Control) -> None:
    control.text("for Ann")
    control.text("for Bob", to=BOB)
    assert bodies(await control.ask("GET", "/wait", after=0, to=BOB)) == ["for Bob"]
    answer = await control.ask("GET", "/wait", after=0, count=2, **{"from": NUMBER})
    assert bodies(answer) == ["for Ann", "for Bob"]


async def waiting(control: Control, **query: Any) -> "asyncio.Task[Any]":
    """A long poll that has come to its wait."""
    task = asyncio.ensure_future(control.ask("GET", WAIT, after="now", timeout=60, **query))
    news = control.default.news
    waits = asyncio.Event()
    wait: Callable[[], Any] = news.wait

    async def wait_and_tell() -> None:
        waits.set()
        await wait()

    news.wait = wait_and_tell  # type: ignore[method-assign]
    await waits.wait()
    return task


async def test_with_nothing_due_it_waits_for_what_comes_from_outside(control: Control) -> None:
    task = await waiting(control)
    control.text("from outside")
    assert bodies(await task) == ["from outside"]


async def test_a_wait_ends_with_the_account(control: Control) -> None:
    task = await waiting(control, status=408)
    control.default.news.end()
    assert bodies(await task) == []
    await control.ask("GET", WAIT, after="now", timeout=60, status=408)


async def test_time_runs_out(control: Control) -> None:
    answer = await control.ask("GET", WAIT, after=0, timeout=0.01, status=408)
    assert bodies(answer) == []


class TestOnARunningClock:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(clock="x1000")

    async def test_the_wait_holds_when_its_time_has_come(self, control: Control) -> None:
        control.text("hello")
        assert bodies(await control.ask("GET", WAIT, after=0)) == ["hello"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "query after: expected a seq, 0 for everything, or now"),
        ({"after": "then"}, "query after: expected a seq, 0 for everything, or now, not then"),
        ({"after": "²"}, "query after: expected a seq, 0 for everything, or now, not ²"),
        ({"after": 0, "count": 0}, "query count: expected 1 or more, not 0"),
        ({"after": 0, "timeout": -1}, "query timeout: expected 0 to 600 seconds, not -1"),
        ({"after": 0, "timeout": 1e9}, "query timeout: expected 0 to 600 seconds, not 1e+09"),
        ({"after": 0, "timeout": "nan"}, "query timeout: expected 0 to 600 seconds, not nan"),
        ({"after": 0, "regex": "["}, "query regex: expected a regular expression: "),
        (
            {"after": 0, "direction": "up"},
            "query direction: expected to_handset or from_handset, not 'up'",
        ),
    ],
)
async def test_what_is_wrong_is_said(control: Control, query: dict[str, Any], message: str) -> None:
    assert (await control.mistake("GET", WAIT, **query)).startswith(message)
