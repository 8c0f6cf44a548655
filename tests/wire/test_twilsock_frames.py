"""Frames: what both clients send is read, and what is not a frame is said to be none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdk.client import frame, read
from twilio_emulator.wire.twilsock_frames import LONGEST_HEADER, Malformed, encode, parse


def test_sizes_are_bytes() -> None:
    came = parse(frame({"method": "message", "id": "TMé", "x": "日本"}, "größer".encode()))
    assert (came.method, came.id, came.payload) == ("message", "TMé", "größer".encode())


def test_what_we_send_can_be_read() -> None:
    header, payload = read(encode({"method": "reply", "id": "é"}, b'{"a":"\xc3\xa9"}'))
    assert header == {"method": "reply", "id": "é", "payload_size": 10}
    assert payload == {"a": "é"}


def test_a_text_message_counts_as_its_utf8() -> None:
    came = parse(frame({"method": "message", "id": "日本"}, "größer".encode()).decode())
    assert (came.id, came.payload.decode()) == ("日本", "größer")


def test_the_kotlin_client_ends_a_payload_with_a_line_break() -> None:
    assert parse(frame({"method": "message"}, b"{}", end=b"\r\n")).payload == b"{}"


@pytest.mark.parametrize("size", ["", ',"payload_size":null', ',"payload_size":0'])
@pytest.mark.parametrize("end", ["", "\r\n", "\r\nleft over"])
def test_no_payload(size: str, end: str) -> None:
    header = f'{{"method":"reply","id":"TM1"{size}}}'
    came = parse(f"TWILSOCK V3.0 {len(header)}\r\n{header}{end}")
    assert (came.id, came.payload) == ("TM1", b"")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "TWILSOCK"),
        (b"GET / HTTP/1.1\r\n\r\n", "TWILSOCK"),
        (b"TWILSOCK V3.0", "TWILSOCK"),
        (b"TWILSOCK V3.0 -2\r\n{}\r\n", "TWILSOCK"),
        (b"TWILSOCK V3.0 +2\r\n{}\r\n", "TWILSOCK"),
        (b"TWILSOCK V3.0 2\n{}\n", "TWILSOCK"),
        (b"TWILSOCK V3.0 9999999999\r\n{}", "TWILSOCK"),
        ("TWILSOCK V3.0 ٢\r\n{}\r\n", "TWILSOCK"),
        ("\ud800", "TWILSOCK"),
        (b"TWILSOCK V2.0 2\r\n{}\r\n", "version 2.0"),
        (b"TWILSOCK V\xff 2\r\n{}\r\n", "version"),
        (b"TWILSOCK V3.0 5\r\n{}\r\n", "5 bytes of header announced, 4 came"),
        (b"TWILSOCK V3.0 2\r\n{}\r\n", "method"),
        (b"TWILSOCK V3.0 2\r\n[]\r\n", "object"),
        (b"TWILSOCK V3.0 0\r\n\r\n", "header"),
        (b"TWILSOCK V3.0 3\r\n\xff\xff\xff\r\n", "header"),
        (b'TWILSOCK V3.0 12\r\n{"method":1}\r\n', "str"),
        (b'TWILSOCK V3.0 22\r\n{"method":"a","id":7}\r\n\r\n', "str"),
        (b'TWILSOCK V3.0 31\r\n{"method":"a","payload_size":-1}\r\n', "header"),
        (b'TWILSOCK V3.0 32\r\n{"method":"a","payload_size":-1}\r\n', "-1 bytes of payload"),
        (b'TWILSOCK V3.0 31\r\n{"method":"a","payload_size":3}\r\nab', "3 bytes of payload"),
        (b'TWILSOCK V3.0 31\r\n{"method":"a","payload_size":1}', "announced, 0 came"),
        (b'TWILSOCK V3.0 33\r\n{"method":"a","payload_size":"3"}\r\nabc', "int"),
    ],
)
def test_what_is_no_frame(message: bytes | str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        parse(message)


def test_a_header_has_a_limit() -> None:
    padding = "a" * (LONGEST_HEADER - len('{"method": "a", "x": "", "payload_size": 0}'))
    assert parse(frame({"method": "a", "x": padding})).method == "a"
    with pytest.raises(Malformed, match="allowed"):
        parse(frame({"method": "a", "x": padding + "a"}))


def test_a_header_too_deep_to_read() -> None:
    deep = b'{"method":"a","x":' + b"[" * 50_000 + b"}"
    with pytest.raises(Malformed):
        parse(b"TWILSOCK V3.0 %d\r\n%b\r\n" % (len(deep), deep))


@settings(deadline=None)
@given(st.binary(max_size=80), st.integers(-3, 90))
def test_any_header_is_read_or_refused(header: bytes, size: int) -> None:
    try:
        came = parse(b"TWILSOCK V3.0 %d\r\n%b\r\n" % (size, header))
    except Malformed:
        return
    assert came.header == header[:size]


@settings(deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80))
def test_anything_is_read_or_refused(message: bytes | str) -> None:
    with pytest.raises(Malformed):
        parse(message)
