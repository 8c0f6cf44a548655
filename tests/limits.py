"""No test hangs: it fails when it takes too long, and says where everything in it was just then."""

import asyncio
import signal
import sys
import threading
import traceback
from collections.abc import Generator, Iterator
from types import FrameType
from typing import Any

import pytest

SECONDS = 300.0
"""Of a test's set-up, of the test and of what follows it, each; many times what any should take."""

SOAK_SECONDS = 600.0

BROWSER = 60_000.0
"""Milliseconds that a browser has until it runs, and until it shows what a test waits for."""

AGAIN = 5.0
"""Seconds until it is told again, should something have swallowed that."""


class TookTooLong(pytest.fail.Exception, SystemExit):
    """A test failed, and whatever it runs has to end: uvloop goes on when a signal's handler raises
    anything else."""


def seconds(item: pytest.Item) -> float:
    """How long a part of a test may take."""
    return SOAK_SECONDS if item.get_closest_marker("soak") else SECONDS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Limit what a test needs before it."""
    return (yield from _limited(seconds(item), "its set-up"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Limit a test."""
    return (yield from _limited(seconds(item), "it"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Limit what cleans up after a test."""
    return (yield from _limited(seconds(item), "what cleans up after it"))


def _limited(limit: float, what: str) -> Generator[None, object, object]:
    def end(number: int, frame: FrameType | None) -> None:
        where = "\n".join(whereabouts())
        raise TookTooLong(f"{what} took more than {limit:g} s; just then\n\n{where}")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, limit, AGAIN)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def whereabouts() -> Iterator[str]:
    """Where each other thread is, and each task of the loop that runs in this one."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for ident, frame in sys._current_frames().items():
        if ident != threading.get_ident():
            stack = traceback.extract_stack(frame)
            yield from _told(f"thread {names.get(ident, ident)}", _lines(stack))
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:  # no loop runs here
        return
    for task in tasks:
        yield from _told(f"task {task.get_name()}", _waiting(task.get_coro()))


def _told(name: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"  {name}"
    for line in lines:
        yield f"    {line}"


def _lines(stack: traceback.StackSummary) -> Iterator[str]:
    for each in stack:
        yield f"{each.filename}:{each.lineno} {each.name}"


def _waiting(awaited: Any) -> Iterator[str]:
    """Where a coroutine is, and what it awaits, down to what is no coroutine."""
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if frame is None:
            return
        yield f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}"
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
