"""Phone numbers: possible or not, normal form, country.

The rules of this file:

- A number has to be possible, not valid: documentation and tests are full of fictional ones, such
  as +15551234567 or +447700900123, that no carrier hands out.
- The library that knows the world's numbers takes 50 ms to import. The first number that is not a
  plain one of North America pays that, once.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_NORTH_AMERICAN = re.compile(r"\+1[2-9][0-9]{9}")
_WRITTEN = re.compile(r"\+?[0-9 ()./\-]{3,40}")


def normal(number: str, country: str | None = None) -> str | None:
    """The E.164 form of a possible number, else None.

    Args:
        number: with `+`, or in the national form of `country`; spaces, dashes, dots, slashes and
            parentheses are of no account.
        country: ISO 3166 code.
    """
    return number if _NORTH_AMERICAN.fullmatch(number) else _normal(number, country)


@lru_cache(maxsize=4096)
def country(number: str) -> str | None:
    """ISO 3166 country of an E.164 number; None for those of no country, such as satellite phones.

    A fictional number belongs to the main country of its calling code.
    """
    import phonenumbers

    parsed = _parse(number, None)
    if parsed is None or parsed.country_code is None:
        return None
    region: str = phonenumbers.region_code_for_number(
        parsed
    ) or phonenumbers.region_code_for_country_code(parsed.country_code)
    return region if len(region) == 2 and region != "ZZ" else None


@lru_cache(maxsize=4096)
def _normal(number: str, country: str | None) -> str | None:
    import phonenumbers

    parsed = _parse(number, country)
    if parsed is None:
        return None
    # The library calls a number possible, too, that can only be dialled within its own area.
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _parse(number: str, country: str | None) -> "PhoneNumber | None":
    """What the library makes of it. It would also read letters and extensions; Twilio does not."""
    import phonenumbers

    # 00 is how some countries dial abroad, not how Twilio writes a number.
    if not _WRITTEN.fullmatch(number) or number.startswith("00"):
        return None
    try:
        return phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
