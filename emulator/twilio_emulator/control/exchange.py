"""A call of the control API as HTTP has it: its body, its answer, and a caller who leaves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import msgspec

from twilio_emulator.core.kernel import outside

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; an upload for a handset may be a film."""

LONGEST_LINE = 1000
"""Characters of what is said of a mistake; the rest of it is what the caller sent."""

JSON = b"application/json"


class Mistake(TypedDict):
    """What was wrong with a call, in one line.

    Attributes:
        status: of the answer.
        message: names the place and what was expected there.
        code: Twilio's, where a rule of Twilio's refused it.
        problems: all that is wrong with a scenario, a line each.
    """

    status: int
    message: str
    code: NotRequired[int]
    problems: NotRequired[list[str]]


class Mistaken(Exception):
    """A call cannot be answered as it is.

    Args:
        message: one line, which names the place and what was expected there.
        status: of the answer.
        also: what else the answer says.
        headers: what else it has.
    """

    def __init__(
        self,
        message: str,
        status: int = 400,
        also: Mapping[str, object] | None = None,
        headers: tuple[Header, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = outside.one_line(message, LONGEST_LINE)
        self.status = status
        self.also = also or {}
        self.headers = headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a call answers; `pieces` come one by one, for as long as the caller is there."""

    status: int = 200
    body: bytes = b""
    content_type: bytes = JSON
    headers: tuple[Header, ...] = ()
    pieces: AsyncIterator[bytes] | None = None


def json_reply(content: object, status: int = 200, headers: tuple[Header, ...] = ()) -> Reply:
    """An answer in JSON."""
    return Reply(status=status, body=msgspec.json.encode(content), headers=headers)


NOTHING = Reply(status=204)


async def read_body(receive: Receive) -> bytes:
    """The whole body of a call.

    Raises:
        Mistaken: it is too large, or the caller left before its end.
    """
    message = await receive()
    first: bytes = message.get("body", b"")
    if message.get("more_body") is False:
        return first
    body = bytearray(first)
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise Mistaken(f"body: expected at most {LARGEST_BODY} bytes", 413)
    if message.get("type") == "http.disconnect":
        raise Mistaken("body: it broke off")
    return bytes(body)


async def while_there(work: Awaitable[Reply], receive: Receive) -> Reply:
    """What the work answers; nothing as soon as the caller is gone."""
    answering = asyncio.ensure_future(work)
    caller = asyncio.ensure_future(receive())  # the body is read: it leaves
    try:
        await asyncio.wait((answering, caller), return_when=asyncio.FIRST_COMPLETED)
        return await answering if answering.done() else NOTHING
    finally:
        await _end(answering)
        await _end(caller)
        # What was raised holds this frame, and a task holds what was raised in it.
        del answering, caller


async def _end(task: "asyncio.Future[Any]") -> None:
    if not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def send_reply(
    reply: Reply, receive: Receive, send: Send, extra: list[Header], *, head_only: bool = False
) -> None:
    """Send an answer, with headers besides its own."""
    headers = [*extra, *reply.headers, (b"cache-control", b"no-store")]
    if reply.status != 204:
        headers.append((b"content-type", reply.content_type))
    if reply.status != 204 and reply.pieces is None:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if head_only or reply.pieces is None:
        await send({"type": "http.response.body", "body": b"" if head_only else reply.body})
    else:
        await _stream(reply.pieces, receive, send)


async def _stream(pieces: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    async def pass_on() -> None:
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    passing = asyncio.ensure_future(pass_on())
    caller = asyncio.ensure_future(receive())  # the body is read: it leaves
    try:
        await asyncio.wait((passing, caller), return_when=asyncio.FIRST_COMPLETED)
        if passing.done():
            await passing  # it may have failed: the server says so, and hangs up
    finally:
        await _end(caller)
        await _end(passing)
