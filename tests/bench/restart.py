"""What a state file costs: how long compacting it holds everybody else up, and how long a start
takes that reads it."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.turns import table
from twilio_emulator.core.conversations.conversations import AddConversation, UpdateConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.state_file import StateFile
from twilio_emulator.server import garbage
from twilio_emulator.settings import CONVERSATION_SERVICE_SID, Settings

HOLD_BUDGET = 0.010
"""Seconds of the processor that compacting may go on without a word to the event loop."""

RENAMES = 20_000
PATIENCE = 600.0


def measure(messages: int) -> dict[str, float]:
    """Compact a file with so many messages in it, and start with it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "state"
        worlds = _started(path)
        gate = worlds.default.gate
        sids = _fill(gate, messages)
        _rename(gate, sids[0])
        before = path.stat().st_size
        with garbage.kept_short():
            hold, seconds = _compact(worlds)
        after = path.stat().st_size
        assert worlds.state is not None
        worlds.state.close()
        del worlds, gate
        began = time.perf_counter()
        again = _started(path)
        restart = time.perf_counter() - began
        assert again.state is not None
        again.state.close()
    word = "within" if hold <= HOLD_BUDGET else "OVER"
    table(
        f"a state file with {messages} messages",
        [
            ("before compaction", f"{before / 1e6:.1f} MB"),
            ("after", f"{after / 1e6:.1f} MB"),
            ("compacted meanwhile in", f"{seconds:.1f} s"),
            ("longest hold", f"{hold * 1000:.1f} ms, {word} {HOLD_BUDGET * 1000:.0f} ms"),
            ("restart", f"{restart:.1f} s, {restart / messages * 1e6:.0f} us a message"),
        ],
    )
    return {
        "bytes": after,
        "compaction_seconds": seconds,
        "hold_seconds": hold,
        "restart_seconds": restart,
    }


def _started(path: Path) -> Worlds:
    return Worlds(Settings(clock="frozen"), numbering, lambda hosted: None, StateFile(path, 0))


def _fill(gate: Gate, messages: int) -> list[str]:
    sids = [
        gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID)).sid
        for _ in range(max(messages // 20, 1))
    ]
    for number in range(messages):
        sid = sids[number % len(sids)]
        gate.perform_now(
            PostMessage(
                service=CONVERSATION_SERVICE_SID, conversation=sid, body=f"This is {number}."
            )
        )
    return sids


def _rename(gate: Gate, sid: str) -> None:
    for number in range(RENAMES):
        gate.perform_now(
            UpdateConversation(
                service=CONVERSATION_SERVICE_SID, conversation=sid, friendly_name=f"{number}"
            )
        )


def _compact(worlds: Worlds) -> tuple[float, float]:
    """The longest that the loop was held, in seconds of the processor, and how long it took."""
    state = worlds.state
    assert state is not None

    async def watch() -> tuple[float, float]:
        state.follow()
        began, longest, last = time.perf_counter(), 0.0, time.process_time()
        async with asyncio.timeout(PATIENCE):
            while not state.is_compact:
                await asyncio.sleep(0.001)
                now = time.process_time()
                longest, last = max(longest, now - last), now
        return longest, time.perf_counter() - began

    return asyncio.run(watch())
