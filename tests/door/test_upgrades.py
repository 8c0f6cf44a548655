"""Requests that ask to upgrade: a WebSocket begins where one can be had, any other is answered as
if it had not asked; nothing that a client can send is read for ever."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st

from tests.door.served import App, Served, Wire, answer, read_all, read_until, serving
from twilio_emulator.server.forward_proxy import Forwarding
from twilio_emulator.server.uvicorn_insides import Http, WebSocket
from twilio_emulator.wire.hosts import ProxyRules
from twilio_emulator.wire.immediate import Shown, WholeAnswer

OF_JAVA = (
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AAEAAEAAAAIAAAAB",
)
"""What `java.net.http` asks by for HTTP/2 in clear."""

OF_WEBSOCKETS = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


def asked(
    target: str, *headers: str, method: str = "POST", body: str = "", by: str = "1.1"
) -> bytes:
    head = [f"{method} {target} HTTP/{by}", "Host: localhost", *headers]
    return "\r\n".join([*head, "", body]).encode()


def answer_now(request: Shown) -> WholeAnswer | None:
    """At once, or by the app."""
    return WholeAnswer(201, b"", request.body) if request.path.startswith("/now") else None


@pytest.fixture(scope="module")
def desk(authorities: Path) -> Iterator[Served]:
    with serving(authorities / "upgrades", answer_now=answer_now) as served:
        yield served


@pytest.mark.parametrize("target", ["/x", "http://api.twilio.com/x"])
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_who_asks_for_http_2_is_answered_by_http_1(served: Served, target: str, size: int) -> None:
    request = asked(target, *OF_JAVA, "Content-Length: 5", body="a=b&c")
    chunked = asked(target, *OF_JAVA, "Transfer-Encoding: chunked", body="2\r\nd=\r\n0\r\n\r\n")
    with served.connect() as caller:
        for sent, body in ((request, "a=b&c"), (chunked, "d="), (asked("/y", method="GET"), "")):
            for start in range(0, len(sent), size):
                caller.sendall(sent[start : start + size])
            got = answer(caller)
            assert (got.status, got.json()["body"]) == (200, body)
            assert "upgrade" not in dict(got.json()["headers"])


def test_many_that_ask_for_http_2_at_once(served: Served) -> None:
    request = asked("/x", *OF_JAVA, "Content-Length: 1", body="z")
    with served.connect(request * 500) as caller:
        assert {answer(caller).json()["body"] for _ in range(500)} == {"z"}


@pytest.mark.parametrize("target", ["/now", "/x"])
@pytest.mark.parametrize(
    ("headers", "method", "by"),
    [
        (("Connection: upgrade", "UPGRADE: TLS/1.0"), "POST", "1.1"),
        (("Connection: keep-alive, UPGRADE", "Upgrade: h2c, websocket"), "POST", "1.1"),
        (("Connection: upgrade", "Connection: keep-alive", "Upgrade: websocket"), "POST", "1.1"),
        (OF_WEBSOCKETS, "POST", "1.1"),  # one begins by GET alone
        (OF_WEBSOCKETS, "GET", "1.1"),  # and without a body
    ],
)
def test_what_is_not_spoken_is_as_if_it_were_not_asked_for(
    desk: Served, target: str, headers: tuple[str, ...], method: str, by: str
) -> None:
    request = asked(target, *headers, "Content-Length: 3", method=method, body="a=b", by=by)
    with desk.connect(request * 2 + asked("/now", method="GET")) as caller:
        for _ in range(2):
            assert b"a=b" in answer(caller).body
        assert answer(caller).status in (200, 201)


@pytest.mark.parametrize("target", ["/now", "/x"])
@pytest.mark.parametrize(
    ("headers", "by"),
    [
        (("Connection: close, Upgrade", "Upgrade: h2c"), "1.1"),
        (("Connection: Upgrade", "Upgrade: h2c"), "1.0"),
        (("Connection: Upgrade, keep-alive", "Upgrade: h2c"), "1.0"),
        (OF_WEBSOCKETS, "1.0"),  # RFC 9110 section 7.8: a server must ignore it
        (("Connection: close",), "1.1"),
        (("Connection: keep-alive",), "1.0"),  # which is not kept
    ],
)
def test_nothing_is_done_after_a_request_that_was_to_be_the_last(
    desk: Served, target: str, headers: tuple[str, ...], by: str
) -> None:
    request = asked(target, *headers, "Content-Length: 3", body="a=b", by=by)
    while not desk.app.pieces.empty():
        desk.app.pieces.get()
    with desk.connect(request + asked("/now", method="GET") + asked("/z", method="GET")) as caller:
        assert b"a=b" in answer(caller).body
        assert read_all(caller) == b""
    assert desk.app.pieces.qsize() == (target == "/x")


@pytest.mark.parametrize("before", [b"", asked("/now", method="GET")])
@pytest.mark.parametrize(
    "target", ["api.twilio.com:443", "/", "*", "http://api.twilio.com/", "a:1"]
)
@pytest.mark.parametrize("headers", [(), OF_JAVA, OF_WEBSOCKETS])
def test_a_late_connect_is_refused(
    desk: Served, before: bytes, target: str, headers: tuple[str, ...]
) -> None:
    with desk.tunnel("api.twilio.com:80") as caller:
        caller.sendall(before + asked(target, *headers, method="CONNECT") + before)
        if before:
            assert answer(caller).status == 201
        refused = answer(caller)
        assert (refused.status, refused.body[:7]) == (400, b"CONNECT")
        assert read_all(caller) == b""


@pytest.mark.parametrize("headers", [(), OF_JAVA])
def test_http_2_of_those_who_do_not_ask_is_refused(desk: Served, headers: tuple[str, ...]) -> None:
    with desk.connect(asked("*", *headers, method="PRI", by="2.0", body="SM\r\n\r\n")) as caller:
        assert answer(caller).status == 400
        assert read_all(caller) == b""


def test_a_websocket_begins_when_what_was_asked_before_is_answered(desk: Served) -> None:
    upgrade = asked("/", *OF_WEBSOCKETS, method="GET")
    desk.app.go_on.clear()
    with desk.connect(asked("/stream", method="GET") + upgrade + asked("/now")) as caller:
        got = read_until(caller, b"one")
        desk.app.go_on.set()
        got += read_until(caller, b'"/now"')
        assert b" 101 " not in got  # it would break into an answer
    with desk.connect(asked("/now") + upgrade) as caller:
        assert answer(caller).status == 201
        assert read_until(caller, b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")


def test_a_websocket_elsewhere_is_a_request_with_a_body(served: Served, elsewhere: Served) -> None:
    request = asked(f"{elsewhere.url}/x", *OF_WEBSOCKETS, "Content-Length: 3", body="a=b")
    with served.connect(request * 2) as caller:
        for _ in range(2):
            assert answer(caller).json()["body"] == "a=b"


PIECES = (
    *(b"GET ", b"POST ", b"CONNECT ", b"PRI * ", b"OPTIONS ", b"HEAD "),
    *(b"/now", b"/x", b"*", b"a:1", b"http://localhost:8008/now", b"ftp://a/", b"/#", b"?\xff"),
    *(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b" HTTP/2.0\r\n", b" RTSP/1.0\r\n", b" HTTP/0.9\r\n"),
    *(b"Host: localhost\r\n", b"Connection: upgrade\r\n", b"connection: close, Upgrade\r\n"),
    *(
        b"Upgrade: h2c\r\n",
        b"uPGRADE: websocket\r\n",
        b"Connection: keep-alive\r\n",
        b" folded\r\n",
    ),
    *(b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n"),
    *("\r\n".join((*OF_WEBSOCKETS, "")).encode(), "\r\n".join((*OF_JAVA, "")).encode()),
    *(b"\r\n", b"\n", b"abc", b"3\r\nabc\r\n", b"0\r\n\r\n", b"SM\r\n\r\n", b"\x00", b"\x16", b":"),
    *(asked("/now", *OF_JAVA), asked("/x", *OF_JAVA, "Content-Length: 3", body="abc")),
    *(asked("/now", method="GET"), asked("a:1", *OF_JAVA, method="CONNECT")),
)


class Counted(Http):
    """Counts how often it reads."""

    steps = most = 0

    def _feed(self, data: bytes) -> bytes | None:
        self.steps += 1
        assert self.steps <= self.most
        return super()._feed(data)


def read_in(pieces: list[bytes], asks: Callable[[Shown], WholeAnswer | None]) -> None:
    """Read these pieces, in no more steps than there are pieces and lines."""
    wire = Wire("127.0.0.1")

    async def call() -> None:
        app: Any = Forwarding(App())
        config = uvicorn.Config(app, ws=WebSocket, log_config=None)
        config.load()
        state = uvicorn.Server(config).server_state
        loop = asyncio.get_running_loop()
        http = Counted(config, state, {}, loop, ProxyRules(only_twilio=True), asks)
        http.most = len(pieces) + b"".join(pieces).count(b"\n")
        wire.set_protocol(http)
        http.connection_made(wire)
        for piece in pieces:
            if wire.closing or wire.protocol is not http:
                break
            http.data_received(piece)
        for _ in range(100):
            await asyncio.sleep(0)
        for task in state.tasks:
            task.cancel()
        wire.protocol.connection_lost(None)

    asyncio.run(call())


@given(
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=24),
    st.lists(st.integers(1, 40), max_size=8),
)
def test_whatever_comes_is_read_once(sent: list[bytes], cuts: list[int]) -> None:
    asks: list[Shown] = []

    def asks_for(request: Shown) -> WholeAnswer | None:
        asks.append(request)
        return answer_now(request)

    whole = b"".join(sent)
    read_in([whole] if whole else [], asks_for)
    at_once, asks[:] = asks[:], []
    cut = []
    for size in cuts:
        cut.append(whole[:size])
        whole = whole[size:]
    read_in([piece for piece in (*cut, whole) if piece], asks_for)
    assert asks == at_once
