"""Texts with `${names}` in them, and what the names stand for.

The rules of this file:

- `${name}` is what has the name; `${name.key.0}` goes on into it. A value with a sid, or with an id
  of Twilio's newest APIs, stands for that where a text is wanted.
- A text that is nothing but one `${...}` becomes the value itself, whatever its type.
- `${in 2 hours}` and what else says an instant from where the story is becomes that instant, as
  Twilio's parameters have it, unless it is a name.
- `$${` is `${` as it stands.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from twilio_emulator.scenarios.language.times import Moment, read_moment, say_duration, write_moment

_HOLE = re.compile(r"\$\$\{|\$\{([^{}]*)\}")
_ID = re.compile(r"[a-z]+_[a-z]+_[0-9a-z]{26}")
"""The form of an id in Twilio's newest APIs: `conv_conversation_`, and 26 characters."""


class Unknown(Exception):
    """A name stands for nothing, or has no such key."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes."""

    text: str

    @property
    def names(self) -> tuple[str, ...]:
        """What it needs, with paths: `answer.body`."""
        return tuple(found[1].strip() for found in _HOLE.finditer(self.text) if found[0] != "$${")

    def fill(self, known: Mapping[str, Any], now: datetime | None = None) -> Any:
        """The text, or the value when there is nothing but one hole.

        Args:
            now: where the story is.

        Raises:
            Unknown: one of its names.
        """
        whole = _HOLE.fullmatch(self.text)
        if whole and whole[0] != "$${":
            return look_up(whole[1].strip(), known, now)
        return _HOLE.sub(lambda found: _say(found, known, now), self.text)


def template(text: str) -> str | Template:
    """A text, as a template when it has holes."""
    return Template(text) if "${" in text else text


def fill(value: Any, known: Mapping[str, Any], now: datetime | None = None) -> Any:
    """`value` with every template in it filled, and every instant said from where the story is.

    Args:
        now: where the story is.

    Raises:
        Unknown: a name in one of them.
    """
    if isinstance(value, Template):
        return value.fill(known, now)
    if isinstance(value, Moment) and now is not None:
        return write_moment(value, now)
    if isinstance(value, dict):
        return {key: fill(item, known, now) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, known, now) for item in value]
    return value


def look_up(path: str, known: Mapping[str, Any], now: datetime | None = None) -> Any:
    """What `name.key.0` stands for.

    Raises:
        Unknown: the name or a key.
    """
    if path in known:
        return known[path]
    name, *keys = path.split(".")
    if name not in known:
        if now is not None and (moment := read_moment(path)) is not None:
            return write_moment(moment, now)
        raise Unknown(f"nothing is called {name}")
    value = known[name]
    said = name
    for key in keys:
        try:
            value = value[int(key)] if isinstance(value, list | tuple) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            raise Unknown(f"{said} has no {key}") from None
        said = f"{said}.{key}"
    return value


def spoken(value: Any) -> str:
    """A value as part of a text."""
    if isinstance(value, dict):
        value = spoken_of(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def spoken_of(value: dict[str, Any]) -> Any:
    """What says which thing this is: its sid, or its id in Twilio's newest APIs; else itself."""
    found = value.get("id")
    is_id = isinstance(found, str) and _ID.fullmatch(found) is not None
    return value.get("sid", found if is_id else value)


def spelled(value: Any) -> str:
    """A value much as it is written in a scenario, in a line."""
    if isinstance(value, Template):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {spelled(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(spelled(item) for item in value) + "]"
    if isinstance(value, timedelta):
        return say_duration(value)
    if isinstance(value, Moment):
        return value.text
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _say(found: re.Match[str], known: Mapping[str, Any], now: datetime | None) -> str:
    return "${" if found[0] == "$${" else spoken(look_up(found[1].strip(), known, now))
