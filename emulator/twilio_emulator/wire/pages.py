"""Page sizes, page tokens, meta: how a list is shown page by page.

The rules of this file:

- A token names the row that a page begins after (`PA`) or ends before (`PB`), by its place and sid.
  So rows that come and go between two requests neither repeat others nor skip them.
- `Page` is for the client alone; it is counted and does not seek.
- URLs keep the caller's filters in front, and lead back to where the request was sent.
"""

from collections.abc import Callable, Container
from urllib.parse import quote, urlencode

from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.wire import cursors, spelling
from twilio_emulator.wire.calls import (
    PAGING,
    Answer,
    Call,
    Listing,
    Look,
    Parameters,
    Spell,
    Work,
)

AFTER, BEFORE = PURPOSES = "PA", "PB"


ReadToken = Callable[[str, Container[str]], cursors.Cursor | None]


class Page:
    """One page of a list: its rows and where it stands.

    Args:
        size: rows of a page where nobody says how many, and `largest` the most that there may be.
        read: reads a page token that is for one of two purposes; None when it is not.

    Raises:
        Refused: 20001 the size, number or token cannot be read.
    """

    __slots__ = ("filters", "next", "number", "previous", "rows", "size", "token")

    def __init__(
        self,
        listing: Listing,
        query: list[tuple[str, str]],
        size: int,
        largest: int,
        read: ReadToken = cursors.read_record,
    ) -> None:
        given = dict(query)
        self.filters = [(name, value) for name, value in query if name not in PAGING]
        self.size = min(_number(given, "PageSize", size, 1), largest)
        self.number = _number(given, "Page", 0, 0)
        self.token = given.get("PageToken") or None
        self.next: str | None = None
        self.previous: str | None = None
        if self.token is None:
            self.rows, more = listing.after(None, self.size)
            earlier = False
        else:
            cursor = read(self.token, PURPOSES)
            if cursor is None:
                raise Refused(INVALID_PARAMETER, parameter="PageToken")
            place = cursor.place
            if cursor.purpose == BEFORE:
                self.rows, earlier = listing.before(place, self.size)
                more = True
            else:
                self.rows, more = listing.after(place, self.size)
                earlier = True
        if self.rows:
            if more:
                self.next = cursors.write_place(listing.place(self.rows[-1]), AFTER)
            if earlier:
                self.previous = cursors.write_place(listing.place(self.rows[0]), BEFORE)

    def query(self, number: int, token: str | None) -> str:
        """The query string of a page of this list."""
        pairs = [*self.filters, ("PageSize", str(self.size)), ("Page", str(number))]
        if token is not None:
            pairs.append(("PageToken", token))
        return urlencode(pairs, quote_via=quote)


def lister(
    find: Callable[..., Listing],
    look: Look,
    key: str,
    size: int,
    largest: int,
    spell: Spell = spelling.parameter,
) -> Work:
    """An operation that lists what a function of the core finds, in the form of v1 APIs."""
    parameters = Parameters(find, spell)

    async def show(call: Call) -> Answer:
        listing = find(call.world, **parameters.values(call.path, call.query, call))
        page = Page(listing, call.query, size, largest)
        return Answer(
            200,
            {
                "meta": meta(page, f"{call.site.base}{call.resource}", key),
                key: [look(row, call) for row in page.rows],
            },
        )

    return show


def meta(page: Page, url: str, key: str) -> dict[str, object]:
    """What a v1 list says of itself.

    Its URLs are absolute, since helper libraries follow them as given.
    """
    return {
        "page": page.number,
        "page_size": page.size,
        "first_page_url": f"{url}?{page.query(0, None)}",
        "previous_page_url": page.previous
        and f"{url}?{page.query(max(page.number - 1, 0), page.previous)}",
        "url": f"{url}?{page.query(page.number, page.token)}",
        "next_page_url": page.next and f"{url}?{page.query(page.number + 1, page.next)}",
        "key": key,
    }


def is_token(text: str) -> bool:
    """Whether this could be a page token of ours."""
    return cursors.read_record(text, PURPOSES) is not None


def _number(given: dict[str, str], name: str, default: int, least: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= least):
        raise Refused(INVALID_PARAMETER, parameter=name)
    return int(text)
