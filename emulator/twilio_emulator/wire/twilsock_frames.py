"""Twilsock frames: a line that says what follows, a header as JSON, a payload.

One WebSocket message is one frame:

    TWILSOCK V3.0 <bytes of the header>CRLF
    <header, a JSON object>CRLF
    <payload, as many bytes as the header's payload_size says>

The rules of this file:

- Sizes are bytes. A size that the message does not hold makes it malformed.
- What follows the payload is ignored: the Kotlin client ends its frames with CRLF, the one in
  JavaScript does not.
- Whatever bytes come, `parse` answers with a frame or raises `Malformed`, and nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from twilio_emulator.wire import json_bodies

LONGEST_HEADER = 64 * 1024
"""Bytes. A header holds a token and the request's own headers, a few KiB together."""

JSON = "application/json"
"""The type of every payload that we send."""

OK: Mapping[str, object] = {"code": 200, "status": "OK"}
"""The status of every reply that grants what was asked."""

_FIRST_LINE = re.compile(rb"TWILSOCK V(\S{1,9}) (\d{1,9})\r\n")
_VERSION = b"3.0"

T = TypeVar("T")


class Malformed(Exception):
    """What came is no frame, or its header is not what its method calls for."""


class _Envelope(msgspec.Struct):
    method: str
    id: str = ""
    payload_size: int | None = None


_envelope = msgspec.json.Decoder(_Envelope)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it came; only what every frame has is decoded."""

    method: str
    id: str
    header: bytes
    payload: bytes

    def header_as(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The header's further fields.

        Raises:
            Malformed: naming the field and what was expected.
        """
        return _decoded(decoder, self.header)


def parse(message: bytes | str) -> Frame:
    """One WebSocket message as a frame. A text message counts as its UTF-8.

    Raises:
        Malformed: with the reason.
    """
    if isinstance(message, str):
        message = message.encode(errors="replace")
    first = _FIRST_LINE.match(message)
    if first is None:
        raise Malformed("it does not begin with TWILSOCK, a version and a size")
    if first[1] != _VERSION:
        raise Malformed(f"version {first[1].decode(errors='replace')}, where 3.0 is spoken")
    begin, size = first.end(), int(first[2])
    if size > LONGEST_HEADER:
        raise Malformed(f"a header of {size} bytes, where {LONGEST_HEADER} are allowed")
    if begin + size > len(message):
        raise Malformed(f"{size} bytes of header announced, {len(message) - begin} came")
    header = message[begin : begin + size]
    envelope = _decoded(_envelope, header)
    begin += size + len(b"\r\n")
    size = envelope.payload_size or 0
    if size < 0 or (size and begin + size > len(message)):
        raise Malformed(f"{size} bytes of payload announced, {max(0, len(message) - begin)} came")
    return Frame(envelope.method, envelope.id, header, message[begin : begin + size])


def encode(header: Mapping[str, object], payload: bytes = b"") -> bytes:
    """The frame of a header and a payload, whose size is added to the header."""
    said = msgspec.json.encode({**header, "payload_size": len(payload)})
    return b"TWILSOCK V3.0 %d\r\n%b\r\n%b" % (len(said), said, payload)


def _decoded(decoder: msgspec.json.Decoder[T], said: bytes) -> T:
    try:
        return decoder.decode(said)
    except msgspec.ValidationError as wrong:
        raise Malformed(f"its header: {wrong}") from None
    except json_bodies.UNREADABLE as wrong:
        raise Malformed(f"its header is no JSON: {json_bodies.why(said, wrong)}") from None
