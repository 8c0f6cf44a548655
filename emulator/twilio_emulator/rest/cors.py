"""Lets pages of any origin talk to media, as Twilio does: front-ends upload and show files.

The rules of this file:

- No cookies are involved, so any origin may read any answer: who has a token has it anyway.
- A page from the internet that talks to a private address asks beforehand whether it may
  (https://wicg.github.io/private-network-access/). It may.
"""

from starlette.types import Message, Receive, Scope, Send

from twilio_emulator.wire.credentials import TOKEN_HEADER
from twilio_emulator.wire.parts import EXPOSED

PRODUCTS = frozenset({"mcs", "media"})
"""First labels of the hosts that this is for."""

_ANYBODY = (b"access-control-allow-origin", b"*")
_ASKED_HEADERS = b"access-control-request-headers"
_ASKED_PRIVATE = b"access-control-request-private-network"


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks what a page may send."""
    return bool(scope["method"] == "OPTIONS")


async def answer_preflight(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that it may send what it wants."""
    asked = dict(scope["headers"])
    headers = [
        _ANYBODY,
        (b"access-control-allow-methods", b"GET, POST, DELETE"),
        (b"access-control-allow-headers", asked.get(_ASKED_HEADERS, TOKEN_HEADER)),
        (b"access-control-max-age", b"86400"),
        (b"content-length", b"0"),
    ]
    if asked.get(_ASKED_PRIVATE) == b"true":
        headers.append((b"access-control-allow-private-network", b"true"))
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def open_to_all(send: Send) -> Send:
    """The same `send`, with answers that any page may read."""

    async def send_open(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], _ANYBODY, EXPOSED]
        await send(message)

    return send_open
