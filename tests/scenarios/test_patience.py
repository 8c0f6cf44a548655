"""An app outside of the story takes the machine's time, not the story's."""

import asyncio
import socket
from pathlib import Path

import pytest

from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.play.remote import RemoteStage
from twilio_emulator.scenarios.player.report import Report, Unfulfilled
from twilio_emulator.scenarios.player.stage import ScenarioAccount, ScenarioSetup
from twilio_emulator.server.app import Server
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

STORY = """\
scenario: An app that answers when it likes
patience: {patience}
people: {{Ann: +12025550199}}
story:
  - Ann texts: Hello
  - Ann gets: Hello yourself
"""


class App:
    """Sends a text a little later, whatever the story does meanwhile."""

    def __init__(self, stage: RemoteStage) -> None:
        self._stage = stage
        self._open = stage.open
        stage.open = self.open  # type: ignore[method-assign]

    async def open(self, opening: ScenarioSetup) -> ScenarioAccount:
        account = await self._open(opening)
        self._task = asyncio.ensure_future(self._answer(account))
        return account

    async def _answer(self, account: ScenarioAccount) -> None:
        texts = f"/2010-04-01/Accounts/{account.account_sid}/Messages.json"
        given = [("From", "+12025550100"), ("To", "+12025550199"), ("Body", "Hello yourself")]
        while True:
            answer = await self._stage.rest("GET", "api.twilio.com", texts, [], loud=False)
            if answer.body["messages"]:
                break
            await asyncio.sleep(0)
        await self._stage.rest("POST", "api.twilio.com", texts, given, loud=False)


async def played(stage: RemoteStage, patience: str) -> Report:
    App(stage)
    return await library.play(library.load_text(STORY.format(patience=patience)), stage)


def test_an_expectation_waits_for_the_app(server: Server) -> None:
    report = asyncio.run(played(LocalStage(server, server.worlds), "30 seconds"))
    assert report.held, report.failure


def test_and_over_http(tmp_path: Path) -> None:
    async def play(url: str) -> Report:
        async with RemoteStage(url) as stage:
            return await played(stage, "30 seconds")

    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        report = asyncio.run(play(serving.local_url))
    assert report.held, report.failure


def test_patience_ends(server: Server) -> None:
    scenario = library.load_text(
        "scenario: x\npatience: 10 ms\npeople: {Ann: +12025550199}\n"
        "story:\n  - Ann gets nothing\n  - Ann gets: Hello\n"
    )
    report = asyncio.run(library.play(scenario, LocalStage(server, server.worlds)))
    assert not report.held


def test_an_emulator_that_is_not_there() -> None:
    async def play(url: str) -> Report:
        async with RemoteStage(url) as stage:
            return await library.play(library.load("support-desk"), stage)

    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(Unfulfilled, match=f"an emulator at {url}"):
            asyncio.run(play(url))
