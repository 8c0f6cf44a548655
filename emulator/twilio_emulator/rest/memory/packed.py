"""Bodies that come compressed, as `Content-Encoding` says: Memory takes them where many memories
may be in one request."""

import zlib

from twilio_emulator.core.kernel.bad_requests import bad
from twilio_emulator.core.kernel.refusals import TOO_LARGE, Refusal, Refused
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import LARGEST_BODY

TAKEN = ("/Recall", "/Observations", "/ConversationSummaries")
"""What the paths end in to which such a body may be posted."""

WINDOWS = {b"gzip": 31, b"deflate": 15}
"""What zlib calls them."""

NOT_UNPACKED = Refusal(20422, 415, "Unsupported Media Type")
"""Decided: what is answered to `br` and `compress`, which the OpenAPI file allows and nothing here
can read."""


def unpack(call: Call) -> None:
    """Have the body of a request as it was before it was compressed.

    Raises:
        Refused: 20422 nobody here can read it, 400 it is broken, 20001 it is larger than any
            request may be.
    """
    encoding = call.headers.get(b"content-encoding", b"identity").strip().lower()
    if encoding == b"identity":
        return
    if encoding not in WINDOWS:
        raise Refused(NOT_UNPACKED)
    reading = zlib.decompressobj(WINDOWS[encoding])
    try:
        body = reading.decompress(call.body, LARGEST_BODY)
    except zlib.error:
        raise bad("the body is not compressed as Content-Encoding says") from None
    if reading.unconsumed_tail:
        raise Refused(TOO_LARGE)
    if not reading.eof:
        raise bad("the body is not compressed as Content-Encoding says")
    call.body = body
