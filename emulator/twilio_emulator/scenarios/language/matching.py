"""Whether something is what was expected.

The rules of this file:

- A text is expected exactly, a `/pattern/` anywhere in a text. A number also matches its text,
  since Twilio sends some numbers as texts.
- Keys expect what they name and nothing of the others; a list expects each item in its order, and
  no more. Words such as `contains`, `count` and `not` say otherwise.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from twilio_emulator.core.kernel.patterns import Pattern
from twilio_emulator.runtime.patterns import compile_pattern

_PATTERN = re.compile(r"/(.+)/(i?)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_ABSENT: Any = object()


Fits = Callable[[Any], bool]
"""Whether something is what was expected."""


@lru_cache(maxsize=16384)
def pattern(expected: str) -> Pattern | None:
    """The regular expression of `/this/` or `/this/i`; None for a plain text.

    Raises:
        BadPattern: it is not a regular expression.
    """
    found = _PATTERN.fullmatch(expected)
    return compile_pattern(found[1], bool(found[2])) if found else None


def is_plain(expected: str) -> bool:
    """Whether a text is expected as it is, and not as a pattern."""
    return _PATTERN.fullmatch(expected) is None


def differs(expected: Any, seen: Any, path: str = "") -> str | None:
    """Why `seen` is not what was expected, in a few words; None when it is."""
    if isinstance(expected, dict):
        if expected and expected.keys() <= WORDS.keys():
            for word, said in expected.items():
                why = WORDS[word](said, seen, path)
                if why is not None:
                    return why
            return None
        return _keys_differ(expected, seen, path)
    if isinstance(expected, list):
        return _lists_differ(expected, seen, path)
    if isinstance(expected, str) and (regex := pattern(expected)) is not None:
        if isinstance(seen, str) and regex.search(seen):
            return None
        return _but(path, f"nothing that matches {expected} in {show(seen)}")
    return None if _equal(expected, seen) else _but(path, f"{show(seen)}, not {show(expected)}")


def fits(expected: Any) -> Fits:
    """What tells whether something is what was expected: quickly, but not why not.

    `fits(expected)(seen)` is `differs(expected, seen) is None`, for many that are seen.
    """
    if isinstance(expected, str):
        regex = pattern(expected)
        if regex is None:
            return lambda seen: bool(expected == seen)
        search = regex.search
        return lambda seen: isinstance(seen, str) and bool(search(seen))
    if isinstance(expected, dict) and not (expected and expected.keys() <= WORDS.keys()):
        return _keys_fit([(key, fits(said)) for key, said in expected.items()])
    return lambda seen: differs(expected, seen) is None


def show(value: Any) -> str:
    """A value as one reads it, shortened when it is long."""
    if value is _ABSENT:
        return "nothing"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 200 else f'"{value[:200]}..."'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _equal(expected: Any, seen: Any) -> bool:
    if isinstance(expected, bool) or isinstance(seen, bool):
        return expected is seen
    if isinstance(expected, int | float) and isinstance(seen, str):
        return str(expected) == seen
    if expected is None:
        return seen is None or seen is _ABSENT
    return bool(expected == seen)


def _keys_fit(keys: list[tuple[str, Fits]]) -> Fits:
    if len(keys) == 1:  # as of every text that is expected: many are looked through
        ((key, fit),) = keys
        return lambda seen: isinstance(seen, dict) and fit(seen.get(key, _ABSENT))
    return lambda seen: (
        isinstance(seen, dict) and all(fit(seen.get(key, _ABSENT)) for key, fit in keys)
    )


def _keys_differ(expected: dict[str, Any], seen: Any, path: str) -> str | None:
    if not isinstance(seen, dict):
        return _but(path, f"{show(seen)}, which has no keys")
    for key, said in expected.items():
        why = differs(said, seen.get(key, _ABSENT), f"{path}.{key}" if path else key)
        if why is not None:
            return why
    return None


def _lists_differ(expected: list[Any], seen: Any, path: str) -> str | None:
    if not isinstance(seen, list | tuple):
        return _but(path, f"{show(seen)}, which is no list")
    for at, said in enumerate(expected):
        why = differs(said, seen[at] if at < len(seen) else _ABSENT, f"{path}.{at}".lstrip("."))
        if why is not None:
            return why
    if len(seen) > len(expected):
        return _but(path, f"{len(seen)} of them, not {len(expected)}")
    return None


def _but(path: str, what: str) -> str:
    return f"{path} is {what}" if path else f"it is {what}"


def _is(said: Any, seen: Any, path: str) -> str | None:
    return None if said == seen else _but(path, f"{show(seen)}, not {show(said)}")


def _not(said: Any, seen: Any, path: str) -> str | None:
    return _but(path, show(seen)) if differs(said, seen) is None else None


def _contains(said: Any, seen: Any, path: str) -> str | None:
    """Part of a text, or items of a list, in any order, each its own."""
    if isinstance(seen, str):
        held = str(said) in seen
        return None if held else _but(path, f"{show(seen)}, without {show(said)}")
    if not isinstance(seen, list | tuple):
        return _but(path, f"{show(seen)}, neither text nor list")
    left = list(seen)
    for item in said if isinstance(said, list) else [said]:
        found = next((each for each in left if differs(item, each) is None), _ABSENT)
        if found is _ABSENT:
            return _but(path, f"a list without {show(item)}")
        left.remove(found)
    return None


def _count(said: Any, seen: Any, path: str) -> str | None:
    if not isinstance(seen, list | tuple | str | dict):
        return _but(path, f"{show(seen)}, which cannot be counted")
    return differs(said, len(seen), f"the number in {path}" if path else "their number")


def _any_order(said: Any, seen: Any, path: str) -> str | None:
    items = said if isinstance(said, list) else [said]
    return _contains(items, seen, path) or _count(len(items), seen, path)


def _at_least(said: Any, seen: Any, path: str) -> str | None:
    return _compare(said, seen, path, lambda size: bool(size >= said), "less than")


def _at_most(said: Any, seen: Any, path: str) -> str | None:
    return _compare(said, seen, path, lambda size: bool(size <= said), "more than")


def _compare(
    said: Any, seen: Any, path: str, holds: Callable[[float], bool], otherwise: str
) -> str | None:
    """A number, a number that is sent as a text, or how many there are in a list or under keys."""
    if not _is_number(said):
        return _but(path, f"{show(seen)}, which cannot be compared with {show(said)}")
    counted = isinstance(seen, list | tuple | dict)
    size = len(seen) if counted else _number(seen)
    if size is not None and holds(size):
        return None
    shown = f"{size} of them" if counted else show(seen)
    return _but(path, f"{shown}, {otherwise} {show(said)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(seen: Any) -> float | None:
    if isinstance(seen, str) and _NUMBER.fullmatch(seen):
        return float(seen)
    return seen if _is_number(seen) else None


COMPARING = ("at least", "at most")
"""Words that a number follows."""

WORDS: dict[str, Callable[[Any, Any, str], str | None]] = {
    "is": _is,
    "not": _not,
    "contains": _contains,
    "count": _count,
    "in any order": _any_order,
    "at least": _at_least,
    "at most": _at_most,
}
