"""Cursors: how one page of a list says where another begins, in REST, Sync and the control API.

The rules of this file:

- A cursor is what it is for, in capitals, then numbers, then a key: `PA12-IM0a...`, `5-+1202...`.
- Callers give it back as they got it. What cannot be read is not one of ours; each API says so in
  its own words.
"""

import re
from collections.abc import Container
from functools import cache
from typing import NamedTuple

from twilio_emulator.core.kernel.indexes import Place

_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


class Cursor(NamedTuple):
    """A cursor, read."""

    purpose: str
    numbers: tuple[int, ...]
    key: str

    @property
    def place(self) -> Place:
        """Where it points in an order of records, if `write_place` wrote it."""
        return self.numbers[0], self.key


def write(purpose: str, numbers: tuple[int, ...], key: str) -> str:
    """A cursor; `purpose` is capitals or nothing."""
    return f"{purpose}{'-'.join(map(str, numbers))}-{key}"


def write_place(place: Place, purpose: str = "") -> str:
    """The cursor of a place in an order of records."""
    return f"{purpose}{place[0]}-{place[1]}"


def read(text: str, purposes: Container[str] = ("",), numbers: int = 1) -> Cursor | None:
    """What a cursor says; None when it is not one of ours.

    Args:
        purposes: what it may be for.
        numbers: how many of them it holds.
    """
    found = _pattern(numbers).fullmatch(text)
    if found is None or found[1] not in purposes:
        return None
    return Cursor(found[1], tuple(map(int, found.groups()[1:-1])), found[numbers + 2])


def read_record(text: str, purposes: Container[str] = ("",)) -> Cursor | None:
    """The cursor of a record's place, whose key is the record's sid; None when it is not one."""
    found = read(text, purposes)
    return None if found is None or not _SID.fullmatch(found.key) else found


@cache
def _pattern(numbers: int) -> re.Pattern[str]:
    return re.compile(r"([A-Z]*)" + r"(-?[0-9]{1,18})-" * numbers + r"(.+)", re.DOTALL)
