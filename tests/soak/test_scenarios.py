"""Shipped scenarios, changed at random: what is wrong is said in a line with its place, and what is
not is played to an end, in bounded time and without a fault of ours."""

import asyncio
import re
import time
from collections.abc import Iterator
from random import Random

import pytest

from tests.soak.budget import goes_on
from tests.soak.conftest import Complaints
from tests.soak.controller import EDGES
from tests.soak.values import NAUGHTY, ODD_DURATIONS
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.soak

CHECKED = 4_000
PLAYED = 600
SECONDS = 20  # of the machine, for one that is played; of the processor, for one that is checked
LINE = 1_000

ODD = (
    *EDGES,
    *ODD_DURATIONS,
    *NAUGHTY,
    *("/(a+)+$/", "/(/", "/(?=a)/", "/a/i", "/${Ann}/", "${Ann}", "${Ann.x.y}", "${", "$${", "${}"),
    *("1e999", "-1e999", "1e400", ".inf", ".nan", "0x1F", "1_000", "~", "9" * 300, "-0", "1.5"),
    *("{is: 1}", "{contains: [1]}", "{count: a}", "{at least: x}", "{at most: [1]}", "{not: }"),
    *("{in any order: 5}", "{any order: {}}", "{count: 99999999999}", "[]", "{}", "[[]]", "[{}]"),
    *('"\\ud800"', '"\\U0010ffff"', '"\\x00"', "'a''b'", "|", ">", "- -", "? a", "*a", "&a b"),
    *("99999 weeks", "0 seconds", "1 ms", "-5 minutes", "31 years", "999999999 days"),
)
STEPS = (
    "- Ann texts: {}",
    "- Ann gets: {}",
    "- Ann gets nothing\n    within: {}",
    "- wait: {}",
    "- wait until: {}",
    "- make up: {{conversations: {}, messages: 2}}",
    "- app answers: {}",
    "- app receives: {}",
    "- fault: {{do: {}}}",
    "- PATCH /carrier: {}",
    "- GET /messages?limit={}:",
    "- POST /clock: {}",
    "- messages.create: {{to: Ann, from: number, body: {}}}",
    "- conversations.create: {{attributes: {}}}\n    as: made",
    "- Ann gets: x\n    count: {}",
    "- play: {}",
    "- at the same time: [[{}], []]",
    "- Ann's phone has: {}",
    "- carrier reports: {}",
)


def changed(text: str, dice: Random) -> str:
    """A scenario with some things in it changed."""
    lines = text.split("\n")
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        at = dice.randrange(len(lines))
        line, odd = lines[at], dice.choice(ODD)
        match dice.randrange(9):
            case 0 | 1 | 2:
                lines[at] = re.sub(r": .*", lambda _, odd=odd: f": {odd}", line, count=1)
            case 3:
                words = line.split(" ")
                words[dice.randrange(len(words))] = odd
                lines[at] = " ".join(words)
            case 4:
                lines.insert(at, lines[dice.randrange(len(lines))])
            case 5:
                del lines[at]
                lines = lines or [""]
            case 6:
                cut = dice.randrange(len(line) + 1)
                lines[at] = line[:cut] + dice.choice((":", "[", "{", '"', "'", "#", "\t", "-", "}"))
            case 7:
                cut = dice.randrange(len(line) + 1)
                lines[at] = line[:cut] + odd + line[cut:]
            case _:
                lines.append("  " + dice.choice(STEPS).format(odd))
    return "\n".join(lines)


def texts(dice: Random) -> Iterator[str]:
    shipped = sorted(library.find("opt-out").parent.glob("*.scenario.yaml"))
    assert len(shipped) > 8
    while True:
        yield changed(dice.choice(shipped).read_text(), dice)


def read(text: str) -> Scenario | None:
    """The scenario; None when it is none, with all that is wrong in a line each.

    Raises:
        AssertionError: it is said otherwise, or takes too long.
    """
    begun = time.process_time()
    try:
        scenario = library.load_text(text, "file")
    except Faulty as faulty:
        for problem in map(str, faulty.problems):
            assert re.match(r"file:[1-9][0-9]*:[1-9][0-9]*: expected ", problem), problem
            assert "\n" not in problem, problem
            assert len(problem) < LINE, problem
        scenario = None
    assert time.process_time() - begun < SECONDS
    return scenario


def test_files_are_read_or_said_to_be_wrong(seed: int) -> None:
    dice = Random(f"{seed} scenario files")
    wrong: list[bool] = []
    for text in texts(dice):
        wrong.append(read(text) is None)
        if len(wrong) == CHECKED or not goes_on(len(wrong), CHECKED // 10):
            break
    assert len(wrong) // 4 < sum(wrong) < len(wrong)


def test_what_can_be_read_can_be_played(
    loop: asyncio.AbstractEventLoop, seed: int, complaints: Complaints
) -> None:
    dice = Random(f"{seed} scenarios played")
    server = Server(Settings(clock="frozen", seed=seed), lambda: b"")
    played = 0
    for text in texts(dice):
        scenario = read(text)
        if scenario is None or re.search(r"(?m)^(clock: *now|patience)", text):
            continue

        async def play(scenario: Scenario = scenario) -> None:
            async with asyncio.timeout(SECONDS):
                report = await library.play(scenario, LocalStage(server, server.worlds))
                assert report.held or report.failure is not None
                for hosted in list(server.worlds):
                    if hosted is not server.worlds.default:
                        await server.worlds.close(hosted)

        try:
            loop.run_until_complete(play())
        except Exception as error:
            raise AssertionError(text) from error
        assert complaints.taken() == [], text
        played += 1
        if played == PLAYED or not goes_on(played, PLAYED // 10):
            break
    loop.run_until_complete(server.end())
