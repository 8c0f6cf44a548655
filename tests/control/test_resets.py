"""Accounts put back to their start, and marks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.control.asking import ANN, Control
from tests.control.lived_in import lived_in
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.runtime import account_starts, state_lines
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio

SCENARIO = """\
scenario: Ann is there
people:
  Ann: +12025550199
story:
  - messages.create: {to: Ann, from: +12025550100, body: Welcome}
  - Ann gets: Welcome
"""


def comparable(hosted: Hosted) -> dict[str, Any]:
    """What an account holds, but for how many events it has told."""
    return {**hosted.world.snapshot(), "events": None, "now": None}


async def test_an_account_is_what_it_was_when_it_was_opened() -> None:
    async with lived_in() as house:
        wish = {"clock": "frozen", "now": "2026-01-05T09:00:00Z", "seed": 5}
        control = house.control
        opened = await control.ask("POST", "/accounts", wish, status=201)
        sid = opened["account_sid"]
        hosted = control.server.worlds.hosted[sid]
        before, number = comparable(hosted), hosted.gate.log.number

        first = control.text("hello", hosted=hosted)
        await control.ask("POST", "/clock", {"advance": 90000}, account=sid)
        await control.ask("POST", "/clock", {"mode": "x10"}, account=sid)
        await control.ask("PATCH", "/carrier", {"profile": "flaky"}, account=sid)
        answer = await control.ask("POST", "/reset", account=sid)

        assert answer == {"accounts": [sid]}
        assert comparable(hosted) == before
        clock = await control.ask("GET", "/clock", account=sid)
        assert (clock["mode"], clock["now"]) == ("frozen", "2026-01-05T09:00:00.000Z")
        entries = (await control.ask("GET", "/journal", account=sid))["entries"]
        assert [each.get("event") for each in entries if each["kind"] == "event"] == [
            "WorldRestored",
            "ClockMoved",
        ]
        assert entries[0]["seq"] > number
        # The same dice are thrown again; another account has not noticed.
        assert control.text("hello", hosted=hosted) == first
        assert house.hosted.world.now.isoformat() > "2026-01-05T09:00:00"


async def test_client_sdks_are_cut_off_to_come_again() -> None:
    async with lived_in() as house:
        assert len((await house.ask("GET", "/connections"))["connections"]) == 1
        await house.ask("POST", "/reset")
        shown = (await house.ask("GET", "/connections"))["connections"]
        assert {each["state"] for each in shown} <= {"closing"}


async def test_every_account_is_reset() -> None:
    async with lived_in() as house:
        answer = await house.control.ask("POST", "/reset", {"all": True})
        assert set(answer["accounts"]) == set(house.control.server.worlds.hosted)
        assert (await house.ask("GET", "/handsets"))["handsets"] == []
        assert (await house.ask("GET", "/faults"))["faults"] == []


async def test_a_running_clock_shows_what_it_would_have_shown(control: Control) -> None:
    opened = await control.ask("POST", "/accounts", {"clock": "real"}, status=201)
    sid = opened["account_sid"]
    hosted = control.server.worlds.hosted[sid]
    began = hosted.world.clock.now()
    await control.ask("POST", "/clock", {"advance": 90000}, account=sid)
    await control.ask("POST", "/clock", {"mode": "frozen"}, account=sid)
    await control.ask("POST", "/reset", account=sid)
    assert hosted.world.clock.rate == 1
    assert began <= hosted.world.clock.now() < began + timedelta(hours=20)


async def test_the_scenarios_of_the_start_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "start.scenario.yaml"
    file.write_text(SCENARIO)
    server = Server(Settings(scenarios=(str(file),)), lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        await server.stories.begin()
        control = Control(server, client)
        before = comparable(control.default)
        for _ in range(2):
            control.text("hello")
            await control.ask("DELETE", "/handsets", status=204)
            await control.ask("POST", "/reset")
            inbox = await control.ask("GET", f"/handsets/{ANN}/messages")
            assert [each["body"] for each in inbox["items"]] == ["Welcome"]
            assert comparable(control.default) == before
        await server.end()


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[Control]:
    """A server that has begun, until it ends."""
    server = Server(settings, lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        await server.stories.begin()
        yield Control(server, client)
        await server.end()


@pytest.mark.parametrize("is_copied", [False, True])
async def test_a_restart_leaves_what_an_account_was(tmp_path: Path, *, is_copied: bool) -> None:
    """Of the default one after the scenarios of the start, and of others as they were opened."""
    file = tmp_path / "start.scenario.yaml"
    file.write_text(SCENARIO)
    settings = Settings(state=tmp_path / "state", scenarios=(str(file),))
    frozen = {"clock": "frozen", "now": "2026-01-05T09:00:00Z", "seed": 5}
    async with started(settings) as control:
        sid = (await control.ask("POST", "/accounts", frozen, status=201))["account_sid"]
        other = control.server.worlds.hosted[sid]
        before = [comparable(control.default), comparable(other)]
        for hosted in (control.default, other):
            control.text("hello", hosted=hosted)
        if is_copied:
            put = await control.ask("GET", "/snapshot", account=sid)
            for _ in range(9):  # lines of many bytes, so that the file is written anew
                await control.ask("PUT", "/snapshot", put, account=sid)
            assert b'"copied"' in settings.state.read_bytes()
        await control.ask("POST", "/clock", {"advance": 90000}, account=sid)
    for _ in range(2):
        async with started(settings) as control:
            other = control.server.worlds.hosted[sid]
            control.text("once more", hosted=other)
            for query in ({}, {"account": sid}):
                await control.ask("POST", "/reset", **query)
            assert [comparable(control.default), comparable(other)] == before
            assert other.world.clock.now().isoformat() == "2026-01-05T09:00:00+00:00"
            control.text("hello")


async def test_a_clock_that_runs_has_run_while_nobody_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(state=tmp_path / "state")
    async with started(settings) as control:
        began = control.default.world.clock.now()
        fast = (await control.ask("POST", "/accounts", {"clock": "x60"}, status=201))["account_sid"]
    later = datetime.now(UTC) + timedelta(hours=5)

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Later":
            return cls.fromisoformat(later.astimezone(tz).isoformat())

    for module in (state_lines, account_starts):
        monkeypatch.setattr(module, "datetime", Later)
    async with started(settings) as control:
        await control.ask("POST", "/clock", {"advance": 90000})
        await control.ask("POST", "/reset", {"all": True})
        shown = control.default.world.clock.now()
        assert timedelta(hours=4) < shown - began < timedelta(hours=7)
        world = control.server.worlds.hosted[fast].world
        assert world.clock.rate == 60
        assert world.clock.now() - began < timedelta(hours=4)


async def test_pictures_of_the_start_are_there_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "start.scenario.yaml"
    file.write_text(SCENARIO)
    settings = Settings(state=tmp_path / "state", scenarios=(str(file),))
    server = Server(settings, lambda: b"")
    digest = server.files.keep(b"a picture")
    await server.stories.begin()
    start = server.worlds.default.start
    assert start is not None
    state = server.state
    assert state is not None
    state.starts(server.worlds.default.world.account_sid, replace(start, files=(digest,)))
    await server.end()
    async with started(settings) as control:
        assert control.server.files.has(digest)


async def test_a_state_file_that_does_not_say_what_an_account_was(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state")
    async with started(settings) as control:
        control.text("hello")
    lines = settings.state.read_bytes().splitlines(keepends=True)
    settings.state.write_bytes(b"".join(line for line in lines if b'{"started"' not in line))
    async with started(settings) as control:
        sid = control.default.world.account_sid
        expected = f"what {sid} was at its start is not known: its state file does not say it"
        assert await control.mistake("POST", "/reset", status=409) == expected
        other = await control.ask("POST", "/accounts", status=201)
        assert await control.mistake("POST", "/reset", {"all": True}, status=409) == expected
        await control.ask("POST", "/reset", account=other["account_sid"])


async def test_a_mark_is_where_the_new_begins(control: Control) -> None:
    control.text("before")
    await control.ask("POST", "/clock", {"advance": 5})
    mark = await control.ask("GET", "/mark")
    assert mark["seq"] == control.default.gate.log.number
    control.text("after")
    await control.ask("POST", "/clock", {"advance": 5})
    inbox = await control.ask("GET", f"/handsets/{ANN}/messages", since=mark["message"])
    assert [each["body"] for each in inbox["items"]] == ["after"]
    journal = await control.ask("GET", "/journal", after=mark["seq"])
    assert journal["entries"][0]["kind"] == "command"


@pytest.mark.parametrize("address", ["x y", "ann", "12025550199", "US", "US.a b", "*"])
async def test_what_is_no_address_of_a_phone(control: Control, address: str) -> None:
    message = await control.mistake("PUT", f"/handsets/{address}", {})
    assert message == (
        "the address of a phone is one of E.164 numbers such as +12025550199, and WhatsApp's own "
        f"ids of users, not {address!r}"
    )
    assert (await control.ask("GET", "/handsets"))["handsets"] == []


async def test_whatsapps_own_id_of_a_user(control: Control) -> None:
    shown = await control.ask("PUT", "/handsets/US.13491208655302741918", {})
    assert shown["address"] == "US.13491208655302741918"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/reset", {}),
        ("GET", "/env", None),
        ("POST", "/scenarios", {"scenario": "x", "story": []}),
        ("PUT", "/snapshot", {}),
    ],
)
async def test_what_is_done_to_a_whole_account_is_not_done_to_a_subaccount(
    control: Control, method: str, path: str, body: object
) -> None:
    """A number, a key and a clock are those of the account that it is a part of."""
    account = control.default.world.account_sid
    made = control.default.gate.perform_now(AddSubaccount(account=account))
    said = await control.mistake(method, path, body, account=made.sid)
    assert said == (
        f"query account: expected an account, as {account}, of which {made.sid} is a subaccount"
    )
