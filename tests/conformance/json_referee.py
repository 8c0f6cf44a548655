"""Twilio's OpenAPI files of the APIs that speak JSON, as referees: what is taken, what is answered.

A place within a body is written as `participants[].addresses[].channel`; `*` is a key of a map that
anybody may choose.
"""

import dataclasses
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from tests.conformance.referee import FOLDER, PAGING, shape
from twilio_emulator.core.kernel.records import passed_over
from twilio_emulator.wire import spelling
from twilio_emulator.wire.json_parameters import HEADED

METHODS = ("get", "post", "put", "patch", "delete")

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True)
class Taken:
    """What a body, or a query, may hold: places, those that must be there, what may be said there.

    Attributes:
        places: all of them.
        required: those without which it is refused, within what they belong to.
        choices: by place, the words that may be said there.
        closed: objects that have no other keys.
    """

    places: frozenset[str]
    required: frozenset[str]
    choices: Mapping[str, frozenset[str]]
    closed: frozenset[str]


@dataclass(frozen=True)
class JsonDescribed:
    """An operation as the file describes it."""

    name: str
    method: str
    path: str
    query: frozenset[str]
    headers: frozenset[str]
    body: Any
    answers: Mapping[int, Any]

    @property
    def key(self) -> tuple[str, str]:
        """Method and path, whatever the parameters of the path are called."""
        return self.method, shape(self.path)


@dataclass
class JsonReferee:
    """A file.

    Args:
        name: of product and version, such as `conversations_v2`.
        more: by operation, places of an answer that the file has not.

    Attributes:
        shown: by operation, the places of its answers that were there, once or oftener.
    """

    name: str
    more: Mapping[str, frozenset[str]] = field(default_factory=dict)
    shown: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._file = json.loads((FOLDER / f"twilio_{self.name}.json").read_text())
        self.operations = {each.key: each for each in self._read()}

    def _read(self) -> Iterator[JsonDescribed]:
        for path, item in self._file["paths"].items():
            for method in METHODS:
                if method in item:
                    yield self._operation(method.upper(), path, item, item[method])

    def _operation(self, method: str, path: str, item: Any, written: Any) -> JsonDescribed:
        given = [
            self._resolved(each)
            for each in (*item.get("parameters", ()), *written.get("parameters", ()))
        ]
        content = self._resolved(written.get("requestBody", {})).get("content", {})
        return JsonDescribed(
            name=written["operationId"],
            method=method,
            path=path,
            query=frozenset(
                each["name"]
                for each in given
                if each["in"] == "query" and each["name"] not in PAGING
            ),
            headers=frozenset(each["name"] for each in given if each["in"] == "header"),
            body=next(iter(content.values()), {}).get("schema"),
            answers={
                int(status): self._resolved(answer)
                .get("content", {})
                .get("application/json", {})
                .get("schema")
                for status, answer in written["responses"].items()
                if status.isdigit()
            },
        )

    def _resolved(self, schema: Any) -> Any:
        """What a reference refers to; of several forms, all keys of all."""
        while "$ref" in schema:
            *_, part, name = schema["$ref"].split("/")
            schema = {**self._file["components"][part][name], **_beside(schema)}
        for together, is_all in (("allOf", True), ("oneOf", False), ("anyOf", False)):
            if together in schema:
                schema = self._joined(schema, schema[together], is_all)
        return schema

    def _joined(self, schema: Any, parts: Any, is_all: bool) -> Any:
        parts = [self._resolved(part) for part in parts]
        properties: dict[str, Any] = {}
        for part in parts:
            for name, held in part.get("properties", {}).items():
                known = properties.get(name)
                both = known is not None and "enum" in known and "enum" in held
                properties[name] = (
                    {**held, "enum": [*known["enum"], *held["enum"]]} if both else held
                )
        needed = [set(part.get("required", ())) for part in parts]
        required = set.union(*needed) if is_all else set.intersection(*needed)
        first = {name: said for name, said in parts[0].items() if name != "properties"}
        return {**first, **_beside(schema), "properties": properties, "required": sorted(required)}

    def find(self, method: str, url: str) -> JsonDescribed:
        """The operation that a path with its version belongs to."""
        segments = urlsplit(url).path.strip("/").split("/")
        fitting = [each for each in self.operations.values() if _fits(each, method, segments)]
        return min(fitting, key=lambda each: each.path.count("{"))

    def taken(self, described: JsonDescribed) -> Taken:
        """What the body of an operation may hold."""
        places: set[str] = set()
        required: set[str] = set()
        choices: dict[str, frozenset[str]] = {}
        closed: set[str] = set()
        if described.body is not None:
            self._walk(described.body, "", places, required, choices, closed)
        return Taken(frozenset(places), frozenset(required), choices, frozenset(closed))

    def _walk(
        self,
        schema: Any,
        place: str,
        places: set[str],
        required: set[str],
        choices: dict[str, frozenset[str]],
        closed: set[str],
    ) -> None:
        schema = self._resolved(schema)
        if place:
            places.add(place)
        most = len(schema.get("properties", ())) or -1
        if schema.get("additionalProperties") is False or schema.get("maxProperties") == most:
            closed.add(place)
        if "enum" in schema:
            choices[place] = frozenset(schema["enum"])
        within = f"{place}." if place else ""
        for name, held in schema.get("properties", {}).items():
            self._walk(held, within + name, places, required, choices, closed)
        required |= {within + name for name in schema.get("required", ())}
        free = schema.get("additionalProperties")
        if isinstance(free, dict) and free and "properties" not in schema:
            self._walk(free, f"{within}*", places, required, choices, closed)
        if "items" in schema:
            places.discard(place)
            self._walk(schema["items"], f"{place}[]", places, required, choices, closed)

    def promised(self, described: JsonDescribed) -> set[str]:
        """The places that the answer of success may have."""
        places: set[str] = set()
        for status, schema in described.answers.items():
            if status < 300 and schema is not None:
                self._walk(schema, "", places, set(), {}, set())
        return places

    def faults(self, described: JsonDescribed, status: int, body: Any) -> list[str]:
        """What is wrong with an answer: its status, keys, types or values."""
        if status not in described.answers:
            return [f"{described.name}: status {status}, not one of {list(described.answers)}"]
        schema = described.answers[status]
        if schema is None:
            return [] if body is None else [f"{described.name}: a body, and there is none"]
        seen = self.shown.setdefault(described.name, set())
        return [
            f"{described.name}: {fault}"
            for fault in self._held(schema, "", body, seen, self.more.get(described.name, ()))
        ]

    def _held(
        self, schema: Any, place: str, value: Any, seen: set[str], more: typing.Container[str]
    ) -> Iterator[str]:
        schema = self._resolved(schema)
        if place:
            seen.add(place)
        if value is None:
            if not schema.get("nullable"):
                yield f"{place} is null"
            return
        kinds = KINDS.get(schema.get("type", ""))
        is_other = isinstance(value, bool) and kinds is not None and bool not in kinds
        if kinds is not None and (not isinstance(value, kinds) or is_other):
            yield f"{place} is {value!r}, no {schema['type']}"
            return
        yield from _said(schema, place, value)
        if isinstance(value, list):
            seen.discard(place)
            for each in value:
                yield from self._held(schema.get("items", {}), f"{place}[]", each, seen, more)
        if isinstance(value, dict):
            yield from self._object(schema, place, value, seen, more)

    def _object(
        self,
        schema: Any,
        place: str,
        value: dict[str, Any],
        seen: set[str],
        more: typing.Container[str],
    ) -> Iterator[str]:
        within = f"{place}." if place else ""
        properties = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{within}{name} is not there"
        free = schema.get("additionalProperties", not properties)
        for name, held in value.items():
            if name in properties:
                yield from self._held(properties[name], within + name, held, seen, more)
            elif isinstance(free, dict) and free:
                yield from self._held(free, f"{within}*", held, seen, more)
            elif not free and within + name not in more:
                yield f"{within}{name} is not in the file"


def _said(schema: Any, place: str, value: Any) -> Iterator[str]:
    """What is wrong with a value by itself."""
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is {value!r}, not one of {schema['enum']}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{place} is {value!r}, which is not like {schema['pattern']}"
    if schema.get("format") == "date-time" and not INSTANT.fullmatch(value):
        yield f"{place} is {value!r}, no instant in UTC"
    if schema.get("format") == "uri" and ":" not in value:
        yield f"{place} is {value!r}, not absolute"
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        yield f"{place} is longer than {schema['maxLength']}"
    if "maxItems" in schema and len(value) > schema["maxItems"]:
        yield f"{place} has more than {schema['maxItems']}"


def _beside(schema: Any) -> Any:
    aside = ("$ref", "allOf", "oneOf", "anyOf")
    return {name: said for name, said in schema.items() if name not in aside}


def _fits(operation: JsonDescribed, method: str, segments: list[str]) -> bool:
    parts = operation.path.strip("/").split("/")
    return (
        operation.method == method
        and len(parts) == len(segments)
        and all(a == b or a[0] == "{" for a, b in zip(parts, segments, strict=True))
    )


def taken_by(command: type[Any], path: frozenset[str]) -> Taken:
    """What a command takes of a JSON body; `path` are fields that the path says."""
    places: set[str] = set()
    required: set[str] = set()
    choices: dict[str, frozenset[str]] = {}
    closed: set[str] = set()
    _walk_fields(command, "", path | HEADED.keys() | {"account"}, places, required, choices, closed)
    return Taken(frozenset(places), frozenset(required), choices, frozenset(closed))


def _walk_fields(
    kind: Any,
    place: str,
    without: typing.Container[str],
    places: set[str],
    required: set[str],
    choices: dict[str, frozenset[str]],
    closed: set[str],
) -> None:
    if passed_over(kind) is not None:
        closed.add(place)
    hints = typing.get_type_hints(kind)
    within = f"{place}." if place else ""
    for each in dataclasses.fields(kind):
        if each.name in without:
            continue
        name = within + spelling.camel(each.name)
        if each.default is dataclasses.MISSING:
            required.add(name)
        _walk_type(hints[each.name], name, places, required, choices, closed)


def _walk_type(
    kind: Any,
    place: str,
    places: set[str],
    required: set[str],
    choices: dict[str, frozenset[str]],
    closed: set[str],
) -> None:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (of,) = (each for each in inner if each is not types.NoneType)
        _walk_type(of, place, places, required, choices, closed)
    elif origin is tuple:
        _walk_type(inner[0], f"{place}[]", places, required, choices, closed)
    else:
        places.add(place)
        if origin is dict:
            if inner[1] is not Any:
                _walk_type(inner[1], f"{place}.*", places, required, choices, closed)
        elif kind not in (str, int, float, bool, datetime, Any):
            if issubclass(kind, Enum):
                choices[place] = frozenset(str(each.value) for each in kind)
            else:
                _walk_fields(kind, place, (), places, required, choices, closed)
