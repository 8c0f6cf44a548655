"""How long a create takes at most, and how long the event loop is held, with much stored.

Requests are sent one by one on one connection, and each is timed. Whatever else the machine does is
in the longest, too: so the bare route's is shown beside it.
"""

import socket
import time
from collections.abc import Iterable

from tests.bench.servers import Server
from tests.bench.turns import table

PAUSE_BUDGET = 0.015  # seconds
TIMES = 5_000
PIECE = 256 * 1024

Measured = tuple[str, Server, bytes]
"""What it is, who is asked, and with which request."""


def seconds_each(port: int, request: bytes, times: int) -> list[float]:
    """How long each answer took, the shortest first."""
    taken = []
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(times):
            start = time.perf_counter()
            connection.sendall(request)
            while not _is_whole(connection):
                pass
            taken.append(time.perf_counter() - start)
    return sorted(taken)


def _is_whole(connection: socket.socket) -> bool:
    """Read a piece of an answer; the last of these small ones ends what was sent."""
    piece = connection.recv(PIECE)
    assert piece, "the server closed the connection"
    return piece.endswith(b"}")


def measure(measured: Iterable[Measured], times: int) -> dict[str, dict[str, float]]:
    """The longest of so many answers of each kind, in seconds, and what the servers say of it."""
    found = {}
    for title, server, request in measured:
        taken = seconds_each(server.port, request, times)
        found[title] = {
            "median": taken[len(taken) // 2],
            "thousandth": taken[-max(1, len(taken) // 1000)],
            "longest": taken[-1],
        }
    table(
        f"the longest of {times} answers, one by one, in milliseconds",
        [
            ("", "median", "1 in 1000", "longest", f"{PAUSE_BUDGET * 1000:.0f}"),
            *(
                (
                    title,
                    *(f"{seconds * 1000:.1f}" for seconds in each.values()),
                    "within" if each["longest"] <= PAUSE_BUDGET else "OVER",
                )
                for title, each in found.items()
            ),
        ],
    )
    return found


def holds(servers: dict[str, Server]) -> dict[str, float]:
    """The longest holds of the event loop that emulators have seen, in milliseconds."""
    found = {}
    for title, server in servers.items():
        health, _ = server.ask("GET", "/_emulator/v1/health")
        found[title] = health["longest_hold_ms"]["since_start"]
    table(
        "the longest hold of the event loop since the start, in milliseconds",
        [(title, f"{milliseconds:.1f}") for title, milliseconds in found.items()],
    )
    return found
