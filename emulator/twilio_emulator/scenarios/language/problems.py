"""What is wrong with a scenario file, and where: one line for each mistake."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from twilio_emulator.core.kernel.outside import one_line

LONGEST = 600
"""Characters of what is said of a mistake; it repeats what stands there."""

MOST_PROBLEMS = 20
"""What is said of one file at most; mending these shows the others."""


@dataclass(frozen=True, slots=True, order=True)
class FilePosition:
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake: where it is and what was expected there."""

    place: FilePosition
    expected: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "expected", one_line(self.expected, LONGEST))

    def __str__(self) -> str:
        return f"{self.place}: {self.expected}"

    def plain(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "expected": self.expected,
        }


class Faulty(Exception):
    """A scenario cannot be played, since its file is wrong.

    Attributes:
        problems: at least one, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))[:MOST_PROBLEMS]
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean "texts"?)`, or what there is to choose from when nothing comes near."""
    choices = list(dict.fromkeys(known))
    folded = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(word[:LONGEST].casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{folded[close[0]]}"?'
    if not choices:
        return ""
    shown = ", ".join(choices[:12])
    return f"; there is {shown}{', ...' if len(choices) > 12 else ''}"
