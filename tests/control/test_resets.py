"""Accounts put back to their start, and marks."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.control.asking import ANN, Control
from tests.control.lived_in import lived_in
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.runtime.accounts import Hosted
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


async def test_what_a_restart_has_kept_has_no_start(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state")
    first = Server(settings, lambda: b"")
    await first.end()
    server = Server(settings, lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        control = Control(server, client)
        control.text("hello")
        sid = control.default.world.account_sid
        expected = f"what {sid} was at its start is not known: a restart has kept it"
        assert await control.mistake("POST", "/reset", status=409) == expected
        other = await control.ask("POST", "/accounts", status=201)
        assert await control.mistake("POST", "/reset", {"all": True}, status=409) == expected
        await control.ask("POST", "/reset", account=other["account_sid"])
        await server.end()


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


async def test_a_subaccount_is_reset_with_its_account(control: Control) -> None:
    account = control.default.world.account_sid
    made = control.default.gate.perform_now(AddSubaccount(account=account))
    said = await control.mistake("POST", "/reset", account=made.sid)
    assert said.startswith(f"query account: expected an account, as {account}")
