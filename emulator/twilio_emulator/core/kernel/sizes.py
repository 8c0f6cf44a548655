"""About how many bytes what is kept takes: the texts in it, as far as they can be long."""

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from twilio_emulator.core.kernel.records import COMMANDS

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
    terms = list(_terms(kind, "thing", every=kind in COMMANDS))
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
