"""Client SDKs by the thousand in one conversation: how soon all of them have what was said.

The emulator's clients watch what the JavaScript client watches, so each message is two frames for
each of them; those of the bare server get two of the same lengths. The JavaScript client
acknowledges every frame, which costs a server more than to send it: both are measured.
"""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median, quantiles
from types import TracebackType
from typing import Any

from tests.bench.load import fill
from tests.bench.servers import PATIENCE, Server, encode
from tests.bench.turns import table
from twilio_emulator.wire.access_tokens import mint_token

CLIENTS, MESSAGES = 1000, 200
FEWER, LONG = 100, 30_000
"""Clients, and characters of each message, where one client stops reading: what it does not read is
more than may be held for it."""

SHARE = 0.5  # of the bare rate, at least
TEXT = "Is the kettle still broken?"


class Readers:
    """The process of all clients, from `with` to its end."""

    def __enter__(self) -> "Readers":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.readers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, order: object) -> dict[str, Any]:
        """The answer to an order. Raises RuntimeError when the process ended instead."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the clients gave up")
        said: dict[str, Any] = json.loads(answer)
        return said


@dataclass(frozen=True, kw_only=True)
class Room:
    """One conversation and who is in it, or one document of Sync and who has it open; or, without
    either, the bare server."""

    server: Server
    clients: list[tuple[str, str]]
    path: str = "/"
    conversation: str | None = None
    document: str | None = None
    credentials: tuple[str, str] = ("AC", "secret")


@dataclass(frozen=True, kw_only=True)
class Told:
    """How the messages of one turn went out.

    Attributes:
        per_second: messages delivered, each counted once for every client.
        seconds: from each post to the last client that had it.
        frames: lengths of the frames of a message.
        bytes_each: the server's memory for one connection, where /proc tells.
        cpu_microseconds: the server's processor time for one delivery, where /proc tells.
        readers_busy: the share of the time that the clients' process was at work.
        stopped: what became of the client that stopped reading.
    """

    per_second: float
    seconds: list[float]
    frames: list[int]
    bytes_each: float | None
    cpu_microseconds: float | None
    readers_busy: float
    stopped: dict[str, Any] | None = None


def enter(server: Server, clients: int) -> Room:
    """A conversation with so many participants, each with an access token."""
    account, _ = server.ask("POST", "/_emulator/v1/accounts", {})
    credentials = (account["account_sid"], account["auth_token"])
    made, _ = server.ask("POST", "/v1/Conversations", {"FriendlyName": "All"}, credentials)
    path = f"/v1/Conversations/{made['sid']}"
    identities = [f"reader-{number}" for number in range(clients)]
    participants = (
        encode(server, "POST", f"{path}/Participants", {"Identity": identity}, credentials)
        for identity in identities
    )
    fill(server.port, participants)
    mint = partial(
        mint_token,
        account_sid=account["account_sid"],
        key_sid=account["api_key"],
        secret=account["api_secret"],
        service_sid=account["conversation_service_sid"],
        ttl=3600,
        now=time.time(),
        serial="1",
    )
    return Room(
        server=server,
        clients=[(identity, mint(identity=identity)) for identity in identities],
        path=f"{path}/Messages",
        conversation=made["sid"],
        credentials=credentials,
    )


def tell(room: Room, text: str = TEXT, *, acknowledge: bool = True, stop: bool = False) -> Told:
    """Have everything said, each message after the answer to the one before.

    Args:
        acknowledge: whether the clients acknowledge what they get.
        stop: whether the last of them stops reading before.
    """
    server = room.server
    with Readers() as readers:
        before = server.memory()
        order = {"port": server.port, "clients": room.clients}
        order |= {"conversation": room.conversation, "document": room.document}
        readers.ask({**order, "messages": MESSAGES, "acknowledge": acknowledge, "stop": stop})
        after, spent = server.memory(), server.cpu_seconds()
        posted = post(room, text)
        noted = readers.ask("times")
        cpu = server.cpu_seconds()
        stopped = readers.ask("recover") if stop else None
    had = noted["times"]
    deliveries = MESSAGES * (len(room.clients) - stop)
    bytes_each = cpu_microseconds = None
    if before is not None and after is not None:
        bytes_each = (after - before) / len(room.clients)
    if spent is not None and cpu is not None:
        cpu_microseconds = (cpu - spent) / deliveries * 1e6
    return Told(
        per_second=deliveries / (had[-1] - posted[0]),
        seconds=[each - post for each, post in zip(had, posted, strict=True)],
        frames=noted["frames"],
        bytes_each=bytes_each,
        cpu_microseconds=cpu_microseconds,
        readers_busy=noted["busy"] / (had[-1] - posted[0]),
        stopped=stopped,
    )


def post(room: Room, text: str, messages: int = MESSAGES) -> list[float]:
    """Say something as often as it is to be said; answers when each was posted.

    In a document it has a number, as messages have: it is known by that.
    """

    def form(number: int) -> dict[str, str]:
        if room.document is None:
            return {"Author": "bob", "Body": text}
        return {"Data": json.dumps({"item_index": number, "text": text}, separators=(",", ":"))}

    requests = [
        encode(room.server, "POST", room.path, form(number), room.credentials)
        for number in range(messages)
    ]
    posted = []
    with socket.create_connection(("127.0.0.1", room.server.port), PATIENCE) as end:
        for request in requests:
            posted.append(time.monotonic())
            end.sendall(request)
            response = http.client.HTTPResponse(end)
            response.begin()
            answer = response.read()
            if response.status >= 300:
                raise OSError(f"POST {room.path}: {response.status} {answer.decode()}")
    return posted


def emulator(clients: int, text: str = TEXT, **how: bool) -> Told:
    """A turn of an emulator that has just been started."""
    with Server("-m", "twilio_emulator", "serve", "--port", "PORT") as server:
        server.connect()
        return tell(enter(server, clients), text, **how)


def bare(lengths: list[int], **how: bool) -> Told:
    """The same with the bare server, and frames of these lengths."""
    with Server("-m", "tests.bench.broadcast", "PORT", *map(str, lengths)) as server:
        server.connect()
        return tell(Room(server=server, clients=[("", "")] * CLIENTS), **how)


def measure(turns: int) -> dict[str, object]:
    """All figures, printed and returned."""
    figures: dict[str, object] = {}
    for title, acknowledge in (("acknowledged", True), ("not acknowledged", False)):
        sides: dict[str, list[Told]] = {"bare": [], "emulator": []}
        for turn in range(turns):
            print(f"  fan-out, {title}, {turn + 1} ...", file=sys.stderr, flush=True)
            ours = emulator(CLIENTS, acknowledge=acknowledge)
            sides["emulator"].append(ours)
            sides["bare"].append(bare(ours.frames, acknowledge=acknowledge))
        pairs = zip(sides["emulator"], sides["bare"], strict=True)
        share = median(one.per_second / other.per_second for one, other in pairs)
        table(f"{MESSAGES} messages to {CLIENTS} clients, {title}", rows(sides, share))
        figures[title] = {"to_bare": share} | {
            side: [asdict(told) for told in turns] for side, turns in sides.items()
        }
    figures["one stops reading"] = stopping(turns + 1)
    return figures


def rows(sides: dict[str, list[Told]], share: float) -> Iterable[tuple[str, ...]]:
    """The table of one kind of fan-out."""

    def row(title: str, show: Callable[[list[Told]], str]) -> tuple[str, ...]:
        return title, *map(show, sides.values())

    verdict = f"{share:.2f}, {'within' if share >= SHARE else 'UNDER'} {SHARE}"
    yield "", *sides
    yield row("delivered/s", lambda side: known([told.per_second for told in side]))
    yield "emulator/bare", "", verdict
    for which in (50, 99):
        yield row(f"ms until the last has it, p{which}", partial(percentile, which=which))
    yield row(
        "µs of processor for each", lambda side: known([told.cpu_microseconds for told in side])
    )
    yield row("bytes for a connection", lambda side: known([told.bytes_each for told in side]))


def stopping(turns: int) -> dict[str, object]:
    """What a client that stops reading does to the others, and what becomes of it."""
    text = "x" * LONG
    turns_without, turns_with = [], []
    for turn in range(turns):
        print(f"  fan-out, one stops reading, {turn + 1} ...", file=sys.stderr, flush=True)
        turns_without.append(emulator(FEWER, text))
        turns_with.append(emulator(FEWER, text, stop=True))
    pairs = list(zip(turns_with, turns_without, strict=True))
    shares = [one.per_second / without.per_second for one, without in pairs]
    outcomes = [one.stopped for one in turns_with if one.stopped is not None]
    dropped = all(each["dropped"] for each in outcomes)
    recovered = min(each["recovered"] for each in outcomes)
    table(
        f"{MESSAGES} messages of {LONG} characters to {FEWER} clients, one of which stops reading",
        [
            ("", "nobody", "one"),
            ("delivered/s to the others", "", f"{median(shares):.2f} of it"),
            (
                "µs of processor for each",
                *(
                    known([each.cpu_microseconds for each in s])
                    for s in (turns_without, turns_with)
                ),
            ),
            ("it was dropped", "", "yes" if dropped else "NO"),
            ("it has when it comes again", "", f"{recovered} of {MESSAGES}"),
        ],
    )
    return {"to_nobody": shares, "dropped": dropped, "recovered": recovered}


def percentile(turns: list[Told], which: int) -> str:
    """Milliseconds from a post to its last receiver, over all turns."""
    waits = [each for told in turns for each in told.seconds]
    return f"{quantiles(waits, n=100)[which - 1] * 1000:.0f}"


def known(figures: list[float | None]) -> str:
    """The median of what could be measured."""
    found = [each for each in figures if each is not None]
    return f"{median(found):.0f}" if found else "?"
