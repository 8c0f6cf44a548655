"""A request and an answer in one piece each, for what needs no waiting.

A coroutine that never waits ends at its first `send(None)`. So there is one way to answer a
request, a coroutine, which is begun by hand. One that does wait stops at its first `await`, and is
gone on with in a task.
"""

from collections.abc import Awaitable, Callable, Coroutine, Generator, MutableMapping
from typing import Any, Generic, NamedTuple, TypeVar

from twilio_emulator.core.kernel.records import maker
from twilio_emulator.wire.requests import Receive

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Later = Callable[[Scope, Receive, Send], Awaitable[None]]
"""An ASGI application that answers the rest of a request that was begun."""

R = TypeVar("R")


class Shown(NamedTuple):
    """A whole request, as an application is shown it.

    Attributes:
        path: still percent-encoded, as are the query and the body.
        headers: by lower-case name.
    """

    method: str
    scheme: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    body: bytes


shown: Callable[[tuple[str, str, str, bytes, dict[bytes, bytes], bytes]], Shown] = maker(Shown)


class WholeAnswer(NamedTuple):
    """An answer to be written at once: status, header lines without the length, and body."""

    status: int
    lines: bytes
    body: bytes


whole_answer: Callable[[tuple[int, bytes, bytes]], WholeAnswer] = maker(WholeAnswer)


AnswerNow = Callable[[Shown], WholeAnswer | Later | None]
"""Answers a request at once; or begins to, and leaves the rest for a task; or None, and
nothing has happened."""


class Begun(Generic[R]):
    """A coroutine that was begun by hand and waits; to await this is to go on with it.

    It has to have stopped where it waits for nothing but a task: `asyncio.sleep(0)`.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, R]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, R]:
        # `await` itself would not take a coroutine that has begun.
        return self._coroutine.__await__()
