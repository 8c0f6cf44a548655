"""What cannot be read is refused in one line after the answers that are under way; what is our own
fault is a 500 with a traceback in our log, and the connection goes on where it can."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.door.served import Answer, Served, answer, read_all, read_until, serving
from twilio_emulator.server import uvicorn_insides
from twilio_emulator.server.request_bounds import LARGEST_HEAD, LONGEST_TARGET, MOST_HEADERS
from twilio_emulator.wire.immediate import Shown, WholeAnswer


def answer_now(request: Shown) -> WholeAnswer | None:
    if request.path == "/broken":
        raise LookupError("ours")
    if not request.path.startswith("/now"):
        return None
    return WholeAnswer(201, b"x-from: the counter\r\n", json.dumps(request.path).encode())


@pytest.fixture(scope="module")
def desk(authorities: Path) -> Iterator[Served]:
    with serving(authorities / "unreadable", answer_now=answer_now) as served:
        yield served


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def all_of(desk: Served, *pieces: bytes, count: int) -> list[Answer]:
    """That many answers to what is sent, after which the connection ends."""
    with desk.connect(*pieces) as connection:
        answers = [answer(connection) for _ in range(count)]
        assert read_all(connection) == b""
    return answers


STATUS = re.compile(rb"HTTP/1.1 ([0-9]+)")
GARBAGE = b"no HTTP at all\r\n\r\n"
MANY = tuple(f"A{n}: b" for n in range(MOST_HEADERS))


class TestBounds:
    @pytest.mark.parametrize("path", ["/now", "/later", "http://api.twilio.com/now"])
    @pytest.mark.parametrize(
        ("asked", "status", "words"),
        [
            (("", f"A: {'b' * LARGEST_HEAD}"), 431, "Headers longer than 65536 bytes"),
            (("", *(f"A: {'b' * 999}" for _ in range(70))), 431, "Headers longer than"),
            (("", *MANY), 431, "More than 500 headers"),
            (("?" + "a" * LONGEST_TARGET,), 414, "A URL longer than 32768 bytes"),
        ],
    )
    def test_a_head_that_is_too_long(
        self, desk: Served, path: str, asked: tuple[str, ...], status: int, words: str
    ) -> None:
        said = get(path + asked[0], *asked[1:])
        (whole,) = all_of(desk, said, count=1)
        assert whole.status == status
        assert whole.body.decode().startswith(words)
        assert whole.body.count(b"\n") == 1

    @pytest.mark.parametrize("start", [b"GET /", b"GET / HTTP/1.1\r\nA: ", b"\r\n" * 10])
    def test_a_head_that_does_not_end(self, desk: Served, start: bytes) -> None:
        more = b"\r\n" if start.startswith(b"\r") else b"b"
        with desk.connect(start) as connection:
            for _ in range(LARGEST_HEAD // 4096 + 1):
                connection.sendall(more * (4096 // len(more)))
            assert answer(connection).status == 431

    def test_a_body_is_no_head(self, desk: Served) -> None:
        body = b"x" * 3 * LARGEST_HEAD
        asked = get("/now", f"Content-Length: {len(body)}").replace(b"GET", b"POST", 1)
        with desk.connect(asked + body, get("/now")) as connection:
            assert len(answer(connection).json()["body"]) == len(body)
            assert answer(connection).status in (200, 201)

    def test_neither_are_many_requests(self, desk: Served) -> None:
        asked = get("/now")
        count = 2 * LARGEST_HEAD // len(asked)
        with desk.connect() as connection:
            for _ in range(20):
                connection.sendall(asked * (count // 20))
                for _ in range(count // 20):
                    assert answer(connection).status in (200, 201)

    def test_a_trailer_without_end(self, desk: Served) -> None:
        asked = get("/later", "Transfer-Encoding: chunked").replace(b"GET", b"POST", 1)
        with desk.connect(asked + b"1\r\nx\r\n0\r\n") as connection:
            for _ in range(6 * LARGEST_HEAD // 4096):  # what came with the body is not counted
                connection.sendall(b"A: b\r\n" * (4096 // 6))
            assert answer(connection).status == 431

    def test_what_is_just_allowed(self, desk: Served) -> None:
        with desk.connect(get("/now?" + "a" * 9000, *MANY[1:])) as connection:
            assert answer(connection).status == 201


class TestWhatIsNoHttp:
    @pytest.mark.parametrize(
        "asked",
        [
            GARBAGE,
            get("/later#\xff"),
            get("ftp://example.com/"),
            get("http://"),
            get("http://example.com:99999/"),
            get("example.com"),
        ],
    )
    def test_it_is_refused_in_one_line(
        self, desk: Served, caplog: pytest.LogCaptureFixture, asked: bytes
    ) -> None:
        (whole,) = all_of(desk, asked, count=1)
        assert whole.status == 400
        assert whole.body.count(b"\n") == 1
        assert [
            each.levelno
            for each in caplog.records
            if each.name == "twilio_emulator.server.uvicorn_insides"
        ] == [logging.WARNING]

    @pytest.mark.parametrize("path", ["/now", "/later"])
    def test_after_the_answers_before_it(self, desk: Served, path: str) -> None:
        answers = all_of(desk, get(path) * 3 + GARBAGE, GARBAGE, count=4)
        assert [each.status for each in answers] == [201 if path == "/now" else 200] * 3 + [400]

    def test_after_one_that_takes_its_time(self, desk: Served) -> None:
        desk.app.go_on.clear()
        with desk.connect(get("/stream") + get("/later") + GARBAGE, GARBAGE) as connection:
            got = read_until(connection, b"one")
            desk.app.go_on.set()
            got += read_all(connection)
        assert STATUS.findall(got) == [b"200", b"200", b"400"]
        assert got.index(b"two") < got.index(b"/later")

    def test_in_the_middle_of_a_body(self, desk: Served) -> None:
        asked = get("/later", "Transfer-Encoding: chunked").replace(b"GET", b"POST", 1)
        (whole,) = all_of(desk, asked + b"1\r\nx\r\n", b"no number\r\n", count=1)
        assert whole.status == 400

    def test_in_the_middle_of_a_body_that_waits_for_its_turn(self, desk: Served) -> None:
        asked = get("/later", "Transfer-Encoding: chunked").replace(b"GET", b"POST", 1)
        desk.app.go_on.clear()
        with desk.connect(get("/stream") + asked + b"1\r\nx\r\nno number\r\n") as connection:
            got = read_until(connection, b"one")
            desk.app.go_on.set()
            got += read_all(connection)
        assert STATUS.findall(got) == [b"200", b"400"]
        assert got.index(b"two") < got.index(b"Invalid HTTP")


class TestFaultsOfOurs:
    def test_at_the_counter(self, desk: Served, caplog: pytest.LogCaptureFixture) -> None:
        asked = get("/now/1") + get("/broken") + get("/now/2")
        with desk.connect(asked) as connection:
            connection.sendall(get("/later"))
            answers = [answer(connection) for _ in range(4)]
        assert [each.status for each in answers] == [201, 500, 201, 200]
        assert answers[1].body == b"A fault of ours: our log says more.\n"
        (record,) = [each for each in caplog.records if each.exc_info]
        assert record.message == "GET /broken failed"
        assert "LookupError: ours" in caplog.text
        caplog.clear()

    @pytest.mark.parametrize("path", ["/now", "/later"])
    def test_while_a_request_is_read(
        self,
        desk: Served,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        path: str,
    ) -> None:
        def fail(*_: object) -> None:
            raise LookupError("ours")

        broken = uvicorn_insides.Http if path == "/now" else uvicorn_insides.HttpToolsProtocol
        monkeypatch.setattr(broken, "on_headers_complete", fail)
        (whole,) = all_of(desk, get(path), count=1)
        assert whole.status == 500
        assert "LookupError: ours" in caplog.text
        caplog.clear()
