"""Scenarios in an account whose clock runs, as in the default account of `serve`."""

import asyncio
import itertools

import pytest

from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.scenarios.player.stage import STORY_BEGINS
from twilio_emulator.server.app import Server


@pytest.mark.parametrize("per_look", [0.001, 0.05, 1])
def test_a_timer_that_is_overdue_is_performed_and_not_waited_for(
    server: Server, per_look: float
) -> None:
    """On a busy machine the clock passes a timer before anybody could be there."""
    hosted = server.worlds.default
    seconds = itertools.count(step=per_look)
    hosted.world.clock = Clock(lambda: next(seconds), STORY_BEGINS)
    hosted.world.now = STORY_BEGINS
    stage = LocalStage(server, server.worlds, hosted)

    report = asyncio.run(library.play(library.load("support-desk"), stage))

    assert report.held, report.failure
