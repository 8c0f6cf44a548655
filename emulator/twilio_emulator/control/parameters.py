"""Instants, durations and choices in calls of the control API, with mistakes in one line."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.control.routes import LONGEST_NAME
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.clock import FIRST, LAST
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.simulation.choices import meant

_UNREADABLE = Refusal(20001, 400, "")


def choose(place: str, said: str, known: Sequence[str]) -> None:
    """Raises:
    Mistaken: it is none of those that are known.
    """
    if said not in known:
        said = said[:LONGEST_NAME]
        raise Mistaken(
            f"{place}: expected some of {', '.join(known)}, not {said}{meant(said, known)}"
        )


def read_instant(place: str, text: str) -> datetime:
    """An ISO 8601 instant.

    Raises:
        Mistaken: it is not an instant.
    """
    try:
        return parameters.instant(text, _UNREADABLE)
    except Refused:
        raise Mistaken(
            f"{place}: expected an ISO 8601 instant such as 2026-01-05T09:00:00Z, not {text!r}"
        ) from None


def read_moment(place: str, text: str) -> datetime:
    """An instant that a clock can show.

    Raises:
        Mistaken: it is not an instant, or out of range.
    """
    at = read_instant(place, text)
    if not FIRST <= at <= LAST:
        raise Mistaken(f"{place}: expected an instant from {FIRST.year} to {LAST.year}, not {text}")
    return at


def read_duration(place: str, given: float | str) -> timedelta:
    """Seconds, or an ISO 8601 duration, of at most a century.

    Raises:
        Mistaken: it is neither, or negative.
    """
    try:
        if isinstance(given, str):
            return parameters.duration(given, _UNREADABLE)
        if 0 <= given <= parameters.LONGEST.total_seconds():
            return timedelta(seconds=given)
    except Refused:
        pass
    raise Mistaken(
        f"{place}: expected seconds or an ISO 8601 duration such as PT10M, not {given!r}"
    )


def written(at: datetime | None) -> str | None:
    """An instant in ISO 8601, if there is one."""
    return None if at is None else write_instant(at)
