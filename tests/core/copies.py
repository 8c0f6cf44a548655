"""Copies of worlds, gathered into snapshots."""

from collections.abc import Iterator
from typing import Any

from twilio_emulator.core.kernel.copying import TIMERS
from twilio_emulator.core.wings import RULES

Rows = Iterator[tuple[str, list[Any]]]


def gathered(shown: dict[str, Any], rows: Rows) -> dict[str, Any]:
    """A snapshot of what was copied."""
    tables: dict[str, list[Any]] = {}
    for name, piece in rows:
        if piece:
            tables.setdefault(name, []).extend(piece)
    timers = sorted(tables.pop(TIMERS, []), key=lambda timer: (timer["due"], timer["number"]))
    return {**shown, "timers": timers, "tables": {k: tables[k] for k in order(tables)}}


def order(tables: dict[str, Any]) -> list[str]:
    return [kind.name for kind in RULES.tables if kind.name in tables]
