"""What needs no waiting is answered at once; whatever else goes on to the app unchanged."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from starlette.applications import Starlette
from uvicorn.config import Config
from uvicorn.server import ServerState

from tests.door.served import Answer, Served, answer, read_until, serving
from twilio_emulator.server import uvicorn_insides
from twilio_emulator.server.uvicorn_insides import Http
from twilio_emulator.wire.hosts import ProxyRules
from twilio_emulator.wire.immediate import Begun, Later, Scope, Send, Shown, WholeAnswer
from twilio_emulator.wire.requests import Receive

shown: list[Shown] = []
begun: list[str] = []


class Time:
    """The loop and the transport of one connection, whose time the test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.closed = False

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, what: Callable[[], None]) -> "Timer":
        timer = (self.now + seconds, what)
        self.due.append(timer)
        return Timer(self, timer)

    def move_to(self, now: float) -> None:
        while self.due and min(self.due)[0] <= now:
            timer = min(self.due)
            self.due.remove(timer)
            self.now = timer[0]
            timer[1]()
        self.now = now

    def write(self, data: bytes) -> None:
        """Nobody reads it."""

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        """Nothing more comes by itself."""

    resume_reading = pause_reading


@dataclass
class Timer:
    time: Time
    timer: tuple[float, Callable[[], None]]

    def cancel(self) -> None:
        if self.timer in self.time.due:
            self.time.due.remove(self.timer)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def connection(time: Time) -> Http:
    """A connection that is closed when nothing has come for 5 seconds."""
    config = Config(Starlette(), ws="none", timeout_keep_alive=5, log_config=None)
    loop = cast(asyncio.AbstractEventLoop, time)
    connection = Http(config, ServerState(), {}, loop, ProxyRules(), answer_now)
    connection.connection_made(cast(asyncio.Transport, time))
    return connection


def answer_now(request: Shown) -> WholeAnswer | Later | None:
    shown.append(request)
    if request.path.startswith("/begun"):
        return begin(request)
    if not request.path.startswith("/now"):
        return None
    said = {"method": request.method, "body": request.body.decode(), "scheme": request.scheme}
    return WholeAnswer(201, b"x-from: the counter\r\n", json.dumps(said).encode())


def begin(request: Shown) -> Later:
    """What answers the rest of a request that waits for a task, and then a while in it."""
    begun.append(request.path)

    async def respond() -> bytes:
        await asyncio.sleep(0)
        async with asyncio.timeout(60):  # which is only in a task
            await asyncio.sleep(0.001)
        return request.body

    responding = respond()
    responding.send(None)

    async def answer_the_rest(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Begun(responding)
        headers = [(b"x-from", b"what was begun"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 202, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer_the_rest


@pytest.fixture(scope="module")
def desk(authorities: Path) -> Iterator[Served]:
    """A server whose requests below `/now` are answered at once."""
    with serving(authorities / "desk", answer_now=answer_now) as served:
        yield served


@pytest.fixture(autouse=True)
def fresh() -> None:
    shown.clear()
    begun.clear()


def request(
    method: str = "POST", path: str = "/now", body: bytes = b"", *headers: str, version: str = "1.1"
) -> bytes:
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def header(said: Answer, name: str) -> str:
    return dict(said.headers)[name]


def ask(desk: Served, *pieces: bytes) -> Answer:
    with desk.connect(*pieces) as connection:
        return answer(connection)


def test_an_answer_at_once(desk: Served) -> None:
    said = ask(desk, request(body=b"a=1"))
    assert said.status == 201
    assert said.json() == {"method": "POST", "body": "a=1", "scheme": "http"}
    assert header(said, "x-from") == "the counter"
    assert header(said, "content-length") == str(len(said.body))
    assert header(said, "date")


def test_what_is_shown(desk: Served) -> None:
    ask(desk, request("GET", "/now/a%2Fb?x=%20y", b"", "X-Odd: 1", "x-odd: 2"))
    (seen,) = shown
    assert (seen.method, seen.path, seen.query, seen.body) == ("GET", "/now/a%2Fb", b"x=%20y", b"")
    assert seen.headers[b"x-odd"] == b"2"


def test_a_connection_goes_on(desk: Served) -> None:
    with desk.connect() as connection:
        for path, status in (("/now", 201), ("/later", 200), ("/now", 201), ("/later", 200)):
            connection.sendall(request(path=path, body=b"x"))
            assert answer(connection).status == status


def test_a_body_in_pieces(desk: Served) -> None:
    whole = request(body=b"a=1&b=2")
    said = ask(desk, *(whole[at : at + 1] for at in range(len(whole))))
    assert said.json()["body"] == "a=1&b=2"


@pytest.mark.parametrize("body", [b"", b"x=1"])
def test_what_has_to_wait_is_the_apps_with_all_that_it_is(desk: Served, body: bytes) -> None:
    said = ask(desk, request("PUT", "/later?q=1", body, "X-Odd: 1"))
    assert (said.status, header(said, "x-from")) == (200, "the app")
    told = said.json()
    assert (told["method"], told["path"], told["query"]) == ("PUT", "/later", "q=1")
    assert told["body"] == body.decode()
    assert ["x-odd", "1"] in told["headers"]


def test_what_is_begun_is_gone_on_with_and_not_begun_anew(desk: Served) -> None:
    paths = ("/begun/1", "/now", "/begun/2", "/later", "/now", "/begun/3")
    with desk.connect() as connection:
        for path in paths:
            connection.sendall(request(path=path, body=b"x=1"))
            said = answer(connection)
            if path.startswith("/begun"):
                assert (said.status, said.body) == (202, b"x=1")
                assert header(said, "x-from") == "what was begun"
    assert begun == ["/begun/1", "/begun/2", "/begun/3"]


def test_what_is_begun_holds_up_what_follows(desk: Served) -> None:
    paths = ("/begun/1", "/now", "/begun/2", "/later")
    with desk.connect(b"".join(request(path=path) for path in paths)) as connection:
        statuses = [answer(connection).status for _ in paths]
    assert statuses[0] == 202
    assert begun == ["/begun/1"]


def test_what_is_begun_harms_nobody_when_its_client_leaves(desk: Served) -> None:
    with desk.connect(request(path="/begun", body=b"x")) as connection:
        connection.shutdown(socket.SHUT_RDWR)
    with desk.connect(request(path="/begun", body=b"y")) as connection:
        assert answer(connection).body == b"y"


def test_a_large_body_is_the_apps(desk: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn_insides, "LARGEST_BODY", 4)
    said = ask(desk, request(body=b"123"), b"")
    assert header(said, "x-from") == "the counter"
    body = b"x" * 100_000
    said = ask(desk, request(body=body)[:-50_000], b"x" * 50_000)
    assert header(said, "x-from") == "the app"
    assert said.json()["body"] == body.decode()
    assert len(shown) == 1


def test_requests_in_one_piece_are_answered_in_order(desk: Served) -> None:
    paths = ("/now/1", "/later/2", "/now/3", "/later/4")
    with desk.connect(b"".join(request("GET", path) for path in paths)) as connection:
        statuses = [answer(connection).status for _ in paths]
    assert statuses == [201, 200, 200, 200]


def test_a_head_has_no_body(desk: Served) -> None:
    with desk.connect(request("HEAD"), request("GET")) as connection:
        head = read_until(connection, b"\r\n\r\n")
        assert b"HTTP/1.1 201" in head
        assert b"content-length: 4" in head
        assert answer(connection).json()["method"] == "GET"


@pytest.mark.parametrize(
    ("headers", "version"),
    [(["Connection: close"], "1.1"), ([], "1.0"), (["Connection: keep-alive"], "1.0")],
)
def test_a_connection_that_ends(desk: Served, headers: list[str], version: str) -> None:
    with desk.connect(request("GET", "/now", b"", *headers, version=version)) as connection:
        said = answer(connection)
        assert (said.status, header(said, "connection")) == (201, "close")
        assert connection.recv(1) == b""


def test_a_client_that_waits_for_permission_gets_it(desk: Served) -> None:
    asked = request(body=b"a=1").replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n", 1)
    head, _, body = asked.partition(b"\r\n\r\n")
    with desk.connect(head + b"\r\n\r\n") as connection:
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert header(answer(connection), "x-from") == "the app"


@pytest.mark.parametrize("target", ["http://api.twilio.com/now", "/now#part"])
def test_other_forms_of_a_target_are_the_apps(desk: Served, target: str) -> None:
    assert header(ask(desk, request("GET", target)), "x-from") == "the app"
    assert shown == []


def test_inside_tls(desk: Served) -> None:
    with desk.secure("api.twilio.com") as connection:
        connection.sendall(request("GET"))
        assert answer(connection).json()["scheme"] == "https"


def test_a_client_that_leaves_in_the_middle_harms_nobody(desk: Served) -> None:
    with desk.connect(request(body=b"123456")[:-3]) as connection:
        connection.shutdown(socket.SHUT_RDWR)
    assert ask(desk, request("GET")).status == 201


def test_a_connection_is_closed_when_nothing_has_come_for_long(
    time: Time, connection: Http
) -> None:
    connection.data_received(request("GET"))
    time.move_to(3)
    connection.data_received(request("GET"))
    time.move_to(7.9)
    assert (len(shown), time.closed) == (2, False)
    time.move_to(8)
    assert (time.closed, time.due) == (True, [])


def test_a_connection_with_half_a_request_stays(time: Time, connection: Http) -> None:
    asked = request(body=b"a=1")
    connection.data_received(request("GET") + asked[:-1])
    time.move_to(60)
    assert not time.closed
    connection.data_received(asked[-1:])
    time.move_to(64.9)
    assert (len(shown), time.closed) == (2, False)
    time.move_to(65)
    assert time.closed


def test_uvicorns_answers_begin_the_wait_anew(time: Time, connection: Http) -> None:
    connection.data_received(request("GET"))
    time.move_to(3)
    connection.on_response_complete()
    time.move_to(7.9)
    assert (len(time.due), time.closed) == (1, False)
    time.move_to(8)
    assert time.closed


def test_a_connection_that_is_lost_has_no_timer(time: Time, connection: Http) -> None:
    connection.data_received(request("GET"))
    connection.connection_lost(None)
    assert time.due == []
