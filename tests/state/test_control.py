"""Snapshots, recordings and the state file as people use them: by the control API and commands."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from twilio_emulator.cli.commands import main
from twilio_emulator.core.accounts.accounts import Accounts, ApiKeys
from twilio_emulator.core.conversations.resources import Conversations
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.texts.media import TextMedia
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.scenarios.player.stage import ScenarioSetup
from twilio_emulator.server.app import Server
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

ANN = "/handsets/+12025550199"


async def texted(stage: LocalStage, body: str) -> None:
    answer = await stage.control("POST", f"{ANN}/messages", {"to": "+12025550100", "body": body})
    assert answer.status == 201


async def bodies(stage: LocalStage) -> list[str]:
    return [item["body"] for item in await stage.inbox("+12025550199", 0)]


def test_a_world_is_saved_and_put_back() -> None:
    async def run() -> None:
        server = Server(Settings(), lambda: b"")
        stage = LocalStage(server, server.worlds)
        await stage.open(ScenarioSetup(title="x"))
        began = await stage.now()
        await texted(stage, "One")
        saved = await stage.control("GET", "/snapshot")
        await texted(stage, "Two")
        await stage.control("POST", "/clock", {"advance": 3600})

        back = await stage.control("PUT", "/snapshot", saved.body)

        assert back.body == {"now": "2026-01-05T09:00:00.000Z"}
        assert await bodies(stage) == ["One"]
        assert await stage.now() == began
        await texted(stage, "Three")
        assert await bodies(stage) == ["One", "Three"]
        wrong = await stage.control("PUT", "/snapshot", {"account_sid": "AC1"})
        assert (wrong.status, wrong.body["message"][:21]) == (400, "Expected a snapshot o")
        await server.end()

    asyncio.run(run())


def test_secrets_from_outside_are_not_in_a_snapshot_and_stay() -> None:
    async def run() -> None:
        settings = Settings(auth_token="a token", api_secret="a secret")
        server = Server(settings, lambda: b"")
        account_sid = settings.account_sid
        stage = LocalStage(server, server.worlds, server.worlds.default)
        await stage.open(ScenarioSetup(title="x"))
        saved = await stage.control("GET", "/snapshot")
        shown = json.dumps(saved.body)
        assert "a token" not in shown
        assert "a secret" not in shown
        assert saved.body["tables"]["accounts"][0]["auth_token"] == "(not shown)"

        back = await stage.control("PUT", "/snapshot", saved.body)

        assert back.status == 200
        world = server.worlds.default.world
        assert world[Accounts][account_sid].auth_token == "a token"
        assert world[ApiKeys][settings.api_key].secret == "a secret"
        saved.body["tables"]["accounts"][0]["sid"] = "AC1"
        wrong = await stage.control("PUT", "/snapshot", saved.body)
        assert (wrong.status, wrong.body["message"]) == (
            400,
            "body: tables.accounts: AC1 has no auth_token here that it could keep",
        )
        await server.end()

    asyncio.run(run())


@pytest.mark.parametrize("tables", [None, [], {"accounts": 1}, {"accounts": [1]}])
def test_what_has_no_rows_is_no_snapshot(tables: object) -> None:
    async def run() -> None:
        server = Server(Settings(), lambda: b"")
        stage = LocalStage(server, server.worlds, server.worlds.default)
        await stage.open(ScenarioSetup(title="x"))
        saved = await stage.control("GET", "/snapshot")
        wrong = await stage.control("PUT", "/snapshot", {**saved.body, "tables": tables})
        assert (wrong.status, "snapshot" in wrong.body["message"]) == (400, True)
        await server.end()

    asyncio.run(run())


def test_uploads_and_accounts_are_there_after_a_restart(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state")
    media = [{"base64": "SGVsbG8=", "content_type": "text/plain"}]

    async def before() -> str:
        server = Server(settings, lambda: b"")
        stage = LocalStage(server, server.worlds)
        account = await stage.open(ScenarioSetup(title="x"))
        said = {"to": "+12025550100", "media": media}
        await stage.control("POST", f"{ANN}/messages", said)
        await server.end()
        return account.account_sid

    async def after(account_sid: str) -> Any:
        server = Server(settings, lambda: b"")
        hosted = server.worlds.of(account_sid)
        assert hosted is not None
        stage = LocalStage(server, server.worlds, hosted)
        await stage.open(ScenarioSetup(title="x"))
        (item,) = await stage.inbox("+12025550199", 0)
        (file,) = item["media"]
        digest = hosted.world[TextMedia][file["sid"]].digest
        assert digest is not None
        kept = server.files.read(digest)
        await server.end()
        return kept

    assert asyncio.run(after(asyncio.run(before()))) == b"Hello"


def test_a_scenario_of_the_start_plays_into_a_new_state_only(tmp_path: Path) -> None:
    settings = Settings(state=tmp_path / "state", scenarios=("support-desk",))

    async def started() -> int:
        server = Server(settings, lambda: b"")
        await server.stories.begin()
        held = len(server.worlds.default.world[Conversations])
        await server.end()
        return held

    assert [asyncio.run(started()) for _ in range(2)] == [1, 1]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    with Serving(Settings(port=0, authority=tmp_path, scenarios=("opt-out",)), {}) as serving:
        yield serving


def test_what_happened_is_recorded_by_a_command(serving: Serving, tmp_path: Path) -> None:
    run = CliRunner().invoke
    file = tmp_path / "story.scenario.yaml"
    shown = run(main, ["record", "--url", serving.local_url])
    written = run(main, ["record", "--url", serving.local_url, "-o", str(file)])

    assert (written.exit_code, written.output) == (0, "")
    assert shown.output.replace("scenario: Recorded", "scenario: story") == file.read_text()
    assert library.check(file) == []
    played = run(main, ["play", str(file)])
    assert played.exit_code == 0, played.output


def test_what_cannot_be_recorded(serving: Serving, tmp_path: Path) -> None:
    run = CliRunner().invoke
    nowhere = ["record", "--url", serving.local_url, "-o", str(tmp_path / "none" / "x.yaml")]
    answer = run(main, nowhere)
    assert (answer.exit_code, answer.output.endswith("No such file or directory\n")) == (1, True)
    other = run(main, ["record", "--url", serving.local_url, "--account", "AC1"])
    assert "there is no account AC1" in other.output
    gate = serving.server.worlds.default.gate
    gate.perform_now(RestoreWorld(snapshot=gate.world.snapshot()))
    forgotten = run(main, ["record", "--url", serving.local_url])
    assert "does not go back to its beginning" in forgotten.output


def test_a_state_file_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "state"
    file.write_text("hello\n")
    answer = CliRunner().invoke(main, ["serve", "--port", "0", "--state", str(file)])
    assert answer.exit_code == 2
    assert answer.output.startswith("Error: state: expected a state file; line 1 cannot be read")
    assert answer.output.count("\n") == 1
