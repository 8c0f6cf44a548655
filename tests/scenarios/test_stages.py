"""What answers a scenario may get that are not those of a REST API."""

import asyncio

import pytest

from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.play.remote import RemoteStage
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.stage import ScenarioSetup
from twilio_emulator.server.app import Server

PAGE = b"<h1>It works!</h1>"


def test_another_server_is_no_emulator() -> None:
    with pytest.raises(Unfulfilled, match="a fresh account") as raised:
        asyncio.run(_open_on_another())
    assert raised.value.nearest == PAGE.decode()


async def _open_on_another() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(PAGE) + PAGE)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        async with RemoteStage(f"http://127.0.0.1:{port}") as stage:
            await stage.open(ScenarioSetup(title="x"))


def test_what_is_not_json_is_a_text(server: Server) -> None:
    text = "scenario: x\nstory:\n  - GET /recording:\n    expect: /Recorded from a running/\n"
    scenario = library.load_text(text)
    report = asyncio.run(library.play(scenario, LocalStage(server, server.worlds)))
    assert report.held, report.failure and report.failure.lines()
