import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from twilio_emulator.control import exchange
from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.runtime.clock_driver import Pace
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.hosted import Hosted, News

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Wish(Fields):
    """What somebody may say."""

    names: tuple[str, ...] = ()
    count: int = 1
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Greet:
    """Say hello."""

    name: str
    loudly: bool = False


class Desk:
    """Some calls, asked without a server."""

    def __init__(self, gate: Gate) -> None:
        self.hosted = Hosted(gate=gate, pace=Pace(gate), news=News())
        self.controls = Controls("/api", self.find)
        self.gone = asyncio.Event()
        self.sent: list[Any] = []

    def find(self, account: str | None) -> Hosted | None:
        return self.hosted if account in (None, "AC1") else None

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        query: bytes = b"",
        pieces: Iterable[bytes | None] | None = None,
    ) -> Any:
        """The body of the answer, from JSON; its start and pieces are kept."""
        arriving: list[bytes | None] = list(pieces or [body])
        self.sent = []

        async def receive() -> dict[str, Any]:
            if arriving:
                piece = arriving.pop(0)
                if piece is None:
                    return {"type": "http.disconnect"}
                return {"type": "http.request", "body": piece, "more_body": bool(arriving)}
            await self.gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            self.sent.append(message)

        scope = {"method": method, "query_string": query, "headers": [(b"x-name", b"x")]}
        await self.controls.answer(path, scope, receive, send, [(b"x-extra", b"1")])
        answer = b"".join(piece["body"] for piece in self.sent[1:])
        headers = dict(self.sent[0]["headers"])
        return (
            msgspec.json.decode(answer)
            if headers.get(b"content-type") == b"application/json"
            else answer
        )

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


@pytest.fixture
def desk(gate: Gate) -> Desk:
    desk = Desk(gate)

    @desk.controls.on("POST", "/wishes/{kind}", "call_1", "Does something.", body=Wish)
    async def wish(control: Control) -> Reply:
        said = control.body(Wish)
        return json_reply(
            {
                "kind": control.said["kind"],
                "names": said.names,
                "header": control.headers[b"x-name"].decode(),
                "account": control.account_sid,
            },
            201,
        )

    @desk.controls.on("GET", "/wishes/{kind}", "call_2", "Does something.", query=Wish)
    async def show(control: Control) -> Reply:
        said = control.query(Wish)
        return json_reply([said.count, said.text])

    @desk.controls.on(
        "POST", "/greetings/{name}", "call_3", "Does something.", body=Greet, without=("name",)
    )
    async def greet(control: Control) -> Reply:
        wish = control.command(Greet, name=control.said["name"])
        return json_reply([wish.name, wish.loudly])

    @desk.controls.on("DELETE", "/wishes", "call_4", "Does something.")
    async def forget(control: Control) -> Reply:
        return NOTHING

    @desk.controls.on("GET", "/refused", "call_5", "Does something.")
    async def refuse(control: Control) -> Reply:
        raise Refused(NOT_FOUND, resource="it")

    @desk.controls.on("GET", "/mistaken", "call_6", "Does something.")
    async def mistake(control: Control) -> Reply:
        raise Mistaken("nothing came", 408, {"saw": [1]})

    @desk.controls.on("GET", "/broken", "call_7", "Does something.")
    async def break_down(control: Control) -> Reply:
        raise ZeroDivisionError("a fault of ours")

    return desk


async def test_json_both_ways(desk: Desk) -> None:
    answer = await desk.ask("POST", "/wishes/big%20ones", b'{"names": ["a", "b"]}')
    assert desk.status == 201
    assert answer == {
        "kind": "big ones",
        "names": ["a", "b"],
        "header": "x",
        "account": desk.hosted.world.account_sid,
    }
    assert desk.headers == {
        b"content-type": b"application/json",
        b"content-length": str(len(msgspec.json.encode(answer))).encode(),
        b"cache-control": b"no-store",
        b"x-extra": b"1",
    }


async def test_an_empty_body_says_nothing(desk: Desk) -> None:
    assert (await desk.ask("POST", "/wishes/x"))["names"] == []


async def test_a_body_in_pieces(desk: Desk) -> None:
    answer = await desk.ask("POST", "/wishes/x", pieces=[b'{"names"', b": [", b'"a"]}'])
    assert answer["names"] == ["a"]


async def test_a_body_that_is_too_large(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LARGEST_BODY", 5)
    answer = await desk.ask("POST", "/wishes/x", pieces=[b"123", b"456"])
    assert answer == {"status": 413, "message": "body: expected at most 5 bytes"}


async def test_an_account_is_asked_for(desk: Desk) -> None:
    answer = await desk.ask("POST", "/wishes/x", query=b"account=AC1")
    assert answer["account"] == "AC1"
    answer = await desk.ask("POST", "/wishes/x", query=b"account=AC2")
    assert answer == {"status": 404, "message": "query account: there is no account AC2"}


async def test_a_query_string_is_read_like_a_form(desk: Desk) -> None:
    assert await desk.ask("GET", "/wishes/x", query=b"co%75nt=%32&text=a+b%2B&") == [
        2,
        "a b+",
    ]
    assert await desk.ask("GET", "/wishes/x") == [1, ""]


async def test_a_command_from_path_and_body(desk: Desk) -> None:
    assert await desk.ask("POST", "/greetings/ann", b'{"loudly": true}') == ["ann", True]
    assert await desk.ask("POST", "/greetings/ann") == ["ann", False]


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/wishes/x", b'{"names": ["a", 7]}', "body names[1]: Expected str, got int"),
        ("/wishes/x", b'{"nams": []}', "body: Object contains unknown field nams"),
        (
            "/wishes/x",
            rb'{"text": "\ud83d"}',
            r"body: expected JSON, but \ud83d at byte 10 is half of a character",
        ),
        ("/wishes/x", b"{", "body: expected JSON, but it is not well-formed"),
        ("/wishes/x", b"\xff\xfe", "body: expected JSON, but byte 0 is no UTF-8"),
        ("/wishes/x", b'{"names": ["\xff"]}', "body: "),
        ("/greetings/ann", b'{"loudly": 1}', "body loudly: Expected bool, got int"),
        ("/greetings/ann", b'{"name": "bob"}', "body: expected no field name, but some of loudly"),
    ],
)
async def test_what_is_wrong_is_one_line_that_names_the_place(
    desk: Desk, path: str, body: bytes, message: str
) -> None:
    answer = await desk.ask("POST", path, body)
    assert answer["status"] == desk.status == 400
    assert answer["message"].startswith(message)
    assert "\n" not in answer["message"]


async def test_a_query_that_is_wrong(desk: Desk) -> None:
    answer = await desk.ask("GET", "/wishes/x", query=b"count=many")
    assert answer == {"status": 400, "message": "query count: Expected int, got str"}


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/nothing", 404, "no such call: GET /api/nothing"),
        (
            *("GET", "/wish/hat%20y", 404),
            "no such call: GET /api/wish/hat%20y (did you mean /wishes/hat%20y?)",
        ),
        ("GET", "/Wishes", 404, "no such call: GET /api/Wishes (did you mean /wishes?)"),
        (
            *("GET", "/wishes/x/y", 404),
            "no such call: GET /api/wishes/x/y (did you mean /wishes?)",
        ),
        ("GET", "/wishes/", 404, "no such call: GET /api/wishes/ (did you mean /wishes?)"),
        ("PUT", "/wishes/x", 405, "/api/wishes/{kind} knows POST and GET, not PUT"),
    ],
)
async def test_what_is_not_there(
    desk: Desk, method: str, path: str, status: int, message: str
) -> None:
    answer = await desk.ask(method, path)
    assert answer == {"status": status, "message": message}
    assert desk.status == status


async def test_what_a_path_knows_is_said_with_the_refusal_of_another_method(desk: Desk) -> None:
    await desk.ask("PUT", "/wishes/x")
    assert desk.headers[b"allow"] == b"POST, GET, HEAD"
    await desk.ask("GET", "/nothing")
    assert b"allow" not in desk.headers


async def test_nothing_to_say(desk: Desk) -> None:
    assert await desk.ask("DELETE", "/wishes") == b""
    assert desk.status == 204
    assert desk.headers == {b"x-extra": b"1", b"cache-control": b"no-store"}


async def test_a_refusal_of_the_core(desk: Desk) -> None:
    answer = await desk.ask("GET", "/refused")
    assert answer == {
        "status": 404,
        "code": 20404,
        "message": "The requested resource /api/refused was not found",
    }


async def test_what_else_a_mistake_says(desk: Desk) -> None:
    answer = await desk.ask("GET", "/mistaken")
    assert answer == {"status": 408, "message": "nothing came", "saw": [1]}


async def test_a_fault_of_ours_is_logged_and_not_shown(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="twilio_emulator"):
        answer = await desk.ask("GET", "/broken")
    assert answer == {"status": 500, "message": "a fault of ours: see the log"}
    assert "GET /api/broken failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_every_call_is_listed(desk: Desk) -> None:
    listed = [(call.method, call.path) for call in desk.controls.calls]
    assert listed[:2] == [("POST", "/wishes/{kind}"), ("GET", "/wishes/{kind}")]


async def test_a_caller_who_leaves_ends_what_a_get_waits_for(desk: Desk) -> None:
    ended = asyncio.Event()
    begun = asyncio.Event()

    @desk.controls.on("GET", "/for-ever", "call_8", "Does something.")
    async def wait(control: Control) -> Reply:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    asking = asyncio.ensure_future(desk.ask("GET", "/for-ever"))
    await begun.wait()
    desk.gone.set()
    await asking
    assert ended.is_set()
    assert desk.status == 204


async def test_a_caller_who_leaves_does_not_undo_what_a_post_has_begun(desk: Desk) -> None:
    done = asyncio.Event()

    @desk.controls.on("POST", "/long", "call_9", "Does something.")
    async def work(control: Control) -> Reply:
        desk.gone.set()
        await asyncio.sleep(0)
        done.set()
        return NOTHING

    await desk.ask("POST", "/long")
    assert done.is_set()


async def test_an_answer_in_pieces(desk: Desk) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    @desk.controls.on("GET", "/pieces", "call_10", "Does something.")
    async def tell(control: Control) -> Reply:
        return Reply(content_type=b"text/plain", pieces=pieces())

    assert await desk.ask("GET", "/pieces") == b"one two"
    assert b"content-length" not in desk.headers
    assert [piece.get("more_body", False) for piece in desk.sent[1:]] == [True, True, False]


async def test_a_caller_who_leaves_ends_the_pieces(desk: Desk) -> None:
    ended = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            yield b"one "
            desk.gone.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    @desk.controls.on("GET", "/pieces", "call_11", "Does something.")
    async def tell(control: Control) -> Reply:
        return Reply(content_type=b"text/plain", pieces=pieces())

    assert await desk.ask("GET", "/pieces") == b"one "
    assert ended.is_set()


async def test_pieces_that_fail_are_for_the_server_to_tell(desk: Desk) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        raise LookupError("ours")

    @desk.controls.on("GET", "/pieces", "call_12", "Does something.")
    async def tell(control: Control) -> Reply:
        return Reply(content_type=b"text/plain", pieces=pieces())

    with pytest.raises(LookupError, match="ours"):
        await desk.ask("GET", "/pieces")


@pytest.mark.parametrize("pieces", [[None], [b'{"names": []}', None]])
async def test_half_a_body_is_no_call(desk: Desk, pieces: list[bytes | None]) -> None:
    answer = await desk.ask("POST", "/wishes/x", pieces=pieces)
    assert (desk.status, answer["message"]) == (400, "body: it broke off")
