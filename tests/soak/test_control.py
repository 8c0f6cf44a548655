"""A hundred thousand calls of the control API, most of them sensible, many a little off."""

import asyncio
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from tests.soak.budget import goes_on
from tests.soak.conftest import Complaints
from tests.soak.controller import PREFIX, Controller
from tests.soak.requests import Got, Sent, ask
from tests.soak.values import Values
from twilio_emulator.core.content.templates import AddContent
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.soak

WALKS = 20
CALLS = 5_000  # of each walk
LONGEST = 30  # seconds of one call
LINE = 2_000  # characters of what is said of a mistake
NOT_READY = f"{PREFIX}/ready"
CLOSED = ("http://127.0.0.1:9/", "http://127.0.0.1:9/x")

MAY_PASS_TIME = ("clock", "wait", "scenarios", "snapshot")
"""Calls that may do something before they are refused."""


@pytest.mark.parametrize("walk", range(WALKS))
def test_no_call_is_a_fault_of_ours(
    loop: asyncio.AbstractEventLoop, seed: int, complaints: Complaints, walk: int
) -> None:
    dice = Random(f"{seed} control {walk}")
    server = Server(Settings(clock="frozen", seed=seed + walk), lambda: b"")
    prepare(server)
    controller = Controller(dice, server_calls(loop, server), Values(dice, (CLOSED, CLOSED)))
    controller.learn(content(loop, server, "/accounts"))
    controller.learn(content(loop, server, "/services"))
    controller.learn(content(loop, server, "/content"))
    found = list(wrong(loop, server, controller, complaints))
    for path in ("/journal?limit=100000", "/snapshot", "/recording", "/messages?limit=100000"):
        controller.learn(content(loop, server, path))
    loop.run_until_complete(server.end())
    assert found == []


def prepare(server: Server) -> None:
    """Something to be asked about."""
    world = server.worlds.default.world
    types = {"twilio/quick-reply": {"body": "Well?", "actions": [{"title": "Yes", "id": "y"}]}}
    server.worlds.default.gate.perform_now(
        AddContent(account=world.account_sid, types=json.dumps(types), language="en")
    )


def wrong(
    loop: asyncio.AbstractEventLoop,
    server: Server,
    controller: Controller,
    complaints: Complaints,
) -> Iterator[str]:
    """What is wrong with the answers, with the calls that bring it about."""
    for number in range(CALLS):
        if not goes_on(number, CALLS // 10):
            return
        sent = controller.call()
        before = drawn(server)
        got = loop.run_until_complete(answer(server, sent))
        why = fault(sent, got) or "; ".join(complaints.taken())
        may_pass = any(each in sent.path for each in MAY_PASS_TIME) or "wait=" in sent.query
        if not why and not may_pass and 400 <= got.status < 500 and has_drawn(server, before):
            why = "it was refused, and has drawn something"
        if why:
            yield f"{why}: {sent.curl()[:3000]}"
        controller.learn(got.content)
        if sent.path == f"{PREFIX}/snapshot" and got.status == 200 and got.content[:5] == b'{"acc':
            controller.snapshots = [*controller.snapshots[-3:], got.content]


async def answer(server: Server, sent: Sent) -> Got:
    """What is answered. Who calls stays until then, but for streams."""
    stays = not sent.path.startswith(f"{PREFIX}/events")
    async with asyncio.timeout(LONGEST):
        return await ask(server, sent, at_once=False, stays=stays)


def fault(sent: Sent, got: Got) -> str | None:
    """What is wrong with an answer; None when nothing is."""
    if got.status >= 500 and sent.path != NOT_READY:
        return f"{got.status} {got.content[:300]!r}"
    body: Any = got.body
    if sent.method == "HEAD":
        return f"an answer to HEAD has a body: {got.content[:300]!r}" if got.content else None
    if got.status >= 400:
        message = body["message"]
        if not isinstance(message, str) or "\n" in message or len(message) > LINE:
            return f"{got.status} is not said in one line: {got.content[:300]!r}"
    return None


def drawn(server: Server) -> dict[str, tuple[int, ...]]:
    """How much has been drawn and counted in each account where nothing happens by itself."""
    return {
        sid: (hosted.world.serials, hosted.world.sids.drawn, hosted.world.dice.drawn)
        for sid, hosted in server.worlds.hosted.items()
        if not hosted.world.clock.rate and not hosted.pace.busy()
    }


def has_drawn(server: Server, before: dict[str, tuple[int, ...]]) -> bool:
    """Whether an account that was idle before, and is, has drawn something."""
    return any(before.get(sid, now) != now for sid, now in drawn(server).items())


def server_calls(loop: asyncio.AbstractEventLoop, server: Server) -> list[str]:
    """All calls, as `GET /clock`."""
    listed = json.loads(content(loop, server, ""))["calls"]
    return [f"{call['method']} {call['path'].removeprefix(PREFIX)}" for call in listed]


def content(loop: asyncio.AbstractEventLoop, server: Server, path: str) -> bytes:
    path, _, query = path.partition("?")
    sent = Sent(method="GET", host="localhost", scheme="http", path=PREFIX + path, query=query)
    got = loop.run_until_complete(answer(server, sent))
    # 409: a snapshot was put back that the recording does not begin with.
    assert got.status == 200 or (path == "/recording" and got.status == 409), got
    return got.content
