"""Lookup v1: a number's carrier and the name of a caller, for apps that still ask it.

The rules of this file (https://www.twilio.com/docs/lookup/v1-api):

- A number that is not possible is not found; one that is, although nobody can have it, is.
- Decided: what is no landline and no voice over IP is a mobile phone or has no type.
"""

from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.answers import NumberAnswer, answer, made_valid, tell
from twilio_emulator.core.lookup.line_types import VOIP, NumberType
from twilio_emulator.core.lookup.packages import Inquiry, Package

TYPES = {
    "carrier": "line_type_intelligence",
    "caller-name": "caller_name",
    "caller_name": "caller_name",
}
"""What can be asked for, and which package that is now."""

OF_LINES = {
    NumberType.LANDLINE: "landline",
    NumberType.MOBILE: "mobile",
    **dict.fromkeys(VOIP, "voip"),
}


def look_up_carrier(
    world: World,
    *,
    account: str,
    number: str,
    country_code: str | None = None,
    type: tuple[str, ...] = (),
) -> NumberAnswer:
    """What v1 says of a number; its `carrier` is the package `line_type_intelligence`.

    Raises:
        Refused: 20404 the number is not possible, 20001 something else is asked for.
    """
    for each in type:
        if each not in TYPES:
            raise Refused(INVALID_PARAMETER, parameter="Type")
    packages = tuple(TYPES[each] for each in type)
    found = answer(world, account, number, country_code, packages)
    if found.valid:
        return found
    if found.it.error is None or world.numbering.normal(found.it.number) is None:
        raise Refused(NOT_FOUND)
    it = made_valid(world, found.it)
    told = tell(world, Inquiry(account=account, it=it), packages)
    return NumberAnswer(it=it, errors=(), packages=told)


def line(told: Package) -> str | None:
    """The type of a line, in the words of v1."""
    said = told["type"]
    return None if said is None else OF_LINES.get(NumberType(str(said)))
