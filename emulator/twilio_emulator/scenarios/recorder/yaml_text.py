"""Values as YAML that people like to read: plain where that is safe, in one line where it fits."""

import json
import re
from collections.abc import Iterator
from typing import Any

WIDTH = 96

_PLAIN = re.compile(r"[A-Za-z+$][^\n\t\"\\]*|\d{4}-\d\d-\d\dT[\d:.]+Z")
_UNSAFE = re.compile(r": |:$| $| #")
_UNSAFE_INSIDE = re.compile(r"[\[\]{},]|\?$")
_KEY = re.compile(r"[A-Za-z][\w .'/+:${}-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def scalar(value: Any, *, inside: bool = False) -> str:
    """A text, a number, true, false or null; `inside` braces or brackets more has to be quoted."""
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    text = str(value)
    is_plain = (
        _PLAIN.fullmatch(text)
        and not _UNSAFE.search(text)
        and not (inside and _UNSAFE_INSIDE.search(text))
        and text.casefold() not in _WORDS
    )
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value, inside=True)


def pair(key: str, value: Any, indent: int) -> Iterator[str]:
    """`key: value`; on lines of its own what does not fit on one, or is a section of the file."""
    margin = " " * indent
    if not isinstance(value, dict | list):
        yield f"{margin}{_key(key)}: {scalar(value)}"
        return
    line = f"{margin}{_key(key)}: {flow(value)}"
    if not value or (indent and len(line) <= WIDTH):
        yield line
        return
    yield f"{margin}{_key(key)}:"
    yield from block(value, indent + 2)


def block(value: Any, indent: int) -> Iterator[str]:
    """A mapping or a list, a line for each of its parts where they fit."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from pair(str(key), held, indent)
        return
    for item in value:
        yield from step(item, indent)


def step(item: Any, indent: int) -> Iterator[str]:
    """An item of a list, after its dash."""
    margin = " " * indent
    if not isinstance(item, dict) or not item:
        yield f"{margin}- {flow(item) if isinstance(item, dict | list) else scalar(item)}"
        return
    if list(item.values()) == [None]:
        yield f"{margin}- {_key(next(iter(item)))}"
        return
    first, *beside = item.items()
    head = [f"{_key(first[0])}:"] if first[1] is None else pair(*first, indent + 2)
    lines = [*head, *block(dict(beside), indent + 2)]
    lines[0] = f"{margin}- {lines[0].lstrip()}"
    yield from lines


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) and ": " not in key else json.dumps(key)
