"""What is wrong with a body or a query string, in one line that says what is known instead."""

import re
import types
import typing
from enum import Enum
from typing import Annotated, Any, Literal

from twilio_emulator.core.simulation.choices import meant

APOSTROPHE = "'"

_UNKNOWN = re.compile(
    r"Object contains unknown field `(?P<field>.{1,100})`|Invalid enum value (?P<value>.{1,100})",
    re.DOTALL,
)
_STEP = re.compile(r"\.([^.\[]+)|\[[^\[\]]*\]")


def line(place: str, error: Exception, kind: Any = None) -> str:
    """What msgspec found, in one line: `body numbers[0]: expected str, got int`.

    Args:
        place: what was read: a body or a query string.
        error: what msgspec says of it.
        kind: what it was to be; what is known instead of what it says is said then.
    """
    what, _, where = str(error).partition(" - at `$")
    where = where.removesuffix("`")
    head = f"{place} {where.lstrip('.')}" if where else place
    unknown = None if kind is None else _UNKNOWN.fullmatch(what)
    what = what.replace("`", "")
    if unknown is None:
        return f"{head}: {what}"
    there = _at(kind, where)
    if unknown["field"] is None:
        return f"{head}: {_instead(unknown['value'], [str(each) for each in values(there)])}"
    known = getattr(there, "__struct_encode_fields__", ())
    some = f", expected some of {', '.join(known)}{meant(unknown['field'], known)}" if known else ""
    return f"{head}: {what}{some}"


def _instead(said: str, known: list[str]) -> str:
    expected = known[0] if len(known) == 1 else f"one of {', '.join(known)}"
    if len(known) == 2:
        expected = " or ".join(known)
    return f"expected {expected}, not {said}{meant(said.strip(APOSTROPHE), known)}"


def values(kind: Any) -> tuple[object, ...]:
    """The values of a type that has some only."""
    if typing.get_origin(kind) is Literal:
        return typing.get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(each.value for each in kind)
    return ()


def plainly(kind: Any) -> Any:
    """A type without what is said about it, and without None."""
    origin = typing.get_origin(kind)
    if origin is Annotated:
        return plainly(typing.get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        kinds = [each for each in typing.get_args(kind) if each is not types.NoneType]
        return plainly(kinds[0]) if len(kinds) == 1 else kind
    return kind


def _at(kind: Any, place: str) -> Any:
    """The type of what stands at a place such as `.media[0].url`."""
    kind = plainly(kind)
    for step in _STEP.finditer(place):
        if step[1] is None:
            kind = typing.get_args(kind)[-1 if typing.get_origin(kind) is dict else 0]
        else:
            named = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
            kind = typing.get_type_hints(kind, include_extras=True)[named[step[1]]]
        kind = plainly(kind)
    return kind
