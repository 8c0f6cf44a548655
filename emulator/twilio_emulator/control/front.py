"""The front of the control API: who may call, then the call."""

from collections.abc import Mapping
from typing import Any

import msgspec

from twilio_emulator.control.access import Access
from twilio_emulator.control.exchange import Header, Receive, Send
from twilio_emulator.control.routes import Controls


class Front:
    """The control API as the server knows it.

    Args:
        access: says who may call.
        controls: answer the calls.
    """

    def __init__(self, access: Access, controls: Controls) -> None:
        self._access = access
        self._controls = controls

    async def answer(
        self, path: str, scope: Mapping[str, Any], receive: Receive, send: Send
    ) -> None:
        """Answer a call, or say why not; `path` is below the prefix."""
        extra = await self.admit(path, scope, send)
        if extra is not None:
            await self._controls.answer(path, scope, receive, send, extra)

    async def admit(self, path: str, scope: Mapping[str, Any], send: Send) -> list[Header] | None:
        """The headers that an answer has besides its own; None when all is said already."""
        headers = dict(scope["headers"])
        refusal = self._access.refusal(headers, path)
        if refusal is not None:
            await say(send, 403, refusal)
            return None
        reader = self._access.reader(headers, path)
        extra: list[Header] = []
        if reader is not None:
            extra = [(b"access-control-allow-origin", reader), (b"vary", b"origin")]
        if scope["method"] == "OPTIONS":
            await _preflight(send, headers, extra)
            return None
        return extra


async def say(send: Send, status: int, message: str, *more: Header) -> None:
    """Answer with one line, and with more headers than what every answer has."""
    body = msgspec.json.encode({"status": status, "message": message})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(
    scope: Mapping[str, Any], receive: Receive, send: Send, message: str
) -> None:
    """Turn a WebSocket away with 403 and one line; without it where the server cannot say more."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    body = msgspec.json.encode({"status": 403, "message": message})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "websocket.http.response.start", "status": 403, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})


async def _preflight(send: Send, headers: Mapping[bytes, bytes], extra: list[Header]) -> None:
    """Tell a browser what a page may send, when it is one that may."""
    if extra:
        asked = headers.get(b"access-control-request-headers", b"content-type")
        extra += [
            (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
            (b"access-control-allow-headers", asked),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": extra})
    await send({"type": "http.response.body", "body": b""})
