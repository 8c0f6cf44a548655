"""The snippets of a page: its fenced blocks of code."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Snippet:
    """A block of code, the language it is marked with, and the heading it stands under."""

    language: str
    heading: str
    text: str


def snippets(page: str) -> list[Snippet]:
    """All that stand on a page, named by its path in the repository."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        (*_, heading) = re.findall(r"^#+ (.*)$", _BLOCK.sub("", text[: block.start()]), re.M)
        found.append(Snippet(block["language"], heading, block["text"]))
    return found


def snippet(page: str, heading: str, language: str, number: int = 0) -> str:
    """The text of one: of those in a language under a heading, the one with this number."""
    return [
        each.text for each in snippets(page) if (each.heading, each.language) == (heading, language)
    ][number]
