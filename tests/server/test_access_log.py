"""The log of requests: a line each, without what may be secret."""

import asyncio
import logging

import pytest
from starlette.types import Message, Receive, Scope, Send

from twilio_emulator.server.access_log import Logged
from twilio_emulator.wire.immediate import Later, Shown, WholeAnswer


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [message.rpartition(" ")[0].rpartition(" ")[0] for message in caplog.messages]


def shown(path: str) -> Shown:
    return Shown("GET", "https", path, b"secret=1", {b"host": b"a.test"}, b"")


def test_what_is_answered_at_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "emulator.access")
    answers = {"/there": WholeAnswer(200, b"", b"")}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    logged = Logged(app, lambda asked: answers.get(asked.path))
    assert logged.answer_now(shown("/there")) is not None
    assert logged.answer_now(shown("/later")) is None
    assert lines(caplog) == ["GET a.test/there 200"]


def test_what_is_begun_at_once_and_takes_its_time(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "emulator.access")
    sent: list[Message] = []

    async def usual(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    async def rest(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 202})

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    def answer_now(asked: Shown) -> WholeAnswer | Later:
        return rest

    later = Logged(usual, answer_now).answer_now(shown("/begun"))
    assert later is not None
    assert not isinstance(later, WholeAnswer)
    assert lines(caplog) == []
    scope = {"type": "http", "method": "GET", "headers": [], "raw_path": b"/begun"}
    asyncio.run(_run(later, scope, receive, send))
    assert (lines(caplog), len(sent)) == (["GET /begun 202"], 1)


async def _run(app: Later, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def test_what_takes_its_time(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "emulator.access")
    sent: list[Message] = []
    said: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in said:
            await send(message)

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    logged = Logged(app, lambda asked: None)
    base = {"headers": [(b"host", b"a.test")], "raw_path": b"/x\x1b"}
    for scope, message in (
        (
            {"type": "http", "method": "POST", **base},
            {"type": "http.response.start", "status": 201},
        ),
        ({"type": "websocket", **base}, {"type": "websocket.accept"}),
        ({"type": "http", "method": "GET", **base}, {"type": "other"}),
        ({"type": "lifespan"}, {"type": "lifespan.startup.complete"}),
    ):
        said[:] = [message]
        asyncio.run(logged(scope, receive, send))
    assert lines(caplog) == [
        "POST a.test/x? 201",
        "WebSocket a.test/x? connected",
        "GET a.test/x? no answer",
    ]
    assert len(sent) == 4
