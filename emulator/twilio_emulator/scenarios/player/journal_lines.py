"""Entries of the journal as people read them below a failure: one line each."""

import json
from typing import Any

LONGEST = 160
_TOLD = ("seq", "at", "kind", "origin", "fields", "command", "event")
_DULL = frozenset({"account_sid", "account", "date_created", "date_updated", "serial"})


CLOCK_MOVES = ("MoveClock", "ClockMoved")
"""Commands and events that say what the times of the lines say already."""


def is_telling(entry: dict[str, Any]) -> bool:
    """Whether an entry says something that the others do not."""
    return (entry.get("command") or entry.get("event")) not in CLOCK_MOVES


def journal_line(entry: dict[str, Any]) -> str:
    """`09:00:00.110 event TextStatusChanged ...`, with what says most."""
    name = entry.get("command") or entry.get("event") or ""
    fields = {**entry.get("fields", {}), **{k: v for k, v in entry.items() if k not in _TOLD}}
    line = f"{entry['at'][11:23]} {entry['kind']} {name} {_brief(fields)}".rstrip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."


def _brief(fields: dict[str, Any]) -> str:
    things = list(fields.values())
    if things and all(isinstance(thing, dict) for thing in things):
        return _brief(things[0])  # an event: what it is about comes first, then where that is
    return " ".join(
        f"{name}={_say(value)}"
        for name, value in fields.items()
        if name not in _DULL and value not in (None, "", [], {}) and not isinstance(value, dict)
    )


def _say(value: Any) -> str:
    return value if isinstance(value, str) and " " not in value else json.dumps(value)
