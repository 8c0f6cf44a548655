"""A client SDK's connection, as far as a scenario needs one: Twilsock, and requests through its
tunnel.

Everything comes in order. So a client that has the answer to a request has also heard of all that
happened before: that is how a scenario knows that there is no more news.
"""

import asyncio
import itertools
import json
from abc import abstractmethod
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import msgspec

from twilio_emulator.scenarios.player.unclaimed import Unclaimed
from twilio_emulator.wire.twilsock_frames import OK, encode, parse

Event = dict[str, Any]

_header = msgspec.json.Decoder(Event)

SYNC = "https://cds.us1.twilio.com/v3"


class Socket(Protocol):
    """A WebSocket."""

    async def send(self, frame: bytes) -> None:
        """Send a binary message."""

    async def receive(self) -> bytes | None:
        """The next message; None when the socket is closed."""

    async def close(self) -> None:
        """Close it."""


class NotConnected(Exception):
    """The server said no, or closed. The text says why."""


class SocketClient(Unclaimed):
    """One connection of an identity.

    Args:
        socket: open, and nothing sent on it yet.
    """

    product: str
    """The grant of the token that it uses."""

    kind: str
    """What the SDK calls itself."""

    message_types: tuple[str, ...]
    """What it wants to be told of."""

    def __init__(self, socket: Socket) -> None:
        super().__init__()
        self._socket = socket
        self._numbers = itertools.count(1)
        self._replies: dict[str, asyncio.Future[tuple[dict[str, Any], Any]]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._leaves = False

    async def log_in(self, token: str) -> None:
        """Open the connection.

        Raises:
            NotConnected: the token opens nothing.
        """
        self._reading = asyncio.ensure_future(self._read())
        registration = {
            "product": self.product,
            "type": "ers",
            "notification_protocol_version": 0,
            "message_types": self.message_types,
        }
        header, _ = await self._send(
            {
                "method": "init",
                "token": token,
                "continuation_token": None,
                "metadata": {"type": self.kind, "sdk": "scenario"},
                "registrations": [registration],
                "capabilities": ["client_update"],
            }
        )
        if header["status"]["code"] >= 300:
            raise NotConnected(header["status"].get("description") or str(header["status"]))

    async def ask(
        self,
        method: str,
        url: str,
        body: object = None,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """A request through the tunnel: the status and the body of its answer.

        Raises:
            NotConnected: the connection is closed.
        """
        parts = urlsplit(url)
        params = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        kind = "application/json; charset=utf-8"
        payload = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        if form is not None:
            kind, payload = "application/x-www-form-urlencoded", urlencode(form).encode()
        header, answer = await self._send(
            {
                "method": "message",
                "active_grant": self.product,
                "payload_type": kind,
                "http_request": {
                    "host": parts.netloc,
                    "path": parts.path,
                    "method": method,
                    "params": params,
                    "headers": {"Content-Type": kind, **(headers or {})},
                },
            },
            payload,
        )
        return header["http_status"]["code"], answer

    async def look(self) -> list[Event]:
        """The events so far, once all that happened has been told."""
        await self.catch_up()
        return self.unclaimed

    @abstractmethod
    async def catch_up(self) -> None:
        """Hear of everything that has happened."""

    async def close(self) -> None:
        """Go."""
        self._leaves = True
        await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def subscribe(self, wanted: list[dict[str, Any]]) -> None:
        """Be told of what becomes of some objects of Sync."""
        await self.ask(
            "POST",
            f"{SYNC.removesuffix('/v3')}/v4/Subscriptions",
            {
                "event_protocol_version": 4,
                "action": "establish",
                "correlation_id": next(self._numbers),
                "retried_requests": 0,
                "ttl_in_s": -1,
                "requests": wanted,
            },
        )

    async def _send(
        self, header: dict[str, Any], payload: bytes = b""
    ) -> tuple[dict[str, Any], Any]:
        """Send a frame and wait for the reply to it."""
        if self._reading is None or self._reading.done():
            raise NotConnected("the connection is closed")
        number = f"TM{next(self._numbers)}"
        reply: asyncio.Future[tuple[dict[str, Any], Any]]
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(encode({"id": number, **header}, payload))
        return await reply

    async def _read(self) -> None:
        """Take what comes, until nothing comes any more."""
        said: Event = {}
        try:
            while (message := await self._socket.receive()) is not None:
                frame = parse(message)
                header = frame.header_as(_header)
                payload: Any = json.loads(frame.payload) if frame.payload else None
                if frame.method == "reply":
                    self._replies.pop(frame.id).set_result((header, payload))
                    continue
                ack = {"id": frame.id, "method": "reply", "status": OK}
                await self._socket.send(encode(ack))
                if frame.method == "notification":
                    self._hear(header["message_type"], payload)
                elif frame.method == "close":
                    said = {"code": header["status"]["code"]}
        finally:
            if not self._leaves:
                self._tell_of_end(said)
            for reply in self._replies.values():
                reply.set_exception(NotConnected("the connection is closed"))
            self._replies.clear()

    @abstractmethod
    def _hear(self, kind: str, said: dict[str, Any]) -> None:
        """A notification has come."""

    @abstractmethod
    def _tell_of_end(self, said: Event) -> None:
        """The connection has ended, and not by us; perhaps with a `code`."""
