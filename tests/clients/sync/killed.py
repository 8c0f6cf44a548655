"""An emulator that can be killed and comes back, and two pages with Twilio's SDK for Sync."""

import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.clients.sync.playing import HERE, SYNC_PACKAGES
from twilio_emulator.settings import ACCOUNT_SID, API_KEY, API_SECRET, AUTH_TOKEN
from twilio_emulator.wire.access_tokens import mint_token

PATIENCE = 60.0
"""Seconds for one thing that pages or the emulator do; SDKs wait for 20 until they give up."""

DAY = 86_400


class Lost(Exception):
    """The emulator was gone before it answered."""


class ServedProcess:
    """An emulator with a state file, that can be killed and comes back at the same port."""

    def __init__(self, state: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._state = state
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Serve; until it answers."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
        serve = ("-m", "twilio_emulator", "serve", "--port", str(self.port))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *serve,
            "--state",
            str(self._state),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.ask("GET", "/_emulator/v1/ready")
                    return
                except Lost:
                    assert self._process.returncode is None, "it ended before it listened"
                    await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def ask(
        self, method: str, path: str, form: dict[str, Any] | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Status and body of an answer; a path of Sync's REST unless it begins with a slash.

        Raises:
            Lost: there is none.
        """
        content, kind = b"", "application/json"
        if path.startswith("/"):
            content = b"" if form is None else json.dumps(form).encode()
        else:
            path = f"/sync.twilio.com/v1/Services/default/{path}"
            kind = "application/x-www-form-urlencoded"
            content = b"" if form is None else urlencode(form).encode()
        login = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Basic {login}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(content)}",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
            "Connection: close",
        ]
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write("\r\n".join([*lines, "", ""]).encode() + content)
                await writer.drain()
                answer = await reader.read()
            finally:
                writer.close()
        except OSError as error:
            raise Lost(str(error)) from None
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head:
            raise Lost("no answer")
        if b"transfer-encoding: chunked" in head.lower():
            body = _joined(body)
        return int(head.split(b" ", 2)[1]), json.loads(body) if body else None


def _joined(chunks: bytes) -> bytes:
    whole = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        length = int(size, 16)
        whole += chunks[:length]
        chunks = chunks[length + 2 :]
    return whole


class Pages:
    """Both pages, in a process of Node.js."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.ensure_future(self._read())
        self._asked = 0

    async def ask(self, what: str, **wish: object) -> dict[str, Any]:
        """What came of something that they were told to do."""
        assert self._process.stdin is not None
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": self._asked, "what": what, **wish})
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def close(self) -> None:
        """End them."""
        self._reading.cancel()
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            self._answers.pop(said.pop("id")).set_result(said)


@asynccontextmanager
async def opened(node: str, url: str, versions: tuple[str, str]) -> AsyncIterator[Pages]:
    """Two pages, each with a version of the SDK."""
    arguments = []
    for name, version in zip(("ann", "ben"), versions, strict=True):
        token = mint_token(
            account_sid=ACCOUNT_SID,
            key_sid=API_KEY,
            secret=API_SECRET,
            identity=name,
            sync_service_sid="default",
            ttl=DAY,
            now=time.time(),
            serial=name,
        )
        arguments += [SYNC_PACKAGES[version], token]
    process = await asyncio.create_subprocess_exec(
        node,
        str(HERE / "pages.mjs"),
        url,
        *arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        limit=1 << 26,
    )
    pages = Pages(process)
    try:
        yield pages
    finally:
        await pages.close()
