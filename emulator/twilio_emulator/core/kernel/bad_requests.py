"""What Memory and Knowledge refuse, and how they say so.

The rules of this file:

- Their OpenAPI files show each error with code and words: a bad request has its bare status as
  code. That this wins over the codes 520041 to 520067, which Twilio's error dictionary has for
  Memory and no answer was seen with, is decided.
- What was wrong with a request follows those words, which is decided too.
"""

import re

from twilio_emulator.core.kernel.refusals import Refusal, Refused

_WORDS = "Failed to complete request due to a bad request: "

BAD_REQUEST = Refusal(400, 400, _WORDS + "{what}")
NO_INSTANT = Refusal(400, 400, _WORDS + "createdAfter and createdBefore must be ISO 8601 instants")
NOWHERE_FOUND = Refusal(20404, 404, "Not Found")
IN_CONFLICT = Refusal(20409, 409, "Conflict: {what}")
PRECONDITION_FAILED = Refusal(
    20412, 412, "Precondition failed. If-Match is not the ETag of the resource."
)


def bad(what: str) -> Refused:
    """The refusal of a request, and what is wrong with it."""
    return Refused(BAD_REQUEST, what=what)


def long_enough(place: str, said: str, least: int, most: int) -> str:
    """A text of so many characters.

    Raises:
        Refused: 400 it has fewer or more.
    """
    if not least <= len(said) <= most:
        raise bad(f"{place} must have {least} to {most} characters")
    return said


def spelled(place: str, said: str, pattern: re.Pattern[str], most: int) -> str:
    """A name of some characters alone.

    Raises:
        Refused: 400 it has others, none or more than `most`.
    """
    long_enough(place, said, 1, most)
    if not pattern.fullmatch(said):
        raise bad(f"{place} must match {pattern.pattern}")
    return said


def check_match(if_match: str | None, version: int) -> None:
    """Refuse a change of what has become another since the caller looked.

    Args:
        if_match: the header `If-Match`, if it was sent.

    Raises:
        Refused: 20412 it is not the ETag of this version.
    """
    if if_match is None or if_match.strip() == "*":
        return
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(","))
    if str(version) not in tags:
        raise Refused(PRECONDITION_FAILED)
