"""Plain data made into the values that it was written from, so that what was written down can be
replayed and restored.

The rule of this file: what is not what `plain` writes is refused, with its place and what was
expected there. Fields that are not there have their default.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

from twilio_emulator.core.kernel.records import Plain

T = TypeVar("T")

_MISSING = dataclasses.MISSING

LARGEST_NUMBER = 2**63
"""What JSON of every sort can hold, as a whole number, is below."""


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
    """Reads field for field, written out as in `records.py`; what cannot be read so is read
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
