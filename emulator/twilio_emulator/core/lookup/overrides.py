"""What an account says that the type of a number's line is.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence-override):

- An override is the account's own, and changes what later look-ups of that account say of the type;
  the carrier stays.
- Decided: there is one field, under two names; an override that there is cannot be made once more
  (60618), and to remove one that there is not is all right.
"""

from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import PlannedNumber, World
from twilio_emulator.core.lookup.errors import MALFORMED_PARAMETER
from twilio_emulator.core.lookup.line_types import DEFAULT_COUNTRY, NumberType, actual_line_type
from twilio_emulator.core.lookup.resources import (
    LineTypeOverride,
    LineTypeOverrides,
    override_key,
)

OVERRIDDEN_FIELDS = ("line_type", "line_type_intelligence")
"""Decided: no list of them is published."""


@event
class OverrideSet:
    """An account says what the type of a line is."""

    override: LineTypeOverride


@event
class OverrideRemoved:
    """An account says nothing of the type of a line any more."""

    override: LineTypeOverride


@command
class AddOverride:
    """Say what the type of a number's line is.

    Attributes:
        line_type: one of Lookup's twelve.
        reason: why, for people.
    """

    account: str
    number: str
    field: str
    line_type: str
    reason: str | None = None

    def apply(self, world: World) -> LineTypeOverride:
        it = _number(world, self.number, self.field)
        if override_key(self.account, it.number) in world[LineTypeOverrides]:
            raise Refused(MALFORMED_PARAMETER, parameter="PhoneNumber")
        override = LineTypeOverride(
            account_sid=self.account,
            number=it.number,
            original_line_type=actual_line_type(world, it),
            overridden_line_type=read_type(self.line_type),
            reason=self.reason,
            at=world.now,
        )
        return _put(world, override)


@command
class ChangeOverride:
    """Say something else of the type of a number's line."""

    account: str
    number: str
    field: str
    line_type: str
    reason: str | None = None

    def apply(self, world: World) -> LineTypeOverride:
        found = find_override(world, account=self.account, number=self.number, field=self.field)
        override = replace(
            found,
            overridden_line_type=read_type(self.line_type),
            reason=self.reason,
            at=world.now,
        )
        return _put(world, override)


@command
class RemoveOverride:
    """Say nothing of the type of a number's line any more."""

    account: str
    number: str
    field: str

    def apply(self, world: World) -> None:
        it = _number(world, self.number, self.field)
        found = world[LineTypeOverrides].get(override_key(self.account, it.number))
        if found is not None:
            world[LineTypeOverrides].remove(found.sid)
            world.tell(OverrideRemoved(override=found))


def find_override(world: World, *, account: str, number: str, field: str) -> LineTypeOverride:
    """What an account says of a number.

    Raises:
        Refused: 20404 nothing, 60618 there is no such field, or nobody can have the number.
    """
    it = _number(world, number, field)
    found = world[LineTypeOverrides].get(override_key(account, it.number))
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def read_type(said: str) -> NumberType:
    """One of Lookup's types of lines.

    Raises:
        Refused: 60618 it is none.
    """
    if said not in tuple(NumberType):
        raise Refused(MALFORMED_PARAMETER, parameter="line_type")
    return NumberType(said)


def _put(world: World, override: LineTypeOverride) -> LineTypeOverride:
    world[LineTypeOverrides].put(override)
    world.tell(OverrideSet(override=override))
    return override


def _number(world: World, said: str, field: str) -> PlannedNumber:
    if field not in OVERRIDDEN_FIELDS:
        raise Refused(MALFORMED_PARAMETER, parameter="Field")
    it = world.numbering.planned(said, DEFAULT_COUNTRY)
    if it.calling_country_code is None:
        raise Refused(MALFORMED_PARAMETER, parameter="PhoneNumber")
    return it
