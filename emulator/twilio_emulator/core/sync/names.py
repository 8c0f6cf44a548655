"""What objects and items may be called, and what a reference means.

The rules of this file (https://www.twilio.com/docs/sync/api):

- A name has 1 to 320 letters, does not look like a sid, and is unique among the objects of one kind
  in a service. It is never changed, and free again when the object is gone.
- A reference that looks like a sid is one, everything else is a name.
"""

import re

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.sync.errors import (
    INVALID_INDEX,
    INVALID_MAP_KEY,
    INVALID_SYNC_IDENTITY,
    INVALID_UNIQUE_NAME,
)

LONGEST_SYNC_NAME = 320
LONGEST_SYNC_IDENTITY = 256
LONGEST_INDEX = 18
"""Digits. No list has ever had as many items."""

SID = re.compile(r"[A-Z]{2}[a-f0-9]{32}")


def check_name(name: str) -> None:
    """Raises:
    Refused: 54302 nothing can be called that.
    """
    if not 0 < len(name) <= LONGEST_SYNC_NAME or SID.fullmatch(name):
        raise Refused(INVALID_UNIQUE_NAME)


def check_key(key: str) -> None:
    """Raises:
    Refused: 54209 no item of a map can have this key.
    """
    if not 0 < len(key) <= LONGEST_SYNC_NAME:
        raise Refused(INVALID_MAP_KEY)


def check_identity(identity: str) -> None:
    """Raises:
    Refused: 54351 nobody can be called that.
    """
    if not 0 < len(identity) <= LONGEST_SYNC_IDENTITY:
        raise Refused(INVALID_SYNC_IDENTITY)


def index(said: str) -> int:
    """The index of a list's item.

    Raises:
        Refused: 54458 it cannot be one.
    """
    if not (said.isascii() and said.isdigit() and len(said) <= LONGEST_INDEX):
        raise Refused(INVALID_INDEX)
    return int(said)
