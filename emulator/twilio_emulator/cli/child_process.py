"""A command that runs beside us: its signals and its exit status."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
NOT_FOUND = 127
NOT_EXECUTABLE = 126


class CannotRun(Exception):
    """The command cannot be run. `status` is what a shell would answer."""

    def __init__(self, command: str, reason: str, status: int) -> None:
        super().__init__(f"cannot run {command}: {reason}")
        self.status = status


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    started: Callable[[], None] = lambda: None,
) -> int:
    """Run a command to its end, and pass signals on to it.

    Args:
        started: called as soon as it runs.

    Returns:
        its exit status; 128 and the signal's number when a signal ended it.

    Raises:
        CannotRun: there is no such program, or it cannot be run.
    """
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and _terminal_tells():
            return
        if child is None:
            early.append(number)
        else:
            child.send_signal(number)

    before = {
        number: signal.signal(number, pass_on)
        for name in PASSED_ON
        if (number := getattr(signal, name, None)) is not None
    }
    try:
        child = _start(command, environment)
        started()
        for number in early:
            child.send_signal(number)
        status = child.wait()
    except BaseException:
        if child is not None:
            child.kill()  # it is not to be left behind without us
            child.wait()
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return status if status >= 0 else 128 - status


def _start(command: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(command, env=dict(environment))
    except FileNotFoundError:
        raise CannotRun(command[0], "there is no such program", NOT_FOUND) from None
    except OSError as error:
        raise CannotRun(command[0], error.strerror or str(error), NOT_EXECUTABLE) from None


def _terminal_tells() -> bool:
    """Whether the terminal that we are in sends Ctrl-C to the command too, by itself."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (AttributeError, OSError, ValueError):
        return False
