"""Programs beside a test: none outlives it, and none keeps it waiting without a limit."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

SECONDS = 60.0
"""What a program has unless a test says otherwise; then it is killed, and its pipes end."""


@contextmanager
def started(
    command: Sequence[str], *, seconds: float = SECONDS, **how: Any
) -> Iterator["subprocess.Popen[str]"]:
    """A program with text in its pipes, which is killed with all it began when the block ends.

    Args:
        seconds: after which it is killed in any case.
        how: as for `Popen`.
    """
    process: subprocess.Popen[str] = subprocess.Popen(
        command, text=True, start_new_session=True, **how
    )
    late = threading.Timer(seconds, _kill, (process,))
    late.daemon = True
    late.start()
    with process:
        try:
            yield process
        finally:
            late.cancel()
            _kill(process)


def _kill(process: "subprocess.Popen[str]") -> None:
    """End it and all that it began and that stayed in its group, whether or not it has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
