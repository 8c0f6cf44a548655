from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.control.asking import Control
from tests.server.conftest import Site, open_site
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings() -> Settings:
    """Frozen, so that nothing happens which a test does not ask for."""
    return Settings(clock="frozen")


@pytest.fixture
async def control(anyio_backend: str, settings: Settings) -> AsyncIterator[Control]:
    server = Server(settings, lambda: b"-----BEGIN CERTIFICATE-----\n")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        yield Control(server, client)
        await server.end()


@pytest.fixture
async def site(anyio_backend: str) -> AsyncIterator[Site]:
    """A web site with files that phones send."""
    async with open_site() as site:
        yield site
