"""Cursors: what was written is read again, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twilio_emulator.wire import cursors
from twilio_emulator.wire.cursors import Cursor

NUMBER = st.integers(1 - 10**18, 10**18 - 1)
KEY = st.text(min_size=1)


@given(st.sampled_from(["", "PA", "D"]), st.lists(NUMBER, min_size=1, max_size=3), KEY)
def test_what_is_written_is_read_again(purpose: str, numbers: list[int], key: str) -> None:
    written = cursors.write(purpose, tuple(numbers), key)
    assert cursors.read(written, (purpose,), len(numbers)) == (purpose, tuple(numbers), key)
    assert cursors.read(written, ("X",), len(numbers)) is None


@given(NUMBER, KEY)
def test_a_place_is_a_number_and_a_key(number: int, key: str) -> None:
    read = cursors.read(cursors.write_place((number, key), "PB"), ("PA", "PB"))
    assert read == Cursor("PB", (number,), key)
    assert read.place == (number, key)


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "a1-b", "1.5-b", "1" * 19 + "-b", "٣-b"])
def test_what_cannot_be_read(text: str) -> None:
    assert cursors.read(text) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("PA7-CH" + "0" * 32, True), ("PA-7-CH" + "0" * 32, True), ("PA7-CH0", False), ("PA7", False)],
)
def test_the_place_of_a_record(text: str, is_one: bool) -> None:
    assert (cursors.read_record(text, ("PA",)) is not None) is is_one
