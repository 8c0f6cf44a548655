"""The shipped scenarios: each holds, wherever it is played, and takes the same steps there."""

import asyncio
import json
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


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """An emulator on a port of its own."""
    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        yield serving


def no_certificate() -> bytes:
    raise LookupError


def told(entries: list[dict[str, Any]]) -> list[str]:
    """The commands and events of a journal, a line each."""
    return [
        json.dumps({k: v for k, v in entry.items() if k != "seq"})
        for entry in entries
        if entry["kind"] in ("command", "event")
    ]


def asked(entries: list[dict[str, Any]]) -> list[str]:
    """The requests and the webhooks of a journal, a line each.

    Webhooks that are under way at once end in the order of the machine. The URLs of an answer begin
    as the request did: with https here, and with http over the network.
    """
    left_out = ("seq", "milliseconds", "answer")
    return sorted(
        json.dumps({k: v for k, v in entry.items() if k not in left_out})
        for entry in entries
        if entry["kind"] in ("request", "webhook")
    )


async def played(name: str, stage: Stage) -> tuple[Report, list[str], list[str]]:
    """What became of a scenario, its commands and events, and its requests and webhooks."""
    report = await library.play(library.load(name), stage)
    answer = await stage.control("GET", "/journal?limit=10000")
    assert answer.body["dropped"] == 0
    entries = answer.body["entries"]
    return report, told(entries), asked(entries)


async def played_here(name: str) -> tuple[Report, list[str], list[str]]:
    server = Server(Settings(), no_certificate)
    try:
        return await played(name, LocalStage(server, server.worlds))
    finally:
        await server.end()


async def played_there(name: str, url: str) -> tuple[Report, list[str], list[str]]:
    async with RemoteStage(url) as stage:
        return await played(name, stage)


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_here_and_over_http_with_the_same_journal(name: str, serving: Serving) -> None:
    here, told_here, asked_here = asyncio.run(played_here(name))
    there, told_there, asked_there = asyncio.run(played_there(name, serving.local_url))

    assert here.held, here.failure and here.failure.lines()
    assert there.held, there.failure and there.failure.lines()
    assert told_here == told_there
    assert asked_here == asked_there
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
