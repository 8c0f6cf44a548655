"""Requests in absolute form, as proxies are asked: what they name, and a layer that sends them on.

Agents keep one connection to a proxy for many hosts, so each request is decided by itself. What is
for Twilio's hosts or for us goes on to the app as if it had come there directly; what is for others
is streamed to them and back, unchanged but for the headers that belong to one connection.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

import httptools
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twilio_emulator.server.request_bounds import UnreadableRequest, not_http
from twilio_emulator.wire.hosts import address_of

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

Pieces: TypeAlias = asyncio.Queue[Message]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsoluteForm:
    """A target in absolute form, taken apart.

    Attributes:
        authority: as a `Host` says it.
        resource: path and query.
    """

    scheme: str
    host: str
    port: int
    authority: str
    resource: bytes

    @property
    def origin(self) -> str:
        """Scheme and authority."""
        return f"{self.scheme}://{self.authority}"


def read_absolute_form(url: bytes) -> AbsoluteForm:
    """What a target in absolute form names.

    Raises:
        UnreadableRequest: it is not one, or not of HTTP.
    """
    try:
        target = httptools.parse_url(url)
    except httptools.HttpParserInvalidURLError:
        raise not_http() from None
    if not target.schema or not target.host:
        raise not_http()
    scheme, host = target.schema.decode().lower(), target.host.decode()
    if scheme not in PORTS:
        raise UnreadableRequest(400, f"Nothing is fetched by {scheme}.")
    port = target.port or PORTS[scheme]
    return AbsoluteForm(
        scheme=scheme,
        host=host,
        port=port,
        authority=address_of(host, port).removesuffix(f":{PORTS[scheme]}"),
        resource=(target.path or b"/") + (b"?" + target.query if target.query else b""),
    )


class Forwarding:
    """An ASGI layer in front of the app that sends on what `Http` noted as meant for others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer, or the host that is meant."""
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
