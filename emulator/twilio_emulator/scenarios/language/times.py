"""Durations and instants as people write them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from twilio_emulator.core.kernel.clock import FIRST, LAST

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


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_AT_TIME = re.compile(r"(?P<day>.+?)(?: at)? (?P<time>[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)")
_IN_DAYS = re.compile(r"in (\d{1,5}) days?")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant that is said from where a story is: `in 2 hours`, `tomorrow 09:00`.

    Attributes:
        text: as it is written.
        by: how far it is from there, or from the beginning of that day when `at` is given.
        weekday: the next one that is meant, 0 is Monday.
        at: the time of the day, in UTC.
    """

    text: str
    by: timedelta = timedelta(0)
    weekday: int | None = None
    at: time | None = None

    def seen_from(self, now: datetime) -> datetime:
        """The instant, when it is `now`; the last that a clock can show where it would be later."""
        try:
            at = now + self.by
            if self.at is not None:
                at = datetime.combine(at.date(), self.at, UTC)
            if self.weekday is not None:
                at += timedelta(days=(self.weekday - at.weekday()) % 7)
                at += timedelta(days=7 if at <= now else 0)
        except OverflowError:
            return LAST if self.by > timedelta(0) else FIRST
        return min(max(at, FIRST), LAST)


def read_moment(text: str) -> Moment | None:
    """What is said from where the story is; None when it is nothing of that kind.

    `now`, `in 2 hours`, `3 days ago`, and with a time of the day in UTC `today 18:00`,
    `tomorrow at 09:00`, `yesterday 12:00`, `in 3 days at 09:00`, `friday 09:00` or `next friday
    09:00`.
    """
    said = " ".join(text.casefold().split())
    if said == "now":
        return Moment(text)
    found = _AT_TIME.fullmatch(said)
    if found is not None:
        return _on_a_day(text, found["day"], found["time"])
    sign, length = 0, ""
    if said.startswith("in "):
        sign, length = 1, said.removeprefix("in ")
    elif said.endswith(" ago"):
        sign, length = -1, said.removesuffix(" ago")
    duration = read_duration(length) if length else None
    return None if duration is None else Moment(text, by=sign * duration)


def _on_a_day(text: str, day: str, clock: str) -> Moment | None:
    try:
        at = time.fromisoformat(clock.zfill(8 if clock.count(":") > 1 else 5))
    except ValueError:
        return None
    weekday = day.removeprefix("next ")
    if weekday in _DAYS:
        return Moment(text, weekday=_DAYS.index(weekday), at=at)
    later = _IN_DAYS.fullmatch(day)
    if later is None and day not in _NEAR:
        return None
    days = _NEAR[day] if later is None else int(later[1])
    return Moment(text, by=timedelta(days=days), at=at)


def write_moment(moment: Moment, now: datetime) -> str:
    """The instant that is meant, as Twilio's parameters have it: `2026-01-06T09:00:00Z`."""
    at = moment.seen_from(now)
    precision = "milliseconds" if at.microsecond else "seconds"
    return at.isoformat(timespec=precision).replace("+00:00", "Z")
