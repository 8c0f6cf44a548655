import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from twilio_emulator.webhooks.http import plain, signatures
from twilio_emulator.webhooks.http.exchange import (
    BODY_READ,
    HEAD_READ,
    BrokenAnswer,
    Came,
    LongHead,
    NotAnUrl,
)
from twilio_emulator.webhooks.http.plain import PlainHttp

pytestmark = pytest.mark.anyio

KEPT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nOK"


@dataclass
class Receiver:
    """Answers every request of a connection with the same bytes."""

    answer: bytes = KEPT
    ends: bool = False
    port: int = 0
    connections: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(self.answer)
                if self.ends:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.open.discard(writer)
            self.changed.set()

    async def alone(self) -> None:
        """Wait until nobody is connected."""
        async with asyncio.timeout(20):
            while self.open:
                self.changed.clear()
                await self.changed.wait()


@dataclass
class Bytes:
    """Does on each connection what the test says, and keeps what came, connection by connection."""

    acts: list[list[bytes | None]]
    port: int = 0
    came: list[list[bytes]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came: list[bytes] = []
        self.came.append(came)
        for act in self.acts[len(self.came) - 1]:
            came.append(await reader.readuntil(b"\r\n\r\n"))
            if act is None:
                break
            writer.write(act)
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def acting(*acts: list[bytes | None]) -> AsyncIterator[Bytes]:
    """A receiver; None ends a connection without an answer."""
    receiver = Bytes(list(acts))
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()
    await receiver.alone()


@pytest.fixture
async def http(receiver: Receiver) -> AsyncIterator[PlainHttp]:
    http = PlainHttp()
    yield http
    http.close()


async def get(http: PlainHttp, receiver: Receiver | Bytes, host: str = "127.0.0.1") -> Came:
    parts = signatures.split(f"http://{host}:{receiver.port}/a")
    assert parts is not None
    async with asyncio.timeout(20):
        return await http.send("GET", parts, (("Host", parts.host),), b"", lambda: None)


class TestKeeping:
    async def test_a_connection_is_kept_when_the_receiver_says_so(
        self, http: PlainHttp, receiver: Receiver
    ) -> None:
        assert [(await get(http, receiver)).body for _ in range(3)] == [b"OK"] * 3
        assert receiver.connections == 1

    async def test_silence_is_no_such_word(self, http: PlainHttp, receiver: Receiver) -> None:
        receiver.answer = b"HTTP/1.1 204 No Content\r\n\r\n"
        assert [(await get(http, receiver)).status for _ in range(2)] == [204] * 2
        assert receiver.connections == 2

    async def test_it_serves_one_at_a_time(self, http: PlainHttp, receiver: Receiver) -> None:
        await asyncio.gather(*(get(http, receiver) for _ in range(3)))
        await asyncio.gather(*(get(http, receiver) for _ in range(3)))
        assert receiver.connections == 3

    async def test_it_has_served_enough_some_time(
        self, http: PlainHttp, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(plain, "USES", 2)
        for _ in range(4):
            await get(http, receiver)
        assert receiver.connections == 2

    async def test_it_does_not_wait_for_long(
        self, http: PlainHttp, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(plain, "IDLE", 0.0)
        await get(http, receiver)
        await receiver.alone()
        await get(http, receiver)
        assert receiver.connections == 2

    async def test_one_that_the_receiver_closes_is_used_no_more(
        self, http: PlainHttp, receiver: Receiver
    ) -> None:
        await asyncio.gather(*(get(http, receiver) for _ in range(2)))
        for writer in list(receiver.open):
            writer.close()
        await receiver.alone()
        await get(http, receiver)
        assert receiver.connections == 3

    async def test_what_nobody_asked_for_closes_it(
        self, http: PlainHttp, receiver: Receiver
    ) -> None:
        await get(http, receiver)
        (writer,) = receiver.open
        writer.write(KEPT)
        await receiver.alone()
        assert (await get(http, receiver)).status == 200


class TestOnceMore:
    async def test_a_kept_connection_that_ends_unanswered(self, http: PlainHttp) -> None:
        async with acting([KEPT, None], [KEPT, None], [KEPT]) as receiver:
            assert [(await get(http, receiver)).body for _ in range(3)] == [b"OK"] * 3
        assert [len(came) for came in receiver.came] == [2, 2, 1]
        assert receiver.came[0][1] == receiver.came[1][0]  # the same request, to the byte

    async def test_it_is_not_sent_a_third_time(self, http: PlainHttp) -> None:
        async with acting([KEPT, None], [None]) as receiver:
            await get(http, receiver)
            with pytest.raises(BrokenAnswer, match="closed before the answer was whole"):
                await get(http, receiver)
        assert [len(came) for came in receiver.came] == [2, 1]

    async def test_a_new_connection_that_ends_unanswered_is_a_failure(
        self, http: PlainHttp
    ) -> None:
        async with acting([None], [KEPT]) as receiver:
            with pytest.raises(BrokenAnswer):
                await get(http, receiver)
        assert len(receiver.came) == 1

    @pytest.mark.parametrize("some", [b"H", KEPT[:-1], b"HTTP/1.1 100 Continue\r\n\r\n"])
    async def test_it_is_not_sent_again_when_a_byte_came(
        self, http: PlainHttp, some: bytes
    ) -> None:
        async with acting([KEPT, some], [KEPT]) as receiver:
            await get(http, receiver)
            with pytest.raises(BrokenAnswer):
                await get(http, receiver)
        assert len(receiver.came) == 1

    async def test_one_that_is_cut_off(self, http: PlainHttp) -> None:
        """It ends with an error, not with an end."""

        async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections.append(writer)
            await reader.readuntil(b"\r\n\r\n")
            writer.write(KEPT)
            if len(connections) == 1:
                await reader.readuntil(b"\r\n\r\n")
                linger = struct.pack("ii", 1, 0)
                end = writer.get_extra_info("socket")
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.close()

        connections: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(cut, "127.0.0.1", 0)
        receiver = Bytes([], server.sockets[0].getsockname()[1])
        assert [(await get(http, receiver)).body for _ in range(2)] == [b"OK"] * 2
        assert len(connections) == 2
        server.close()


class TestAnswers:
    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 200 OK\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(9000)) + b"\r\n",
            b"HTTP/1.1 200 OK\r\nA: " + b"b" * HEAD_READ,
            b"HTTP/1.1 200 " + b"K" * HEAD_READ,
            b"HTTP/1.1 102 Processing\r\n\r\n" * 3000,
            (
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                + b"A: b\r\n" * HEAD_READ
            ),
        ],
        ids=["many", "long", "a long word", "without an answer", "after the body"],
    )
    async def test_headers_without_bound(
        self, http: PlainHttp, receiver: Receiver, answer: bytes
    ) -> None:
        receiver.answer = answer
        with pytest.raises(LongHead):
            await get(http, receiver)

    async def test_many_headers_that_are_short(self, http: PlainHttp, receiver: Receiver) -> None:
        many = HEAD_READ // len(b"A: b\r\n") - 20
        receiver.answer = (
            b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * many + b"Content-Length: 2\r\n\r\nOK"
        )
        assert len((await get(http, receiver)).headers) == many + 1

    async def test_a_fault_of_ours_is_not_taken_for_the_receivers(
        self, http: PlainHttp, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(self: object) -> None:
            raise LookupError("ours")

        monkeypatch.setattr(plain.Connection, "on_message_complete", fail)
        with pytest.raises(LookupError, match="ours"):
            await get(http, receiver)

    @pytest.mark.parametrize(
        ("answer", "body"),
        [
            (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
            (
                (
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"2\r\nOK\r\n1\r\n!\r\n0\r\n\r\n"
                ),
                b"OK!",
            ),
            (b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nat last", b"at last"),
            (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
            (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (BODY_READ + 9), b"x" * BODY_READ),
        ],
    )
    async def test_a_body_ends_where_it_ends(
        self, http: PlainHttp, receiver: Receiver, answer: bytes, body: bytes
    ) -> None:
        receiver.answer, receiver.ends = answer, True
        came = await get(http, receiver)
        assert (came.status, came.body) == (200, body)

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (b"", "closed before the answer was whole"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHalf", "closed before"),
            (b"HTTP/1.1 101 Switching\r\nUpgrade: tea\r\nConnection: upgrade\r\n\r\n", "protocol"),
            (b"Coffee\r\n\r\n", "HTTP"),
            (
                b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nOK",
                "incorrect header",
            ),
        ],
    )
    async def test_what_is_none(
        self, http: PlainHttp, receiver: Receiver, answer: bytes, words: str
    ) -> None:
        receiver.answer, receiver.ends = answer, True
        with pytest.raises(BrokenAnswer, match=words):
            await get(http, receiver)

    @pytest.mark.parametrize("host", ["a b", "[::1", "a..b"])
    async def test_where_nobody_can_be(
        self, http: PlainHttp, receiver: Receiver, host: str
    ) -> None:
        with pytest.raises(NotAnUrl):
            await get(http, receiver, host)
