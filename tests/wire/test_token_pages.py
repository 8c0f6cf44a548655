"""Pages of Twilio's newer APIs: a token each way, and no URLs."""

from urllib.parse import quote

import pytest

from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.wire.token_pages import token_page


class Letters:
    """A list of numbers, as an operation would answer it."""

    def __init__(self, count: int) -> None:
        self.rows = list(range(count))

    def place(self, record: int) -> Place:
        return record, f"conv_conversation_{record:026d}"

    def after(self, place: Place | None, size: int) -> tuple[list[int], bool]:
        rest = [row for row in self.rows if place is None or row > place[0]]
        return rest[:size], len(rest) > size

    def before(self, place: Place, size: int) -> tuple[list[int], bool]:
        rest = [row for row in self.rows if row < place[0]]
        return rest[-size:], len(rest) > size


def page(listing: Letters, **query: object) -> tuple[list[object], dict[str, object]]:
    return token_page(listing, {name: str(said) for name, said in query.items()}, "rows")


def test_tokens_lead_forward_and_back() -> None:
    listing = Letters(7)
    rows, meta = page(listing, pageSize=3)
    assert (rows, meta["pageSize"], meta["key"]) == ([0, 1, 2], 3, "rows")
    assert "previousToken" not in meta
    token = str(meta["nextToken"])
    assert quote(token, safe="=") == token
    rows, meta = page(listing, pageSize=3, pageToken=token)
    assert rows == [3, 4, 5]
    rows, meta = page(listing, pageSize=3, pageToken=meta["nextToken"])
    assert (rows, meta["pageSize"], "nextToken" in meta) == ([6], 1, False)
    rows, meta = page(listing, pageSize=3, pageToken=meta["previousToken"])
    assert rows == [3, 4, 5]
    rows, meta = page(listing, pageSize=2, pageToken=meta["previousToken"])
    assert rows == [1, 2]
    rows, meta = page(listing, pageSize=2, pageToken=meta["previousToken"])
    assert (rows, "previousToken" in meta) == ([0], False)
    rows, meta = page(listing, pageSize=2, pageToken=meta["nextToken"])
    assert rows == [1, 2]


def test_rows_that_vanish_leave_an_empty_page() -> None:
    listing = Letters(4)
    _, meta = page(listing, pageSize=3)
    listing.rows = [0]
    assert page(listing, pageToken=meta["nextToken"]) == ([], {"key": "rows", "pageSize": 0})


def test_a_page_has_50_unless_another_size_is_asked_for() -> None:
    listing = Letters(2000)
    assert len(page(listing)[0]) == 50
    assert len(page(listing, pageSize="")[0]) == 50
    assert len(page(listing, pageSize=1000, pageToken="")[0]) == 1000


@pytest.mark.parametrize("said", ["0", "-1", "1001", "ten", "1.5", "1234567890", "²"])
def test_a_size_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises(Refused, match=r"20001 Invalid pageSize\."):
        page(Letters(1), pageSize=said)


@pytest.mark.parametrize("said", ["x", "eyJwYWdlIjoyfQ==", "MTItYQ==", "ü", "/w==", "UEExLWE="])
def test_a_token_that_is_none_of_ours_is_refused(said: str) -> None:
    with pytest.raises(Refused, match=r"20001 Invalid pageToken\."):
        page(Letters(1), pageToken=said)
