"""Shapes of what JSON can say: what calls are given, and what is expected of what comes back."""

import re
from dataclasses import dataclass, field
from typing import Any

from twilio_emulator.core.kernel.patterns import BadPattern
from twilio_emulator.runtime.patterns import compile_pattern
from twilio_emulator.scenarios.language import matching
from twilio_emulator.scenarios.language.problems import nearest
from twilio_emulator.scenarios.language.shapes import (
    PARAMETER,
    SCALAR,
    Reading,
    Schema,
    expected_here,
)
from twilio_emulator.scenarios.language.source import Mapping, Node, Scalar, Sequence
from twilio_emulator.scenarios.language.templates import Template
from twilio_emulator.wire.spelling import snake


@dataclass(frozen=True)
class Anything:
    """Whatever JSON can say, with `${names}` in its texts."""

    expected: str = "a value"

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Mapping):
            return {key.text: self.read(value, reading) for key, value in node.pairs}
        if isinstance(node, Sequence):
            return [self.read(item, reading) for item in node.items]
        made = reading.text(node)
        return made if isinstance(made, Template) else reading.scalar(node).value

    def schema(self) -> Schema:
        return {"description": self.expected}


_INSTANT = re.compile(r"date_\w+|\w+_at|(start|end)_date|\w+_timestamp|now")


def takes_instant(name: str) -> bool:
    """Whether a parameter is an instant, by its name: `send_at`, `date_created`."""
    return _INSTANT.fullmatch(name) is not None


@dataclass(frozen=True)
class Timed(Anything):
    """Whatever JSON can say, where parameters that are instants may be said from the story's."""

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Mapping):
            return {key.text: self.of(key.text, value, reading) for key, value in node.pairs}
        return super().read(node, reading)

    def of(self, name: str, node: Node, reading: Reading) -> Any:
        """The value of a parameter."""
        if takes_instant(snake(name)) and isinstance(node, Scalar):
            text = reading.scalar(node).text
            if text not in reading.kinds and (moment := reading.moment(text)) is not None:
                return moment
        return self.read(node, reading)


@dataclass(frozen=True)
class Pairs(Anything):
    """Keys with whatever values."""

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, Mapping):
            return expected_here(node, reading, self.expected)
        return Anything().read(node, reading)

    def schema(self) -> Schema:
        return {"type": "object", "description": self.expected}


@dataclass(frozen=True)
class Chosen:
    """One of some values, or a name that stands for one; a pattern too where these are looked
    for."""

    choices: tuple[str | int, ...]
    expected: str
    or_pattern: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        made = reading.text(node) if isinstance(node, Scalar) else None
        if made is None or isinstance(made, Template) or not isinstance(node, Scalar):
            return made if made is not None else expected_here(node, reading, self.expected)
        if self.or_pattern and made.startswith("regex:"):
            return Searched(self.expected).read(node, reading)
        value = reading.scalar(node).value
        if value not in self.choices and not (self.or_pattern and made.endswith("*")):
            hint = nearest(made, map(str, self.choices))
            reading.expect(node.place, f'expected {self.expected}, not "{made}"{hint}')
        return value

    def schema(self) -> Schema:
        shown: Schema = {"anyOf": [{"enum": list(self.choices)}, PARAMETER]}
        return {"description": self.expected} if self.or_pattern else shown


@dataclass(frozen=True)
class Between:
    """A whole number within bounds, or a name that stands for one."""

    least: int
    most: int

    def read(self, node: Node, reading: Reading) -> Any:
        made = reading.text(node) if isinstance(node, Scalar) else None
        if isinstance(made, Template):
            return made
        value = reading.scalar(node).value if isinstance(node, Scalar) else None
        if type(value) is not int or not self.least <= value <= self.most:
            expected = f"a whole number from {self.least} to {self.most}"
            return expected_here(node, reading, expected)
        return value

    def schema(self) -> Schema:
        number: Schema = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, PARAMETER]}


@dataclass(frozen=True)
class Searched(Anything):
    """A text that something has to be; `regex:` before an expression that it has to hold."""

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, Scalar):
            return expected_here(node, reading, self.expected)
        made = reading.text(node)
        if isinstance(made, str) and made.startswith("regex:"):
            try:
                compile_pattern(made.removeprefix("regex:"))
            except BadPattern as error:
                reading.expect(node.place, f"expected a regular expression: {error}")
        return made


def _compares(node: Node, reading: Reading) -> bool:
    """Whether this is a number, or a name that may stand for one."""
    if not isinstance(node, Scalar):
        return False
    made = reading.scalar(node)
    value = made.value
    return "${" in made.text or (isinstance(value, int | float) and not isinstance(value, bool))


@dataclass(frozen=True)
class Expected(Anything):
    """Whatever `matching` understands.

    Attributes:
        keys: those that there are to expect something of, when these are known.
        values: what those of some keys can be.
    """

    expected: str = "a text, a /pattern/, or keys with what is expected of them"
    keys: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Scalar):
            made = reading.text(node)
            try:
                matching.pattern(made if isinstance(made, str) else "")
            except BadPattern as error:
                reading.expect(node.place, f"expected a regular expression: {error}")
            return made if isinstance(made, Template) else reading.scalar(node).value
        if isinstance(node, Sequence):
            return [self.read(item, reading) for item in node.items]
        words = [key for key, _ in node.pairs if key.text in matching.WORDS]
        if words and len(words) < len(node.pairs):
            said = f'expected "{words[0].text}" alone, or below the key that it is about'
            reading.expect(words[0].place, said)
        for key, below in node.pairs if words else ():
            if key.text in matching.COMPARING and not _compares(below, reading):
                expected_here(below, reading, f'a number after "{key.text}:"')
        unknown = [key for key, _ in node.pairs if self.keys and key.text not in self._known()]
        for key in unknown:
            hint = nearest(key.text, self._known())
            reading.expect(key.place, f'expected something to look at, not "{key.text}"{hint}')
        for key, value in node.pairs:
            if key.text in self.values and isinstance(value, Scalar):
                self._expect_one(self.values[key.text], value, reading)
        inner = Expected()
        return {key.text: inner.read(value, reading) for key, value in node.pairs}

    def _expect_one(self, known: tuple[str, ...], scalar: Scalar, reading: Reading) -> None:
        """Note a value that never comes."""
        said = reading.scalar(scalar)
        is_text = isinstance(said.value, str) and "${" not in said.text
        if is_text and said.text not in known and matching.is_plain(said.text):
            hint = nearest(said.text, known)
            reading.expect(scalar.place, f'expected one that there is, not "{said.text}"{hint}')

    def _known(self) -> tuple[str, ...]:
        return (*self.keys, *matching.WORDS)

    def schema(self) -> Schema:
        if not self.keys:
            return {"description": self.expected}
        keys = {
            "type": "object",
            "properties": {name: {} for name in self._known()},
            "additionalProperties": False,
        }
        one = {"anyOf": [SCALAR, keys]}
        return {"anyOf": [SCALAR, keys, {"type": "array", "items": one}]}
