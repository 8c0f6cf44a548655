"""Ids of Twilio's newer APIs: a prefix and a ULID, such as `conv_conversation_01kzpzmjf3...`.

The rules of this file:

- A ULID is 48 bits of time in milliseconds and 80 bits of chance, in 26 letters of Crockford's
  base 32 in lower case (https://github.com/ulid/spec). Both come from the world.
- What is made at one instant is told apart by chance alone: the order of ids says nothing then.
"""

import hashlib
import re
from datetime import datetime

from twilio_emulator.core.kernel.parameters import milliseconds
from twilio_emulator.core.kernel.sids import Stream
from twilio_emulator.core.kernel.world import World

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, without the letters that look like others."""

_ULID = re.compile(f"[0-7][{ALPHABET}]{{25}}")
_CHANCE = 80


def new_ttid(world: World, prefix: str) -> str:
    """An id that was never given before; `prefix` is such as `conv_conversation`."""
    return ttid(prefix, world.now, world.sids)


def ttid(prefix: str, at: datetime, chance: Stream) -> str:
    """An id of an instant, with 80 bits of a stream of one's own."""
    return _written(prefix, at, int(chance.hex(), 16) >> (128 - _CHANCE))


def stable_ttid(prefix: str, at: datetime, said: str) -> str:
    """An id of an instant that follows from what was said, where nothing may be drawn for it."""
    digest = hashlib.blake2b(f"{prefix}/{said}".encode(), digest_size=_CHANCE // 8).digest()
    return _written(prefix, at, int.from_bytes(digest))


def _written(prefix: str, at: datetime, chance: int) -> str:
    bits = milliseconds(at) << _CHANCE | chance
    letters = (ALPHABET[bits >> shift & 31] for shift in range(125, -1, -5))
    return f"{prefix}_{''.join(letters)}"


def is_ttid(text: str, *prefixes: str) -> bool:
    """Whether `text` has the form of an id with one of the prefixes."""
    prefix, _, ulid = text.rpartition("_")
    return prefix in prefixes and _ULID.fullmatch(ulid) is not None
