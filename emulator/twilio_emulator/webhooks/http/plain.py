"""HTTP without TLS, lean enough for as many status callbacks as there are messages.

The rules of this file:

- A connection is kept for the next request only when the answer says `Connection: keep-alive` in
  so many words. Silence means the same in HTTP/1.1, but many a small server keeps it and closes.
- It is not kept for long: one that waits longer than `IDLE`, or has served `USES` requests, is
  closed, so that a receiver with a single thread serves others too. One that the receiver closes is
  used no more: who restarts between two webhooks gets the second.
- A request is sent once, but for one case: a kept connection that ends before a byte of the answer
  has come was most often closed before the request came there (RFC 9112 section 9.3.1), and the
  request goes out once more, on a new one. Any other try is the caller's to decide.
"""

import asyncio
import re
import select
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import httptools

from twilio_emulator.webhooks.http.exchange import (
    BODY_READ,
    HEAD_READ,
    BrokenAnswer,
    Came,
    LongHead,
    NotAnUrl,
)
from twilio_emulator.webhooks.http.signatures import Parameters, Parts

IDLE = 0.5  # seconds
USES = 100

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:\x00-\x20\x7f]+)(?::([0-9]*))?")

Receiver = tuple[str, int]


class PlainHttp:
    """Sends requests to `http:` URLs, and keeps the connections."""

    def __init__(self) -> None:
        self._idle: dict[Receiver, list[Connection]] = {}

    async def send(
        self,
        method: str,
        parts: Parts,
        headers: Parameters,
        body: bytes,
        begun: Callable[[], None],
    ) -> Came:
        """Send a request, and read its answer.

        Args:
            begun: called when there is a connection.

        Raises:
            NotAnUrl: the host is invalid.
            OSError: no connection came about, or it broke.
            BrokenAnswer: what came back is no HTTP, or not whole.
        """
        receiver = _receiver(parts.host)
        lines = [f"{method} {parts.target} HTTP/1.1", *(f"{name}: {it}" for name, it in headers)]
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        kept = self._kept(receiver)
        if kept is not None:
            begun()
            with suppress(Unanswered):
                return await self._ask(kept, request)
        connection = await _connected(receiver)
        begun()
        return await self._ask(connection, request)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        for connections in self._idle.values():
            for connection in connections:
                connection.retire()
        self._idle.clear()

    async def _ask(self, connection: "Connection", request: bytes) -> Came:
        try:
            came = await connection.ask(request)
        except BaseException:
            connection.transport.abort()
            raise
        self._put_back(connection)
        return came

    def _kept(self, receiver: Receiver) -> "Connection | None":
        """One that is open and that nobody uses, the one used last first."""
        kept = self._idle.get(receiver, [])
        while kept:
            connection = kept.pop()
            if connection.take():
                return connection
        return None

    def _put_back(self, connection: "Connection") -> None:
        if not connection.may_serve_again:
            connection.retire()
            return
        connection.wait(IDLE)
        kept = self._idle.setdefault(connection.receiver, [])
        # Those that were closed while they waited lie at the bottom.
        while kept and kept[0].is_closed:
            del kept[0]
        kept.append(connection)


class Unanswered(ConnectionResetError):
    """A kept connection ended before a byte of the answer came."""


async def _connected(receiver: Receiver) -> "Connection":
    """A new one.

    Raises:
        NotAnUrl: there can be no such host.
    """
    with suppress(UnicodeError):  # of a name that is none
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(receiver), *receiver
        )
        return connection
    raise NotAnUrl(receiver[0])


class Connection(asyncio.Protocol):
    """One connection: a request, its answer, and the next."""

    transport: asyncio.Transport

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.is_closed = False
        self._uses = 0
        self._keeps = False
        self._retiring: asyncio.TimerHandle | None = None
        self._answer: asyncio.Future[Came] | None = None

    @property
    def may_serve_again(self) -> bool:
        """Whether the receiver keeps it open, and it has not served enough."""
        return self._keeps and not self.is_closed and self._uses < USES

    async def ask(self, request: bytes) -> Came:
        """Send a request and wait for its answer; raises as `PlainHttp.send` does."""
        if self.is_closed:
            raise Unanswered if self._uses else ConnectionResetError("closed before it was asked")
        self._uses += 1
        self._keeps = False
        self._came = self._in_headers = 0
        self._reads_body = False
        self._parser = httptools.HttpResponseParser(self)
        self._expect()
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer

    def wait(self, seconds: float) -> None:
        """Stay open for the next request, for so long."""
        self._retiring = asyncio.get_running_loop().call_later(seconds, self.retire)

    def take(self) -> bool:
        """Wait no longer; answers whether it may be used."""
        if self._retiring is not None:
            self._retiring.cancel()
            self._retiring = None
        if not self.is_closed and _has_news(self.transport.get_extra_info("socket").fileno()):
            self.retire()
        return not self.is_closed

    def retire(self) -> None:
        """Close it."""
        if self._retiring is not None:
            self._retiring.cancel()
        self.is_closed = True
        self.transport.close()

    # What the transport says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast: what other loops than asyncio's call transports inherits from none of its classes.
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self.retire()  # nobody asked
            return
        self._came += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail("the receiver speaks another protocol now")
        except httptools.HttpParserCallbackError as error:
            self._break(error.__context__ or error)  # raised below, and our own fault
        except httptools.HttpParserError as error:
            self._fail(str(error))
        if not self._reads_body and self._came > HEAD_READ:
            self._break(LongHead())

    def connection_lost(self, error: Exception | None) -> None:
        self.is_closed = True
        if self._answer is None or self._answer.done():
            return
        if self._uses > 1 and not self._came:
            self._break(Unanswered())
        elif error is not None:
            self._break(error)
        elif self._ends_with_connection:
            self._complete()
        else:
            self._fail("closed before the answer was whole")

    # What the parser says

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))
        self._in_headers += len(name) + len(value) + 4  # a colon, a blank, the line's end
        if self._in_headers > HEAD_READ:
            self._break(LongHead())

    def on_headers_complete(self) -> None:
        self._reads_body = True
        said = {name.lower(): value.lower() for name, value in self._headers}
        self._ends_with_connection = not said.keys() & {"content-length", "transfer-encoding"}
        self._is_welcome = said.get("connection") == "keep-alive"
        self._is_packed = said.get("content-encoding") in ("gzip", "x-gzip")

    def on_body(self, piece: bytes) -> None:
        self._body += piece
        if len(self._body) >= BODY_READ:
            self._complete()

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < 200:
            self._expect()  # that was only to say that more will come
            self._reads_body = False
            return
        self._keeps = self._is_welcome and self._parser.should_keep_alive()
        self._complete()

    def _expect(self) -> None:
        """What comes next is the beginning of an answer."""
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._ends_with_connection = self._is_welcome = self._is_packed = False

    def _complete(self) -> None:
        if self._answer is None or self._answer.done():
            return
        body = bytes(self._body)
        if self._is_packed:
            try:
                body = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, BODY_READ)
            except zlib.error as error:
                self._fail(str(error))
                return
        self._answer.set_result(
            Came(
                status=self._parser.get_status_code(),
                headers=tuple(self._headers),
                body=body[:BODY_READ],
            )
        )

    def _fail(self, words: str) -> None:
        self._break(BrokenAnswer(words or "no HTTP"))

    def _break(self, error: BaseException) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


def _has_news(descriptor: int) -> bool:
    """Whether something came that the loop has not read yet: an end, or what nobody asked for."""
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _receiver(host: str) -> Receiver:
    """Name or address, and port.

    Raises:
        NotAnUrl: it is not an URL.
    """
    found = _HOST.fullmatch(host)
    if found is None:
        raise NotAnUrl(host)
    name, port = found.groups()
    return name.strip("[]"), int(port or 80)
