"""How large values may be, and what they look like (https://www.twilio.com/docs/sync/limits)."""

import json
from typing import Any

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.sync.errors import INVALID_ATTRIBUTE, TOO_LARGE_FOR_SYNC

LARGEST_VALUE = 16 * 1024
"""Bytes of a document's or an item's value, as JSON without space in UTF-8."""

LARGEST_MESSAGE = 4 * 1024

DEEPEST_VALUE = 256
"""Decided: levels of a value, itself included. Twilio publishes no limit; without one it would be
what the machine had room for, and another the next time that the value is read."""

_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")
).encode


def value(said: str, largest: int = LARGEST_VALUE) -> str:
    """A JSON object in its shortest form, with keys in the order in which they were said.

    Decided: a list or a number is no value, as it is none for clients; numbers beyond those of
    JavaScript, and halves of letters beyond the first plane, are no JSON.

    Raises:
        Refused: 54008 it is none, or too deep, 54006 it is larger than `largest` bytes.
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
    if written.count("{") + written.count("[") > DEEPEST_VALUE and _is_too_deep(read):
        raise Refused(INVALID_ATTRIBUTE)
    return written


def _is_too_deep(value: dict[str, Any]) -> bool:
    level: list[dict[str, Any] | list[Any]] = [value]
    for _ in range(DEEPEST_VALUE):
        held = (it.values() if isinstance(it, dict) else it for it in level)
        level = [each for values in held for each in values if isinstance(each, dict | list)]
        if not level:
            return False
    return True
