"""Work that nobody waits for: when it fails our log says so, and what depends on it is ended."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger("twilio_emulator")


def begin(
    work: Coroutine[Any, Any, None], what: str, failed: Callable[[], object] | None = None
) -> asyncio.Task[None]:
    """Have something done in a task. Needs a running loop.

    Args:
        what: it is, for the log.
        failed: called when it has raised, to end what would wait for it for ever.
    """
    task = asyncio.get_running_loop().create_task(work)

    def ended(task: asyncio.Task[None]) -> None:
        if has_failed(task, what) and failed is not None:
            failed()

    task.add_done_callback(ended)
    return task


def has_failed(task: "asyncio.Future[Any]", what: str) -> bool:
    """Whether something that is over has raised, which our log is then told. Cancelled is not."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("%s failed", what, exc_info=error)
    return error is not None
