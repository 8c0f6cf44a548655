"""How large values may be, and what they look like (https://www.twilio.com/docs/sync/limits)."""

import json

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.sync.errors import INVALID_ATTRIBUTE, TOO_LARGE_FOR_SYNC

LARGEST_VALUE = 16 * 1024
"""Bytes of a document's or an item's value, as JSON without space in UTF-8."""

LARGEST_MESSAGE = 4 * 1024

_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


def value(said: str, largest: int = LARGEST_VALUE) -> str:
    """A JSON object in its shortest form, with keys in the order in which they were said.

    Decided: a list or a number is no value, as it is none for clients; numbers beyond those of
    JavaScript, and halves of letters beyond the first plane, are no JSON.

    Raises:
        Refused: 54008 it is none, 54006 it is larger than `largest` bytes.
    """
    try:
        read = _decode(said)
        if type(read) is not dict:
            raise Refused(INVALID_ATTRIBUTE)
        written = _encode(read)
        size = len(written.encode())
    except (ValueError, RecursionError):
        raise Refused(INVALID_ATTRIBUTE) from None
    if size > largest:
        raise Refused(TOO_LARGE_FOR_SYNC)
    return written
