"""Whether somebody is the owner of a number, word for word.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api/identity-match):

- What the request does not say is null; what is not known of the owner is `no_data_available`.
- Names and addresses match in part, too; all else matches or does not.
- The score follows from first name, last name and address alone (`SCORES`).
- A country may need more to be said, and not all countries are covered.
- Decided: case, spaces and signs between letters are of no account; who is nearly the same is a
  `high_partial_match`, who shares a word or begins so a `partial_match`.
"""

import re
from collections.abc import Iterator

from twilio_emulator.core.kernel.records import Plain
from twilio_emulator.core.phones.number_facts import NumberOwner

EXACT = "exact_match"
NEARLY = "high_partial_match"
PARTLY = "partial_match"
NOT = "no_match"
NO_DATA = "no_data_available"

IN_PART = ("first_name_match", "last_name_match", "address_lines_match")

POSITIVE = frozenset({EXACT, NEARLY, PARTLY})

SCORES = {
    (True, True, True): 100,
    (True, False, True): 80,
    (True, True, False): 40,
    (False, True, True): 20,
    (False, True, False): 20,
}
"""By whether first name, last name and address match; 0 for all others."""

NAME_ALONE = 70
"""Where the first name matches alone and no address is known. Decided: what is not said counts as
what is not known, and Twilio's table, which has this twice, as it stands first."""

LONGEST = {
    "first_name": 128,
    "last_name": 128,
    "address_line1": 256,
    "address_line2": 256,
    "city": 128,
    "state": 128,
    "postal_code": 10,
    "address_country_code": 2,
    "national_id": 128,
}
"""Characters of what a request says of somebody."""

COUNTRIES = frozenset({"US", "PR", "CA", "FR", "DE", "IT", "NL", "ES", "GB", "BR", "AU"})
"""Whose numbers have owners that are known."""

NEEDED = {
    "BR": ("first_name", "last_name", "address_line1"),
    "DE": ("first_name", "last_name", "address_line1", "city", "postal_code"),
    "GB": ("first_name", "last_name", "address_line1", "postal_code"),
    "IT": ("first_name", "last_name", "address_line1"),
}
"""What has to be said of the owner of a country's number; elsewhere anything will do."""

MATCHES = {
    "first_name_match": ("first_name",),
    "last_name_match": ("last_name",),
    "address_lines_match": ("address_line1", "address_line2"),
    "city_match": ("city",),
    "state_match": ("state",),
    "postal_code_match": ("postal_code",),
    "address_country_match": ("address_country_code",),
    "national_id_match": ("national_id",),
    "date_of_birth_match": ("date_of_birth",),
}
"""What is told, and by which fields of a person."""

_BETWEEN = re.compile(r"[\W_]+")


def match_identity(said: NumberOwner, known: NumberOwner | None) -> dict[str, Plain]:
    """What is told of somebody who is said to be the owner; the score is the last of it."""
    told: dict[str, str | None] = {}
    for name, parts in MATCHES.items():
        wanted = _joined(said, parts)
        found = None if wanted is None else compare(wanted, _joined(known, parts))
        told[name] = NOT if name not in IN_PART and found in (NEARLY, PARTLY) else found
    first, last, address = (told[name] in POSITIVE for name in IN_PART)
    score = SCORES.get((first, last, address), 0)
    if first and not last and told["address_lines_match"] in (None, NO_DATA):
        score = NAME_ALONE
    return {**told, "summary_score": score}


def is_enough(said: NumberOwner, country: str | None) -> bool:
    """Whether so much is said of the owner of a country's number that it can be compared."""
    needed = NEEDED.get(country or "", ())
    return said != NumberOwner() and all(getattr(said, name) for name in needed)


def too_long(said: NumberOwner) -> str | None:
    """What of somebody is said in too many characters, by its name."""
    lengths = ((name, len(getattr(said, name) or "")) for name in LONGEST)
    return next((name for name, length in lengths if length > LONGEST[name]), None)


def compare(said: str, known: str | None) -> str:
    """How near one text is to another."""
    if not known:
        return NO_DATA
    one, other = _words(said), _words(known)
    if "".join(one) == "".join(other):
        return EXACT
    if _is_near("".join(one), "".join(other)):
        return NEARLY
    shorter, longer = sorted(("".join(one), "".join(other)), key=len)
    begins = shorter and longer.startswith(shorter)
    return PARTLY if set(one) & set(other) or begins else NOT


def _joined(person: NumberOwner | None, parts: tuple[str, ...]) -> str | None:
    if person is None:
        return None
    return " ".join(filter(None, (getattr(person, part) for part in parts))) or None


def _words(text: str) -> list[str]:
    return _BETWEEN.sub(" ", text.casefold()).split()


def _is_near(one: str, other: str) -> bool:
    """Whether one sign more, less or other makes them the same."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or len(longer) < 3:
        return False
    return any(shorter == each for each in _with_a_sign_less(longer)) or (
        len(longer) == len(shorter) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
    )


def _with_a_sign_less(text: str) -> Iterator[str]:
    return (text[:at] + text[at + 1 :] for at in range(len(text)))
