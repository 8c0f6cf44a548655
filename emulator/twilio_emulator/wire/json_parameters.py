"""Parameters that come as a JSON body, read by the types of the fields that take them.

The rules of this file:

- Names are in camel case; a record in a command is an object in the body, a tuple a list.
- It is strict: a text is no number, and a number no text. The first thing that is wrong is refused
  with its place, such as `participants[0].addresses[1].channel`.
- A field that is null is one that is not given, as Twilio's library for Python sends those that
  nobody has set; null as a value of a map is a value, where the map may hold it.
- What is not declared is passed over, and the log is told what it may have been meant for; it is
  refused where the OpenAPI file says that there is nothing else.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import passed_over
from twilio_emulator.core.kernel.refusals import (
    INVALID_PARAMETER,
    MISSING_PARAMETER,
    Refusal,
    Refused,
)
from twilio_emulator.wire import spelling
from twilio_emulator.wire.calls import LONGEST_NAME, Call, Parameters

NOT_JSON = Refusal(20422, 415, "Unsupported Media Type")
"""Decided: what a body of another type is answered. It is what Twilio's Conversational Intelligence
was seen to answer to a form; of this API nothing is published."""

HEADED = {"idempotency_key": b"idempotency-key", "if_match": b"if-match"}
"""The fields that take a header, in commands that have them."""

_JSON = b"application/json"

Read = Callable[[Any, str, Call], Any]
"""From what JSON says, and where, to a value of a type; raises Refused. The call is told of what is
passed over."""


class JsonParameters:
    """What a command takes from the path, the body and, for the fields in `HEADED`, the headers.

    Args:
        taker: a command class.
    """

    __slots__ = ("_declared", "_headed", "taker")

    def __init__(self, taker: type[Any]) -> None:
        self.taker: Any = taker
        self._declared = Parameters(taker, spelling.camel)
        self._headed = tuple(name for name in self._declared.names if name in HEADED)

    def of_body(self, call: Call) -> dict[str, Any]:
        """Keyword arguments from the path and the body of a request.

        Raises:
            Refused: 20422 the body is of another type than JSON, 20001 it is no object, lacks
                something, or something in it is not what it should be.
        """
        said = json_body(call)
        names, declared = self._declared.names, _fields_of(self.taker)
        given = {name: value for name, value in call.path.items() if name in names}
        fields = {
            wire: field
            for wire, field in declared.items()
            if field.name not in given and field.name not in HEADED
        }
        values = _read_object(fields, passed_over(self.taker), said, "", call)
        return given | values | headed(call, self._headed)

    def of_path(self, call: Call) -> dict[str, Any]:
        """The same of a request that has no body."""
        values = {n: value for n, value in call.path.items() if n in self._declared.names}
        return values | headed(call, self._headed)


def headed(call: Call, names: Iterable[str]) -> dict[str, str]:
    """What headers say that fields take, as keyword arguments."""
    said = {name: call.headers.get(HEADED[name]) for name in names}
    return {name: value.decode("latin-1") for name, value in said.items() if value}


def json_body(call: Call) -> dict[str, Any]:
    """The object that the body says.

    Raises:
        Refused: 20422 it is of another type, 20001 it is none.
    """
    kind = call.headers.get(b"content-type")
    if (kind is not None or call.body) and not _is_json(kind or b""):
        raise Refused(NOT_JSON)
    said = parameters.json_object(call.body)
    if said is None:
        raise Refused(INVALID_PARAMETER, parameter="JSON body")
    return said


def _is_json(kind: bytes) -> bool:
    return kind.partition(b";")[0].strip().lower() == _JSON


class _Field(typing.NamedTuple):
    """A field of a record: its name, how it is read, and whether it must be given."""

    name: str
    read: Read
    required: bool


@cache
def _fields_of(kind: Any) -> dict[str, _Field]:
    """The fields of a record by their names in JSON."""
    hints = typing.get_type_hints(kind)
    return {
        spelling.camel(field.name): _Field(
            field.name, _reader(hints[field.name]), field.default is dataclasses.MISSING
        )
        for field in dataclasses.fields(kind)
    }


def _read_object(
    fields: Mapping[str, _Field],
    others: frozenset[str] | None,
    said: Mapping[str, Any],
    place: str,
    call: Call,
) -> dict[str, Any]:
    """The values of fields, by their names.

    Args:
        others: the only keys that may be there besides; any may where it is None.
        place: where the object stands; empty for the body itself.
    """
    within = f"{place}." if place else ""
    if not said.keys() <= fields.keys():
        unknown = [wire for wire in said if wire not in fields]
        for wire in unknown:
            if others is not None and wire not in others and said[wire] is not None:
                raise invalid(within + wire)
        for wire in unknown:
            meant = _meant(wire, fields)
            if meant is not None:
                call.hints += (f"`{within}{wire}` was ignored: `{meant}`?",)
    values = {}
    for wire, field in fields.items():
        value = said.get(wire)
        if value is not None:
            values[field.name] = field.read(value, within + wire, call)
        elif field.required:
            raise Refused(MISSING_PARAMETER, parameter=within + wire)
    return values


def _meant(wire: str, fields: Iterable[str]) -> str | None:
    """Which key a key that is not known is near to."""
    if len(wire) > LONGEST_NAME:
        return None
    said = spelling.loosely(wire)
    return next((each for each in fields if spelling.loosely(each) == said), None)


def invalid(place: str) -> Refused:
    """The refusal of what is said at a place."""
    return Refused(INVALID_PARAMETER, parameter=place)


@cache
def _reader(kind: Any) -> Read:
    origin = typing.get_origin(kind)
    if kind in _LEAVES:
        return _LEAVES[kind]
    if origin in (typing.Union, types.UnionType):
        (inner,) = (each for each in typing.get_args(kind) if each is not types.NoneType)
        return _reader(inner)
    if origin is tuple:
        return _list_reader(_reader(typing.get_args(kind)[0]))
    if origin is dict:
        value = typing.get_args(kind)[1]
        return _map_reader(_reader(value), types.NoneType in typing.get_args(value))
    if issubclass(kind, Enum):
        return _choice_reader(kind)
    return _record_reader(kind)


def _exactly(*kinds: type) -> Read:
    def read(said: Any, place: str, _: Call) -> Any:
        if type(said) not in kinds:
            raise invalid(place)
        return said

    return read


def _instant(said: Any, place: str, _: Call) -> datetime:
    try:
        if type(said) is str and "T" in said.upper():
            return parameters.instant(said, INVALID_PARAMETER)
    except Refused:
        pass
    raise invalid(place)


def _anything(said: Any, _: str, __: Call) -> Any:
    return said


_LEAVES: dict[Any, Read] = {
    str: _exactly(str),
    int: _exactly(int),
    float: _exactly(int, float),
    bool: _exactly(bool),
    datetime: _instant,
    Any: _anything,
}


def _choice_reader(kind: type[Enum]) -> Read:
    def read(said: Any, place: str, _: Call) -> Enum:
        try:
            return kind(said)
        except ValueError:
            raise invalid(place) from None

    return read


def _list_reader(item: Read) -> Read:
    def read(said: Any, place: str, call: Call) -> tuple[Any, ...]:
        if type(said) is not list:
            raise invalid(place)
        return tuple(item(each, f"{place}[{at}]", call) for at, each in enumerate(said))

    return read


def _map_reader(item: Read, may_be_null: bool) -> Read:
    def read(said: Any, place: str, call: Call) -> dict[str, Any]:
        if type(said) is not dict:
            raise invalid(place)
        return {
            name: None if value is None and may_be_null else item(value, f"{place}.{name}", call)
            for name, value in said.items()
        }

    return read


def _record_reader(kind: Any) -> Read:
    fields, others = _fields_of(kind), passed_over(kind)

    def read(said: Any, place: str, call: Call) -> Any:
        if type(said) is not dict:
            raise invalid(place)
        return kind(**_read_object(fields, others, said, place, call))

    return read
