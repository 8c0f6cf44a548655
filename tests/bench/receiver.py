"""An app that hears of status callbacks, costs little, and keeps account of them.

    python -m tests.bench.receiver PORT

A POST is answered 200. `GET /tally` answers what came so far, as JSON: how many callbacks, how many
messages that had all of them, how many callbacks came twice, and how many before their turn.
"""

import asyncio
import json
import re
import sys

STATUSES = (b"queued", b"sent", b"delivered")
"""What a message of a messaging service is called back with, in this order."""

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
SAID = re.compile(rb"MessageStatus=(\w+)&.*MessageSid=(\w+)")
HEARD = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"


class Tally:
    """What came: by message, how many of its statuses."""

    def __init__(self) -> None:
        self.steps: dict[bytes, int] = {}
        self.received = self.complete = self.twice = self.disordered = 0

    def note(self, status: bytes, message: bytes) -> None:
        self.received += 1
        step = self.steps.get(message, 0)
        place = STATUSES.index(status)
        if place < step:
            self.twice += 1
        elif place > step:
            self.disordered += 1
        else:
            self.steps[message] = step + 1
            self.complete += step + 1 == len(STATUSES)

    def shown(self) -> bytes:
        """As an answer."""
        names = ("received", "complete", "twice", "disordered")
        body = json.dumps({name: getattr(self, name) for name in names}).encode()
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


class Connection(asyncio.Protocol):
    """Reads one request after another."""

    transport: asyncio.Transport

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        data = self.received = self.received + data
        head = data.find(b"\r\n\r\n") + 4
        if head < 4:
            return
        length = CONTENT_LENGTH.search(data, 0, head)
        if len(data) < head + (int(length[1]) if length else 0):
            return
        self.received = b""
        if data.startswith(b"POST"):
            said = SAID.search(data, head)
            assert said is not None, data
            self.tally.note(said[1], said[2])
            self.transport.write(HEARD)
        else:
            self.transport.write(self.tally.shown())
        if b"onnection: close" in data[:head]:
            self.transport.close()


async def serve(port: int) -> None:
    """Serve until somebody ends the process."""
    tally = Tally()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(tally), "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
