"""Clients by the hundred in a process of their own, which note when the last of them has what.

    python -m tests.bench.readers

reads orders as lines of JSON and answers each with one:

    {"port", "clients": [[identity, token], ...], "conversation", "document", "messages",
     "acknowledge", "stop"}
                    all connect; the last one then stops reading, if one is to
    "times"         once all but who stopped have all messages: when the last of them had each, on
                    the machine's clock, and how many seconds this process has worked for that
    "recover"       whether who stopped was dropped, and how many messages it has when it has come
                    again

Without a conversation or a document the server is the bare one, which wants no init and no
subscription.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

from tests.bench.servers import PATIENCE
from tests.sdk.reader import LITTLE, Reader

AT_ONCE = 50  # clients that connect at the same time
LONGEST_ORDER = 1 << 24  # bytes


class Readers:
    """All clients of one order."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.port: int = order["port"]
        self.clients: list[tuple[str, str]] = [tuple(each) for each in order["clients"]]
        self.conversation: str | None = order["conversation"]
        self.document: str | None = order.get("document")
        self.messages: int = order["messages"]
        self.acknowledge: bool = order["acknowledge"]
        self.stop: bool = order["stop"]
        self.missing = Counter(dict.fromkeys(range(self.messages), len(self.clients) - self.stop))
        self.times: list[float] = []
        self.over = asyncio.Event()
        self.readers: list[Reader] = []

    async def connect(self) -> None:
        """Connect all."""
        room = asyncio.Semaphore(AT_ONCE)

        async def enter(identity: str, token: str) -> None:
            async with room:
                self.readers.append(await self.enter(identity, token))

        reading = self.clients[:-1] if self.stop else self.clients
        async with asyncio.TaskGroup() as group:
            for identity, token in reading:
                group.create_task(enter(identity, token))
        if self.stop:
            self.stopped = await self.enter(*self.clients[-1], stops=True)
        self.busy = time.process_time()

    async def enter(self, identity: str, token: str, *, stops: bool = False) -> Reader:
        """One client, which is told of everything from here on."""
        heard, held = (_nothing, LITTLE) if stops else (self.note, None)
        reader = await Reader.connected(self.port, heard, held=held)
        if self.conversation is not None:
            await reader.enter(token)
            await reader.watch(identity, self.conversation)
        if self.document is not None:
            await reader.enter(token, "data_sync")
            await reader.open(self.document)
        reader.acknowledges = self.acknowledge
        if stops:
            reader.stop()
        return reader

    def note(self, index: int) -> None:
        """One of them has a message."""
        self.missing[index] -= 1
        if not self.missing[index]:
            self.times.append(time.monotonic())
            if len(self.times) == self.messages:
                self.over.set()

    async def recover(self) -> dict[str, object]:
        """What has become of who stopped, and what becomes of it when it comes again."""
        stopped = self.stopped
        stopped.go_on()
        done, _ = await asyncio.wait([stopped.lost], timeout=PATIENCE)
        stopped.close()
        again = await Reader.connected(self.port, _nothing, stopped.expected)
        await again.enter(self.clients[-1][1])
        await again.establish(stopped.standing())
        return {"dropped": bool(done), "recovered": again.expected}


def _nothing(index: int) -> None:
    """Nobody waits for it."""


async def serve() -> None:
    """Follow the orders, to their end."""
    lines = asyncio.StreamReader(limit=LONGEST_ORDER)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    readers: Readers | None = None
    while line := await lines.readline():
        order = json.loads(line)
        answer: dict[str, object]
        if isinstance(order, dict):
            readers = Readers(order)
            await readers.connect()
            answer = {"ready": True}
        elif readers is not None and order == "times":
            await readers.over.wait()
            busy = time.process_time() - readers.busy
            answer = {"times": readers.times, "busy": busy, "frames": readers.readers[0].frames}
        else:
            assert readers is not None
            answer = await readers.recover()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
