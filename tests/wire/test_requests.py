"""Names and values, as the bytes of a query string or a form say them."""

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from twilio_emulator.wire import requests


@given(st.lists(st.sampled_from((b"a", b"&", b"=", b"+", b"%", b"%41", b"%C3%A9", b"%ff", b"?"))))
def test_names_and_values_are_what_pythons_own_reading_says(pieces: list[bytes]) -> None:
    text = b"".join(pieces)
    said = parse_qsl(text.decode(), keep_blank_values=True)
    assert requests.pairs(text) == said


def test_bytes_that_are_no_text_are_replaced_and_others_kept() -> None:
    assert requests.pairs(b"") == []
    assert requests.pairs("é=ü+ü&a=\u2603".encode()) == [("é", "ü ü"), ("a", "\u2603")]
    assert requests.pairs(b"a=\xff&\xe2=%41") == [("a", "\ufffd"), ("\ufffd", "A")]
    assert requests.pairs(b"a=\xe2%98%83") == [("a", "\u2603")]


PIECES = st.sampled_from(
    ["%", "%41", "%c3%bc", "%zz", "\\", "x", "u0041", "N{DASH}", "+", "é", "\n"]
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_many_escapes_are_read_as_few_are(text: str) -> None:
    expected = parse_qsl(f"a={text}", keep_blank_values=True, errors="replace")
    assert requests.pairs(f"a={text}".encode()) == expected


def test_what_is_no_escape_among_many_stays_as_it_is() -> None:
    assert requests.pairs(b"a=%41%42%43%44%zz%") == [("a", "ABCD%zz%")]
    assert requests.pairs(b"a=%5c%5Cx41%c3%bc%41") == [("a", "\\\\x41üA")]
