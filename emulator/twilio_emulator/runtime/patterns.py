"""Regular expressions of other people: searched for in time that grows with the text alone.

The rules of this file:

- The library is RE2, which never goes back in a text. What cannot be had that way, look-around,
  back references and atomic groups, is refused in words.
- Where Python and JavaScript spell something differently (`\\Z`, `\\u00e9`), their spelling is
  understood as well.
- How much there can be to search for is bounded: by the length of a pattern, and of what it stands
  for when all repetitions in it are written out.
- The library takes 6 ms to import, so the first pattern pays that.
"""

import functools
import re
from typing import Any

from twilio_emulator.core.kernel.patterns import BadPattern, Pattern

LONGEST = 1000
"""Characters of a pattern."""

LARGEST = 5000
"""Instructions that it becomes. A text of 1,600 characters is searched for those in 40 ms."""

MEMORY = 512 * 1024
"""Bytes that one takes at most."""

MOST_REPETITIONS = 1000
"""RE2's own bound; a greater number it would take for a text in braces."""

_SPELT = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|\{([0-9]+)(?:,([0-9]*))?\}", re.S
)
_WORDS = (
    ("invalid perl operator: (?=", "look-around is not supported"),
    ("invalid perl operator: (?!", "look-around is not supported"),
    ("invalid perl operator: (?<", "look-around is not supported"),
    ("invalid perl operator: (?>", "atomic groups are not supported"),
    ("invalid perl operator: (?P", "back references are not supported"),
    ("invalid perl operator: (?(", "conditions are not supported"),
    ("pattern too large", "it is too large when its repetitions are written out"),
)
"""What a complaint of the library means, by its beginning."""


class _Search:
    """A pattern, and how to search for it."""

    __slots__ = ("_regexp",)

    def __init__(self, regexp: Any) -> None:
        self._regexp = regexp

    def search(self, text: str, /) -> bool:
        # As bytes: else the library counts characters, which nobody asks for.
        return self._regexp.search(text.encode("utf-8", "replace")) is not None


@functools.lru_cache(maxsize=128)
def compile_pattern(expression: str, ignore_case: bool = False) -> Pattern:
    """A pattern, ready for use.

    Raises:
        BadPattern: it is none, is too large, or cannot be searched for in linear time.
    """
    import re2

    if len(expression) > LONGEST:
        raise BadPattern(f"it is longer than {LONGEST} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    options.never_capture = True
    options.case_sensitive = not ignore_case
    try:
        regexp = re2.compile(_SPELT.sub(_respelt, expression).encode(), options)
    except UnicodeEncodeError:
        raise BadPattern("half a character stands in it") from None
    except re2.error as error:
        raise BadPattern(_plainly(error)) from None
    if regexp.programsize > LARGEST:
        raise BadPattern("it is too large when its repetitions are written out")
    return _Search(regexp)


def _respelt(found: re.Match[str]) -> str:
    """A piece of a pattern as RE2 spells it."""
    short, long, escaped, *numbers = found.groups()
    if short or long:
        return f"\\x{{{short or long}}}"
    if escaped is not None:
        return "\\z" if escaped == "Z" else found[0]
    for number in filter(None, numbers):
        if len(number) > 4 or int(number) > MOST_REPETITIONS:
            raise BadPattern(f"it repeats something more than {MOST_REPETITIONS:,} times")
    return found[0]


def _plainly(error: Exception) -> str:
    """The library's complaint, in one line."""
    (said,) = error.args
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if text.startswith("invalid escape sequence: \\") and text[-1:] in "123456789":
        return "back references are not supported"
    for beginning, meaning in _WORDS:
        if text.startswith(beginning):
            return meaning
    return "".join(each if each.isprintable() else "?" for each in text)[:200]
