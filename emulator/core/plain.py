"""Commands, events and records as plain data: what can be written down can be replayed and
restored.

The rules of this file:

- A *record* is something the world keeps, a *command* a wish to change it, an *event* what came of
  it. All three are frozen dataclasses; a changed record is a new one, so an event shows for ever
  what was true when it happened.
- `plain` turns any of them into dicts, lists, strings, numbers, booleans and None; `revive` turns
  that back into an equal value. Fields that hold their default are left out.
- Commands are known by their class name, so that a journal line says what it is.
"""

import dataclasses
import functools
import operator
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Protocol, TypeVar, dataclass_transform

if typing.TYPE_CHECKING:
    from emulator.core.world import World

T = TypeVar("T")

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


class Command(Protocol):
    """A wish to change the world, in the imperative. `apply` refuses, or changes and tells."""

    def apply(self, world: "World") -> object:
        """Check everything, then change, then tell.

        Raises:
            Refused: with the world unchanged.
        """


class Checked(Command, Protocol):
    """A command that a pre-event webhook may see: its guards can be asked without the change."""

    def check(self, world: "World") -> object:
        """What the command would make of the world.

        Raises:
            Refused: it cannot be performed.
        """


_MISSING = dataclasses.MISSING

COMMANDS: dict[str, type] = {}


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,)
)
def record(cls: type[T]) -> type[T]:
    """A thing the world keeps, or a value inside one.

    It is frozen for the type checker, which sees all of our code, and not at run time: that would
    double the cost of every change. Its methods are made in one go: there are hundreds of records,
    and `dataclass` would take a fifth of the time that the emulator has to start.
    """
    made = dataclass(init=False, repr=False, eq=False, kw_only=True, slots=True)(cls)
    fields = dataclasses.fields(made)  # type: ignore[arg-type]
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
    values = operator.attrgetter(*names) if names else _no_values
    for name, method in (
        ("__init__", methods["__init__"]),
        ("__copy__", methods["__copy__"]),
        ("__eq__", lambda one, two: type(two) is made and values(one) == values(two)),
        ("__hash__", lambda one: hash((made, values(one)))),
        ("__repr__", _describe),
    ):
        setattr(made, name, method)
    return made


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
    return record(cls)


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,)
)
def command(cls: type[T]) -> type[T]:
    """A wish to change the world; registered by name so that a journal can be read back."""
    made = record(cls)
    if made.__name__ in COMMANDS:
        raise TypeError(f"two commands are called {made.__name__}")
    COMMANDS[made.__name__] = made
    return made


def replace(thing: T, **changes: Any) -> T:
    """The same record with some fields changed; the old one stays as it was."""
    new: T = thing.__copy__()  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(new, name, value)
    return new


def plain(value: object) -> Plain:
    """`value` as JSON-like data. Instants become ISO 8601 in UTC with milliseconds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            name: plain(held)
            for name, default in _defaults(type(value))
            if (held := getattr(value, name)) is not default and held != default
        }
    raise TypeError(f"{type(value).__name__} cannot be written down")


def plain_command(wish: Command) -> dict[str, Plain]:
    """A command with its name, as one journal line holds it."""
    fields = plain(wish)
    assert isinstance(fields, dict)
    return {"command": type(wish).__name__, **fields}


def revive_command(written: Mapping[str, Plain]) -> Command:
    """The command that `plain_command` wrote down.

    Raises:
        ValueError: the name or a field is unknown.
    """
    fields = dict(written)
    name = fields.pop("command", None)
    kind = COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"no command is called {name!r}")
    return typing.cast(Command, revive(kind, fields))


def revive(kind: type[T], written: Plain) -> T:
    """The value of type `kind` that `plain` turned into `written`.

    Raises:
        ValueError: `written` is not what `plain` makes of such a value.
    """
    return typing.cast(T, _reviver(typing.cast(Hashable, kind))(written))


def write_instant(at: datetime) -> str:
    """`2026-01-05T09:00:00.000Z`."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


@functools.cache
def _defaults(kind: type) -> tuple[tuple[str, object], ...]:
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


@functools.cache
def _reviver(kind: Any) -> Callable[[Any], object]:
    origin = typing.get_origin(kind)
    if kind is datetime:
        return lambda written: datetime.fromisoformat(written).astimezone(UTC)
    if origin in (typing.Union, types.UnionType):
        return _union_reviver(typing.get_args(kind))
    if origin is tuple:
        return _tuple_reviver(typing.get_args(kind))
    if origin is dict:
        item = _reviver(typing.get_args(kind)[1])
        return lambda written: {key: item(value) for key, value in written.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass_reviver(kind)
    return lambda written: written


def _union_reviver(choices: tuple[Any, ...]) -> Callable[[Any], object]:
    """Unions here are `X | None`: whatever is not None is an X."""
    (kind,) = (choice for choice in choices if choice is not types.NoneType)
    inner = _reviver(kind)
    return lambda written: None if written is None else inner(written)


def _tuple_reviver(items: tuple[Any, ...]) -> Callable[[Any], object]:
    if len(items) == 2 and items[1] is Ellipsis:
        item = _reviver(items[0])
        return lambda written: tuple(item(value) for value in written)
    each = [_reviver(kind) for kind in items]
    return lambda written: tuple(
        revive_item(value) for revive_item, value in zip(each, written, strict=True)
    )


def _dataclass_reviver(kind: type) -> Callable[[Any], object]:
    hints = typing.get_type_hints(kind)
    revivers = {field.name: _reviver(hints[field.name]) for field in dataclasses.fields(kind)}

    def revive_fields(written: dict[str, Any]) -> object:
        unknown = written.keys() - revivers.keys()
        if unknown:
            raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        try:
            return kind(**{name: revivers[name](value) for name, value in written.items()})
        except TypeError as error:
            raise ValueError(str(error)) from None

    return revive_fields
