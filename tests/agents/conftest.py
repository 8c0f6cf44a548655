import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

SECONDS = 60.0
"""What a call has, after which it is taken to hang."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """An emulator that serves."""
    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        yield serving


@asynccontextmanager
async def stdio(state: Path, *arguments: str, mode: str = "auto") -> AsyncIterator[Client]:
    """The package's own client of `twilio-emulator mcp`, which it starts and ends."""
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "twilio_emulator", "mcp", *arguments],
        env={"XDG_STATE_HOME": str(state)},
    )
    async with Client(stdio_client(command), mode=mode, read_timeout_seconds=SECONDS) as client:
        yield client


@asynccontextmanager
async def over_http(serving: Serving, mode: str = "auto") -> AsyncIterator[Client]:
    """The same of an emulator that serves."""
    url = f"{serving.local_url}/_emulator/mcp"
    async with Client(url, mode=mode, read_timeout_seconds=SECONDS) as client:
        yield client


async def use(client: Client, tool: str, **arguments: Any) -> Any:
    """What a tool answers, read from JSON."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert content.type == "text"
    assert not result.is_error, content.text
    return content.text if content.text == "It is done." else json.loads(content.text)


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The line in which a tool says no."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert content.type == "text"
    assert result.is_error, content.text
    assert "\n" not in content.text
    return content.text
