"""The shipped scenarios, collected by pytest: the same commands and events as anywhere else."""

import asyncio
import json
import shutil
from collections.abc import Callable

import pytest

from tests.scenarios.test_library import NAMES, played_here, told
from twilio_emulator.play import library

NOTE = """
import json
from pathlib import Path
from twilio_emulator.play import library as playing

alone = playing.play

async def play(scenario, stage, *more):
    report = await alone(scenario, stage, *more)
    answer = await stage.control("GET", "/journal?limit=10000")
    lines = json.dumps(answer.body["entries"])
    Path(__file__).with_name(Path(scenario.file).name + ".json").write_text(lines)
    return report

def pytest_configure(config):
    playing.play = play

def pytest_unconfigure(config):
    playing.play = alone
"""


def test_they_do_the_same_when_they_are_collected(
    pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]
) -> None:
    for name in NAMES:
        shutil.copy(library.find(name), pytester.path)
    pytester.makeconftest(NOTE)
    run().assert_outcomes(passed=len(NAMES))
    for name in NAMES:
        noted = pytester.path / f"{name}{library.SUFFIX}.json"
        collected = told(json.loads(noted.read_text()))
        assert collected == asyncio.run(played_here(name))[1]
