"""The items of a collection in order, from one on (https://www.twilio.com/docs/sync/api/listitem-resource).

The rules of this file:

- Items of a list are in the order of their indexes, those of a map in that of their keys, compared
  letter by letter. `desc` goes down from the place that `From` names.
- An index or a key that is not there stands for the place where it would be. It is in the page
  itself if it is there and the bounds are `inclusive`, as they are unless something else is said.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

from twilio_emulator.core.kernel.indexes import Kept, Ordered, Place
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import ends, names
from twilio_emulator.core.sync.errors import INVALID_BOUNDS, INVALID_ORDER
from twilio_emulator.core.sync.resources import (
    SyncItem,
    SyncItems,
    SyncKind,
    SyncResource,
    item_sid,
)

R = TypeVar("R", bound=Kept)

LARGEST_PAGE_SIZE = 1000
"""What can be asked for (https://www.twilio.com/docs/api/errors/54454)."""

MOST_ROWS = LARGEST_PAGE_SIZE
"""Of a page, however many are asked for. Decided: error 54454 knows a thousand, the OpenAPI file
and `queryItems` of `twilio-sync` 4.0.1 a hundred."""


class SyncRows(Rows[R]):
    """Rows of Sync, page by page.

    Attributes:
        prefix: what the sids of all of them begin with, and of no others.
    """

    __slots__ = ("prefix",)

    def __init__(
        self,
        table: Table[R],
        order: Ordered[R],
        group: Hashable,
        prefix: str,
        *,
        downward: bool = False,
        keep: Callable[[R], bool] | None = None,
    ) -> None:
        super().__init__(table, order, group, downward=downward, keep=keep)
        self.prefix = prefix


class ItemRows(SyncRows[SyncItem]):
    """Items from a place on, page by page.

    Args:
        begin: where they begin; None for one of both ends.
        inclusive: whether an item at that very place is one of them.
    """

    __slots__ = ("_begin", "_inclusive")

    def __init__(
        self,
        world: World,
        collection: SyncResource,
        begin: Place | None,
        *,
        downward: bool,
        inclusive: bool,
    ) -> None:
        table, now = world[SyncItems], world.clock.now()
        super().__init__(
            table,
            table.by_collection,
            collection.sid,
            f"{collection.sid}/",
            downward=downward,
            keep=lambda it: not ends.has_ended(it, now),
        )
        self._begin = begin
        self._inclusive = inclusive

    def _places(self, place: Place | None, downward: bool) -> Iterator[Place]:
        begin = self._begin
        if begin is None:
            yield from super()._places(place, downward)
            return
        if downward is not self._downward:  # back towards the beginning
            for each in super()._places(place, downward):
                if not self._is_in(each, begin):
                    return
                yield each
            return
        if place is None and self._inclusive and begin[1] in self._table:
            yield begin
        yield from super()._places(begin if place is None else place, downward)

    def _is_in(self, place: Place, begin: Place) -> bool:
        if place == begin:
            return self._inclusive
        return place < begin if self._downward else place > begin


def items_from(
    world: World, collection: SyncResource, order: str, start: str | None, bounds: str
) -> ItemRows:
    """The items of a list or a map, in an order, from an index or a key on.

    Raises:
        Refused: 54451 there is no such order, 54452 there are no such bounds, 54458 a list has no
            such index.
    """
    if order not in ("asc", "desc"):
        raise Refused(INVALID_ORDER)
    if bounds not in ("inclusive", "exclusive"):
        raise Refused(INVALID_BOUNDS)
    begin: Place | None = None
    if start is not None:
        is_list = collection.kind is SyncKind.LIST
        index = names.index(start) if is_list else -1
        begin = index, item_sid(collection, str(index) if is_list else start)
    return ItemRows(
        world,
        collection,
        begin,
        downward=order == "desc",
        inclusive=bounds == "inclusive",
    )
