"""What may stand at a place of a scenario: how it is read, and how JSON Schema says it.

The rules of this file:

- A shape reads a node into a value. When it cannot, it notes one problem that says what was
  expected and where; what it then answers is never used, since a file with a problem is not played.
- Reading and schema of a shape stand side by side, so that editors and the player agree.
"""

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any, Protocol

from twilio_emulator.scenarios.language import templates, times
from twilio_emulator.scenarios.language.problems import FilePosition, Problem, nearest
from twilio_emulator.scenarios.language.source import Mapping, Node, Scalar, Sequence
from twilio_emulator.scenarios.language.templates import Template
from twilio_emulator.scenarios.language.times import Moment

Schema = dict[str, Any]

SCALAR: Schema = {"type": ["string", "number", "boolean"]}
"""How a schema says a text: editors take `+12025550199` and `yes` for something else."""


Tell = Callable[[Scalar, "MappingType[str, str]", "Reading"], Any]
"""From the name of a file and values for its parameters to the steps of its story."""


_PARAMETER = re.compile(r"(?<!\$)\$\{([^{}]*)\}")

INSTANTS = ["2026-01-06T08:00:00Z", "in 2 hours", "tomorrow 09:00", "friday at 18:30"]
"""What editors offer where an instant is wanted."""

PARAMETER: Schema = {"type": "string", "pattern": "^\\$\\{[^{}]+\\}$"}
"""What may stand for a number or a word: the parameter that says it."""


class Reading:
    """One file while it is read.

    Args:
        steps: how lists of steps are read.
        tell: reads the story of another file, with values for its parameters.

    Attributes:
        problems: what is wrong so far.
        kinds: the names that are known at this point of the file, and of what kind they are.
        parameters: what `${name}` is replaced by while reading.
        relative: whether any instant is said from where the story is.
    """

    def __init__(self, steps: "Shape", tell: Tell) -> None:
        self.steps = steps
        self.tell = tell
        self.problems: list[Problem] = []
        self.kinds: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.relative = False

    def expect(self, place: FilePosition, expected: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, expected))

    def named(self, *kinds: str) -> list[str]:
        """The names of some kinds; of all when none is given."""
        return [name for name, kind in self.kinds.items() if not kinds or kind in kinds]

    def scalar(self, scalar: Scalar) -> Scalar:
        """A scalar with parameters filled in."""
        if "${" not in scalar.text:
            return scalar
        whole = _PARAMETER.fullmatch(scalar.text) is not None
        text = _PARAMETER.sub(self._parameter, scalar.text)
        # a value alone is what it says, though braces had to be quoted
        return Scalar(scalar.place, text, quoted=scalar.quoted and not whole)

    def text(self, scalar: Scalar) -> str | Template:
        """A text, as a template when names are to be filled in later, all of them known."""
        made = templates.template(self.scalar(scalar).text)
        if isinstance(made, Template):
            for path in made.names:
                name = path if path in self.kinds else path.split(".")[0]
                if name not in self.kinds and self.moment(path) is None:
                    known = [*self.kinds, *self.parameters]
                    expected = f'expected a name, not "{name}"{nearest(name, known)}'
                    self.expect(scalar.place, expected)
        return made

    def moment(self, text: str) -> Moment | None:
        """An instant relative to where the story is; None when the text is not an instant."""
        moment = times.read_moment(text)
        self.relative = self.relative or moment is not None
        return moment

    def _parameter(self, found: re.Match[str]) -> str:
        return self.parameters.get(found[1].strip(), found[0])


class Shape(Protocol):
    """What may stand at a place."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The value; a problem is noted when there is none."""

    def schema(self) -> Schema:
        """The same as JSON Schema."""


def expected_here(node: Node, reading: Reading, expected: str) -> None:
    """Note that something else stands here."""
    reading.expect(node.place, f"expected {expected}, not {_called(node)}")


def _called(node: Node) -> str:
    if isinstance(node, Mapping):
        return "keys with values"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.is_empty else f'"{node.text[:60]}"'


@dataclass(frozen=True)
class TextShape:
    """A text, with `${names}`."""

    expected: str = "a text"

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, Scalar) or node.is_empty:
            return expected_here(node, reading, self.expected)
        return reading.text(node)

    def schema(self) -> Schema:
        return {**SCALAR, "description": self.expected}


@dataclass(frozen=True)
class WholeNumber:
    """A whole number."""

    least: int = 0
    expected: str = "a whole number"
    most: int = 2**53 - 1

    def read(self, node: Node, reading: Reading) -> Any:
        value = reading.scalar(node).value if isinstance(node, Scalar) else None
        if not isinstance(value, int) or isinstance(value, bool) or value < self.least:
            return expected_here(node, reading, f"{self.expected} from {self.least} on")
        if value > self.most:
            expected = f"{self.expected} from {self.least} to {self.most}"
            return expected_here(node, reading, expected)
        return value

    def schema(self) -> Schema:
        number: Schema = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, PARAMETER], "description": self.expected}


@dataclass(frozen=True)
class Switch:
    """true or false."""

    def read(self, node: Node, reading: Reading) -> Any:
        value = reading.scalar(node).value if isinstance(node, Scalar) else None
        if not isinstance(value, bool):
            return expected_here(node, reading, "true or false")
        return value

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "boolean"}, PARAMETER]}


@dataclass(frozen=True)
class Duration:
    """How long."""

    expected: str = "a duration such as 5 minutes"

    def read(self, node: Node, reading: Reading) -> Any:
        text = reading.scalar(node).text if isinstance(node, Scalar) else ""
        duration = times.read_duration(text)
        return expected_here(node, reading, self.expected) if duration is None else duration

    def schema(self) -> Schema:
        return {
            "type": "string",
            "description": self.expected,
            "examples": ["5 minutes", "1 hour 30 minutes", "2 days", "250 ms"],
        }


@dataclass(frozen=True)
class Instant:
    """When: an instant, or what is said from where the story is."""

    expected: str = "an instant such as 2026-01-05T09:00:00Z"

    def read(self, node: Node, reading: Reading) -> Any:
        text = reading.scalar(node).text if isinstance(node, Scalar) else ""
        instant = times.read_instant(text) or reading.moment(text)
        if instant is None:
            said = f"expected {self.expected}, not {_called(node)}"
            reading.expect(node.place, f"{said}; there are also: in 2 hours, tomorrow 09:00")
        return instant

    def schema(self) -> Schema:
        return {
            "type": "string",
            "description": self.expected,
            "examples": INSTANTS,
        }


@dataclass(frozen=True)
class Word:
    """One of some words."""

    choices: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> Any:
        said = reading.scalar(node).text if isinstance(node, Scalar) else ""
        if said not in self.choices:
            listed = ", ".join(self.choices)
            return expected_here(node, reading, f"one of {listed}")
        return said

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(self.choices)}, PARAMETER]}


_NAME = re.compile(r"[^\W\d][\w '-]{0,60}")


@dataclass(frozen=True)
class NewName:
    """A name for what comes back, or for a person."""

    kind: str = "answer"

    def read(self, node: Node, reading: Reading) -> Any:
        text = reading.scalar(node).text if isinstance(node, Scalar) else ""
        if not _NAME.fullmatch(text):
            return expected_here(node, reading, "a name: letters, digits and spaces")
        if reading.kinds.get(text, "answer") not in ("answer", self.kind):
            return expected_here(node, reading, "a name that nobody has")
        reading.kinds[text] = self.kind
        return text

    def schema(self) -> Schema:
        return {"type": "string", "description": "a name for it, used as ${name} from here on"}


@dataclass(frozen=True)
class Known:
    """The name of a person or a thing in this scenario; `also` is what may stand for itself."""

    kinds: tuple[str, ...]
    expected: str
    also: re.Pattern[str] | None = None

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, Scalar) or node.is_empty:
            return expected_here(node, reading, self.expected)
        text = reading.text(node)
        if isinstance(text, Template) or text in reading.named(*self.kinds):
            return text
        if self.also is None or not self.also.fullmatch(text):
            hint = nearest(text, reading.named(*self.kinds))
            reading.expect(node.place, f'expected {self.expected}, not "{text}"{hint}')
        return text

    def schema(self) -> Schema:
        return {**SCALAR, "description": self.expected}


@dataclass(frozen=True)
class ListOf:
    """Several of a shape; a single one may stand without its dash."""

    item: Shape
    or_one: bool = True
    expected: str = "a list"

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Sequence):
            return [self.item.read(item, reading) for item in node.items]
        if self.or_one and not (isinstance(node, Scalar) and node.is_empty):
            return [self.item.read(node, reading)]
        return expected_here(node, reading, self.expected)

    def schema(self) -> Schema:
        item = self.item.schema()
        listed: Schema = {"type": "array", "items": item}
        return {"anyOf": [item, listed]} if self.or_one else listed


@dataclass(frozen=True)
class Keys:
    """Keys that each have their shape; `short` is the one that a bare value is for."""

    shapes: dict[str, Shape]
    expected: str
    short: str | None = None
    required: tuple[str, ...] = ()
    hints: dict[str, str] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> Any:
        if self.short is not None and not isinstance(node, Mapping):
            return {self.short: self.shapes[self.short].read(node, reading)}
        if not isinstance(node, Mapping):
            return expected_here(node, reading, self.expected)
        return self.pairs(node.place, node.pairs, reading)

    def pairs(
        self, place: FilePosition, pairs: Iterable[tuple[Scalar, Node]], reading: Reading
    ) -> dict[str, Any]:
        """The values of some of a mapping's keys."""
        values = {}
        for key, node in pairs:
            shape = self.shapes.get(key.text)
            if shape is None:
                hint = nearest(key.text, self.shapes)
                reading.expect(key.place, f'expected {self.expected}, not "{key.text}"{hint}')
            else:
                values[key.text] = shape.read(node, reading)
        for name in self.required:
            if name not in values:
                reading.expect(place, f'expected "{name}:" here')
        return values

    def schema(self) -> Schema:
        keys: Schema = {
            "type": "object",
            "properties": {
                name: {**shape.schema(), **self._hint(name)} for name, shape in self.shapes.items()
            },
            "additionalProperties": False,
        }
        if self.required:
            keys["required"] = list(self.required)
        if self.short is None:
            return keys
        return {"anyOf": [self.shapes[self.short].schema(), keys]}

    def _hint(self, name: str) -> Schema:
        return {"description": self.hints[name]} if name in self.hints else {}


@dataclass(frozen=True)
class Named:
    """Names, each with what it stands for; they are known from there on."""

    kind: str
    item: Shape
    expected: str

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, Mapping):
            return expected_here(node, reading, self.expected)
        name = NewName(self.kind)
        return {
            name.read(key, reading): self.item.read(value, reading) for key, value in node.pairs
        }

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.item.schema()}


ADDRESS = re.compile(r"(?:whatsapp:|chat:|rcs:)?\+[0-9]{5,15}|[0-9]{3,8}|chat:.+")
"""A phone number or short code, as Twilio writes addresses."""
