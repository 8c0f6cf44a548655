"""A YAML text as a tree whose every part knows its place.

The rules of this file:

- A plain scalar is what is written. `no`, `+12025550199` and `2026-01-05` stay texts; only
  `true`, `false`, `null` and numbers as JSON writes them are more than that.
- A scenario is read by people, so what YAML has for machines is refused: tags, anchors, aliases,
  several documents, and a key twice. This also bounds what a file can cost.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from twilio_emulator.scenarios.language.problems import Faulty, FilePosition, Problem
from twilio_emulator.scenarios.language.yaml_advice import advice, too_deep

LARGEST = 4 * 1024 * 1024
DEEPEST = 50
MOST_NODES = 200_000
_TOO_DEEP = f"expected at most {DEEPEST} levels of nesting"

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_NOT_IN_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number, true, false or nothing; `quoted` ones are texts whatever they say."""

    place: FilePosition
    text: str
    quoted: bool = False

    @property
    def value(self) -> bool | int | float | str | None:
        """What JSON would make of it."""
        if self.quoted:
            return self.text
        if self.text in _WORDS:
            return _WORDS[self.text]
        found = _NUMBER.fullmatch(self.text)
        if found is None or len(self.text) > 300:
            return self.text
        if not found[2] and not found[3]:
            return int(self.text)
        number = float(self.text)
        return number if math.isfinite(number) else self.text

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing after the colon."""
        return not self.quoted and self.text == ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    place: FilePosition
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file."""

    place: FilePosition
    pairs: tuple[tuple[Scalar, "Node"], ...]

    def get(self, key: str) -> "Node | None":
        """The value of a key, if it is there."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node = Scalar | Sequence | Mapping


def parse(text: str, file: str) -> Node:
    """The tree of a YAML text.

    Args:
        file: how places name it.

    Raises:
        Faulty: it is no such text; the one problem says where and what was expected.
    """
    if len(text) > LARGEST:
        raise _fault(file, 1, 1, f"expected a file of at most {LARGEST >> 20} MiB")
    bad = _NOT_IN_YAML.search(text)
    if bad is not None:
        before = text[: bad.start()]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _fault(file, line, column, "expected text without control characters")
    _refuse_comment_in_text(text, file)
    try:
        return _Tree(file, yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        raise Faulty([_problem(error, text, file)]) from None


def plain(node: Node) -> Any:
    """A tree as lists, dicts and what scalars say."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs}


class _Tree:
    """Builds nodes from the parser's events, within limits."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self._file = file
        self._events = events
        self._nodes = 0

    def document(self) -> Node:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise _fault(self._file, 1, 1, "expected a scenario; the file is empty")
        node = self._node(next(self._events), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            place = self._place(after)
            raise Faulty([Problem(place, "expected one scenario in a file, not a second document")])
        return node

    def _node(self, event: Any, depth: int) -> Node:
        place = self._place(event)
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise Faulty([Problem(place, f"expected at most {MOST_NODES:,} values in a file")])
        if depth > DEEPEST:
            raise Faulty([Problem(place, _TOO_DEEP)])
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            expected = "expected no anchors (&) and aliases (*): write it out, or include a file"
            raise Faulty([Problem(place, expected)])
        if event.tag is not None:
            raise Faulty([Problem(place, "expected no tags (!): put a text with ! in quotes")])
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(place, event.value, quoted=bool(event.style))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Sequence(place, tuple(items))
        return self._mapping(place, depth)

    def _mapping(self, place: FilePosition, depth: int) -> Mapping:
        pairs = []
        seen: dict[str, FilePosition] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise Faulty([Problem(key.place, "expected a word before the colon")])
            if key.text in seen:
                expected = f'expected "{key.text}" once; it is on line {seen[key.text].line} too'
                raise Faulty([Problem(key.place, expected)])
            seen[key.text] = key.place
            pairs.append((key, self._node(next(self._events), depth + 1)))
        return Mapping(place, tuple(pairs))

    def _place(self, event: Any) -> FilePosition:
        return FilePosition(self._file, event.start_mark.line + 1, event.start_mark.column + 1)


def _problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """The parser's complaint. It reads ahead, and so may find before us that brackets nest."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem(FilePosition(file, 1, 1), advice(error, text))
    if (deep := too_deep(text, DEEPEST, mark.index)) is not None:
        return Problem(FilePosition(file, *deep), _TOO_DEEP)
    return Problem(FilePosition(file, mark.line + 1, mark.column + 1), advice(error, text))


def _fault(file: str, line: int, column: int, expected: str) -> Faulty:
    return Faulty([Problem(FilePosition(file, line, column), expected)])


_STEP = re.compile(r"\s*- ")
_SAYS = re.compile(r" (?:texts|says|gets): +[^\s'\"\[{|>#]")
_QUOTE = re.compile("['\"]")


def _refuse_comment_in_text(text: str, file: str) -> None:
    """`Ann texts: order #42` would lose its end to a comment, without a word."""
    for number, line in enumerate(text.splitlines(), 1):
        if "#" in line and _loses_its_end(line, line.index("#")):
            expected = 'expected quotes around a text with " #" in it, or a space after the #'
            raise _fault(file, number, line.index("#") + 1, expected)


def _loses_its_end(line: str, at: int) -> bool:
    """Whether a text without quotes goes on behind the `#` that is at a place in its line."""
    if not line[:at][-1:].isspace() or not line[at + 1 :][:1].strip():
        return False
    step = _STEP.match(line)
    says = step and _SAYS.search(line, step.end(), at)
    return bool(says and not _QUOTE.search(line, 0, says.start()))
