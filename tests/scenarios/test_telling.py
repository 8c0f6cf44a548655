"""What people and CI servers see of a scenario: lines on a terminal, JUnit XML, JSON."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from twilio_emulator.cli.commands import main
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.scenarios.player import player
from twilio_emulator.scenarios.player.journal_lines import journal_line
from twilio_emulator.scenarios.player.junit import junit
from twilio_emulator.scenarios.player.narration import Narration
from twilio_emulator.scenarios.player.report import Line, Report
from twilio_emulator.server.app import Server

Story = Callable[..., Report]

HELD = "scenario: Held\npeople: {Ann: +12025550199}\nstory:\n  - Ann texts: Hello\n"
FAILED = 'scenario: Failed\npeople: {Ann: +12025550199}\nstory:\n  - Ann gets: "\\u0007"\n'


def told(report: Report, paint: Callable[[str, str], str] | None = None) -> list[str]:
    """A report as it was narrated."""
    lines: list[str] = []
    narration = Narration(lines.append, paint) if paint else Narration(lines.append)
    narration.begin(report.scenario)
    for line in report.lines:
        narration.tell(line)
    narration.end(report)
    return lines


def test_a_story_line_by_line(play: Story) -> None:
    report = play(HELD)
    report.seconds = 0.5
    assert told(report) == [
        "Held",
        "  09:00:00 Ann → Hello  to +12025550100",
        "  held 1 step in 0.50 s",
    ]


def test_a_new_day_has_its_date(play: Story) -> None:
    report = play(HELD)
    (line,) = report.lines
    report.lines.append(Line(line.at + timedelta(days=1), "Ann", "?", "one\ntwo"))
    assert told(report)[2:4] == ["  Tuesday, 06 January 2026", "  09:00:00 Ann ? one two"]


def test_colours_where_there_are_some(play: Story) -> None:
    lines = told(play(HELD), lambda text, colour: f"<{colour}>{text}</>")
    assert lines[0] == "<bold>Held</>"
    assert "<cyan>→</>" in lines[1]
    failed = told(play(FAILED), lambda text, colour: f"<{colour}>")
    assert failed[1] == "<red>"


def test_junit(play: Story) -> None:
    text = junit([play(HELD), play(FAILED)])
    suite = ET.fromstring(text.partition("\n")[2])[0]

    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    held, failed = suite
    assert (held.get("name"), len(held)) == ("Held", 0)
    assert failed[0].get("message") == 'expected  "\ufffd" within 1 minute'
    assert failed[0].text is not None
    assert failed[0].text.startswith("scenario:4:5: Ann gets: \ufffd\n  expected")


def test_the_report_as_json(play: Story) -> None:
    plain = play(HELD).plain()
    assert (plain["held"], plain["failure"], plain["steps"]) == (True, None, 1)
    assert plain["lines"][0]["at"] == "2026-01-05T09:00:00.000Z"
    failed = play(FAILED).plain()
    assert failed["failure"]["place"] == "scenario:4:5"
    assert failed["failure"]["nearest"] == "nothing arrived"


def test_entries_of_the_journal_as_lines() -> None:
    entry = {"seq": 1, "at": "2026-01-05T09:00:00.110Z", "kind": "event", "event": "TextSent"}
    text = {"sid": "SM1", "body": "Hello you", "serial": 3, "deep": {"x": 1}, "none": None}
    line = journal_line({**entry, "fields": {"text": text}})
    assert line == '09:00:00.110 event TextSent sid=SM1 body="Hello you"'
    assert journal_line({**entry, "fields": {"body": "x" * 300}}).endswith("...")
    assert journal_line({**entry, "fields": {"a": 1, "b": 2}}).endswith("a=1 b=2")
    assert journal_line({**entry, "fields": {"a": {"b": 2}, "c": {"d": 3}}}).endswith(" b=2")
    assert not journal_line({**entry, "fields": {}}).endswith(" ")


def test_a_story_for_people_who_watch(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    # the player's own, not everybody's: servers of other tests sleep too
    own = SimpleNamespace(**{**vars(asyncio), "sleep": sleep})
    monkeypatch.setattr(player, "asyncio", own)
    scenario = library.load_text(f"{HELD}  - wait: 1 minute\n")
    report = asyncio.run(library.play(scenario, LocalStage(server, server.worlds), speed=10))
    assert report.held
    assert slept == [pytest.approx(0.1), pytest.approx(6)]


def test_the_clock_runs_from_now_where_the_scenario_says_so(play: Story) -> None:
    report = play(HELD.replace("story:", "clock: now\nseed: 7\ncarrier: no-dlr\nstory:"))
    assert report.lines[0].at - datetime.now(UTC) < timedelta(minutes=1)


def test_values_for_parameters_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "a.scenario.yaml"
    file.write_text(f"parameters: {{word: Hello}}\n{HELD.replace('Hello', '${word}')}")
    run = CliRunner().invoke
    assert "Ann → Bonjour" in run(main, ["play", str(file), "--set", "word=Bonjour"]).output
    wrong = run(main, ["play", str(file), "--set", "Bonjour"])
    assert (wrong.exit_code, wrong.output) == (
        2,
        "Error: --set: expected NAME=VALUE, not 'Bonjour'\n",
    )
