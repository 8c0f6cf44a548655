"""How much two texts have to do with each other, by their words alone.

Twilio's Memory and Knowledge search by meaning, with a language model; none is at hand here.
"""

import re

_WORD = re.compile(r"\w+")


def words(text: str) -> frozenset[str]:
    """The words of a text, whatever their case."""
    return frozenset(word.casefold() for word in _WORD.findall(text))


def shared(text: str, wanted: frozenset[str]) -> float | None:
    """How many of the wanted words are in a text, from 0 to 1; None when none are wanted."""
    return len(wanted & words(text)) / len(wanted) if wanted else None
