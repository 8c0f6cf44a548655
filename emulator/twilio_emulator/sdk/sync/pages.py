"""Pages of Sync lists and maps: how many items, from where on, and the tokens of other pages.

Clients of version 1 send tokens back. Later ones look at whether there are any, and go on with the
key of the last item that they have.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.wire import cursors

PAGE_SIZE = 50
LARGEST_PAGE = 100
"""Items. The JavaScript client names this limit of Sync's."""

UP, DOWN = "U", "D"

DIGITS = re.compile(r"[0-9]{1,18}")

K = TypeVar("K", str, int)
"""What an item goes by: a map's items have keys, a list's have indexes."""


@dataclass(frozen=True, slots=True)
class Stretch(Generic[K]):
    """Some neighbouring items of a collection.

    Args:
        start: the key of the first one, in the order that is asked for; None is the first of all.
        descending: whether that is from the last to the first.
        count: how many there are at most.
        page_size: how many there are on each page.
    """

    start: K | None
    descending: bool
    count: int
    page_size: int


def read_token(
    said: str, key: Callable[[str], K | None], largest: int = LARGEST_PAGE
) -> Stretch[K]:
    """The page that a token is of.

    Args:
        key: reads the key of its first item.
        largest: how many items a page may have.

    Raises:
        Refused: 20001 it was not made here.
    """
    cursor = cursors.read(said, (UP, DOWN), numbers=2)
    start = None if cursor is None else key(cursor.key)
    if cursor is None or start is None:
        raise Refused(INVALID_PARAMETER, parameter="PageToken")
    count, size = cursor.numbers
    size = min(max(size, 1), largest)
    return Stretch(start, cursor.purpose == DOWN, min(max(count, 1), size), size)


def write_token(where: Stretch[K] | None) -> str | None:
    """The token of a page; None when there is no such page."""
    if where is None:
        return None
    numbers = where.count, where.page_size
    return cursors.write(DOWN if where.descending else UP, numbers, str(where.start))


def page_size(said: str | None) -> int:
    """Raises:
    Refused: 20001 it is no number, or less than 1.
    """
    if said is None:
        return PAGE_SIZE
    if not DIGITS.fullmatch(said) or int(said) < 1:
        raise Refused(INVALID_PARAMETER, parameter="PageSize")
    return min(int(said), LARGEST_PAGE)
