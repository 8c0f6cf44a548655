"""docs/agents.md: its table is true, and an agent that is configured as it says finds tools."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from tests.control.declared import openapi
from tests.examples.snippets import ROOT
from twilio_emulator.agents.tools import CHOSEN, LONGEST, tools
from twilio_emulator.server.agents_door import NOT_INSTALLED, PATH
from twilio_emulator.server.serving import Serving

pytestmark = pytest.mark.anyio

PAGE = (ROOT / "docs/agents.md").read_text(encoding="utf-8")
CONFIGURED: list[dict[str, Any]] = [
    next(iter(json.loads(block).values()))["twilio"]
    for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.M | re.S)
]
PROGRAMS = [each for each in CONFIGURED if "command" in each]
ADDRESSES = [each for each in CONFIGURED if "url" in each]


def test_every_tool_is_on_it() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.M))
    assert rows == {each.name: each.description.partition("\n")[0] for each in tools(openapi())}


def test_what_it_says_of_lengths_and_the_extra_is_true() -> None:
    assert f"more than {LONGEST:,} characters" in PAGE
    install = NOT_INSTALLED.partition(": ")[2]
    assert f"```\n{install}\n```" in PAGE


@pytest.mark.parametrize("configured", PROGRAMS)
async def test_a_program_that_is_configured_so(configured: dict[str, Any], tmp_path: Path) -> None:
    assert configured["args"] == ["mcp", "--port", "8008"]
    folder = str(Path(sys.executable).parent)
    command = StdioServerParameters(
        command=str(shutil.which(configured["command"], path=folder)),
        args=[*configured["args"][:-1], "0"],  # whatever is free
        env={"XDG_STATE_HOME": str(tmp_path)},
    )
    async with Client(stdio_client(command), read_timeout_seconds=60) as client:
        assert len((await client.list_tools()).tools) == len(CHOSEN)


@pytest.mark.parametrize("configured", ADDRESSES)
async def test_an_address_that_is_configured_so(
    configured: dict[str, Any], serving: Serving
) -> None:
    assert configured["url"] == f"http://localhost:8008{PATH}"
    url = configured["url"].replace("8008", str(serving.port))
    async with Client(url, read_timeout_seconds=60) as client:
        assert len((await client.list_tools()).tools) == len(CHOSEN)
