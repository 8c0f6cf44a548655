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
import re
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
N = TypeVar("N", bound=tuple[Any, ...])

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


_MISSING = dataclasses.MISSING

_COMMANDS: set[type] = set()


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
    _COMMANDS.add(made)
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


def revive_command(written: Mapping[str, Plain], commands: Mapping[str, type]) -> Any:
    """The command that `plain_command` wrote down, one of `commands`.

    Raises:
        Unreadable: the name or a field is unknown, or not what it should be.
    """
    fields = dict(written)
    name = fields.pop("command", None)
    kind = commands.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Unreadable(f"no command is called {_shortened(name)}")
    return revive(kind, fields)


def revive(kind: type[T], written: Plain) -> T:
    """The value of type `kind` that `plain` turned into `written`.

    Raises:
        Unreadable: `written` is not what `plain` makes of such a value; says where, and what was
            expected there.
    """
    return typing.cast(T, _reviver(typing.cast(Hashable, kind))(written))


def reviver(kind: type[T]) -> Callable[[Any], T]:
    """`revive` for many values of one type."""
    return typing.cast(Callable[[Any], T], _reviver(typing.cast(Hashable, kind)))


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


Size = Callable[[Any], int]

SHORT = re.compile(
    r"\w*(sid|name|address|author|identity|method|type|kind|product|direction|status)"
    r"|sender|to|number|language|handset|peer|created_by|last_updated_by|trace"
)
"""Fields of what was checked that hold little: sids, names, numbers. They are part of what a thing
costs by itself. Of a command nothing is known: it may be refused for what it holds."""


def size(thing: object) -> int:
    """About how many bytes the texts in a thing are, as far as they can be long.

    It is asked for all that goes on, so it looks at no more than it has to.
    """
    return SIZES[type(thing)](thing)


def _measure(kind: type) -> Size:
    if issubclass(kind, Enum):
        return _nothing
    if issubclass(kind, str | bytes):
        return len
    if issubclass(kind, Mapping):
        return lambda thing: sum(size(key) + size(held) for key, held in thing.items())
    if issubclass(kind, tuple | list) and not hasattr(kind, "_fields"):
        return lambda thing: sum(map(size, thing))
    terms = list(_terms(kind, "thing", every=kind in _COMMANDS))
    if not terms:
        return _nothing
    made: dict[str, Any] = {"size": size}
    lines = [f"if {place}: total += {how}({place})" for place, how in terms]
    exec("def measure(thing):\n    total = 0\n    " + "\n    ".join([*lines, "return total"]), made)
    measure: Size = made["measure"]
    return measure


def _nothing(_: object) -> int:
    return 0


def _terms(kind: type, where: str, *, every: bool = False) -> Iterator[tuple[str, str]]:
    """The places in a record, and in those that are in it, that add up to its size, and how each is
    measured. They are made into one function, as the methods of records are, and for the same
    reason. `every` text counts, or the long ones.
    """
    types_of = typing.get_type_hints(kind) if _has_fields(kind) else {}
    for name, held in types_of.items():
        place = f"{where}.{name}"
        choices = _choices(held)
        if all(each in (str, bytes) for each in choices):
            if every or not SHORT.fullmatch(name):
                yield place, "len"
        elif _has_fields(held):
            yield from _terms(held, place, every=every)
        elif (every or not SHORT.fullmatch(name)) and not all(map(_has_no_text, choices)):
            yield place, "size"


def _choices(kind: Any) -> list[Any]:
    """What a field may hold besides None."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return [kind]
    return [each for each in typing.get_args(kind) if each is not types.NoneType]


def _has_fields(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")


def _has_no_text(kind: Any) -> bool:
    return isinstance(kind, type) and (
        issubclass(kind, bool | int | float | datetime | Enum)
        or (_has_fields(kind) and not any(_terms(kind, "thing")))
    )


class _Sizes(dict[type, Size]):
    """How things of each type are measured, found out for the first of them."""

    def __missing__(self, kind: type) -> Size:
        measure = self[kind] = _measure(kind)
        return measure


SIZES = _Sizes()
"""What measures things of a type. What is on the path of every request looks here itself: a call
of `size` costs as much again as to measure something small."""


LARGEST_NUMBER = 2**63
"""What JSON of every sort can hold, as a whole number, is below."""


class Unreadable(ValueError):
    """What was written down is not what it should be. The text is one line."""

    place = ""

    def within(self, place: str) -> "Unreadable":
        """The same, of something that is at `place`; another exception, as one that was raised
        holds what it came through."""
        other = Unreadable(*self.args)
        other.place = place + ("" if self.place[:1] in ("", "[") else ".") + self.place
        return other

    def __str__(self) -> str:
        return f"{self.place}: {self.args[0]}" if self.place else str(self.args[0])


def expected(what: str, *found: object) -> Unreadable:
    """Something else should be there than what was `found`."""
    said = "".join(f", not {_shortened(each)}" for each in found)
    return Unreadable(f"expected {what}{said}")


def _shortened(found: object) -> str:
    if isinstance(found, list | dict):
        return "a list" if isinstance(found, list) else "an object"
    shown = "null" if found is None else repr(found)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


Reviver = Callable[[Any], Any]


@functools.cache
def _reviver(kind: Any) -> Reviver:
    origin = typing.get_origin(kind)
    if kind in _LEAVES:
        return _LEAVES[kind]
    if origin in (typing.Union, types.UnionType):
        return _union_reviver(typing.get_args(kind))
    if origin is tuple:
        return _tuple_reviver(typing.get_args(kind))
    if origin is dict:
        return _dict_reviver(_reviver(typing.get_args(kind)[1]))
    if issubclass(kind, Enum):
        return _enum_reviver(kind)
    return _dataclass_reviver(kind)


def _instant(written: Any) -> datetime:
    if type(written) is str:
        try:
            at = datetime.fromisoformat(written)
            if at.tzinfo is UTC:
                return at
            if at.tzinfo is not None:
                return at.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise expected("an instant such as 2026-01-05T09:00:00.000Z", written)


def _text(written: Any) -> str:
    if type(written) is str:
        return written
    raise expected("a text", written)


def _whole(written: Any) -> int:
    if type(written) is int and -LARGEST_NUMBER <= written < LARGEST_NUMBER:
        return written
    raise expected("a whole number", written)


def _number(written: Any) -> float:
    if type(written) is float or type(written) is int:
        return written
    raise expected("a number", written)


def _yes_or_no(written: Any) -> bool:
    if type(written) is bool:
        return written
    raise expected("true or false", written)


def _anything(written: Any) -> Any:
    return written


_LEAVES: dict[Any, Reviver] = {
    datetime: _instant,
    str: _text,
    int: _whole,
    float: _number,
    bool: _yes_or_no,
    Any: _anything,
}


def _union_reviver(choices: tuple[Any, ...]) -> Reviver:
    """Unions here are `X | None`: whatever is not None is an X."""
    (kind,) = (choice for choice in choices if choice is not types.NoneType)
    inner = _reviver(kind)
    return lambda written: None if written is None else inner(written)


def _enum_reviver(kind: type[Enum]) -> Reviver:
    def revive_member(written: Any) -> Enum:
        try:
            return kind(written)
        except ValueError:
            choices = ", ".join(str(member.value) for member in kind)
            raise expected(f"one of {choices}", written) from None

    return revive_member


def _tuple_reviver(items: tuple[Any, ...]) -> Reviver:
    if len(items) == 2 and items[1] is Ellipsis:
        item = _reviver(items[0])

        def revive_all(written: Any) -> tuple[Any, ...]:
            written = _listed(written)
            try:
                return tuple(map(item, written))
            except Unreadable:
                raise _located(((f"[{at}]", item, it) for at, it in enumerate(written))) from None

        return revive_all
    each = [_reviver(kind) for kind in items]

    def revive_each(written: Any) -> tuple[Any, ...]:
        if len(_listed(written)) != len(each):
            raise expected(f"a list of {len(each)}, not of {len(written)}")
        pairs = list(zip(each, written, strict=True))
        try:
            return tuple(inner(it) for inner, it in pairs)
        except Unreadable:
            named = ((f"[{at}]", inner, it) for at, (inner, it) in enumerate(pairs))
            raise _located(named) from None

    return revive_each


def _listed(written: Any) -> list[Any]:
    if isinstance(written, list | tuple):
        return typing.cast(list[Any], written)
    raise expected("a list", written)


def _dict_reviver(item: Reviver) -> Reviver:
    def revive_items(written: Any) -> dict[str, Any]:
        if type(written) is not dict:
            raise expected("an object", written)
        try:
            return {key: item(value) for key, value in written.items()}
        except Unreadable:
            raise _located(((key, item, it) for key, it in written.items())) from None

    return revive_items


def _dataclass_reviver(kind: type) -> Reviver:
    """Reads field for field, written out as in `_dataclass_writer`; what cannot be read so is read
    once more, to say what is wrong with it."""
    hints = typing.get_type_hints(kind)
    held = dataclasses.fields(kind)
    revivers = {field.name: _reviver(hints[field.name]) for field in held}
    needed = [field.name for field in held if field.default is _MISSING]
    known: dict[str, Any] = {"make": object.__new__, "kind": kind, "missing": _MISSING}
    lines = [
        "def read(written):",
        "    new = make(kind)",
        f"    left = len(written) - {len(needed)}",
    ]
    lines += ["    get = written.get"] if len(needed) < len(held) else []
    for field in held:
        name = field.name
        known[f"revive_{name}"], known[f"default_{name}"] = revivers[name], field.default
        value = _SIMPLY.get(hints[name], "revive_{name}(it)").format(name=name)
        if field.default is _MISSING:
            lines += [f"    it = written[{name!r}]", f"    new.{name} = {value}"]
        else:
            lines += [
                f"    it = get({name!r}, missing)",
                "    if it is missing:",
                f"        new.{name} = default_{name}",
                "    else:",
                "        left -= 1",
                f"        new.{name} = {value}",
            ]
    exec("\n".join((*lines, "    return None if left else new")), known)
    read = known["read"]

    def revive_fields(written: Any) -> object:
        if type(written) is not dict:
            raise expected("an object", written)
        try:
            made = read(written)
        except (Unreadable, KeyError):
            made = None
        if made is not None:
            return made
        unknown = written.keys() - revivers.keys()
        if unknown:
            raise Unreadable(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
        missing = [name for name in needed if name not in written]
        if missing:
            raise Unreadable(f"{kind.__name__} lacks {', '.join(missing)}")
        raise _located((name, revivers[name], value) for name, value in written.items())

    return revive_fields


_SIMPLY: dict[Any, str] = {
    str: "it if type(it) is str else revive_{name}(it)",
    str | None: "it if type(it) is str or it is None else revive_{name}(it)",
    bool: "it if it is True or it is False else revive_{name}(it)",
}
"""How a field of such a type is read without a call, when it is what it should be."""


def _located(parts: Iterable[tuple[str, Reviver, Any]]) -> Unreadable:
    """What is wrong with the first of the parts that cannot be read, with its place."""
    return next(wrong for part in parts if (wrong := _wrong(*part)) is not None)


def _wrong(place: str, reviver: Reviver, written: Any) -> Unreadable | None:
    try:
        reviver(written)
    except Unreadable as wrong:
        return wrong.within(place)
    return None
