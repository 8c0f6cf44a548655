"""A load client that costs less than any server it asks: raw requests over kept-alive connections.

The requests are encoded beforehand; an answer is only counted: its status is read, its length, and
nothing else. One connection has one request under way.
"""

import asyncio
import itertools
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class NotAnswered(Exception):
    """The server refused a request, broke off, or sent what cannot be counted."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """How many answers came in how many seconds."""

    answers: int
    seconds: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds


class Run:
    """The requests still to be sent, and the answers so far, of all connections together."""

    def __init__(self, requests: Iterator[bytes], connections: int) -> None:
        self.requests = requests
        self.answers = 0
        self.open = connections
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_exception(NotAnswered(reason))

    def closed(self) -> None:
        self.open -= 1
        if not self.open and not self.over.done():
            self.over.set_result(None)


class Connection(asyncio.Protocol):
    """Sends the next request as soon as the last is answered, until there is none."""

    transport: asyncio.Transport

    def __init__(self, run: Run) -> None:
        self.run = run
        self.received = b""
        self.finished = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        request = next(self.run.requests, None)
        if request is None:
            self.finished = True
            self.transport.close()
        else:
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self.received:
            data = self.received + data
        head = data.find(b"\r\n\r\n")
        if head >= 0:
            length = CONTENT_LENGTH.search(data, 0, head + 2)
            if length is None or data[9:10] != b"2":
                self.run.fail(data.decode(errors="replace"))
                self.transport.close()
                return
            if len(data) >= head + 4 + int(length[1]):
                self.received = b""
                self.run.answers += 1
                self.ask()
                return
        self.received = data

    def connection_lost(self, error: Exception | None) -> None:
        if not self.finished:
            self.run.fail(f"the server closed a connection: {error or 'without a word'}")
        self.run.closed()


async def _start(port: int, requests: Iterator[bytes], connections: int) -> Run:
    run = Run(requests, connections)
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(run), "127.0.0.1", port)
    return run


def fill(port: int, requests: Iterable[bytes], connections: int = 16) -> None:
    """Send all `requests`, in any order. Raises NotAnswered at the first that is refused."""

    async def send() -> None:
        run = await _start(port, iter(requests), connections)
        await run.over

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(send())


def measure(
    port: int, requests: Iterable[bytes], connections: int, *, warm: float, seconds: float
) -> Window:
    """Send `requests` over and over; count for `seconds`, after `warm` seconds that don't count.

    Raises NotAnswered when one is refused.
    """

    async def send() -> Window:
        run = await _start(port, itertools.cycle(requests), connections)
        await asyncio.wait([run.over], timeout=warm)
        answers, start = run.answers, time.perf_counter()
        await asyncio.wait([run.over], timeout=seconds)
        window = Window(answers=run.answers - answers, seconds=time.perf_counter() - start)
        run.requests = iter(())
        await run.over
        return window

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return runner.run(send())
