"""Durations and instants as people write them."""

import re
from datetime import UTC, datetime, timedelta

from emulator.core.clock import FIRST, LAST

_UNITS = {
    "ms": 0.001,
    "millisecond": 0.001,
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
    "week": 604800,
}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)")
_ISO = re.compile(r"P(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?")


def read_duration(text: str) -> timedelta | None:
    """`5 minutes`, `1 hour 30 minutes`, `250 ms` or `PT5M`; None when it is no duration."""
    iso = _ISO.fullmatch(text)
    if iso is not None and len(text) > 2:
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    rest = _PART.sub("", text.casefold())
    if rest.replace("and", "").replace(",", "").strip():
        return None
    total = 0.0
    for number, unit in _PART.findall(text.casefold()):
        seconds_each = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
        if seconds_each is None:
            return None
        total += float(number) * seconds_each
    return timedelta(seconds=total) if total and total < 1e9 else None


def read_instant(text: str) -> datetime | None:
    """`2026-01-05T09:00:00Z`, or without the zone, which is UTC; None when it is no instant, or
    none that a clock can show."""
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if FIRST <= at <= LAST else None


def say_duration(passed: timedelta) -> str:
    """`1 day 2 hours`, `500 ms`."""
    milliseconds = round(passed.total_seconds() * 1000)
    if milliseconds % 1000:
        return f"{milliseconds:g} ms" if milliseconds < 1000 else f"{milliseconds / 1000:g} seconds"
    left = milliseconds // 1000
    said = []
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, seconds)
        if count:
            said.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(said) or "0 seconds"
