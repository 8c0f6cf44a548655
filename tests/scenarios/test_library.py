"""The shipped scenarios: each holds, wherever it is played, and takes the same steps there."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.play.remote import RemoteStage
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.scenarios.player.stage import Stage
from twilio_emulator.server.app import Server
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

LIBRARY = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.name.removesuffix(library.SUFFIX) for path in LIBRARY.glob("*.yaml"))
PORT = re.compile(r"127\.0\.0\.1:\d+")


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """An emulator on a port of its own."""
    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        yield serving


def no_certificate() -> bytes:
    raise LookupError


def no_ports(entries: list[dict[str, Any]]) -> list[str]:
    """The commands and events of a journal, a line each.

    Ports are not compared, since receivers take any that is free.
    """
    return [
        PORT.sub("127.0.0.1", json.dumps({k: v for k, v in entry.items() if k != "seq"}))
        for entry in entries
        if entry["kind"] in ("command", "event")
    ]


async def played(name: str, stage: Stage) -> tuple[Report, list[str]]:
    """What became of a scenario, and its commands and events."""
    report = await library.play(library.load(name), stage)
    answer = await stage.control("GET", "/journal?limit=10000")
    assert answer.body["dropped"] == 0
    return report, no_ports(answer.body["entries"])


async def played_here(name: str) -> tuple[Report, list[str]]:
    server = Server(Settings(), no_certificate)
    try:
        return await played(name, LocalStage(server, server.worlds))
    finally:
        await server.end()


async def played_there(name: str, url: str) -> tuple[Report, list[str]]:
    async with RemoteStage(url) as stage:
        return await played(name, stage)


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_here_and_over_http_with_the_same_commands_and_events(
    name: str, serving: Serving
) -> None:
    here, lines_here = asyncio.run(played_here(name))
    there, lines_there = asyncio.run(played_there(name, serving.local_url))

    assert here.held, here.failure and here.failure.lines()
    assert there.held, there.failure and there.failure.lines()
    assert lines_here == lines_there
    assert here.lines == there.lines


class Editor(yaml.SafeLoader):
    """YAML as editors read it: version 1.2, which knows no timestamps."""


Editor.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_scalar)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_knows_it(name: str) -> None:
    content = yaml.load((LIBRARY / f"{name}{library.SUFFIX}").read_text(), Editor)
    jsonschema.Draft202012Validator(library.schema()).validate(content)


def test_there_is_enough_to_learn_from() -> None:
    assert len(NAMES) >= 10
