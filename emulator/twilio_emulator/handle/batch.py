"""Scenarios played for their reports, each in a fresh account, without an emulator to be served.

Where there is one, its URL says so; else an emulator in this process, which nobody else sees.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import NoReturn

from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.play.remote import RemoteStage
from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.scenarios.player.report import Narrator, Report
from twilio_emulator.scenarios.player.stage import Stage
from twilio_emulator.server.access_log import Logged
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings


async def rehearse(
    scenarios: Sequence[Scenario],
    url: str | None = None,
    narrator: Narrator | None = None,
    speed: float | None = None,
    *,
    access_log: bool = False,
) -> list[Report]:
    """Play scenarios, one after another.

    Args:
        url: of the emulator to play on.
        narrator: told what happens while it happens.
        speed: how many times as fast as life, for people who watch.
        access_log: log every request that an emulator in this process gets, a line each.

    Raises:
        Unfulfilled: there is no emulator at that URL.
    """
    reports = []
    async with AsyncExitStack() as over:
        server: Server | None = None
        if url is None:
            server = Server(Settings(), _no_certificate)
            over.push_async_callback(server.end)
        for scenario in scenarios:
            stage: Stage
            if server is None:
                assert url is not None
                stage = await over.enter_async_context(RemoteStage(url))
            else:
                app = Logged(server, server.answer_now) if access_log else server
                stage = LocalStage(app, server.worlds)
            reports.append(await library.play(scenario, stage, narrator, speed))
    return reports


def _no_certificate() -> NoReturn:
    raise LookupError("nothing is served, so nothing needs to be trusted")
