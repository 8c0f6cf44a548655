"""Advice for a file that is not YAML, by the places that the parser points at.

A parser's words change from one version to the next, and differ between PyYAML's two parsers. What
it points at does not: where it stopped, and where what it was reading began.
"""

import re

import yaml

_QUOTES = "expected quotes around a text that "
_KEY = "expected a key at the same indentation as the keys above it"
_STEP = 'expected "- " at the same indentation as the steps above it'


def advice(error: yaml.MarkedYAMLError, text: str) -> str:
    """What was expected where the parser stopped, in words for people who know no parsers."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return "expected YAML"
    if re.match(r" *\t", _line(text, mark.index)):
        return "expected spaces, not a tab, before the first word of a line"
    stopped = text[mark.index : mark.index + 2]
    begun = error.context_mark
    if begun is None or begun.index == mark.index:
        began = ""
    else:
        began = text[begun.index : begun.index + 2]
    if isinstance(error, yaml.scanner.ScannerError):
        return _word(stopped, began, text[: mark.index][-1:])
    return _part(stopped, began, is_inside=begun is not None)


def too_deep(text: str, deepest: int, index: int) -> tuple[int, int] | None:
    """Line and column of the bracket that goes too deep, if one does before a place.

    Brackets inside quotes are counted too: ask only about a text that is wrong.
    """
    opened: list[int] = []
    for found in re.finditer(r"[\[\]{}]", text[:index]):
        if found[0] in "[{":
            opened.append(found.start())
        elif opened:
            opened.pop()
    if len(opened) <= deepest:
        return None
    before = text[: opened[deepest]]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _line(text: str, index: int) -> str:
    start = text.rfind("\n", 0, index) + 1
    return text[start:].split("\n", 1)[0]


def _word(stopped: str, began: str, before: str) -> str:
    """For a word that could not be read."""
    first = began[:1]
    if first and first in "\"'":
        if "\\" in (before, stopped[:1]):  # one parser points at it, the other behind it
            return "expected a single quote, or two backslashes for one"
        if stopped[:1] in ("", "-", "."):
            return "expected the closing quote of the text"
    elif first and first in "*&!%|>":
        return f"{_QUOTES}begins with {first}"
    if first:
        return "expected a colon after the key"
    if stopped[:1] == ":":
        return f'{_QUOTES}has ": " in it, or a line that is indented like its neighbours'
    if re.fullmatch(r"-\s?", stopped):
        return _STEP
    return f"{_QUOTES}begins with such a character"


def _part(stopped: str, began: str, *, is_inside: bool) -> str:
    """For a word that does not go on what it stands in."""
    if not is_inside:
        return _STEP if re.fullmatch(r"-\s?", stopped) else _KEY
    if not began:
        return f"{_QUOTES}begins with such a character"
    if began[0] == "[":
        return 'expected "," or "]"'
    if began[0] == "{":
        return 'expected "," or "}"'
    return _STEP if re.fullmatch(r"-\s?", began) else _KEY
