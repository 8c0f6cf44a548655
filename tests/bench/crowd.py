"""Five thousand client SDKs on one emulator: what each of them takes, and how soon all are back
after a restart.

A conversation has room for a thousand, so there are several, each in an account of its own and
with a process of its own for its clients.
"""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench import fanout
from tests.bench.fanout import Readers, Room
from tests.bench.servers import Server
from tests.bench.turns import table

ROOMS, CLIENTS, MESSAGES = 5, 1000, 20
PATIENCE = 300.0  # seconds until a server that has much to read listens


def measure() -> dict[str, object]:
    """All figures, printed and returned."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        with _served(state) as server:
            print("  a crowd comes ...", file=sys.stderr, flush=True)
            rooms = [fanout.enter(server, CLIENTS) for _ in range(ROOMS)]
            first = _come(server, rooms, told=0)
        start = time.perf_counter()
        with _served(state) as server:
            restart = time.perf_counter() - start
            print("  the crowd comes again ...", file=sys.stderr, flush=True)
            again = _come(server, [_moved(room, server) for room in rooms], told=1)
    everybody = ROOMS * CLIENTS
    table(
        f"{everybody} clients, each of which watches a conversation of {CLIENTS}",
        [
            ("", "at first", "after a restart"),
            ("until all are there", *(f"{each['seconds']:.1f} s" for each in (first, again))),
            (
                "ms of processor for each",
                *(f"{each['cpu'] / everybody * 1000:.1f}" for each in (first, again)),
            ),
            (
                "bytes for each",
                *(f"{each['memory'] / everybody:.0f}" for each in (first, again)),
            ),
            (
                "ms until all of a room have a message",
                *(f"{each['told'] * 1000:.0f}" for each in (first, again)),
            ),
            ("the restart itself", "", f"{restart:.1f} s"),
        ],
    )
    return {"clients": everybody, "first": first, "again": again, "restart_seconds": restart}


def _served(state: Path) -> "_Started":
    return _Started("-m", "twilio_emulator", "serve", "--port", "PORT", "--state", str(state))


class _Started(Server):
    """A server that listens from `with` on."""

    def __enter__(self) -> "Server":
        super().__enter__()
        self.connect(PATIENCE)
        return self


def _moved(room: Room, server: Server) -> Room:
    """The same room of a server that was started again."""
    return Room(
        server=server,
        clients=room.clients,
        path=room.path,
        conversation=room.conversation,
        credentials=room.credentials,
    )


def _come(server: Server, rooms: list[Room], told: int) -> dict[str, float]:
    """Have all clients connect at once, and the room of this number told something, its first
    messages."""
    with ExitStack() as stack:
        crowd = [stack.enter_context(Readers()) for _ in rooms]
        threads = stack.enter_context(ThreadPoolExecutor(len(rooms)))

        def come(readers: Readers, room: Room) -> Any:
            order = {"port": server.port, "clients": room.clients}
            how = {"messages": MESSAGES, "acknowledge": True, "stop": False}
            return readers.ask({**order, "conversation": room.conversation, **how})

        before, cpu = server.memory() or 0, server.cpu_seconds() or 0.0
        start = time.perf_counter()
        list(threads.map(come, crowd, rooms))
        seconds = time.perf_counter() - start
        memory, spent = server.memory() or 0, server.cpu_seconds() or 0.0
        posted = fanout.post(rooms[told], fanout.TEXT, MESSAGES)
        had = crowd[told].ask("times")["times"]
    waits = sorted(each - post for each, post in zip(had, posted, strict=True))
    return {
        "seconds": seconds,
        "memory": memory - before,
        "cpu": spent - cpu,
        "told": waits[len(waits) // 2],
    }
