"""Whether somebody is the owner of a number, word for word.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api/identity-match):

- What the request does not say is null; what is not known of the owner is `no_data_available`.
- Case, spaces and signs between letters are of no account.
- Decided: who is nearly the same is a `high_partial_match`, who shares a word a `partial_match`.
  The score is the mean of all that could be compared, down to the next step that Twilio has.
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

WEIGHTS = {EXACT: 100, NEARLY: 80, PARTLY: 40, NOT: 0}

STEPS = (0, 20, 40, 80, 90, 100)
"""What a score can be."""

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
    told: dict[str, Plain] = {}
    weights = []
    for name, parts in MATCHES.items():
        wanted = _joined(said, parts)
        found = None if wanted is None else compare(wanted, _joined(known, parts))
        told[name] = found
        if found in WEIGHTS:
            weights.append(WEIGHTS[found])
    mean = sum(weights) / len(weights) if weights else 0
    return {**told, "summary_score": max(step for step in STEPS if step <= mean)}


def compare(said: str, known: str | None) -> str:
    """How near one text is to another."""
    if not known:
        return NO_DATA
    one, other = _words(said), _words(known)
    if "".join(one) == "".join(other):
        return EXACT
    if _is_near("".join(one), "".join(other)):
        return NEARLY
    return PARTLY if set(one) & set(other) else NOT


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
