"""A client of the socket that costs less than the server it reads from, so that a thousand of them
fit into one process: it reads frames, notes the messages in them, and acknowledges.

It says and wants what the JavaScript client does: an init, the objects of one conversation and its
user's own, a subscription to all of them, an acknowledgement of every frame.
"""

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any, Self, cast

from tests.sdk.client import frame, read
from twilio_emulator.sdk.twilsock.websocket import PATH

ID, INDEX = b'"id":"', b'"item_index":'
"""Before the id of a frame, and before the number of a message."""

LITTLE = 4096
"""Bytes: as little as the kernel can be had to hold for a connection that is not read."""

_HELLO = (
    f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()
_ACKNOWLEDGEMENT = (
    '{"id":"%s","method":"reply","payload_type":"application/json",'
    '"status":{"code":200,"status":"OK"},"payload_size":0}'
)
_SENT, _PING, _PONG = 0x82, 0x89, 0x8A


class OutOfOrder(Exception):
    """A message came that was not the next one."""


class Reader(asyncio.Protocol):
    """One connection.

    Args:
        heard: told the index of each message, when it comes.
        expected: the index of the first message that is to come.

    Attributes:
        acknowledges: whether it answers every frame, as clients do.
    """

    def __init__(self, heard: Callable[[int], None], expected: int = 0) -> None:
        self.expected = expected
        self.acknowledges = True
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.watched: dict[str, tuple[str, int]] = {}
        """Kind of each object by its sid, and the last event of it that was known."""
        self.frames: list[int] = []
        """The lengths of the last two notifications."""
        self._heard = heard
        self._open = asyncio.get_running_loop().create_future()
        self._rest = b""
        self._latest = b""
        self._replies: dict[str, asyncio.Future[Any]] = {}
        self._outcomes: asyncio.Queue[str] = asyncio.Queue()
        self._asked = 0
        self._grant: dict[str, object] = {}

    @classmethod
    async def connected(
        cls, port: int, heard: Callable[[int], None], expected: int = 0, *, held: int | None = None
    ) -> Self:
        """A reader whose socket is open.

        Args:
            held: bytes that the kernel may hold for it, instead of as many as it likes.
        """
        loop = asyncio.get_running_loop()
        end = socket.socket()
        if held is not None:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, held)
        end.setblocking(False)
        await loop.sock_connect(end, ("127.0.0.1", port))
        _, reader = await loop.create_connection(lambda: cls(heard, expected), sock=end)
        await reader._open
        return reader

    async def enter(self, token: str, product: str | None = None) -> None:
        """Have itself let in; for a product when it says which."""
        wish: dict[str, object] = {"token": token, "capabilities": ["client_update"]}
        if product is not None:
            registration = {"product": product, "type": "ers", "notification_protocol_version": 0}
            wish["registrations"] = [{**registration, "message_types": ["twilio.sync.event"]}]
            self._grant = {"active_grant": product}
        await self._ask({"method": "init", **wish})

    async def open(self, document: str) -> None:
        """Open and subscribe to a document of Sync."""
        said = await self._http("GET", f"/v3/Documents/{document}")
        await self.establish({said["sid"]: ("document", said["last_event_id"])})

    async def watch(self, identity: str, conversation: str) -> None:
        """Open and subscribe to what the JavaScript client opens for one conversation."""
        for collection, name in (
            ("Maps", f"{identity}.channels"),
            ("Documents", f"{conversation}.channel"),
            ("Lists", f"{conversation}.messages"),
            ("Maps", f"{conversation}.roster"),
        ):
            said = await self._http("GET", f"/v3/{collection}/{name}")
            self.watched[said["sid"]] = collection[:-1].lower(), said["last_event_id"]
        await self.establish(self.watched)

    async def establish(self, watched: dict[str, tuple[str, int]]) -> None:
        """Subscribe to objects from where it stands; until all are established."""
        self.watched = watched
        requests = [
            {"object_sid": sid, "object_type": kind, "last_event_id": position}
            for sid, (kind, position) in watched.items()
        ]
        body = {"event_protocol_version": 4, "action": "establish", "correlation_id": 1}
        await self._http("POST", "/v4/Subscriptions", {**body, "requests": requests})
        missing = set(watched)
        while missing:
            missing.remove(await self._outcomes.get())

    def standing(self) -> dict[str, tuple[str, int]]:
        """What it watches, and up to where it has been told of the list of messages."""
        if not self._latest:
            return self.watched
        *_, event = read(self._latest)[1]["events"]
        return {**self.watched, event["list_sid"]: ("list", event["id"])}

    def stop(self) -> None:
        """Read no more."""
        self.transport.pause_reading()

    def go_on(self) -> None:
        """Read what has come since it stopped."""
        self.transport.resume_reading()

    def close(self) -> None:
        """Go without a word."""
        self.transport.abort()

    async def _http(self, method: str, path: str, body: object = None) -> Any:
        payload = b"" if body is None else json.dumps(body).encode()
        request = {"host": "cds.us1.twilio.com", "path": path, "method": method, "params": {}}
        header = {"method": "message", **self._grant, "http_request": request}
        return await self._ask(header, payload)

    async def _ask(self, header: dict[str, object], payload: bytes = b"") -> Any:
        self._asked += 1
        id = f"TM{self._asked}"
        reply = self._replies[id] = asyncio.get_running_loop().create_future()
        self.transport.write(_masked(frame({"id": id, **header}, payload)))
        return await reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(_HELLO)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell who waits for it."""
        self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Read all frames that are complete, and acknowledge them in one piece."""
        if self._rest:
            data = self._rest + data
        at, answers = self._opened(data), []
        while len(data) - at >= 2:
            begin, size = at + 2, data[at + 1]
            if size >= 126:
                begin = at + (4 if size == 126 else 10)
                size = int.from_bytes(data[at + 2 : begin])
            end = begin + size
            if end > len(data):
                break
            if data[at] == _SENT:
                answers.append(self._received(data, begin, end))
            elif data[at] == _PING:
                answers.append(_masked(data[begin:end], _PONG))
            at = end
        self._rest = data[at:]
        if answers:
            self.transport.write(b"".join(answers))

    def _opened(self, data: bytes) -> int:
        """Where the frames begin."""
        if self._open.done():
            return 0
        end = data.find(b"\r\n\r\n") + 4
        if end < 4:
            return len(data)
        assert data.startswith(b"HTTP/1.1 101"), data
        self._open.set_result(None)
        return end

    def _received(self, data: bytes, begin: int, end: int) -> bytes:
        at = data.find(INDEX, begin, end)
        if at >= 0:
            self._latest = data[begin:end]
        elif self._is_answer(data[begin:end]):
            return b""
        while at >= 0:
            at += len(INDEX)
            index = int(data[at : data.index(b",", at)])
            if index != self.expected:
                raise OutOfOrder(f"{index} came where {self.expected} was the next")
            self.expected += 1
            self._heard(index)
            at = data.find(INDEX, at, end)
        self.frames = [*self.frames[-1:], end - begin]
        if not self.acknowledges:
            return b""
        at = data.index(ID, begin, end) + len(ID)
        said = (_ACKNOWLEDGEMENT % data[at : data.index(b'"', at)].decode()).encode()
        return _masked(b"TWILSOCK V3.0 %d\r\n%b\r\n" % (len(said), said))

    def _is_answer(self, sent: bytes) -> bool:
        """Whether it answers what was asked; hands it to who waits for it, as it does outcomes."""
        if not self._replies and b'"subscription_established"' not in sent:
            return False
        header, said = read(sent)
        if header["method"] == "reply":
            reply = self._replies.pop(header["id"])
            code = header.get("http_status", header["status"])["code"]
            if code < 300:
                reply.set_result(said)
            else:
                reply.set_exception(AssertionError(header))
            return True
        if said is not None and said["event_type"] == "subscription_established":
            for event in said["events"]:
                self._outcomes.put_nowait(event["object_sid"])
        return False


def _masked(payload: bytes, first: int = _SENT) -> bytes:
    """A frame of a WebSocket as clients send it, its mask zeros, which change nothing."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2)
    return bytes([first]) + length + bytes(4) + payload
