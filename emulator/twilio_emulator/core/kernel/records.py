"""Commands, events and records, and how they are written down as plain data.

The rules of this file:

- A *record* is something the world keeps, a *command* a wish to change it, an *event* what came of
  it. All three are frozen dataclasses; a changed record is a new one, so an event shows for ever
  what was true when it happened.
- `plain` turns any of them into dicts, lists, strings, numbers, booleans and None, of which
  `reviving.py` makes an equal value again. Fields that hold their default are left out.
- Commands are known by their class name, so that a journal line says what it is.
"""

import dataclasses
import functools
import operator
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
N = TypeVar("N", bound=tuple[Any, ...])

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


_MISSING = dataclasses.MISSING

COMMANDS: set[type] = set()
"""Every kind of command that there is."""


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,)
)
def record(cls: type[T]) -> type[T]:
    """A thing the world keeps, or a value inside one.

    It is frozen for the type checker, which sees all of our code, and not at run time: that would
    double the cost of every change. Its methods are made in one go, and those that have to be
    written out when they are first needed: there are hundreds of records, and `dataclass` would
    take a fifth of the time that the emulator has to start.
    """
    made = dataclass(init=False, repr=False, eq=False, kw_only=True, slots=True)(cls)
    names = [field.name for field in dataclasses.fields(made)]  # type: ignore[arg-type]
    values = operator.attrgetter(*names) if names else _no_values

    def first(self: T, **fields: Any) -> None:
        _write_out(made)
        made.__init__(self, **fields)

    def first_copy(self: T) -> T:
        _write_out(made)
        copied: T = made.__copy__(self)  # type: ignore[attr-defined]
        return copied

    for name, method in (
        ("__init__", first),
        ("__copy__", first_copy),
        ("__eq__", lambda one, two: type(two) is made and values(one) == values(two)),
        ("__hash__", lambda one: hash((made, values(one)))),
        ("__repr__", _describe),
    ):
        setattr(made, name, method)
    return made


def _write_out(made: type) -> None:
    """Give a record the methods that make one and copy one, field for field."""
    fields = dataclasses.fields(made)
    names = [field.name for field in fields]
    defaults = {f"default_{f.name}": f.default for f in fields if f.default is not _MISSING}
    takes = [f"{name}=default_{name}" if f"default_{name}" in defaults else name for name in names]
    source = (
        f"def __init__(self{', *' if names else ''}{''.join(f', {each}' for each in takes)}):\n"
        + ("".join(f"    self.{name} = {name}\n" for name in names) or "    pass\n")
        + "def __copy__(self):\n    new = make(kind)\n"
        + "".join(f"    new.{name} = self.{name}\n" for name in names)
        + "    return new\n"
    )
    methods: dict[str, Any] = {"make": object.__new__, "kind": made, **defaults}
    exec(source, methods)
    for name in ("__init__", "__copy__"):
        setattr(made, name, methods[name])


def _no_values(_: object) -> tuple[()]:
    return ()


def _describe(thing: object) -> str:
    fields = dataclasses.fields(thing)  # type: ignore[arg-type]
    said = ", ".join(f"{field.name}={getattr(thing, field.name)!r}" for field in fields)
    return f"{type(thing).__name__}({said})"


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,)
)
def event(cls: type[T]) -> type[T]:
    """Something that happened, in the past tense."""
    EVENTS.add(cls.__name__)
    return record(cls)


NO_PARAMETER: Mapping[str, bool] = types.MappingProxyType({"parameter": False})
"""Said of a command's field, as its metadata: no request sets it by a parameter of that name."""

EVENTS: set[str] = set()
"""What events are called, all that there are."""


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,)
)
def command(cls: type[T]) -> type[T]:
    """A wish to change the world; a wing lists it, so that a journal can be read back."""
    made = record(cls)
    COMMANDS.add(made)
    return made


_CLOSED: dict[type, frozenset[str]] = {}


def closed(*others: str) -> Callable[[type[T]], type[T]]:
    """Say that a request may not say more than a record or a command has: what another key has is
    refused, as OpenAPI files have it (`additionalProperties: false`).

    Args:
        others: keys, as requests spell them, that may be there and are passed over.
    """

    def close(cls: type[T]) -> type[T]:
        _CLOSED[cls] = frozenset(others)
        return cls

    return close


def passed_over(kind: type) -> frozenset[str] | None:
    """Which keys of an object, besides the fields of a kind, are passed over; None is all."""
    return _CLOSED.get(kind)


def replace(thing: T, **changes: Any) -> T:
    """The same record with some fields changed; the old one stays as it was."""
    new: T = thing.__copy__()  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def maker(kind: type[N]) -> Callable[[tuple[Any, ...]], N]:
    """What makes named tuples of a kind out of plain ones, which have all fields in their order.

    It is for the path of every request: to call the class itself costs three times as much.
    """
    return functools.partial(tuple.__new__, kind)


def plain(value: object) -> Plain:
    """`value` as JSON-like data. Instants become ISO 8601 in UTC with milliseconds."""
    kind = type(value)
    write = _WRITERS.get(kind)
    if write is None:
        write = _WRITERS[kind] = _writer(kind)
    return write(value)


def shown(thing: T) -> T:
    """A record as `plain` has it, for answers whose type says what it holds: a dict with the same
    fields, but for those with their default."""
    return typing.cast(T, plain(thing))


def plain_command(wish: object) -> dict[str, Plain]:
    """A command with its name, as one journal line holds it."""
    fields = plain(wish)
    assert isinstance(fields, dict)
    return {"command": type(wish).__name__, **fields}


def write_instant(at: datetime) -> str:
    """`2026-01-05T09:00:00.000Z`."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


Writer = Callable[[Any], Plain]


def _as_it_is(value: Any) -> Any:
    return value


def _writer(kind: type) -> Writer:
    """What turns values of exactly this type into plain data."""
    if issubclass(kind, Enum):
        return lambda member: str(member.value)
    if issubclass(kind, bool | int | float | str):
        return _as_it_is
    if issubclass(kind, datetime):
        return write_instant
    if issubclass(kind, tuple | list):
        return lambda items: [plain(item) for item in items]
    if issubclass(kind, Mapping):
        return lambda items: {str(key): plain(item) for key, item in items.items()}
    if dataclasses.is_dataclass(kind):
        return _dataclass_writer(kind)
    raise TypeError(f"{kind.__name__} cannot be written down")


def _dataclass_writer(kind: type) -> Writer:
    """Written out, field for field: a million records are copied into a state file one by one."""
    lines = ["def write(it):", "    said = {}"]
    known: dict[str, Any] = {"simple": _SIMPLE, "plain": plain}
    for field in dataclasses.fields(kind):
        name, default = field.name, f"default_{field.name}"
        known[default] = field.default
        lines.append(f"    held = it.{name}")
        indent = "    "
        if field.default is not _MISSING:
            differs = "" if field.default is None else f" and held != {default}"
            lines.append(f"    if held is not {default}{differs}:")
            indent += "    "
        said = "held if type(held) in simple else plain(held)"
        lines.append(f"{indent}said[{name!r}] = {said}")
    exec("\n".join((*lines, "    return said")), known)
    return typing.cast(Writer, known["write"])


_SIMPLE = frozenset((types.NoneType, bool, int, float, str))

_WRITERS: dict[type, Writer] = dict.fromkeys(_SIMPLE, _as_it_is)
