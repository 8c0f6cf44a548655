"""A request as bytes of HTTP, its answer, and how it is asked in this very process."""

import asyncio
import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from twilio_emulator.server.app import Server
from twilio_emulator.wire.immediate import Later, Shown, WholeAnswer

SERVED_AT = "http://localhost:8008"
"""Where somebody who repeats a request is taken to serve the emulator."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request. Path and query are as they go over the wire."""

    method: str
    host: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    scheme: str = "https"

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def is_loud(self) -> bool:
        """Whether webhooks of conversations hear of it."""
        return any(name == "X-Twilio-Webhook-Enabled" for name, _ in self.headers)

    def curl(self) -> str:
        """The request for a shell, as long as nobody minds an unprintable byte."""
        at = SERVED_AT + ("" if self.host.startswith("localhost") else f"/{self.host}")
        words = ["curl", "-i", "--path-as-is", "-X", self.method, at + self.target]
        for name, value in self.headers:
            words += ["-H", f"{name}: {value}" if value else f"{name};"]
        line = shlex.join(words)
        if self.body:
            line += f" --data-binary {_quoted(self.body)}"
        return line


def _quoted(body: bytes) -> str:
    """Bytes as an argument of bash."""
    text = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b"'\\" else f"\\x{byte:02x}"
        for byte in body
    )
    return f"$'{text}'"


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: dict[str, str]
    content: bytes

    @cached_property
    def body(self) -> Any:
        """The JSON that was answered; None when it is something else."""
        if self.headers.get("content-type") != "application/json" or not self.content:
            return None
        return json.loads(self.content)


async def ask(server: Server, sent: Sent, *, at_once: bool, stays: bool = False) -> Got:
    """What the emulator answers, as an ASGI application.

    Args:
        at_once: first try whether it can be answered without waiting, as a port does.
        stays: whoever asks waits for the answer, however long that takes.
    """
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.headers]
    headers.append((b"host", sent.host.encode()))
    app: Later | None = None
    if at_once:
        answer = server.answer_now(
            Shown(
                sent.method, sent.scheme, sent.path, sent.query.encode(), dict(headers), sent.body
            )
        )
        if isinstance(answer, WholeAnswer):
            lines = answer.lines.decode().split("\r\n")
            named = dict(line.split(": ", 1) for line in lines if line)
            return Got(answer.status, named, answer.body)
        app = answer
    started: dict[str, Any] = {}
    content = bytearray()
    pieces = _pieces(sent.body, stays)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        content.extend(message.get("body", b""))

    await (app or server)(_scope(sent, headers), pieces, send)
    said = {name.decode().lower(): value.decode("latin-1") for name, value in started["headers"]}
    return Got(started["status"], said, bytes(content))


def _pieces(body: bytes, stays: bool) -> Callable[[], Any]:
    """The body, in pieces when it is long."""
    size = 65536
    left = [body[at : at + size] for at in range(0, len(body), size)] or [b""]

    async def receive() -> dict[str, Any]:
        if not left:
            if stays:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return receive


def _scope(sent: Sent, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": sent.scheme,
        "path": sent.path,
        "raw_path": sent.path.encode(),
        "query_string": sent.query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8008),
        "extensions": {},
    }
