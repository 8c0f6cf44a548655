"""HTTP as it comes in, and requests in absolute form, as proxies are asked, sent on by a layer.

Agents keep one connection to a proxy for many hosts, so each request is decided by itself. What is
for Twilio's hosts or for us goes on to the app as if it had come there directly; what is for others
is streamed to them and back, unchanged but for the headers that belong to one connection.

What cannot be read is refused with one line and the end of the connection, after the answers that
are under way. A fault of ours is never somebody's bad HTTP: it is a 500, and in our log.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import httptools
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from twilio_emulator.wire.hosts import ProxyRules, address_of

if TYPE_CHECKING:
    import httpx2

logger = logging.getLogger(__name__)

FORWARD: Final = "twilio_emulator.forward"
PORTS: Final = {"http": 80, "https": 443}
CONNECTS_WITHIN: Final = 10.0  # seconds

# RFC 9110 section 7.6.1, and Expect, which uvicorn has answered already.
HOP_BY_HOP: Final = frozenset(
    (
        b"connection",
        b"expect",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)

LARGEST_HEAD: Final = 64 * 1024
"""Bytes of a request line and its headers, as much as uvicorn's other parser takes."""

LONGEST_TARGET: Final = 32 * 1024  # bytes
MOST_HEADERS: Final = 500
LINGERS: Final = 2.0  # seconds that a connection is read, and nothing made of it, to be closed

Pieces: TypeAlias = asyncio.Queue[Message]


class UnreadableRequest(Exception):
    """A request that is not read any further, with the status and the line that say so."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Http(HttpToolsProtocol):
    """uvicorn's HTTP, with bounds, which also takes a target in absolute form.

    Host and scheme are then those of the target (RFC 9112 section 3.2.2). Where it is neither
    Twilio's nor ours, `scope["extensions"][FORWARD]` holds its `origin`, and a `refusal` or None.
    """

    elsewhere = False

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
        rules: ProxyRules,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self.rules = rules
        self._head = 0  # bytes since the last head or piece of a body
        self._last_words: bytes | None = None

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        if self._last_words is not None:
            return  # nothing is read any more
        self._unset_keepalive_if_required()
        self._head += len(data)
        try:
            self.parser.feed_data(data)
            if self._head > LARGEST_HEAD:
                raise _long_head()
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self._unsupported_upgrade_warning()
        except httptools.HttpParserCallbackError as error:
            self._refuse(error.__context__ or error)  # raised below
        except httptools.HttpParserError:
            self._refuse(_not_http())
        except UnreadableRequest as error:
            self._refuse(error)

    def on_headers_complete(self) -> None:
        """Read the target, then begin the request."""
        self._look_at_head()
        self.elsewhere = False
        if not self.url.startswith((b"/", b"*")):
            self._read_absolute_form()
        try:
            super().on_headers_complete()
        except httptools.HttpParserInvalidURLError:
            raise _not_http() from None
        if self.elsewhere:
            self.cycle.default_headers = []  # whoever answers says Date and Server

    def on_body(self, body: bytes) -> None:
        """Hand on a piece of the body."""
        self._head = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Say why nothing more is read, after the last answer before that."""
        is_last = not self.pipeline
        super().on_response_complete()
        if self._last_words is not None and is_last:
            self._hang_up(self._last_words)

    def _look_at_head(self) -> None:
        """Raises:
        Unreadable: the head is longer than that.
        """
        head, self._head = self._head, 0
        if len(self.url) > LONGEST_TARGET:
            raise UnreadableRequest(414, f"A URL longer than {LONGEST_TARGET} bytes is not read.")
        if len(self.headers) > MOST_HEADERS:
            raise UnreadableRequest(431, f"More than {MOST_HEADERS} headers are not read.")
        # What came in one piece may be body, too.
        if (
            head > LARGEST_HEAD
            and len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            > LARGEST_HEAD
        ):
            raise _long_head()

    def _is_free(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # it is None before the first request
        return cycle is None or cycle.response_complete

    def _refuse(self, error: BaseException) -> None:
        """Answer a request that cannot be read, after those before it, and end the connection."""
        if not isinstance(error, UnreadableRequest):
            logger.error("a request could not be dealt with", exc_info=error)
            error = UnreadableRequest(500, "A fault of ours: our log says more.")
        else:
            logger.warning("not read: %s", error)
        words = _last_words(error)
        is_waited_for = not self._is_free()
        if is_waited_for and self.cycle.more_body:  # it is this one's body
            if self.pipeline:
                self.pipeline.popleft()
            else:
                is_waited_for = False
                words = b"" if self.cycle.response_started else words
        if is_waited_for:
            self._last_words = words
        else:
            self._hang_up(words)

    def _hang_up(self, words: bytes) -> None:
        self._last_words = words
        transport = self.transport
        if transport.is_closing():
            return
        transport.write(words)
        if not transport.can_write_eof():  # as inside TLS
            transport.close()
            return
        # Who is still sending would have the words taken away by a reset.
        transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(LINGERS, transport.abort)

    def _should_upgrade(self) -> bool:
        # A request to upgrade may be answered as if it were none (RFC 9110 section 7.8).
        return not self.elsewhere and super()._should_upgrade()

    def _read_absolute_form(self) -> None:
        try:
            target = httptools.parse_url(self.url)
        except httptools.HttpParserInvalidURLError:
            raise _not_http() from None
        if not target.schema or not target.host:
            raise _not_http()
        scheme, host = target.schema.decode().lower(), target.host.decode()
        if scheme not in PORTS:
            raise UnreadableRequest(400, f"Nothing is fetched by {scheme}.")
        port = target.port or PORTS[scheme]
        authority = address_of(host, port).removesuffix(f":{PORTS[scheme]}")
        self.url = (target.path or b"/") + (b"?" + target.query if target.query else b"")
        self.headers[:] = [
            (b"host", authority.encode()),
            *(header for header in self.headers if header[0] != b"host"),
        ]
        self.scope["scheme"] = scheme
        if not self.rules.serves(host, port, listening=self.server):
            self.elsewhere = True
            refusal = self.rules.refusal(self.client)
            forward: dict[object, object] = {
                "origin": f"{scheme}://{authority}",
                "refusal": refusal,
            }
            self.scope["extensions"] = {FORWARD: forward}


def _not_http() -> UnreadableRequest:
    return UnreadableRequest(400, "Invalid HTTP request received.")


def _long_head() -> UnreadableRequest:
    return UnreadableRequest(431, f"Headers longer than {LARGEST_HEAD} bytes are not read.")


def _last_words(error: UnreadableRequest) -> bytes:
    body = f"{error}\n".encode()
    return (
        b"%bcontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
        b"connection: close\r\n\r\n%b" % (STATUS_LINE[error.status], len(body), body)
    )


class Forwarding:
    """An ASGI layer in front of the app that sends on what `Http` noted as meant for others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, or whoever is meant."""
        forward = scope.get("extensions", {}).get(FORWARD)
        if forward is None:
            await self.app(scope, receive, send)
        elif forward["refusal"] is not None:
            await _answer(send, 403, forward["refusal"])
        else:
            await self._forward(forward["origin"], scope, receive, send)

    async def _forward(self, origin: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the request on and the answer back, for as long as the caller is there."""
        pieces: Pieces = asyncio.Queue(maxsize=1)
        exchange = asyncio.create_task(self._exchange(origin, scope, pieces, send))
        caller = asyncio.create_task(_read(receive, pieces))
        try:
            await asyncio.wait((exchange, caller), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (caller, exchange):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _exchange(self, origin: str, scope: Scope, pieces: Pieces, send: Send) -> None:
        import httpx2

        query = scope["query_string"]
        try:
            request = httpx2.Request(
                scope["method"],
                origin,
                headers=_end_to_end(scope["headers"]),
                content=_body(pieces) if _has_body(scope["headers"]) else b"",
                extensions={
                    # As it came: taken apart and put together again it could be another.
                    "target": scope["raw_path"] + (b"?" + query if query else b""),
                    "timeout": {"connect": CONNECTS_WITHIN},
                },
            )
            response = await self._network.handle_async_request(request)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            await _answer(send, 502, f"Cannot fetch from {origin}: {reason}")
            return
        try:
            await _pass_on(response, send)
        except httpx2.TransportError as error:
            # Left incomplete, the answer breaks off for the caller too: uvicorn hangs up.
            logger.warning("%s broke off its answer: %s", origin, error)
        finally:
            await response.aclose()

    @cached_property
    def _network(self) -> "httpx2.AsyncHTTPTransport":
        import httpx2

        # A transport knows no proxy of the environment, which may be us, as a client would. Kept
        # connections may have been closed over there just when they are used again.
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
        return httpx2.AsyncHTTPTransport(limits=limits)


async def _read(receive: Receive, pieces: Pieces) -> None:
    """Read the request's body, and then until the caller is gone."""
    while (message := await receive())["type"] == "http.request":
        await pieces.put(message)


async def _body(pieces: Pieces) -> AsyncIterator[bytes]:
    while True:
        message = await pieces.get()
        yield message["body"]
        if not message["more_body"]:
            return


async def _pass_on(response: "httpx2.Response", send: Send) -> None:
    headers = _end_to_end(response.headers.raw)
    if response.status_code == 304:  # it may tell the length of what it does not send
        headers = [header for header in headers if header[0].lower() != b"content-length"]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    async for piece in response.aiter_raw():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _answer(send: Send, status: int, reason: str) -> None:
    body = f"{reason}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers without those of the connection, which `Connection` can add to."""
    headers = [(name, value) for name, value in headers]
    named = b",".join(value for name, value in headers if name.lower() == b"connection")
    dropped = HOP_BY_HOP | {token.strip().lower() for token in named.split(b",")}
    return [(name, value) for name, value in headers if name.lower() not in dropped]


def _has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)
