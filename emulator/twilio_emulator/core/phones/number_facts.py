"""What a phone company knows of a phone's number and its owner, as Lookup tells it.

The rules of this file:

- A moment is said as an instant or a date in ISO 8601, as how long ago it was (`P1D`), or as `now`,
  `yesterday` or `never`.
- Facts are checked like all settings of a phone: an invalid one changes nothing.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import record, write_instant
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.simulation.choices import choose

NEVER = "never"

AGO = {"now": timedelta(0), "yesterday": timedelta(days=1)}
"""How long ago a moment was that is said in a word."""


class LineStatus(StrEnum):
    """How a line stands, in the words of Lookup v2; `auto` is as the phone is reached or not."""

    AUTO = "auto"
    ACTIVE = "active"
    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


class CallerType(StrEnum):
    """Who has a number, in the words of Lookup."""

    CONSUMER = "CONSUMER"
    BUSINESS = "BUSINESS"


@record
class NumberOwner:
    """Who has a number, as far as that is known."""

    first_name: str | None = None
    last_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    address_country_code: str | None = None
    national_id: str | None = None
    date_of_birth: str | None = None


def read_sim_swapped(world: World, said: str) -> datetime | None:
    """When the SIM was swapped; None for never.

    Raises:
        Refused: 20001 it is no moment, or one to come.
    """
    return _moment(world, "sim_swapped", said)


def read_reassigned(world: World, said: str) -> str:
    """When the number got another owner, as an instant in ISO 8601, or `never`.

    Raises:
        Refused: 20001 it is no moment, or one to come.
    """
    at = _moment(world, "reassigned", said)
    return NEVER if at is None else write_instant(at)


def read_person(world: World, said: dict[str, str]) -> NumberOwner | None:
    """Whose number it is; nobody's that is known when nothing is said.

    Raises:
        Refused: 20001 something is said that no person has.
    """
    known = [field.name for field in fields(NumberOwner)]
    for name in said:
        choose("what is known of a person", name, known)
    return NumberOwner(**said) if said else None


READERS: dict[str, Callable[[World, Any], object]] = {
    "sim_swapped": read_sim_swapped,
    "reassigned": read_reassigned,
    "person": read_person,
}
"""By setting of a phone, what reads it."""


def _moment(world: World, name: str, said: str) -> datetime | None:
    word = said.strip().casefold()
    if word == NEVER:
        return None
    try:
        if word in AGO:
            at = world.now - AGO[word]
        elif word.startswith("p"):
            at = world.now - parameters.duration(word, INVALID_PARAMETER)
        else:
            at = parameters.instant(said, INVALID_PARAMETER)
    except (Refused, OverflowError):
        at = None
    if at is None or at > world.now:
        choices = "moments that are past: 2026-01-05T09:00:00Z, P1D, now, yesterday, never"
        raise Refused(refusals.INVALID_SETTING, name=name, choices=choices, value=repr(said))
    return at
