"""Long answers are made in pieces, and say what there was when they were asked for."""

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest

from tests.control.asking import Control
from twilio_emulator.control import pieces
from twilio_emulator.control.pieces import AT_ONCE, listed
from twilio_emulator.control.snapshots import written
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.kernel.journal import Log
from twilio_emulator.core.kernel.records import plain
from twilio_emulator.settings import CONVERSATION_SERVICE_SID

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("many", [0, 1, AT_ONCE, AT_ONCE + 1, 1000])
@pytest.mark.parametrize("also", [{}, {"next": "x", "total": 5}])
async def test_a_list_is_the_same_at_once_and_in_pieces(many: int, also: dict[str, Any]) -> None:
    reply = listed("numbers", range(many), str, also)
    assert (reply.pieces is None) == (many <= AT_ONCE)
    content = reply.body
    if reply.pieces is not None:
        content = b"".join([piece async for piece in reply.pieces])
    assert json.loads(content) == {"numbers": [str(each) for each in range(many)], **also}


async def test_others_have_their_turn_between_two_pieces() -> None:
    made: list[int] = []

    def look(thing: int) -> str:
        made.append(thing)
        return "x" * 100

    turns: list[int] = []
    over = asyncio.Event()

    async def somebody() -> None:
        while not over.is_set():
            turns.append(len(made))
            await asyncio.sleep(0)

    other = asyncio.ensure_future(somebody())
    reply = listed("things", range(1000), look, {})
    assert made == []
    assert reply.pieces is not None
    async for _ in reply.pieces:
        pass
    over.set()
    await other
    waited = [after - before for before, after in pairwise(turns)]
    assert 0 < max(waited) <= pieces.MOST_IN_PIECE


async def test_a_journal_is_that_of_when_it_was_asked_for(control: Control) -> None:
    control.default.gate.log = log = Log()
    for number in range(500):
        log.add(control.default.world.now, "restored", {"message": str(number)})
    page = await control.ask("GET", "/journal", limit=10_000)
    assert [int(entry["message"]) for entry in page["entries"]] == list(range(500))
    assert (page["next_seq"], page["dropped"]) == (500, 0)


async def test_a_snapshot_is_that_of_when_it_was_taken(control: Control) -> None:
    world = control.default.world
    wish = AddConversation(service=CONVERSATION_SERVICE_SID)
    for _ in range(200):
        control.default.gate.perform_now(wish)
    before = world.snapshot()
    parts = written(world, lambda _, kept: plain(kept))
    first = next(parts)
    control.default.gate.perform_now(wish)
    assert json.loads(first + b"".join(parts)) == json.loads(json.dumps(before))
    assert await control.ask("GET", "/snapshot") == json.loads(json.dumps(world.snapshot()))
