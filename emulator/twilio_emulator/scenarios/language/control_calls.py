"""The calls of the control API as scenarios check them: paths with `{places}`, methods, bodies.

A scenario is checked without a server, and knows no surface. So what is declared of the calls is
handed over by who joins all (`play/library.py`), and read when a scenario has the first call.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from twilio_emulator.scenarios.language.json_shapes import Timed
from twilio_emulator.scenarios.language.problems import nearest
from twilio_emulator.scenarios.language.shapes import Reading, Schema, expected_here
from twilio_emulator.scenarios.language.source import Mapping as Keys
from twilio_emulator.scenarios.language.source import Node, Scalar, Sequence

Body = tuple[Schema | None, Mapping[str, Schema]]
"""The JSON Schema of a body, None where a call takes none; and the schemas that it refers to."""

Calls = Mapping[str, Mapping[str, Callable[[], Body]]]
"""By path and method, what gives the body."""

_declared: list[Callable[[], Calls]] = []

TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    "string": ("a text", (str,)),
    "integer": ("a whole number", (int,)),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", (bool,)),
    "null": ("null", (type(None),)),
}


def hand_over(declared: Callable[[], Calls]) -> None:
    """Say where what is declared of the calls comes from."""
    _declared[:] = [declared]


def calls() -> Calls:
    """Every call; none where nobody has said."""
    return _declared[0]() if _declared else {}


def problem(method: str, path: str) -> str | None:
    """What is wrong with a call, as the rest of `expected ...`; None when there is such a call.

    Args:
        path: as a scenario has it, with `${names}` still in it.
    """
    every = calls()
    declared = _find(every, path)
    said = f"{method} {path}"
    if declared is None:
        known = [f"{each} {known}" for known, methods in every.items() for each in methods]
        return f'a call of the control API, not "{said}"{nearest(said, known)}'
    if method not in every[declared]:
        return f"{' or '.join(every[declared])} before {path}, not {method}"
    return None


def body(method: str, path: str) -> Timed:
    """The shape of what a call takes, one that there is."""
    every = calls()
    declared = _find(every, path)
    schema, components = every[declared][method]() if declared is not None else ({}, {})
    return (
        NoBody(f"nothing: {method} {declared} takes no body")
        if schema is None
        else Declared(declared=schema, components=components)
    )


def _find(every: Calls, path: str) -> str | None:
    segments = path.partition("?")[0].rstrip("/").split("/")
    return next((known for known in every if _fits(known.split("/"), segments)), None)


def _fits(known: list[str], segments: list[str]) -> bool:
    return len(known) == len(segments) and all(
        name == segment or (name.startswith("{") and segment) or "${" in segment
        for name, segment in zip(known, segments, strict=True)
    )


@dataclass(frozen=True)
class NoBody(Timed):
    """Nothing, or keys without any."""

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Keys) and not node.pairs:
            return {}
        return expected_here(node, reading, self.expected)


@dataclass(frozen=True)
class Declared(Timed):
    """What a JSON Schema declares, with `${names}` and instants of the story.

    Attributes:
        declared: that schema.
        components: what it refers to, by name.
    """

    declared: Schema = field(default_factory=dict)
    components: Mapping[str, Schema] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> Any:
        self._check(self.declared, node, reading)
        return Timed().read(node, reading)

    def _check(self, schema: Schema, node: Node, reading: Reading) -> None:
        shapes = self._shapes(schema)
        if isinstance(node, Scalar):
            self._check_scalar(shapes, node, reading)
        elif isinstance(node, Sequence):
            items = [shape["items"] for shape in shapes if "items" in shape]
            if shapes and not any(shape.get("type", "array") == "array" for shape in shapes):
                expected_here(node, reading, _expected(shapes))
            for item in node.items if len(items) == 1 else ():
                self._check(items[0], item, reading)
        else:
            self._check_keys(shapes, node, reading)

    def _check_keys(self, shapes: list[Schema], node: Keys, reading: Reading) -> None:
        objects = [shape for shape in shapes if shape.get("type", "object") == "object"]
        if not objects:
            expected_here(node, reading, _expected(shapes))
            return
        known: dict[str, Schema] = {}
        others: list[Any] = [shape.get("additionalProperties", {}) for shape in objects]
        for shape in objects:
            known = {**shape.get("properties", {}), **known}
        for key, value in node.pairs:
            if key.text in known:
                self._check(known[key.text], value, reading)
            elif not any(other is not False for other in others):
                hint = nearest(key.text, known)
                reading.expect(key.place, f'expected what the call takes, not "{key.text}"{hint}')
            elif len(others) == 1:
                self._check(others[0], value, reading)

    def _check_scalar(self, shapes: list[Schema], node: Scalar, reading: Reading) -> None:
        # What a name or an instant of the story stands for is known when it is played.
        scalar = reading.scalar(node)
        if "${" in scalar.text or any(not shape.get("type") for shape in shapes):
            return
        value = scalar.value
        choices = [each for shape in shapes for each in shape.get("enum", ())]
        if choices and all("enum" in shape or shape == NULL for shape in shapes):
            if value is not None and value not in choices:
                named = [str(each) for each in choices if each is not None]
                hint = nearest(scalar.text, named)
                expected = "a value that is known" if hint else f"one of {', '.join(named)}"
                reading.expect(node.place, f'expected {expected}, not "{scalar.text}"{hint}')
            return
        if not any(type(value) in kinds for kinds in _kinds(shapes)):
            expected_here(node, reading, _expected(shapes))

    def _shapes(self, schema: Schema) -> list[Schema]:
        """What may stand there, each without a reference."""
        if "$ref" in schema:
            return self._shapes(self.components[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return [shape for each in schema["anyOf"] for shape in self._shapes(each)]
        return [schema]


NULL: Schema = {"type": "null"}


def _named(shapes: list[Schema]) -> list[str]:
    """The types of JSON that may stand there."""
    said = [shape.get("type", "object") for shape in shapes]
    return [name for each in said for name in ([each] if isinstance(each, str) else each)]


def _kinds(shapes: list[Schema]) -> list[tuple[type, ...]]:
    return [TYPES[name][1] for name in _named(shapes) if name in TYPES]


def _expected(shapes: list[Schema]) -> str:
    more = {"array": "a list", "object": "keys with values"}
    words = [more.get(name) or TYPES[name][0] for name in _named(shapes) if name != "null"]
    return " or ".join(dict.fromkeys(words))
