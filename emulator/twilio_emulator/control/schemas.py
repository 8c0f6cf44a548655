"""JSON Schema of what calls take and answer, read off the types that they are declared with.

The rules of this file:

- What is said of a field is what the docstring of its class says under `Attributes:`, or that of a
  class that it is made of.
- Classes are components by their name, without `Shown`, so that generated clients have types that
  people recognize.
  Two classes of one name are a mistake of ours, unless one says only a part of the other.
- What calls take is closed, since an unknown field is refused. What they answer is open: there may
  be more one day.
"""

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec

Schema = dict[str, Any]

NOTHING: Mapping[str, Iterable[object]] = {}

LEAVES: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    dict: {"type": "object"},
    object: {},
    Any: {},
}

_ATTRIBUTE = re.compile(r"^    (\w+): ", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field of a class.

    Attributes:
        name: as JSON has it.
        kind: its type.
        is_required: whether it has to be there.
        default: what it is when it is not there, where that can be said.
        words: what is said of it.
    """

    name: str
    kind: Any
    is_required: bool
    default: Any
    words: str


class Schemas:
    """Makes schemas; those of classes are kept in `components`, by name."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}
        self._kinds: dict[str, object] = {}

    def of(
        self,
        kind: Any,
        *,
        closed: bool = False,
        choices: Mapping[str, Iterable[object]] = NOTHING,
        without: tuple[str, ...] = (),
    ) -> Schema:
        """The schema of a type.

        Args:
            closed: whether other fields than those that are known are refused.
            choices: by the dotted name of a field, the values that are known.
            without: fields of a class that are left out.
        """
        if kind is str and "" in choices:
            return {"type": "string", "enum": [str(each) for each in choices[""]]}
        if kind in LEAVES:
            return dict(LEAVES[kind])
        origin, args = typing.get_origin(kind), typing.get_args(kind)
        if origin is Annotated:
            return self._annotated(args, closed, choices)
        if origin in (typing.Union, types.UnionType):
            return self._union(args, closed, choices)
        if origin is Literal:
            return {"type": "string", "enum": list(args)}
        if origin in (list, tuple):
            return self._list(origin, args, closed, choices)
        if origin is dict:
            return {
                "type": "object",
                "additionalProperties": self.of(args[1], closed=closed),
            }
        name = kind.__name__.lstrip("_").removeprefix("Shown")
        if choices or without:
            return self._object(kind, closed, choices, without)
        if self._kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"two shapes are called {name}: {kind} and {self._kinds[name]}")
        if name not in self.components:
            self.components[name] = {}  # it may hold itself
            self.components[name] = self._class(kind, closed)
        return {"$ref": f"#/components/schemas/{name}"}

    def _class(self, kind: Any, closed: bool) -> Schema:
        if issubclass(kind, Enum):
            return {
                "type": "string",
                "enum": [each.value for each in kind],
                "description": about(kind),
            }
        return self._object(kind, closed, NOTHING, ())

    def _object(
        self,
        kind: Any,
        closed: bool,
        choices: Mapping[str, Iterable[object]],
        without: tuple[str, ...],
    ) -> Schema:
        shown = [each for each in fields_of(kind) if each.name not in without]
        schema: Schema = {
            "type": "object",
            "description": about(kind),
            "properties": {
                each.name: self._field(each, closed, _below(each.name, choices)) for each in shown
            },
        }
        required = [each.name for each in shown if each.is_required]
        if required:
            schema["required"] = required
        if closed:
            schema["additionalProperties"] = False
        return schema

    def _field(self, field: Field, closed: bool, choices: Mapping[str, Iterable[object]]) -> Schema:
        schema = self.of(field.kind, closed=closed, choices=choices)
        words = [field.words] if field.words else []
        if closed and field.default not in (None, ""):
            # Not as `default`: of that, openapi-typescript makes something that has to be said.
            words.append(f"`{msgspec.json.encode(field.default).decode()}` unless given.")
        if words:
            schema["description"] = " ".join(words)
        return schema

    def _annotated(
        self, args: tuple[Any, ...], closed: bool, choices: Mapping[str, Iterable[object]]
    ) -> Schema:
        kind, *notes = args
        schema = self.of(kind, closed=closed, choices=choices)
        for note in notes:
            if not isinstance(note, msgspec.Meta):
                return self.of(note, closed=closed)  # read as something that is less particular
            for name, limit in (("minimum", note.ge), ("maximum", note.le)):
                if limit is not None:
                    schema[name] = limit
        return schema

    def _union(
        self, args: tuple[Any, ...], closed: bool, choices: Mapping[str, Iterable[object]]
    ) -> Schema:
        schemas = [self.of(each, closed=closed, choices=choices) for each in args]
        plain = all(set(each) <= {"type", "minimum", "maximum"} for each in schemas)
        if plain and all(isinstance(each["type"], str) for each in schemas):
            merged: Schema = {"type": [each["type"] for each in schemas]}
            for each in schemas:
                merged |= {name: value for name, value in each.items() if name != "type"}
            return merged
        if {"type": "null"} in schemas and any("enum" in each for each in schemas):
            (chosen,) = (each for each in schemas if "enum" in each)
            return {"type": ["string", "null"], "enum": [*chosen["enum"], None]}
        return {"anyOf": schemas}

    def _list(
        self,
        origin: Any,
        args: tuple[Any, ...],
        closed: bool,
        choices: Mapping[str, Iterable[object]],
    ) -> Schema:
        if origin is tuple and args[-1] is not Ellipsis:
            each = [self.of(kind, closed=closed) for kind in args]
            return {
                "type": "array",
                "prefixItems": each,
                "minItems": len(each),
                "maxItems": len(each),
            }
        return {"type": "array", "items": self.of(args[0], closed=closed, choices=choices)}


def _below(name: str, choices: Mapping[str, Iterable[object]]) -> dict[str, Iterable[object]]:
    """The choices that are of a field, with what is left of their names: nothing of its own."""
    return {
        key.removeprefix(name).removeprefix("."): known
        for key, known in choices.items()
        if key == name or key.startswith(f"{name}.")
    }


def fields_of(kind: Any) -> Iterator[Field]:
    """The fields of a class, in order."""
    words = said_of_fields(kind)
    hints = typing.get_type_hints(kind, include_extras=True)
    if hasattr(kind, "__struct_fields__"):
        for each in msgspec.structs.fields(kind):
            default = None if each.default is msgspec.NODEFAULT else each.default
            said = words.get(each.name, "")
            yield Field(each.encode_name, hints[each.name], each.required, told(default), said)
    elif dataclasses.is_dataclass(kind):
        for one in dataclasses.fields(kind):
            required = one.default is dataclasses.MISSING
            default = None if required else told(one.default)
            yield Field(one.name, hints[one.name], required, default, words.get(one.name, ""))
    else:
        for name, hint in hints.items():
            shown = typing.get_args(hint)[0] if typing.get_origin(hint) in OPTIONAL else hint
            is_required = name in kind.__required_keys__
            yield Field(name, shown, is_required, None, words.get(name, ""))


OPTIONAL = (typing.NotRequired, typing.Required)


def told(default: Any) -> Any:
    """A default that can be told: a value that means something."""
    if isinstance(default, Enum):
        return default.value
    return default if isinstance(default, bool | int | float | str) else None


def about(kind: Any) -> str:
    """What is said of a class, but for its fields."""
    return _unwrapped((inspect.getdoc(kind) or "").partition("Attributes:")[0])


def said_of_fields(kind: Any) -> dict[str, str]:
    """What is said of the fields of a class, its own words before those of what it is made of."""
    said: dict[str, str] = {}
    for each in (kind, *getattr(kind, "__orig_bases__", ()), *kind.__mro__[1:]):
        listed = (inspect.cleandoc(each.__doc__ or "")).partition("Attributes:\n")[2]
        pieces = _ATTRIBUTE.split(listed)[1:]
        for name, words in zip(pieces[::2], pieces[1::2], strict=True):
            said.setdefault(name, _unwrapped(words))
    return said


def _unwrapped(words: str) -> str:
    paragraphs = (" ".join(each.split()) for each in words.strip().split("\n\n"))
    return "\n\n".join(paragraphs)
