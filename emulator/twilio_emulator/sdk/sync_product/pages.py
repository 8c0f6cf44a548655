"""Items of Sync's lists and maps, page by page, as clients ask for them.

Clients before 3.1 follow the tokens of pages, with nothing besides; later ones look at whether
there are any, and ask on from the last item that they have, for one more than a page, as that item
comes again.
"""

from collections.abc import Callable, Iterator

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import names, pages
from twilio_emulator.core.sync.errors import INVALID_PAGE_SIZE, INVALID_PAGE_TOKEN
from twilio_emulator.core.sync.items import find_item
from twilio_emulator.core.sync.pages import LARGEST_PAGE_SIZE, MOST_ROWS
from twilio_emulator.core.sync.resources import SyncItem, SyncKind, SyncResource
from twilio_emulator.sdk.sync.pages import DIGITS, PAGE_SIZE, Stretch, read_token, write_token

UP, DOWN = "asc", "desc"

Param = Callable[[str], str | None]
"""Gives a parameter of a request."""

Page = tuple[list[SyncItem], str | None, str | None]
"""Items, and the tokens of the next page and of the one before."""


def every(world: World, collection: SyncResource) -> Iterator[SyncItem]:
    """All items, in order."""
    return iter(pages.items_from(world, collection, UP, None, "inclusive"))


def one_item(world: World, collection: SyncResource, said: str) -> SyncItem | None:
    """The item with an index or a key; None when there is none.

    Raises:
        Refused: 54458 a list has no such index.
    """
    name = str(names.index(said)) if collection.kind is SyncKind.LIST else said
    return find_item(world, collection, name)


def listed(world: World, collection: SyncResource, param: Param) -> Page:
    """The items that a request asks for: one by its name, or a page.

    Raises:
        Refused: 54451 to 54454 or 54458, a parameter makes no sense.
    """
    one = param("Index" if collection.kind is SyncKind.LIST else "Key")
    if one is not None:
        found = one_item(world, collection, one)
        return [] if found is None else [found], None, None
    token = param("PageToken")
    if token is not None:
        try:
            stretch = read_token(token, str, MOST_ROWS)
        except Refused:
            raise Refused(INVALID_PAGE_TOKEN) from None
        order = DOWN if stretch.descending else UP
        return _page(world, collection, order, stretch.start, "inclusive", stretch)
    start, order, bounds = param("From"), param("Order") or UP, param("Bounds") or "inclusive"
    size = _size(param("PageSize"), LARGEST_PAGE_SIZE + (start is not None))
    asked: Stretch[str] = Stretch(start, order == DOWN, size, size)
    return _page(world, collection, order, asked.start, bounds, asked)


def _page(
    world: World,
    collection: SyncResource,
    order: str,
    start: str | None,
    bounds: str,
    stretch: Stretch[str],
) -> Page:
    size = stretch.page_size
    rows = pages.items_from(world, collection, order, start, bounds)
    items, more = rows.after(None, stretch.count)
    if not items:
        return items, None, None
    following = rows.after(rows.place(items[-1]), 1)[0] if more else []
    every = pages.items_from(world, collection, order, None, "inclusive")
    earlier, _ = every.before(rows.place(items[0]), size)
    return items, _token(following, size, stretch), _token(earlier, len(earlier), stretch)


def _token(items: list[SyncItem], count: int, like: Stretch[str]) -> str | None:
    """The token of the page that begins with these items."""
    if not items:
        return None
    return write_token(Stretch(items[0].name, like.descending, count, like.page_size))


def _size(said: str | None, largest: int) -> int:
    if said is None:
        return PAGE_SIZE
    if not DIGITS.fullmatch(said) or not 1 <= int(said) <= largest:
        raise Refused(INVALID_PAGE_SIZE)
    return min(int(said), MOST_ROWS)
