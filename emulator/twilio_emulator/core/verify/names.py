"""What a code may be called after: the friendly name of a service, or of one send.

The rules of this file (https://www.twilio.com/docs/verify/api/service):

- At most 30 characters and four digits; letters, digits, spaces, `-` and `_`. So no number to call
  and no link gets into a text.
"""

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.verify import errors

LONGEST_NAME = 30
"""Characters. Decided: the text of the parameter says 32, that of the property 30."""

MOST_DIGITS = 4

RESTRICTED: frozenset[str] = frozenset()
"""Words that no name may hold, in lower case. Decided: Twilio's list is not public."""

DEFAULT_NAME = "Verify"
"""Of a service whose account has a name that no code may be called after."""


def is_name(said: str) -> bool:
    """Whether a code may be called after this."""
    return (
        len(said) <= LONGEST_NAME
        and sum(letter.isdigit() for letter in said) <= MOST_DIGITS
        and all(letter.isalnum() or letter in " -_" or _is_mark(letter) for letter in said)
        and not said.isspace()
    )


def _is_mark(letter: str) -> bool:
    """Whether a character is part of the letter before it: many scripts write vowels so."""
    return letter > "\x7f" and f"a{letter}".isidentifier()


def check_name(parameter: str, said: str) -> None:
    """Raises:
    Refused: 60200 it cannot be a name, 60248 it holds a word that none may hold.
    """
    if not is_name(said):
        raise errors.invalid(parameter)
    if not RESTRICTED.isdisjoint(said.lower().split()):
        raise Refused(errors.RESTRICTED_WORD)
