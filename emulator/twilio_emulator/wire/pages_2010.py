"""How the 2010 API shows a list: its own keys around the page, and URIs without a host.

Nothing may stand beside these keys and the list itself: helper libraries take whatever else they
find for the records (https://www.twilio.com/docs/usage/twilios-response).
"""

from collections.abc import Callable

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.senders.refusals import INVALID_PAGE_TOKEN
from twilio_emulator.wire.calls import Answer, Call, Listing, Look, Parameters, Work
from twilio_emulator.wire.pages import Page, is_token

PAGE_SIZE = 50
LARGEST_PAGE = 1000


def lister(find: Callable[..., Listing], look: Look, key: str) -> Work:
    """An operation that lists what a function of the core finds."""
    parameters = Parameters(find)

    async def show(call: Call) -> Answer:
        token = dict(call.query).get("PageToken")
        if token and not is_token(token):
            raise Refused(INVALID_PAGE_TOKEN)
        listing = find(call.world, **parameters.values(call.path, call.query, call))
        page = Page(listing, call.query, PAGE_SIZE, LARGEST_PAGE)
        return Answer(200, shown(page, call, key, look))

    return show


def shown(page: Page, call: Call, key: str, look: Look) -> dict[str, object]:
    """A page and where it stands. `start` and `end` count from the `Page` that the client named."""
    start = page.number * page.size
    rows = [look(row, call) for row in page.rows]
    return {
        "first_page_uri": f"{call.resource}?{page.query(0, None)}",
        "end": start + max(len(rows) - 1, 0),
        "previous_page_uri": page.previous
        and f"{call.resource}?{page.query(max(page.number - 1, 0), page.previous)}",
        key: rows,
        "uri": f"{call.resource}?{page.query(page.number, page.token)}",
        "page_size": page.size,
        "start": start,
        "next_page_uri": page.next and f"{call.resource}?{page.query(page.number + 1, page.next)}",
        "page": page.number,
    }
