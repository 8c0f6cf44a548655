"""How the handles' one implementation calls an emulator: awaited, or at once.

The rules of this file:

- What a handle does is written once, as coroutines that await nothing but `Calls`.
- `Awaiting` lets the event loop go on meanwhile. `Blocking` has its answer when it returns, so such
  a coroutine runs to its end in one step: `at_once` makes that step, and needs no loop for it.
"""

import asyncio
import contextvars
import http.client
import inspect
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from types import FrameType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from twilio_emulator.handle.calling import PATIENCE, Calling, read

__tracebackhide__ = True

HELD_UP_FOR = 1.0
"""Seconds that a wait holds up an event loop at most. Decided: what is on its way to a phone comes
in less, and what an app in that loop should do first cannot come at all."""

T = TypeVar("T")
A = TypeVar("A")
P = ParamSpec("P")


class Calls(ABC):
    """The control API of a running emulator, to be awaited.

    Args:
        url: the emulator's.
        account: which account the calls are about; the default one when None.

    Raises:
        CannotCall: that is no URL of an emulator.
    """

    def __init__(self, url: str, account: str | None = None) -> None:
        self.calling = Calling(url, account)

    async def get(
        self, path: str, query: Mapping[str, object] | None = None, wait: float = 0.0
    ) -> Any:
        """What a GET answers, which may take `wait` seconds; raises `CannotCall`."""
        return await self.call("GET", path, query=query, wait=wait)

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        wait: float = 0.0,
    ) -> Any:
        """What a call answers, read from JSON; None when it answers nothing.

        Raises:
            CannotCall: there was no answer, or one that says no.
        """
        content = None if body is None else json.dumps(body).encode()
        answer = await self.fetch(path, method, content, query, wait)
        return json.loads(answer) if answer else None

    @abstractmethod
    async def fetch(
        self,
        path: str,
        method: str = "GET",
        content: bytes | None = None,
        query: Mapping[str, object] | None = None,
        wait: float = 0.0,
    ) -> bytes:
        """The bytes that a call answers.

        Raises:
            CannotCall: there was no answer, or one that says no.
        """

    @staticmethod
    @abstractmethod
    async def apart(function: Callable[[], T], give_up: Callable[[], None] | None = None) -> T:
        """What a function returns that takes its time. It has ended when this ends, cancelled or
        not.

        Args:
            give_up: called when this is cancelled, to have the function end earlier.
        """

    def awaiting(self) -> "Awaiting":
        """The same calls, of which none blocks."""
        return Awaiting(self.calling.url, self.calling.account)

    @property
    @abstractmethod
    def holds_up(self) -> bool:
        """Whether an event loop, in which an app may run, stands still meanwhile."""


class Awaiting(Calls):
    """Calls that asyncio makes, a connection each."""

    async def fetch(
        self,
        path: str,
        method: str = "GET",
        content: bytes | None = None,
        query: Mapping[str, object] | None = None,
        wait: float = 0.0,
    ) -> bytes:
        """As `Calls` says it."""
        calling = self.calling
        try:
            async with asyncio.timeout(wait + PATIENCE):
                answer = await self._exchanged(calling.request(path, method, content, query))
            received: Any = _Received(answer)
            response = http.client.HTTPResponse(received, method=method)
            response.begin()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise calling.unanswered(error) from None
        return read(response.status, body, f"{method} {calling.shown(path)}")

    async def _exchanged(self, request: bytes) -> bytes:
        """All that comes on a connection of its own after a request that says it is the last."""
        calling = self.calling
        secure = True if calling.secure else None
        reader, writer = await asyncio.open_connection(calling.host, calling.port, ssl=secure)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    @staticmethod
    async def apart(function: Callable[[], T], give_up: Callable[[], None] | None = None) -> T:
        """As `Calls` says it, in a thread."""
        # No task, as of `asyncio.to_thread`: a loop that ends cancels those.
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        doing = loop.run_in_executor(None, context.run, function)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            if give_up is not None:
                give_up()
            while not doing.done():  # scopes of anyio cancel again and again
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([doing])
            doing.exception()  # which nobody wants to know any more
            raise

    @property
    def holds_up(self) -> bool:
        """It does not."""
        return False


class Blocking(Calls):
    """Calls that have their answers when they return."""

    async def fetch(
        self,
        path: str,
        method: str = "GET",
        content: bytes | None = None,
        query: Mapping[str, object] | None = None,
        wait: float = 0.0,
    ) -> bytes:
        """As `Calls` says it."""
        return self.calling.fetch(path, method, content, query, wait)

    @staticmethod
    async def apart(function: Callable[[], T], give_up: Callable[[], None] | None = None) -> T:
        """As `Calls` says it, here."""
        return function()

    @property
    def holds_up(self) -> bool:
        """Whether a coroutine of a running loop has called.

        That a loop runs in this thread is not enough: Playwright's synchronous API has one
        beside the test, on a stack of its own.
        """
        try:
            task = asyncio.current_task()
        except RuntimeError:
            return False
        outermost = task and getattr(task.get_coro(), "cr_frame", None)
        return outermost is not None and any(frame is outermost for frame in _stack())


def _stack() -> Iterator[FrameType]:
    """The frames that have called, innermost first."""
    frame = inspect.currentframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


class _Received:
    """What came, in the shape in which `http.client` reads it."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._answer)


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns whose calls are `Blocking`."""
    try:
        coroutine.send(None)
    except StopIteration as over:
        result: T = over.value
        return result
    coroutine.close()
    raise RuntimeError("it waits for something else than calls that block")


class Synchronous(Generic[A]):
    """A handle that does at once what the asynchronous one does.

    Args:
        asynchronous: the one that does it; its calls are `Blocking`.
    """

    def __init__(self, asynchronous: A) -> None:
        self._asynchronous = asynchronous


def synchronous(
    method: Callable[Concatenate[A, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[Synchronous[A], P], T]:
    """The method of a synchronous handle that does what this one does, with the same words."""

    @wraps(method)
    def call(self: Synchronous[A], /, *arguments: P.args, **named: P.kwargs) -> T:
        return at_once(method(self._asynchronous, *arguments, **named))

    return call
