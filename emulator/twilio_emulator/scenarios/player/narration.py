"""A scenario told while it is played: who said what to whom, and when."""

from collections.abc import Callable
from datetime import datetime

from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.scenarios.player.report import Line, Report

Write = Callable[[str], None]
Paint = Callable[[str, str], str]
"""From a text and a colour to the text in that colour; `dim` and `bold` are colours too."""

MARKS = {"→": "cyan", "←": "green", "·": "dim"}
NAMES_AT_MOST = 16


def plain_paint(text: str, colour: str) -> str:
    """No colours: for files, pipes and logs."""
    return text


class Narration:
    """Tells a scenario line by line.

    Args:
        write: takes a line.
        paint: colours a text; leave it out where there are no colours.
    """

    def __init__(self, write: Write, paint: Paint = plain_paint) -> None:
        self._write = write
        self._paint = paint
        self._day: datetime | None = None
        self._width = 0

    def begin(self, scenario: Scenario) -> None:
        """Say what it is about."""
        self._day = None
        self._width = min(max(map(len, scenario.people), default=0), NAMES_AT_MOST)
        self._write(self._paint(scenario.title, "bold"))

    def tell(self, line: Line) -> None:
        """Say what happened, under a new day's date when there is one."""
        if self._day is not None and line.at.date() != self._day.date():
            self._write(self._paint(f"  {line.at:%A, %d %B %Y}", "bold"))
        self._day = line.at
        colour = MARKS.get(line.mark, "dim")
        shown = [
            self._paint(f"  {line.at:%H:%M:%S}", "dim"),
            f"{line.who:{self._width}}",
            self._paint(line.mark, colour),
            " ".join(line.what.split("\n")),
        ]
        if line.detail:
            shown.append(self._paint(f" {line.detail}", "dim"))
        self._write(" ".join(shown).rstrip())

    def end(self, report: Report) -> None:
        """Say whether everything held, or what did not."""
        steps = f"{report.steps} step{'' if report.steps == 1 else 's'}"
        if report.failure is None:
            took = self._paint(f"{steps} in {report.seconds:.2f} s", "dim")
            self._write(f"  {self._paint('held', 'green')} {took}")
            return
        for number, shown in enumerate(report.failure.lines()):
            self._write(self._paint(shown, "red") if number == 0 else shown)
