"""The referee: Twilio's own OpenAPI file, as its command line carries it."""

import asyncio
import json
from collections.abc import Iterator

import pytest

from tests.conformance.inside import Inside
from tests.conformance.referee import FOLDER, Referee
from tests.conftest import absent
from tests.webhooks.conftest import App
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings


@pytest.fixture(scope="session")
def referee() -> Referee:
    """Conversations v1 as Twilio describes it."""
    path = FOLDER / "twilio_conversations_v1.json"
    if not path.is_file():
        absent("Twilio's OpenAPI files are not installed: `make test` does it")
    return Referee(json.loads(path.read_text()))


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The loop that everything runs on."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def server(loop: asyncio.AbstractEventLoop) -> Iterator[Server]:
    """One server for all tests; each has an account of its own in it."""
    server = Server(Settings(clock="frozen"), lambda: b"")
    yield server
    loop.run_until_complete(server.end())


@pytest.fixture
def app(loop: asyncio.AbstractEventLoop) -> Iterator[App]:
    """An app on a loopback port, which receives webhooks."""
    app = App()
    listening = loop.run_until_complete(asyncio.start_server(app.serve, "127.0.0.1", 0))
    host, port = listening.sockets[0].getsockname()
    app.url = f"http://{host}:{port}"
    yield app
    listening.close()


@pytest.fixture
def inside(server: Server, loop: asyncio.AbstractEventLoop, app: App) -> Iterator[Inside]:
    """A fresh account."""
    inside = Inside(server, loop, app)
    yield inside
    inside.close()
