"""Phone numbers: possible or not, normal form, country, and what the number plans say of them.

The rules of this file:

- A number has to be possible, not valid: documentation and tests are full of fictional ones, such
  as +15551234567 or +447700900123, that no carrier hands out. Only Lookup asks whether somebody
  can have a number.
- The library that knows the world's numbers takes 50 ms to import. The first number that is not a
  plain one of North America pays that, once.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from twilio_emulator.core.kernel.world import PlannedNumber

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_NORTH_AMERICAN = re.compile(r"\+1[2-9][0-9]{9}")
_WRITTEN = re.compile(r"\+?[0-9 ()./\-]{3,40}")

_LONGEST = 250
"""Characters; the library takes no longer number, and none is remembered."""


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


def planned(number: str, country: str) -> PlannedNumber:
    """What the number plans say of a number, which the library reads as people write it.

    Args:
        number: in E.164 or national form.
        country: ISO 3166 code, for a national form.
    """
    if len(number) > _LONGEST:
        return PlannedNumber(number, error="TOO_LONG")
    return _planned(number, country.upper())


@lru_cache(maxsize=4096)
def _planned(number: str, country: str) -> PlannedNumber:
    import phonenumbers
    from phonenumbers import PhoneNumberFormat

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException as unread:
        return PlannedNumber(number, error=_unread()[unread.error_type])
    region = phonenumbers.region_code_for_number(parsed) or ""
    return PlannedNumber(
        number=phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        calling_country_code=str(parsed.country_code),
        country=region if len(region) == 2 and region.isalpha() else None,
        national_format=phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL),
        error=_error(parsed),
        line_type=_line_types()[phonenumbers.number_type(parsed)],
    )


def _error(parsed: "PhoneNumber") -> str | None:
    """Why nobody can have a number, in the words of
    https://www.twilio.com/docs/lookup/v2-api#validation-errors."""
    import phonenumbers
    from phonenumbers import ValidationResult

    if phonenumbers.is_valid_number(parsed):
        return None
    return {
        ValidationResult.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
        ValidationResult.TOO_SHORT: "TOO_SHORT",
        ValidationResult.TOO_LONG: "TOO_LONG",
        ValidationResult.INVALID_LENGTH: "INVALID_LENGTH",
    }.get(phonenumbers.is_possible_number_with_reason(parsed), "INVALID_BUT_POSSIBLE")


@lru_cache(maxsize=1)
def _unread() -> dict[int, str]:
    """Why the library can make nothing of a text, in the same words."""
    from phonenumbers import NumberParseException as Unread

    return {
        Unread.INVALID_COUNTRY_CODE: "INVALID_COUNTRY_CODE",
        Unread.NOT_A_NUMBER: "NOT_A_NUMBER",
        Unread.TOO_SHORT_AFTER_IDD: "TOO_SHORT",
        Unread.TOO_SHORT_NSN: "TOO_SHORT",
        Unread.TOO_LONG: "TOO_LONG",
    }


@lru_cache(maxsize=1)
def _line_types() -> dict[int, str]:
    """The library's types of numbers in the words of
    https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence#type-property-values.

    Decided: what may be a landline or a mobile, as all numbers of North America, is a mobile, and
    a range for voice over IP is one that belongs to no place.
    """
    from phonenumbers import PhoneNumberType as Kind

    return {
        Kind.FIXED_LINE: "landline",
        Kind.MOBILE: "mobile",
        Kind.FIXED_LINE_OR_MOBILE: "mobile",
        Kind.TOLL_FREE: "tollFree",
        Kind.PREMIUM_RATE: "premium",
        Kind.SHARED_COST: "sharedCost",
        Kind.VOIP: "nonFixedVoip",
        Kind.PERSONAL_NUMBER: "personal",
        Kind.PAGER: "pager",
        Kind.UAN: "uan",
        Kind.VOICEMAIL: "voicemail",
        Kind.UNKNOWN: "unknown",
    }


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
    """What the library makes of it. It would also read letters and extensions; Twilio does not.

    Of a plain number of North America that is known without asking, which takes it the longest.
    """
    import phonenumbers

    if _NORTH_AMERICAN.fullmatch(number):
        return phonenumbers.PhoneNumber(country_code=1, national_number=int(number[2:]))
    # 00 is how some countries dial abroad, not how Twilio writes a number.
    if not _WRITTEN.fullmatch(number) or number.startswith("00"):
        return None
    try:
        return phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
