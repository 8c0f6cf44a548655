"""Lists in an order that the caller chooses, also of what is in no table of its own."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from twilio_emulator.core.kernel.bad_requests import bad
from twilio_emulator.core.kernel.indexes import Place

T = TypeVar("T")


def wants_upward(order_by: str | None) -> bool:
    """Whether the parameter `orderBy` asks for the lowest first.

    Raises:
        Refused: 400 it says neither `ASC` nor `DESC`.
    """
    if order_by not in (None, "ASC", "DESC"):
        raise bad("orderBy must be ASC or DESC")
    return order_by == "ASC"


class Arranged(Generic[T]):
    """Some things in their order, page by page.

    Args:
        placed: the things with their places, in any order.
        downward: highest place first.
    """

    def __init__(self, placed: Iterable[tuple[Place, T]], *, downward: bool) -> None:
        self._downward = downward
        self._placed = sorted(placed, key=lambda each: each[0], reverse=downward)
        self._places = {id(thing): place for place, thing in self._placed}

    def place(self, record: T) -> Place:
        """Where a thing of this list stands in it."""
        return self._places[id(record)]

    def after(self, place: Place | None, size: int) -> tuple[list[T], bool]:
        """The `size` things that follow `place` (or come first), and whether more follow."""
        rest = [
            thing
            for at, thing in self._placed
            if place is None or (at < place if self._downward else at > place)
        ]
        return rest[:size], len(rest) > size

    def before(self, place: Place, size: int) -> tuple[list[T], bool]:
        """The `size` things that stand just before `place`, and whether more stand before them."""
        rest = [
            thing for at, thing in self._placed if (at > place if self._downward else at < place)
        ]
        return rest[-size:], len(rest) > size
