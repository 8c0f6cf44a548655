"""An account's gate with its webhooks, and an app on a loopback port that receives them."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.world import LOUD, Command, Origin, World
from twilio_emulator.core.wings import new_world
from twilio_emulator.products import WEBHOOKS
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.webhooks.decisions import Decision, Verdict
from twilio_emulator.webhooks.delivery import Webhooks
from twilio_emulator.webhooks.hints import Hint
from twilio_emulator.webhooks.http.client import Caller
from twilio_emulator.webhooks.http.exchange import Exchange

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "00000000000000000000000000000001"
SERVICE = "IS00000000000000000000000000000001"
MESSAGING_SERVICE = "MG00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"


@dataclass(frozen=True)
class Received:
    """A request as the app got it."""

    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


def http(
    body: str | bytes = b"", status: int = 200, content_type: str = "", **headers: str
) -> bytes:
    """An answer as bytes; `_` in the name of a header is `-`."""
    text = body if isinstance(body, bytes) else body.encode()
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(text)}"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + text


def twiml(inner: str) -> bytes:
    return http(f"<Response>{inner}</Response>", content_type="text/xml")


class App:
    """An app that receives webhooks, and answers what it was told to."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Received] = []
        self.answers: dict[str, bytes | Callable[[Received], bytes | Awaitable[bytes]]] = {}
        self.arrived = asyncio.Event()
        self.servers: list[asyncio.Server] = []
        self._serving: set[asyncio.Task[None]] = set()

    def __getitem__(self, path: str) -> list[Received]:
        """What came to one path."""
        return [request for request in self.received if request.path == path]

    async def wait_for(self, path: str, count: int = 1) -> list[Received]:
        """Wait until `count` requests came to a path."""
        async with asyncio.timeout(20):
            while len(self[path]) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self[path]

    async def close(self) -> None:
        """Break off what is under way."""
        for server in self.servers:
            server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.split("\r\n")[:-2]
            method, target, _ = first.split(" ")
            headers = {}
            for line in lines:
                name, _, value = line.partition(": ")
                headers[name.lower()] = value
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            request = Received(method, target, headers, body.decode())
            self.received.append(request)
            self.arrived.set()
            answer = self.answers.get(request.path, http())
            if callable(answer):
                made = answer(request)
                answer = made if isinstance(made, bytes) else await made
            writer.write(answer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
            self._serving.discard(task)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def app(anyio_backend: str) -> AsyncIterator[App]:
    app = App()
    server = await asyncio.start_server(app.serve, "127.0.0.1", 0)
    app.servers.append(server)
    host, port = server.sockets[0].getsockname()
    app.url = f"http://{host}:{port}"
    yield app
    await app.close()


@pytest.fixture
def world() -> World:
    """An account, frozen at 2026-01-05T09:00:00Z."""
    world = new_world(ACCOUNT, 1, Clock(lambda: 0.0, START, rate=0), numbering)
    world.perform(
        OpenAccount(
            auth_token=TOKEN,
            conversation_service_sid=SERVICE,
            messaging_service_sid=MESSAGING_SERVICE,
        )
    )
    return world


@pytest.fixture
def gate(world: World) -> Gate:
    return Gate(world)


@pytest.fixture
async def caller(anyio_backend: str) -> AsyncIterator[Caller]:
    caller = Caller()
    yield caller
    await caller.close()


@dataclass
class Account:
    """An account with its webhooks."""

    gate: Gate
    webhooks: Webhooks

    @property
    def world(self) -> World:
        return self.gate.world

    async def do(self, command: Command, origin: Origin = LOUD) -> object:
        """Perform a command, and wait for the webhooks that follow."""
        answer = await self.gate.perform(command, origin)
        await self.webhooks.settled()
        return answer

    @property
    def exchanges(self) -> list[Exchange]:
        return [entry.content for entry in self.gate.log.after(0) if entry.kind == "webhook"]

    @property
    def decisions(self) -> list[Decision]:
        kind = "webhook-decision"
        return [entry.content for entry in self.gate.log.after(0) if entry.kind == kind]

    @property
    def hints(self) -> list[Hint]:
        return [entry.content for entry in self.gate.log.after(0) if entry.kind == "hint"]

    @property
    def verdicts(self) -> list[Verdict]:
        kind = "webhook-verdict"
        return [entry.content for entry in self.gate.log.after(0) if entry.kind == kind]


def public_url(host: str, webhook: str = "") -> str:
    return f"http://localhost:8008/{host}"


@pytest.fixture
async def account(gate: Gate, caller: Caller) -> AsyncIterator[Account]:
    account = Account(gate, Webhooks(gate, caller, public_url, WEBHOOKS))
    yield account
    await account.webhooks.close()
