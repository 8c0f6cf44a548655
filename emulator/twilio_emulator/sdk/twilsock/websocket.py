"""The WebSocket that client SDKs open: the only file that touches one.

The rules of this file:

- One task reads and one writes. The writer empties the outbox, so everything goes out in the order
  in which it came in there.
- Frames go out as binary messages: the JavaScript SDK takes no others. Those that wait together
  leave in one piece, since what a message costs is mostly its way into the network.
- A connection that is broken, or whose client has stopped reading, is cut off without waiting for
  what is still unsent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

from starlette.types import Receive, Scope, Send

from twilio_emulator.runtime import background
from twilio_emulator.sdk.twilsock.connection import Admit, ChatConnection
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.wire.twilio_hosts import Site

PATH = "/v3/wsconnect"
CUT = "twilio_emulator.cut"
"""The extension by which a server lets us cut a connection off."""

SEND_ALL = "twilio_emulator.send_all"
"""The extension by which a server sends several messages in one piece."""

SendAll = Callable[[Sequence[bytes]], Awaitable[None]]
"""Sends binary messages."""

NORMAL = 1000


class Sockets:
    """Answers WebSockets.

    Args:
        admit: finds the account of an access token.
    """

    def __init__(self, admit: Admit) -> None:
        self._admit = admit
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, site: Site, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket, from its opening to its end."""
        await receive()
        await send({"type": "websocket.accept"})
        await _Socket(self._admit, self._tasks, site, scope, receive, send).serve()


class _Socket:
    """One WebSocket."""

    def __init__(
        self,
        admit: Admit,
        tasks: set[asyncio.Task[None]],
        site: Site,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._receive = receive
        self._send = send
        extensions = scope.get("extensions", {})
        self._cut: Callable[[], None] = extensions.get(CUT, _nothing)
        self._send_all: SendAll = extensions.get(SEND_ALL, self._send_each)
        self._awake = asyncio.Event()
        self._relieved = asyncio.Event()
        self._tasks = tasks
        self._connection = ChatConnection(admit, site, self._wake, self._spawn)

    async def serve(self) -> None:
        """Read and write until one of both sides has enough."""
        writing = background.begin(self._write(), "what writes to a client", self._cut)
        try:
            await self._read()
        finally:
            self._connection.leave()
            writing.cancel()
            await asyncio.wait([writing])

    def _wake(self) -> None:
        self._awake.set()
        self._relieved.set()
        if self._connection.is_broken:
            self._cut()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """What a client has begun is brought to its end, even when the client has gone."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._relieved.set()
        if background.has_failed(task, "what a client asked for"):
            self._cut()

    async def _read(self) -> None:
        connection = self._connection
        while (message := await self._receive())["type"] == "websocket.receive":
            content = message.get("bytes")
            connection.receive(message["text"] if content is None else content)
            while connection.is_busy and not connection.is_broken:
                self._relieved.clear()
                await self._relieved.wait()

    async def _write(self) -> None:
        with suppress(OSError):  # the client has gone: the reader is told as well
            await self._empty(self._connection.outbox)
            await self._send({"type": "websocket.close", "code": NORMAL})

    async def _empty(self, outbox: Outbox) -> None:
        connection = self._connection
        while not connection.is_broken:
            frames = outbox.take_piece()
            if frames:
                await self._send_all(frames)
            elif connection.ended:
                return
            else:
                self._relieved.set()
                self._awake.clear()
                await self._awake.wait()

    async def _send_each(self, frames: Sequence[bytes]) -> None:
        """Where the server has no better way."""
        for frame in frames:
            await self._send({"type": "websocket.send", "bytes": frame})


def _nothing() -> None:
    """Where the server cannot cut a connection off, it is closed like any other."""
