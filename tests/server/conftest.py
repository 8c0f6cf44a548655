import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.media_fetching import Errands, Fetcher
from twilio_emulator.runtime.uploads import Files

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACCOUNT = "AC00000000000000000000000000000001"
NUMBER = "+12025550100"
OTHER_NUMBER = "+12025550101"
ANN = "+12025550199"

Served = bytes | Callable[[], Awaitable[bytes]]


class Site:
    """A web site on a loopback port, with files by path."""

    def __init__(self) -> None:
        self.url = ""
        self.files: dict[str, Served] = {}
        self.asked: list[str] = []

    def put(self, path: str, content: bytes, content_type: str, status: int = 200) -> str:
        """Have something at a path; answers its URL."""
        head = f"HTTP/1.1 {status} Status\r\nContent-Length: {len(content)}\r\n"
        self.files[path] = f"{head}Content-Type: {content_type}\r\n\r\n".encode() + content
        return f"{self.url}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode()
            self.asked.append(path)
            served = self.files[path]
            writer.write(served if isinstance(served, bytes) else await served())
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def open_site() -> AsyncIterator[Site]:
    """Have a web site for a while."""
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    site.url = f"http://{host}:{port}"
    yield site
    server.close()


@pytest.fixture
async def site(anyio_backend: str) -> AsyncIterator[Site]:
    async with open_site() as site:
        yield site


@pytest.fixture
def gate() -> Gate:
    """The door to a world with its account, frozen at 2026-01-05T09:00:00Z."""
    gate = Gate(new_world(ACCOUNT, 1, Clock(lambda: 0.0, START, rate=0), numbering))
    gate.perform_now(OpenAccount())
    return gate


@pytest.fixture
def world(gate: Gate) -> World:
    return gate.world


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
async def errands(anyio_backend: str, gate: Gate, files: Files) -> AsyncIterator[Errands]:
    fetcher = Fetcher()
    errands = Errands(gate, files, fetcher)
    yield errands
    await errands.close()
    await fetcher.close()
