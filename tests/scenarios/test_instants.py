"""Instants that are said from where a story is, and where a story begins."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scenarios.test_library import NAMES
from twilio_emulator.core.kernel.clock import FIRST, LAST
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.scenarios.language.times import read_moment, write_moment
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.scenarios.player.stage import STORY_BEGINS
from twilio_emulator.server.app import Server
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

Play = Callable[..., Report]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("now", "2026-01-05T09:00:00Z"),
        ("in 2 hours", "2026-01-05T11:00:00Z"),
        ("in 1.5 hours", "2026-01-05T10:30:00Z"),
        ("In 250 ms", "2026-01-05T09:00:00.250Z"),
        ("3 days ago", "2026-01-02T09:00:00Z"),
        ("today 08:15", "2026-01-05T08:15:00Z"),
        ("tomorrow 09:00", "2026-01-06T09:00:00Z"),
        ("tomorrow at 9:30:15", "2026-01-06T09:30:15Z"),
        ("yesterday 23:59", "2026-01-04T23:59:00Z"),
        ("in 3 days at 10:00", "2026-01-08T10:00:00Z"),
        ("monday 09:00", "2026-01-12T09:00:00Z"),
        ("monday 09:01", "2026-01-05T09:01:00Z"),
        ("next Friday at 18:30", "2026-01-09T18:30:00Z"),
    ],
)
def test_what_is_said_from_where_the_story_is(said: str, meant: str) -> None:
    moment = read_moment(said)
    assert moment is not None
    assert write_moment(moment, STORY_BEGINS) == meant


@pytest.mark.parametrize(
    "said",
    ["", "tomorrow", "in", "in two hours", "ago", "tomorrow 25:00", "someday 09:00", "10:00"],
)
def test_what_is_no_instant(said: str) -> None:
    assert read_moment(said) is None


def test_the_calendar_ends() -> None:
    moment = read_moment("in 2 hours")
    assert moment is not None
    assert moment.seen_from(LAST) == LAST
    early = read_moment("1000 weeks ago")
    assert early is not None
    assert early.seen_from(FIRST) == FIRST
    later = read_moment("in 99999 days at 10:00")
    assert later is not None
    assert later.seen_from(LAST) == LAST


STORY = """\
    scenario: Later
    parameters: {pause: 30 minutes}
    people: {Ann: +12025550199, Alice: chat:alice}
    conversations:
      Parcel: {with: [Ann], date_created: yesterday 12:00}
    story:
      - conversations.fetch: {conversation: Parcel}
        expect: {date_created: "2026-01-04T12:00:00Z"}
      - messages.create:
          messaging_service_sid: messaging_service_sid
          to: Ann
          body: It is due ${tomorrow 09:00}.
          schedule_type: fixed
          send_at: in ${pause}
      - wait: 29 minutes
      - Ann gets nothing for: 1 second
      - wait until: today 09:30
      - Ann gets: It is due 2026-01-06T09:00:00Z.
      - POST /clock: {now: tomorrow at 08:00}
        expect: {now: "2026-01-06T08:00:00.000Z"}
"""


def test_wherever_an_instant_is_wanted(play: Play) -> None:
    report = play(STORY)
    assert report.held, report.failure and report.failure.lines()


def test_no_story_waits_for_what_is_over(play: Play) -> None:
    report = play("scenario: Late\nstory:\n  - wait until: today 08:00\n")
    assert report.failure is not None
    assert str(report.failure.place) == "scenario:3:5"
    assert report.failure.expected == "an instant that is still to come, not today 08:00"


def test_a_story_may_begin_where_the_machine_is(play: Play) -> None:
    assert play(
        "scenario: Soon\nclock: in 2 days at 07:00\nstory:\n"
        "  - GET /clock:\n    expect: {now: /T07:00:00/, mode: frozen}\n"
    ).held


@pytest.fixture
def given(server: Server) -> Callable[[str], Report]:
    """Play a text in the default account, whose clock runs."""

    def given(text: str) -> Report:
        scenario = library.load_text(text)
        stage = LocalStage(server, server.worlds, server.worlds.default)
        return asyncio.run(library.play(scenario, stage))

    return given


FROZEN = "story:\n  - GET /clock:\n    expect: {mode: frozen}\n"


def test_a_clock_stands_still_for_the_story_and_runs_on(
    server: Server, given: Callable[[str], Report]
) -> None:
    assert given(f"scenario: Still\n{FROZEN}").held
    assert server.worlds.default.world.clock.rate == 1
    assert given(f"scenario: Later\nclock: 2100-01-01T00:00:00Z\n{FROZEN}").held
    assert server.worlds.default.world.clock.now().year == 2100
    assert given("scenario: Runs\nclock: now\n" + FROZEN.replace("frozen", "real")).held


def test_no_clock_runs_back_for_a_story(given: Callable[[str], Report]) -> None:
    report = given(f"scenario: Earlier\nclock: 2020-01-01T00:00:00Z\n{FROZEN}")
    assert report.failure is not None
    assert str(report.failure.place) == "scenario:2:8"
    assert report.failure.expected == "a clock that shows 2020-01-01T00:00:00.000Z or earlier"


def test_the_default_account_is_as_the_scenario_of_the_start_wants_it(tmp_path: Path) -> None:
    file = tmp_path / "start.yaml"
    file.write_text(
        "scenario: Start\nclock: 2020-02-01T08:00:00Z\ncarrier: no-dlr\nseed: 7\n"
        "numbers: {support: +12025550122}\npeople: {Ann: +12025550199}\nstory:\n"
        "  - messages.create: {from: support, to: Ann, body: Hi}\n"
        "  - Ann gets: {body: Hi, from: support}\n"
        "  - GET /carrier:\n    expect: {profile: no-dlr}\n"
        "  - GET /clock:\n    expect: {now: /2020-02-01T08:0/, mode: frozen}\n"
    )
    with Serving(Settings(port=0, scenarios=(str(file),)), os.environ) as serving:
        (report,) = serving.reports
        world = serving.server.worlds.default.world
        assert report.held, report.failure and report.failure.lines()
        assert world.clock.rate == 1
        assert world.clock.now() < datetime(2020, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_holds_at_the_start_of_an_emulator(
    name: str, tmp_path: Path
) -> None:
    settings = Settings(port=0, scenarios=(name,), authority=tmp_path)
    with Serving(settings, {}) as serving:
        (report,) = serving.reports
        assert report.held, report.failure and report.failure.lines()


def test_a_story_that_says_no_instant_asks_for_no_time() -> None:
    scenario: Scenario = library.load("first-contact")
    assert not scenario.relative
