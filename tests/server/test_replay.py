"""The journal of a run, replayed on a fresh world, gives the same state byte for byte."""

import asyncio
import json
from pathlib import Path

import pytest

from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import replay
from twilio_emulator.core.wings import new_world, read_line
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.runtime import numbering, p256
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.scenarios.player.stage import STORY_BEGINS
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

LIBRARY = sorted(library.find("support-desk").parent.glob("*.scenario.yaml"))


async def _played(path: Path) -> Hosted:
    """The account of a story that was played through REST, the control API and real webhooks."""
    server = Server(Settings(seed=7), lambda: b"")
    report = await library.play(library.load(path), LocalStage(server, server.worlds))
    assert report.held, report.failure
    hosted = server.worlds.of(report.account_sid)
    assert hosted is not None
    await server.end()
    return hosted


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name.partition(".")[0])
def test_the_journal_of_a_run_replayed_gives_the_same_bytes(path: Path) -> None:
    hosted = asyncio.run(_played(path))
    world = hosted.world
    lines = json.loads(json.dumps([written.plain() for written in hosted.gate.journal]))

    clock = Clock(lambda: 0.0, STORY_BEGINS, rate=0)
    again = new_world(world.account_sid, world.seed, clock, numbering, signatures=p256)
    replay(again, map(read_line, lines), world.now)

    assert world.events > 10
    assert json.dumps(again.snapshot()) == json.dumps(world.snapshot())
