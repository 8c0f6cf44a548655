import pytest
from fido2 import cbor as judge
from hypothesis import given
from hypothesis import strategies as st

from twilio_emulator.core.verify.cbor import Cbor, NotCbor, read, write

# https://www.rfc-editor.org/rfc/rfc8949#appendix-A
EXAMPLES = [
    ("00", 0),
    ("17", 23),
    ("1818", 24),
    ("1903e8", 1000),
    ("1a000f4240", 1000000),
    ("1bffffffffffffffff", 18446744073709551615),
    ("20", -1),
    ("3863", -100),
    ("3bffffffffffffffff", -18446744073709551616),
    ("f4", False),
    ("f5", True),
    ("f6", None),
    ("4401020304", b"\x01\x02\x03\x04"),
    ("64f0908591", "\U00010151"),
    ("62c3bc", "ü"),
    ("83010203", [1, 2, 3]),
    ("8301820203820405", [1, [2, 3], [4, 5]]),
    ("a0", {}),
    ("a201020304", {1: 2, 3: 4}),
    ("a26161016162820203", {"a": 1, "b": [2, 3]}),
]


@pytest.mark.parametrize(("said", "value"), EXAMPLES)
def test_values_are_read_and_written_as_the_standard_shows(said: str, value: Cbor) -> None:
    assert read(bytes.fromhex(said)) == (value, len(said) // 2)
    assert write(value) == bytes.fromhex(said)


@pytest.mark.parametrize(
    "said",
    [
        "",  # nothing
        "18",  # a number that is cut off
        "44010203",  # bytes that are cut off
        "820f",  # a list that is cut off
        "9bffffffffffffffff",  # one that nobody has the memory for
        "a101",  # a map that is cut off
        "a2010201",  # the same
        "a201020103",  # a key twice
        "a1410102",  # a key of bytes
        "a1f502",  # a key of yes
        "61ff",  # no UTF-8
        "5f42010243030405ff",  # a length that is not said
        "c11a514b67b0",  # a tag
        "fb3ff199999999999a",  # a fraction
        "f7",  # undefined
        "8181818181",  # five lists
    ],
)
def test_what_no_authenticator_writes_is_not_read(said: str) -> None:
    with pytest.raises(NotCbor):
        read(bytes.fromhex(said))


def test_what_follows_is_left_alone() -> None:
    assert read(b"\x01\x02\x03", 1) == (2, 2)


leaves = st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary() | st.text()
maps = st.dictionaries(st.integers(-(2**64), 2**64 - 1) | st.text(), leaves)


@given(leaves | maps | st.lists(leaves | maps))
def test_another_library_reads_what_is_written_and_writes_what_is_read(value: Cbor) -> None:
    assert judge.decode(write(value)) == value
    written = judge.encode(value)
    assert read(written) == (value, len(written))


@given(st.binary())
def test_no_bytes_are_more_than_not_cbor(said: bytes) -> None:
    try:
        _, end = read(said)
    except NotCbor:
        return
    assert 0 < end <= len(said)
