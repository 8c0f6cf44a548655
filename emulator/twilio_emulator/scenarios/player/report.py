"""What became of a scenario: its steps, and what the first one that failed expected."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from twilio_emulator.scenarios.language.problems import FilePosition
from twilio_emulator.scenarios.language.scenario import Scenario


class Unfulfilled(Exception):
    """What a step expected did not happen.

    Args:
        expected: what it was.
        nearest: what came nearest to it.
    """

    def __init__(self, expected: str, nearest: str | None = None) -> None:
        self.expected = expected
        self.nearest = nearest
        super().__init__(expected)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, as a person likes to read it.

    Attributes:
        at: the story's time.
        who: who did it, or whom it happened to.
        mark: which way it went: `→` from them, `←` to them, `·` neither.
        what: the words.
        detail: where to, by which channel, ...
    """

    at: datetime
    who: str
    mark: str
    what: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FailedStep:
    """The step that failed."""

    place: FilePosition
    step: str
    expected: str
    nearest: str | None
    journal: tuple[str, ...]

    def lines(self) -> list[str]:
        """The failure as it is shown to people."""
        shown = [f"{self.place}: {self.step}", f"  expected  {self.expected}"]
        if self.nearest:
            shown.append(f"  nearest   {self.nearest}")
        if self.journal:
            shown.append("  before that")
            shown += [f"    {line}" for line in self.journal]
        return shown


@dataclass(slots=True)
class Report:
    """What became of one scenario."""

    scenario: Scenario
    account_sid: str = ""
    steps: int = 0
    lines: list[Line] = field(default_factory=list)
    failure: FailedStep | None = None
    seconds: float = 0.0

    @property
    def held(self) -> bool:
        """Whether everything that was expected happened."""
        return self.failure is None

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "scenario": self.scenario.title,
            "file": self.scenario.file,
            "held": self.held,
            "account_sid": self.account_sid,
            "steps": self.steps,
            "seconds": round(self.seconds, 3),
            "failure": self.failure
            and {
                "place": str(self.failure.place),
                "step": self.failure.step,
                "expected": self.failure.expected,
                "nearest": self.failure.nearest,
                "journal": list(self.failure.journal),
            },
            "lines": [
                {
                    "at": line.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    "who": line.who,
                    "mark": line.mark,
                    "what": line.what,
                    "detail": line.detail,
                }
                for line in self.lines
            ],
        }


class Narrator(Protocol):
    """Whom the player tells what happens while it happens."""

    def begin(self, scenario: Scenario) -> None:
        """A scenario begins."""

    def tell(self, line: Line) -> None:
        """Something happened."""

    def end(self, report: Report) -> None:
        """The scenario is over."""
