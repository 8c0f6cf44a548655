"""When the system has no file descriptors left: one line now and then, and another try later."""

import errno
import logging
import os
import time
from typing import Final

PAUSE: Final = 0.2
"""Seconds until the next try."""

SILENCE: Final = 10.0
"""Seconds in which it is not said again."""

log = logging.getLogger("twilio_emulator")

_until = 0.0


def is_one(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is such a shortage."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            return True
        error = error.__cause__ or error.__context__
    return False


def say() -> None:
    """Tell people, unless they have just been told."""
    global _until
    now = time.monotonic()
    if now >= _until:
        _until = now + SILENCE
        log.error(
            "No file descriptors are left, so nobody else can connect: `ulimit -n` shows how many "
            "there may be, and raises it"
        )


def look() -> None:
    """Tell people, if there is one: uvloop hangs up on whom it cannot accept, and says nothing."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        if is_one(error):
            say()
