"""Lists of Twilio's newer APIs: `pageSize` and `pageToken`, and a `meta` that has no URLs.

The rules of this file:

- A token names the row that a page begins after or ends before, as in the older APIs; here it is
  written so that nobody reads it, and it is good for one page of any size.
- `meta.pageSize` is how many items the answer has; the last page has no `nextToken`, the first
  no `previousToken`.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.wire import cursors, spelling
from twilio_emulator.wire.calls import Answer, Call, Listing, Look, Parameters, Work
from twilio_emulator.wire.cursors import Cursor

PAGE_SIZE, PAGE_TOKEN = "pageSize", "pageToken"
TOKEN_PAGING = (PAGE_SIZE, PAGE_TOKEN)
"""What every list takes besides its own parameters."""

DEFAULT_SIZE, LARGEST_SIZE = 50, 1000

_AFTER, _BEFORE = "NA", "NB"


def token_lister(
    find: Callable[..., Listing],
    look: Look,
    key: str,
    size: int = DEFAULT_SIZE,
    largest: int = LARGEST_SIZE,
) -> Work:
    """An operation that lists what a function of the core finds.

    Args:
        size: items of a page, unless the caller wants so many.
        largest: the most that the caller may want; more is refused, as the OpenAPI files have it.
    """
    parameters = Parameters(find, spelling.camel, TOKEN_PAGING)

    async def show(call: Call) -> Answer:
        listing = find(call.world, **parameters.values(call.path, call.query, call))
        rows, meta = token_page(listing, dict(call.query), key, size, largest)
        return Answer(200, {key: [look(row, call) for row in rows], "meta": meta})

    return show


def token_page(
    listing: Listing,
    query: Mapping[str, str],
    key: str,
    size: int = DEFAULT_SIZE,
    largest: int = LARGEST_SIZE,
) -> tuple[list[Any], dict[str, object]]:
    """The rows of the page that a query string asks for, and what is said of it.

    Raises:
        Refused: 20001 the size or the token cannot be.
    """
    wanted = _size(query.get(PAGE_SIZE), size, largest)
    token = query.get(PAGE_TOKEN)
    cursor = _read_token(token) if token else None
    earlier = more = True
    if cursor is None:
        rows, more = listing.after(None, wanted)
        earlier = False
    elif cursor.purpose == _BEFORE:
        rows, earlier = listing.before(cursor.place, wanted)
    else:
        rows, more = listing.after(cursor.place, wanted)
    meta: dict[str, object] = {"key": key, "pageSize": len(rows)}
    if rows and more:
        meta["nextToken"] = _write_token(listing.place(rows[-1]), _AFTER)
    if rows and earlier:
        meta["previousToken"] = _write_token(listing.place(rows[0]), _BEFORE)
    return rows, meta


def _size(said: str | None, size: int, largest: int) -> int:
    if not said:
        return size
    if not (said.isascii() and said.isdigit() and len(said) <= 9 and 1 <= int(said) <= largest):
        raise Refused(INVALID_PARAMETER, parameter=PAGE_SIZE)
    return int(said)


def _write_token(place: Place, purpose: str) -> str:
    return urlsafe_b64encode(cursors.write_place(place, purpose).encode()).decode()


def _read_token(said: str) -> Cursor:
    try:
        cursor = cursors.read(urlsafe_b64decode(said.encode()).decode(), (_AFTER, _BEFORE))
    except ValueError:
        cursor = None
    if cursor is None:
        raise Refused(INVALID_PARAMETER, parameter=PAGE_TOKEN)
    return cursor
