"""Many numbers at once: each answered by itself, in the order in which they were asked.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api/bulk-lookup):

- What is wrong with one number is told of that one, in `twilio_error_code`; its packages are null.
- Decided: a number that is not said counts as one without enough parameters (60617).
"""

from dataclasses import dataclass

from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup import errors
from twilio_emulator.core.lookup.answers import NumberAnswer, answer, read_fields
from twilio_emulator.core.lookup.packages import (
    IN_BATCHES,
    NO_WITNESS,
    SaidOfNumber,
    Witness,
)

MOST_NUMBERS = 100
"""Decided: how many can be asked for at once."""


@record
class OneOfMany:
    """A number that is looked up with others.

    Attributes:
        correlation_id: what the answer about it says again.
        packages: their names, as they were said.
    """

    number: str | None
    correlation_id: str | None = None
    packages: tuple[str, ...] = ()
    country: str | None = None
    said: SaidOfNumber = SaidOfNumber()


@dataclass(frozen=True, kw_only=True)
class AnswerOfMany:
    """What is said of one of many numbers.

    Attributes:
        asked: the packages that are told or were asked for.
        error_code: what was wrong with what was asked.
    """

    correlation_id: str | None
    asked: tuple[str, ...]
    found: NumberAnswer
    error_code: int | None


def look_up_many(
    world: World,
    witness: Witness = NO_WITNESS,
    *,
    account: str,
    phone_numbers: tuple[OneOfMany, ...],
) -> list[AnswerOfMany]:
    """Look numbers up for an account.

    Args:
        witness: knows more of numbers.

    Raises:
        Refused: 60618 they are too many.
    """
    if len(phone_numbers) > MOST_NUMBERS:
        raise Refused(errors.MALFORMED_PARAMETER, parameter="phone_numbers")
    return [_one(world, account, each, witness) for each in phone_numbers]


def _one(world: World, account: str, wish: OneOfMany, witness: Witness) -> AnswerOfMany:
    packages: tuple[str, ...] = ()
    code = None if wish.number else errors.NOT_ENOUGH_PARAMETERS
    number = wish.number or ""
    try:
        packages = read_fields(wish.packages, IN_BATCHES)
        found = answer(world, account, number, wish.country, packages, wish.said, witness)
    except Refused as refused:
        code = refused.code
        found = answer(world, account, number, wish.country, ())
    return AnswerOfMany(
        correlation_id=wish.correlation_id, asked=packages, found=found, error_code=code
    )
