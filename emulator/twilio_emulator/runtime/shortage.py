"""File descriptors: as many as the system allows; and when none is left, one line now and then, and
another try later."""

import errno
import logging
import os
import time
from contextlib import suppress
from typing import Final

PAUSE: Final = 0.2
"""Seconds until the next try."""

SILENCE: Final = 10.0
"""Seconds in which it is not said again."""

log = logging.getLogger("twilio_emulator")

_until = 0.0


def prevent() -> None:
    """Have as many as the system lets this process have, where it says how many that is.

    Shells begin with 1,024 for the sake of programs that use `select`, which this is not.
    """
    with suppress(ImportError, OSError, ValueError):  # not on Windows; macOS may allow fewer
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


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
            "No file descriptors are left, so nobody else can connect: `ulimit -Hn` shows how many "
            "there may be, and `--ulimit nofile=` or the system's limits raise it"
        )


def look() -> None:
    """Tell people, if there is one: uvloop hangs up on whom it cannot accept, and says nothing."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        if is_one(error):
            say()
