from urllib.parse import parse_qsl

import pytest

from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.wire.pages import Page, meta

Query = list[tuple[str, str]]


class Numbers:
    """A list of numbers, as an operation would answer it."""

    def __init__(self, count: int) -> None:
        self.rows = list(range(count))

    def place(self, record: int) -> Place:
        return record, f"CH{record:032x}"

    def after(self, place: Place | None, size: int) -> tuple[list[int], bool]:
        rest = [row for row in self.rows if place is None or row > place[0]]
        return rest[:size], len(rest) > size

    def before(self, place: Place, size: int) -> tuple[list[int], bool]:
        rest = [row for row in self.rows if row < place[0]]
        return rest[-size:], len(rest) > size


def follow(page: Page, number: int, token: str | None) -> Query:
    assert token is not None
    return parse_qsl(page.query(number, token))


def test_pages_lead_forward_and_back() -> None:
    numbers = Numbers(7)
    first = Page(numbers, [("PageSize", "3")], 50, 100)
    assert (first.rows, first.previous) == ([0, 1, 2], None)
    second = Page(numbers, follow(first, 1, first.next), 50, 100)
    assert (second.rows, second.number, second.size) == ([3, 4, 5], 1, 3)
    third = Page(numbers, follow(second, 2, second.next), 50, 100)
    assert (third.rows, third.next) == ([6], None)
    back = Page(numbers, follow(third, 1, third.previous), 50, 100)
    assert back.rows == [3, 4, 5]
    start = Page(numbers, follow(back, 0, back.previous), 50, 100)
    assert (start.rows, start.previous) == ([0, 1, 2], None)
    assert start.next == first.next


def test_rows_that_vanish_leave_an_empty_page() -> None:
    numbers = Numbers(4)
    first = Page(numbers, [("PageSize", "3")], 50, 100)
    numbers.rows = [0]
    empty = Page(numbers, follow(first, 1, first.next), 50, 100)
    assert (empty.rows, empty.next, empty.previous) == ([], None, None)


def test_sizes() -> None:
    numbers = Numbers(200)
    assert len(Page(numbers, [], 50, 100).rows) == 50
    assert len(Page(numbers, [("PageSize", "1000")], 50, 100).rows) == 100
    assert len(Page(numbers, [("PageSize", "")], 5, 100).rows) == 5


def test_the_page_number_is_counted_and_does_not_seek() -> None:
    page = Page(Numbers(9), [("Page", "3"), ("PageSize", "2")], 50, 100)
    assert (page.number, page.rows) == (3, [0, 1])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PageSize", "0"),
        ("PageSize", "-1"),
        ("PageSize", "many"),
        ("PageSize", "٣"),
        ("PageSize", "9" * 10),
        ("Page", "-1"),
        ("PageToken", "PTnonsense"),
        ("PageToken", "PA1"),
    ],
)
def test_what_cannot_be_read_is_refused(name: str, text: str) -> None:
    with pytest.raises(Refused, match=f"20001 Invalid {name}."):
        Page(Numbers(1), [(name, text)], 50, 100)


def test_meta_keeps_filters_in_front_and_stays_on_the_emulator() -> None:
    query = [("Address", "+37525"), ("PageSize", "2"), ("Page", "0"), ("Order", "de sc")]
    page = Page(Numbers(3), query, 50, 100)
    url = "http://localhost:8008/v1/Things"
    shown = meta(page, url, "things")
    start = f"{url}?Address=%2B37525&Order=de%20sc&PageSize=2&Page="
    assert shown == {
        "page": 0,
        "page_size": 2,
        "first_page_url": f"{start}0",
        "previous_page_url": None,
        "url": f"{start}0",
        "next_page_url": f"{start}1&PageToken={page.next}",
        "key": "things",
    }
    second = Page(Numbers(3), parse_qsl(str(shown["next_page_url"]).partition("?")[2]), 50, 100)
    shown = meta(second, url, "things")
    assert shown["url"] == f"{start}1&PageToken={page.next}"
    assert shown["previous_page_url"] == f"{start}0&PageToken={second.previous}"
    assert shown["next_page_url"] is None
