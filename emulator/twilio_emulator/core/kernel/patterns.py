"""Regular expressions that people give: what the core asks of whoever knows how to search.

A pattern of somebody else's must not stop the process, so a search may take time that grows with
the text, but no more. Libraries that promise this are not in the standard library, so one is handed
to the world. A world that nobody outside gives patterns to does without.
"""

import functools
import re
from collections.abc import Callable
from typing import Protocol


class BadPattern(ValueError):
    """A text is no regular expression, or one that is not searched for; why, in one line."""


class Pattern(Protocol):
    """A regular expression, ready for use."""

    def search(self, text: str, /) -> object:
        """Something true when the pattern is anywhere in `text`."""


Compile = Callable[[str], Pattern]
"""Makes a pattern ready for use; raises `BadPattern`."""


@functools.lru_cache(maxsize=256)
def python_pattern(expression: str) -> Pattern:
    """As Python's own library has it, for patterns that are known to be harmless.

    Raises:
        BadPattern: it is none.
    """
    try:
        return re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPattern(str(error)) from None


def is_in(compile_pattern: Compile, expression: str, text: str) -> bool:
    """Whether a pattern that has been checked is anywhere in a text.

    One that came with a snapshot of an earlier version may be none any more: it is in nothing.
    """
    try:
        return bool(compile_pattern(expression).search(text))
    except BadPattern:
        return False
