"""A server behind a door in a thread, an app that tells what it was asked, and bare sockets."""

import asyncio
import contextlib
import json
import queue
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from websockets.asyncio.client import connect

from twilio_emulator.server.forward_proxy import Forwarding
from twilio_emulator.server.listener import Door
from twilio_emulator.server.tls_authority import Authority
from twilio_emulator.server.uvicorn_insides import WebSocket

IN_TIME = 60  # seconds, after which something is taken to hang; no test waits for it to pass


class App:
    """Tells what it was asked, echoes WebSocket messages, and does what a few paths say."""

    def __init__(self) -> None:
        self.pieces: queue.Queue[bytes | None] = queue.Queue()  # of uploads; None: caller left
        self.go_on = threading.Event()
        self.lifespan: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "websocket":
            await self.echo(scope, receive, send)
        elif scope["path"] == "/stream":
            await self.stream(receive, send)
        else:
            await self.tell(scope, receive, send)

    async def live(self, receive: Any, send: Any) -> None:
        for _ in range(2):
            event = (await receive())["type"]
            self.lifespan.append(event)
            await send({"type": f"{event}.complete"})

    async def tell(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            self.pieces.put(message["body"])
            body += message["body"]
            if not message["more_body"]:
                break
        answer = json.dumps(told(scope) | {"body": body.decode()}).encode()
        headers = [(b"content-type", b"application/json"), (b"x-from", b"the app")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    async def stream(self, receive: Any, send: Any) -> None:
        """Send one piece, and another when the test says so or the caller has left."""
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        go_on = asyncio.create_task(asyncio.to_thread(self.go_on.wait, IN_TIME))
        left = asyncio.create_task(receive())
        await asyncio.wait((go_on, left), return_when=asyncio.FIRST_COMPLETED)
        if left.done():
            self.pieces.put(None)
        self.go_on.set()
        await go_on
        await send({"type": "http.response.body", "body": b"two"})

    async def echo(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": json.dumps(told(scope))})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})


def told(scope: Any) -> dict[str, Any]:
    headers = [[name.decode(), value.decode()] for name, value in scope["headers"]]
    return {
        "method": scope.get("method"),
        "scheme": scope["scheme"],
        "path": scope["path"],
        "raw_path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": headers,
        "host": dict(headers).get("host"),
    }


class Server(uvicorn.Server):
    """uvicorn, which stops when it is told, not at its next look."""

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.loop = asyncio.get_running_loop()
        self.told = asyncio.Event()
        self.ready.set()
        await self.told.wait()


@dataclass
class Reached:
    """A server as its clients know it."""

    port: int
    authority: Authority

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self, *pieces: bytes) -> socket.socket:
        """A connection to it, on which these pieces have been sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=IN_TIME)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        for piece in pieces:
            connection.sendall(piece)
        return connection

    def trusted(self) -> ssl.SSLContext:
        """A client's context that trusts nothing else, and verifies as Python 3.13 does."""
        context = ssl.create_default_context(cadata=self.authority.certificate.decode())
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    def secure(self, name: str) -> ssl.SSLSocket:
        """A connection with TLS, for which this host was asked."""
        return self.trusted().wrap_socket(self.connect(), server_hostname=name)

    def tunnel(self, target: str) -> socket.socket:
        """A connection after a CONNECT to this host and port."""
        connection = self.connect(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        return connection


@dataclass
class Served(Reached):
    """A server, with what a test wants to see of it from inside."""

    app: App
    server: Server
    door: type[Door]


@contextlib.contextmanager
def serving(directory: Path, loop: str = "auto", **settings: Any) -> Iterator[Served]:
    """A server on a free port, in a thread, until the block ends."""
    authority, app = Authority(directory), App()
    door = Door.configured(authority=authority, **settings)
    config = uvicorn.Config(
        Forwarding(app),
        port=0,
        loop=loop,
        http=door,
        ws=WebSocket,
        log_config=None,
        proxy_headers=False,
        lifespan="on",
    )
    server = Server(config)
    server.ready = threading.Event()
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.ready.wait(IN_TIME)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(port, authority, app, server, door)
    finally:
        server.loop.call_soon_threadsafe(server.told.set)
        thread.join(IN_TIME)
    assert not thread.is_alive()


@dataclass
class Peer:
    """A listening socket that the test answers by hand."""

    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def accept(self) -> socket.socket:
        connection, _ = self.listener.accept()
        connection.settimeout(IN_TIME)
        return connection


class Wire(asyncio.Transport):
    """A transport of a caller anywhere, which keeps what is written."""

    def __init__(self, caller: str) -> None:
        super().__init__({"peername": (caller, 50000), "sockname": ("127.0.0.1", 8008)})
        self.written = b""
        self.closing = False
        self.reading = True

    def write(self, data: Any) -> None:
        self.written += data

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None: ...

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def is_closing(self) -> bool:
        return self.closing

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        self.closing = True

    abort = close


@dataclass
class Answer:
    """An HTTP answer, read from a socket."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


def answer(connection: socket.socket, *, head_only: bool = False) -> Answer:
    """Read one answer; that of a HEAD has no body."""
    head = read_until(connection, b"\r\n\r\n").decode().split("\r\n")
    headers = [
        (name.lower(), value.strip())
        for name, _, value in (line.partition(":") for line in head[1:] if line)
    ]
    named = dict(headers)
    body = b""
    if head_only:
        pass
    elif "content-length" in named:
        body = read(connection, int(named["content-length"]))
    elif named.get("transfer-encoding") == "chunked":
        while size := int(read_until(connection, b"\r\n"), 16):
            body += read(connection, size)
            read(connection, 2)
        read(connection, 2)
    return Answer(int(head[0].split()[1]), headers, body)


def converse(uri: str, **options: Any) -> dict[str, Any]:
    """Open a WebSocket to an `App`, have a large message echoed, and return what it told."""

    # In one thread: two that use one SSL object lose bytes, before Python 3.13.
    async def echo() -> dict[str, Any]:
        async with connect(uri, **options) as websocket:
            told: dict[str, Any] = json.loads(await websocket.recv())
            await websocket.send("x" * 500_000)
            assert await websocket.recv() == "x" * 500_000
            return told

    return asyncio.run(echo())


def read_until(connection: socket.socket, end: bytes) -> bytes:
    """Read up to and with `end`, and no further."""
    got = b""
    while not got.endswith(end):
        got += read(connection, 1)
    return got


def read(connection: socket.socket, size: int) -> bytes:
    """Read this many bytes; raises `EOFError` when they don't all come."""
    got = b""
    while len(got) < size:
        piece = connection.recv(size - len(got))
        if not piece:
            raise EOFError(got)
        got += piece
    return got


def read_all(connection: socket.socket) -> bytes:
    """Read until the other side has ended."""
    got = b""
    while piece := connection.recv(65536):
        got += piece
    return got


def ended(connection: socket.socket) -> bool:
    """Whether the other side ends the connection without sending more."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
