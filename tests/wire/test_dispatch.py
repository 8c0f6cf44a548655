import asyncio
import base64
import gc
import json
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.wire.conftest import ACCOUNT, SERVICE
from twilio_emulator.core.conversations.resources import Services
from twilio_emulator.core.conversations.services import find_service
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import CONFLICT, Refused
from twilio_emulator.core.kernel.world import Origin, World
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire import credentials, dispatch
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.dispatch import Dispatch
from twilio_emulator.wire.immediate import Later, WholeAnswer
from twilio_emulator.wire.logins import Login
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.request_log import Requested
from twilio_emulator.wire.requests import Asked
from twilio_emulator.wire.twilio_hosts import Site

SITE = Site("https://shop.twilio.com", "https://")


@command
class Buy:
    """A command of these tests."""

    service: str
    account: str
    item: str
    thing: str = ""
    colours: tuple[str, ...] = ()

    def apply(self, world: World) -> "Buy":
        if self.item == "air":
            raise Refused(CONFLICT)
        return self


@command
class Discard:
    """Another command of these tests."""

    thing: str

    def apply(self, world: World) -> None:
        world.tell(self)


def look(it: Any, call: Call) -> dict[str, object]:
    return {
        "item": it.item,
        "thing": it.thing,
        "colours": it.colours,
        "account": it.account,
        "service": it.service,
        "loud": call.loud,
        "origin": call.origin.webhooks,
        "url": f"{call.root}/Things",
        "service_form": call.service_form,
        "resource": call.resource,
    }


def find_thing(world: World, *, service: str, account: str, thing: str, item: str = "") -> Buy:
    if thing == "broken":
        raise ValueError("a fault of ours")
    if thing == "unwritable":
        item = "\ud83d"
    return Buy(service=service, account=account, item=item, thing=thing)


@dataclass
class Response:
    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Ask = Callable[..., Any]


class Shop:
    """A dispatch with one API, asked without a server."""

    def __init__(self, gate: Gate) -> None:
        api = Api("shop.twilio.com", "v1", largest_body=100, find_service=find_service)
        api.collection("/Things", "/{thing}", look, create=Buy, fetch=find_thing, delete=Discard)

        @api.operation("POST", "/Echo", where=ROOT)
        async def echo(call: Call) -> Answer:
            return Answer(200, {"body": call.body.decode("latin-1"), "form": call.form})

        @api.operation("POST", "/Bytes", where=ROOT)
        async def give(call: Call) -> Answer:
            return Answer(200, call.body, "image/png")

        self.asked: list[tuple[str, str]] = []
        self.strangers: list[str] = []
        self.gate = gate
        self.dispatch = Dispatch(self.find_login, self.find_gate, [api])

    def find_login(self, user: str, password: str) -> Login | None:
        self.asked.append((user, password))
        return Login(self.gate, ACCOUNT) if (user, password) == (ACCOUNT, "secret") else None

    def find_gate(self, user: str) -> Gate:
        self.strangers.append(user)
        return self.gate

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        query: bytes = b"",
        user: str | None = f"{ACCOUNT}:secret",
        headers: Iterable[tuple[bytes, bytes]] = (),
        product: str = "shop",
        pieces: Iterable[bytes | None] | None = None,
    ) -> Response:
        arriving: list[bytes | None] = list(pieces or [body])
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            piece = arriving.pop(0)
            if piece is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": piece, "more_body": bool(arriving)}

        async def send(message: Any) -> None:
            sent.append(message)

        sent_with = list(headers)
        if user is not None:
            sent_with.insert(0, (b"authorization", b"Basic " + base64.b64encode(user.encode())))
        scope = {"method": method, "query_string": query, "headers": sent_with}
        await self.dispatch.answer(product, SITE, path, scope, receive, send)
        start, content = sent
        return Response(start["status"], dict(start["headers"]), content["body"])


@pytest.fixture
def shop(gate: Gate) -> Shop:
    return Shop(gate)


pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_command_from_a_form(shop: Shop) -> None:
    answer = await shop.ask("POST", "/v1/Things", b"Item=a+%C3%A9&Colours=red&Colours=&Other=1")
    assert answer.status == 201
    assert answer.json == {
        "item": "a é",
        "thing": "",
        "colours": ["red", ""],
        "account": ACCOUNT,
        "service": SERVICE,
        "loud": False,
        "origin": False,
        "url": "https://shop.twilio.com/v1/Things",
        "service_form": False,
        "resource": "/v1/Things",
    }
    assert answer.headers[b"content-type"] == b"application/json"
    assert answer.headers[b"content-length"] == b"%d" % len(answer.body)
    assert answer.headers[b"twilio-request-id"].startswith(b"RQ")
    assert len(answer.headers[b"twilio-request-id"]) == 34


async def test_requests_are_numbered_without_a_draw_from_the_world(shop: Shop, gate: Gate) -> None:
    drawn = gate.world.sids.drawn, gate.world.dice.drawn
    answers = [await shop.ask("POST", path, b"Item=x") for path in ("/v1/Things", "/v1/Nothings")]
    assert [answer.status for answer in answers] == [201, 404]
    noted = [e.content.sid for e in gate.log.after(0) if isinstance(e.content, Requested)]
    assert noted == [answer.headers[b"twilio-request-id"].decode() for answer in answers]
    first = noted[0]
    assert noted == [first, f"{first[:-1]}2"]
    assert drawn == (gate.world.sids.drawn, gate.world.dice.drawn)


async def test_the_service_form(shop: Shop) -> None:
    answer = await shop.ask("POST", f"/v1/Services/{SERVICE}/Things", b"Item=x")
    assert answer.json["service_form"] is True
    assert answer.json["url"] == f"https://shop.twilio.com/v1/Services/{SERVICE}/Things"
    for other in ("IS" + "9" * 32, "nonsense"):
        assert (await shop.ask("POST", f"/v1/Services/{other}/Things", b"Item=x")).status == 404


async def test_a_service_that_no_product_knows_is_what_the_path_says(
    shop: Shop, gate: Gate
) -> None:
    api = Api("stall.twilio.com", "v2")
    api.operation("GET", "/Sales/{sale}")(tell_path)
    shop.dispatch = Dispatch(shop.find_login, shop.find_gate, [api])
    named = await shop.ask("GET", "/v2/Services/VA%31/Sales/7", product="stall")
    assert named.json == {"account": ACCOUNT, "service": "VA1", "sale": "7"}
    alone = await shop.ask("GET", "/v2/Sales/7", product="stall")
    assert alone.json == {"account": ACCOUNT, "sale": "7"}


async def tell_path(call: Call) -> Answer:
    return Answer(200, call.path)


async def test_a_service_of_another_account_is_not_found(shop: Shop, gate: Gate) -> None:
    service = gate.world[Services][SERVICE]
    gate.world[Services].put(replace(service, account_sid="AC" + "2" * 32))
    answer = await shop.ask("POST", f"/v1/Services/{SERVICE}/Things", b"Item=x")
    assert (answer.status, answer.json["code"]) == (404, 20404)


async def test_path_segments_are_decoded_once(shop: Shop) -> None:
    answer = await shop.ask("GET", "/v1/Things/a%2Fb%2520c%40d", query=b"Item=7%25")
    assert (answer.json["thing"], answer.json["item"]) == ("a/b%20c@d", "7%")


async def test_deleting_answers_nothing(shop: Shop) -> None:
    answer = await shop.ask("DELETE", "/v1/Things/7")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers[b"content-length"] == b"0"


async def test_a_missing_parameter_is_named(shop: Shop) -> None:
    answer = await shop.ask("POST", "/v1/Things")
    assert (answer.status, answer.json["code"]) == (400, 20001)
    assert answer.json["message"] == "Missing required parameter Item in the post body"


@pytest.mark.parametrize(
    ("header", "loud"), [(b"true", True), (b"True", True), (b"false", False), (b"", False)]
)
async def test_webhooks_fire_on_demand(shop: Shop, header: bytes, loud: bool) -> None:
    headers = [(b"x-twilio-webhook-enabled", header)]
    answer = await shop.ask("POST", "/v1/Things", b"Item=x", headers=headers)
    assert (answer.json["loud"], answer.json["origin"]) == (loud, loud)


async def test_refusals_have_four_keys(shop: Shop) -> None:
    answer = await shop.ask("POST", "/v1/Things", b"Item=air")
    assert answer.status == 409
    assert answer.json == {
        "code": 20409,
        "message": "Conflict",
        "more_info": "https://www.twilio.com/docs/errors/20409",
        "status": 409,
    }


@pytest.mark.parametrize(
    ("product", "method", "path", "code", "message"),
    [
        ("shop", "GET", "/v1/Nothing/7", 20404, "The requested resource /Nothing/7 was not found"),
        ("shop", "GET", "/v2/Things", 20404, "The requested resource /Things was not found"),
        ("bank", "GET", "/v1/Things", 20404, "The requested resource /Things was not found"),
        (
            "api",
            "GET",
            "/2010-04-01/Nothing.json",
            20404,
            "The requested resource /2010-04-01/Nothing.json was not found",
        ),
        ("shop", "PUT", "/v1/Things", 20004, "Method not allowed"),
    ],
)
async def test_what_is_not_there(
    shop: Shop, product: str, method: str, path: str, code: int, message: str
) -> None:
    answer = await shop.ask(method, path, product=product)
    assert (answer.json["code"], answer.json["message"]) == (code, message)


@pytest.mark.parametrize("user", [f"{ACCOUNT}:wrong", "nobody:secret", "no colon"])
async def test_wrong_credentials(shop: Shop, user: str) -> None:
    answer = await shop.ask("GET", "/v1/Things/7", user=user)
    assert (answer.status, answer.json["code"], answer.json["message"]) == (
        401,
        20003,
        "Authenticate",
    )


@pytest.mark.parametrize("header", [b"", b"Bearer x", b"Basic !!!", b"Basic /w=="])
async def test_credentials_that_cannot_be_read(shop: Shop, header: bytes) -> None:
    answer = await shop.ask("GET", "/v1/Things/7", headers=[(b"authorization", header)])
    assert answer.status == 401
    assert shop.asked == []


async def test_no_credentials(shop: Shop) -> None:
    answer = await shop.ask("GET", "/v1/Things/7", user=None)
    assert answer.status == 401
    assert answer.headers[b"www-authenticate"] == b'Basic realm="Twilio API"'


@pytest.mark.parametrize(
    ("product", "method", "path", "status"),
    [
        ("shop", "GET", "/v1/Nothing", 404),
        ("shop", "GET", "/v9/Things/7", 404),
        ("shop", "PUT", "/v1/Things", 405),
        ("bank", "POST", "/v2/token", 404),
    ],
)
@pytest.mark.parametrize("user", [None, f"{ACCOUNT}:wrong"])
async def test_what_is_not_there_is_said_before_credentials_are_looked_at(
    shop: Shop, product: str, method: str, path: str, status: int, user: str | None
) -> None:
    answer = await shop.ask(method, path, product=product, user=user)
    assert answer.status == status
    assert b"www-authenticate" not in answer.headers


@pytest.mark.parametrize("user", [None, f"{ACCOUNT}:wrong"])
@pytest.mark.parametrize(
    "header",
    [(b"origin", b"https://example.com"), (b"origin", b"null"), (b"sec-fetch-mode", b"no-cors")],
)
async def test_a_browser_is_not_asked_for_credentials(
    shop: Shop, header: tuple[bytes, bytes], user: str | None
) -> None:
    answer = await shop.ask("GET", "/v1/Things/7", user=user, headers=[header])
    assert answer.status == 401
    assert b"www-authenticate" not in answer.headers


async def test_what_can_be_fetched_has_a_head(shop: Shop) -> None:
    fetched = await shop.ask("GET", "/v1/Things/7")
    head = await shop.ask("HEAD", "/v1/Things/7")
    assert (head.status, head.headers[b"content-length"]) == (
        200,
        fetched.headers[b"content-length"],
    )
    assert (await shop.ask("HEAD", "/v1/Echo")).status == 405


async def test_what_is_no_api_is_in_nobodys_log(shop: Shop, gate: Gate) -> None:
    before = gate.log.number
    await shop.ask("GET", "/fonts/inter.woff2", product="assets", user=None)
    assert gate.log.number == before
    assert shop.strangers == []
    await shop.ask("GET", "/v1/Nothing", product="bank")
    await shop.ask("GET", "/v1/Nothing", user=None)
    assert [entry.content.status for entry in gate.log.after(before)] == [404, 404]


async def test_an_api_that_is_not_emulated_at_all_is_named(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="twilio_emulator"):
        await shop.ask("POST", "/v2/Services", product="verify")
        await shop.ask("GET", "/fonts/inter.woff2", product="assets", user=None)
    assert caplog.messages == ["not emulated: POST verify.twilio.com/v2/Services"]


async def test_credentials_are_looked_up_once_until_forgotten(shop: Shop) -> None:
    for _ in range(3):
        await shop.ask("POST", "/v1/Things", b"Item=x")
    assert shop.asked == [(ACCOUNT, "secret")]
    shop.dispatch.forget_logins()
    await shop.ask("POST", "/v1/Things", b"Item=x")
    assert len(shop.asked) == 2


async def test_however_many_paths_are_asked_for_few_are_remembered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "ROUTES_KEPT", 2)
    for _ in range(2):
        for path in ("/v1/Echo", "/v1/Things", "/v1/Bytes"):
            assert (await shop.ask("POST", path, b"Item=x")).status in (200, 201)
            assert len(shop.dispatch._routes) <= 2


async def test_a_body_in_pieces(shop: Shop) -> None:
    answer = await shop.ask("POST", "/v1/Things", pieces=[b"It", b"em=", b"x"])
    assert answer.json["item"] == "x"


async def test_a_body_without_end(shop: Shop) -> None:
    answer = await shop.ask("POST", "/v1/Things", pieces=[b"Item=", b"x" * 100])
    assert (answer.status, answer.json["code"]) == (413, 20001)


async def test_bytes_are_sent_as_they_are(shop: Shop) -> None:
    answer = await shop.ask("POST", "/v1/Bytes", b"abc")
    assert (answer.headers[b"content-type"], answer.body) == (b"image/png", b"abc")


async def test_a_body_that_is_no_form(shop: Shop) -> None:
    json_body = [(b"content-type", b"application/json; charset=utf-8")]
    answer = await shop.ask("POST", "/v1/Echo", b'{"a":1}', headers=json_body)
    assert answer.json == {"body": '{"a":1}', "form": []}
    form = [(b"content-type", b"application/x-www-form-urlencoded; charset=UTF-8")]
    answer = await shop.ask("POST", "/v1/Echo", b"a=\xff", headers=form)
    assert answer.json["form"] == [["a", "\ufffd"]]


async def test_a_fault_of_ours_is_logged_and_not_shown(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="twilio_emulator"):
        answer = await shop.ask("GET", "/v1/Things/broken")
    assert (answer.status, answer.json["code"]) == (500, 20500)
    assert b"fault of ours" not in answer.body
    assert "a fault of ours" in caplog.text


async def test_requests_are_noted_in_the_log_of_their_account(shop: Shop, gate: Gate) -> None:
    before = gate.log.number
    await shop.ask("POST", "/v1/Things", b"Item=air")
    kinds = [entry.kind for entry in gate.log.after(before)]
    assert kinds == ["command", "refused", "request"]
    assert shop.strangers == []


async def test_a_request_is_noted_at_its_own_time(shop: Shop, gate: Gate) -> None:
    """Not at that of the last command."""
    clock = gate.world.clock
    clock.set(clock.now() + timedelta(minutes=1))
    await shop.ask("GET", "/v1/Things/7")
    (*_, entry) = gate.log.after(0)
    assert (entry.kind, entry.at) == ("request", clock.now())


async def test_a_long_body_is_left_out_of_the_log_which_says_so(shop: Shop, gate: Gate) -> None:
    gate.log.bodies = 5
    await shop.ask("POST", "/v1/Things", b"Item=book")
    (*_, entry) = gate.log.after(0)
    noted: Any = entry.content
    assert (noted.form, noted.answer) == (b"", b"")
    assert noted.hints[0] == "a form of 9 bytes was dropped; keep more with --keep bodies=1kB"
    assert [hint.partition(" of ")[0] for hint in noted.hints] == ["a form", "an answer"]


@pytest.mark.parametrize(
    ("form", "hints"),
    [
        (
            b"Item=a&item=b&COLOURS=red",
            ("`item` was ignored: `Item`?", "`COLOURS` was ignored: `Colours`?"),
        ),
        (b"Item=a&Size=7&PageSize=3", ()),
        (b"Item=a&" + b"Colours" * 10 + b"=red", ()),
        (
            b"Item=a&Colours" + b"_" * 57 + b"=red",
            (f"`Colours{'_' * 57}` was ignored: `Colours`?",),
        ),
        (b"Item=a&Colours" + b"_" * 58 + b"=red", ()),
    ],
)
async def test_a_name_that_is_nearly_right_is_in_the_log(
    shop: Shop, gate: Gate, form: bytes, hints: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    answer = await shop.ask("POST", "/v1/Things", form)
    assert (answer.json["item"], answer.json["colours"]) == ("a", [])
    assert next(iter(gate.log.after(gate.log.number - 1))).content.hints == hints
    assert caplog.messages == [f"POST /v1/Things: {hint}" for hint in hints]


async def test_a_body_that_should_be_a_form_is_in_the_log(shop: Shop, gate: Gate) -> None:
    json_body = [(b"content-type", b"application/json")]
    answer = await shop.ask("POST", "/v1/Things", b'{"Item": "a"}', headers=json_body)
    assert answer.json["message"] == "Missing required parameter Item in the post body"
    assert next(iter(gate.log.after(gate.log.number - 1))).content.hints == (
        "the body was ignored: it is application/json, not a form",
    )


async def test_a_request_of_a_stranger_is_noted_where_it_belongs(shop: Shop, gate: Gate) -> None:
    before = gate.log.number
    await shop.ask("GET", "/v1/Things/7", user="nobody:x")
    await shop.ask("GET", "/v1/Things/7", headers=[(b"authorization", b"Bearer of news")])
    assert shop.strangers == ["nobody", ""]
    noted = [entry.content for entry in gate.log.after(before)]
    assert [(each.status, each.code, each.message) for each in noted] == [
        (401, 20003, "Authenticate"),
        (401, 20003, "Authenticate"),
    ]


async def test_an_answer_at_once_is_the_same_answer(shop: Shop, gate: Gate) -> None:
    for method, path, body in (
        ("POST", "/v1/Things", b"Item=a"),
        ("GET", "/v1/Things/7", b""),
        ("DELETE", "/v1/Things/7", b""),
        ("POST", "/v1/Things", b"Item=air"),
        ("GET", "/v1/Nothing", b""),
        ("GET", "/v1/Things/strange", b""),
    ):
        user = f"{ACCOUNT}:{'wrong' if 'strange' in path else 'secret'}"
        waited = await shop.ask(method, path, body, user=user)
        before = gate.log.number
        whole = shop.dispatch.answer_now(asked(method, path, user), body)
        assert isinstance(whole, WholeAnswer)
        assert (whole.status, whole.body) == (waited.status, waited.body)
        lines = dict(line.split(b": ") for line in whole.lines.split(b"\r\n")[:-1])
        assert lines[b"content-type"] == b"application/json"
        assert lines.keys() | {b"content-length"} == waited.headers.keys()
        assert [entry.kind for entry in gate.log.after(before)][-1] == "request"


class Question:
    """A pre-event webhook of the shop: what it was asked, and what it waits for."""

    def __init__(self, gate: Gate) -> None:
        self.questions: list[object] = []
        self.asked, self.answered = asyncio.Event(), asyncio.Event()
        self.verdict: Exception | None = None
        gate.ask = self.ask

    def ask(self, gate: Gate, command: Any, origin: Origin) -> Coroutine[Any, Any, Any] | None:
        async def allow() -> Any:
            async with asyncio.timeout(60):  # which is only in a task
                self.questions.append(command)
                self.asked.set()
                await self.answered.wait()
            if self.verdict is not None:
                raise self.verdict
            return command

        return allow() if isinstance(command, Buy) else None


async def finish(later: WholeAnswer | Later) -> tuple[int, Any]:
    """The answer that is left for a task."""
    assert not isinstance(later, WholeAnswer)
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    await later({}, receive, send)
    start, body = sent
    return start["status"], body["body"]


async def test_what_has_to_wait_is_begun_once_and_goes_on_in_a_task(shop: Shop, gate: Gate) -> None:
    question = Question(gate)
    before = gate.log.number
    later = shop.dispatch.answer_now(asked("POST", "/v1/Things"), b"Item=a")
    assert (gate.log.number, question.questions) == (before, [])
    task = asyncio.create_task(finish(later))
    await asyncio.wait_for(question.asked.wait(), 60)
    assert gate.log.number == before
    question.answered.set()
    status, body = await task
    assert (status, json.loads(body)["item"]) == (201, "a")
    assert len(question.questions) == 1
    assert [entry.kind for entry in gate.log.after(before)] == ["command", "request"]
    deleted = shop.dispatch.answer_now(asked("DELETE", "/v1/Things/7"), b"")
    assert isinstance(deleted, WholeAnswer)
    assert (await shop.ask("POST", "/v1/Things", b"Item=a")).status == 201
    assert len(question.questions) == 2


@pytest.mark.parametrize(
    ("verdict", "status", "code"),
    [(Refused(CONFLICT), 409, CONFLICT.code), (ValueError("ours"), 500, 20500)],
)
async def test_what_goes_on_in_a_task_may_be_refused(
    shop: Shop, gate: Gate, verdict: Exception, status: int, code: int
) -> None:
    question = Question(gate)
    question.verdict = verdict
    question.answered.set()
    before = gate.log.number
    later = shop.dispatch.answer_now(asked("POST", "/v1/Things"), b"Item=a")
    answered, body = await finish(later)
    assert (answered, json.loads(body)["code"]) == (status, code)
    assert [entry.kind for entry in gate.log.after(before)] == ["request"]


@pytest.mark.parametrize("turns", [0, 1, 5])
async def test_what_is_broken_off_while_it_waits_has_changed_nothing(
    shop: Shop, gate: Gate, turns: int
) -> None:
    question = Question(gate)
    before = gate.log.number
    later = shop.dispatch.answer_now(asked("POST", "/v1/Things"), b"Item=a")
    task = asyncio.create_task(finish(later))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(question.questions) == (1 if turns else 0)
    question.answered.set()
    del later, task
    gc.collect()
    assert gate.log.number == before


async def test_a_function_of_its_own_is_answered_at_once_too(shop: Shop) -> None:
    whole = shop.dispatch.answer_now(asked("POST", "/v1/Echo"), b"a=1")
    assert isinstance(whole, WholeAnswer)
    assert json.loads(whole.body) == {"body": "a=1", "form": [["a", "1"]]}


async def test_a_file_is_left_for_a_task(shop: Shop) -> None:
    later = shop.dispatch.answer_now(asked("POST", "/v1/Bytes"), b"\x89PNG")
    assert await finish(later) == (200, b"\x89PNG")


def asked(method: str, path: str, user: str = f"{ACCOUNT}:secret") -> Asked:
    authorization = b"Basic " + base64.b64encode(user.encode())
    return Asked("shop", SITE, path, method, b"", {b"authorization": authorization})


async def test_pieces_of_a_form_without_anything_in_them_are_nothing(shop: Shop) -> None:
    answer = await shop.ask("POST", "/v1/Things", b"&&Item=a&")
    assert answer.json["item"] == "a"


async def test_few_credentials_are_remembered(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "LOGINS_KEPT", 2)
    shop.dispatch._credentials._find_login = lambda user, password: Login(shop.gate, ACCOUNT)
    for number in range(5):
        assert (await shop.ask("GET", "/v1/Things/7", user=f"SK{number}:x")).status == 200
        assert len(shop.dispatch._credentials._logins) <= 2


def bearer(token: str) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", f"Bearer {token}".encode())]


async def test_a_bearer_token_is_good_until_it_ends(
    shop: Shop, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    read: list[str] = []

    def read_bearer(token: str) -> Login:
        read.append(token)
        return Login(gate, ACCOUNT, expires=gate.world.clock.now().timestamp() + 60)

    shop.dispatch._credentials._read_bearer = read_bearer
    for _ in range(2):
        assert (await shop.ask("GET", "/v1/Things/7", headers=bearer("abc"))).status == 200
    assert read == ["abc"]
    gate.world.clock.set(gate.world.clock.now() + timedelta(seconds=60))
    answer = await shop.ask("GET", "/v1/Things/7", headers=bearer("abc"))
    assert (answer.status, answer.json["code"]) == (401, 20003)
    assert b"www-authenticate" in answer.headers
    assert next(iter(gate.log.after(gate.log.number - 1))).content.hints == (
        "the bearer token: it ended 0 seconds ago",
    )


async def test_an_oauth_client_asks_by_what_the_body_says(shop: Shop, gate: Gate) -> None:
    api = Api("login.twilio.com", "v1")

    def read(headers: Any, body: bytes) -> tuple[str, str]:
        return "OQ1", body.decode()

    def find_client(client_id: str, secret: str) -> Login | None:
        return None if secret == "nobody" else Login(gate, ACCOUNT, good=secret == "secret")

    @api.operation("POST", "/token", where=ROOT, client=read)
    async def give(call: Call) -> Answer:
        return Answer(200, {"account": call.account_sid})

    login = Dispatch(shop.find_login, shop.find_gate, [api], find_client=find_client)
    shop.dispatch = login
    for body, status in ((b"secret", 200), (b"wrong", 401), (b"nobody", 401)):
        before = gate.log.number
        answer = await shop.ask("POST", "/v1/token", body, product="login", user=None)
        assert answer.status == status
        assert answer.json.get("code") == (None if status == 200 else 322402)
        assert gate.log.number == before + 1
    assert shop.strangers == [""]


async def test_an_access_token_is_for_one_service(shop: Shop, gate: Gate) -> None:
    def find_login(user: str, password: str) -> Login:
        return Login(gate, ACCOUNT, service_sid=password)

    shop.dispatch._credentials._find_login = find_login
    path = f"/v1/Services/{SERVICE}/Things/7"
    assert (await shop.ask("GET", path, user=f"alice:{SERVICE}")).status == 200
    assert (await shop.ask("GET", path, user="alice:IS" + "9" * 32)).status == 404


@pytest.mark.parametrize("pieces", [[None], [b"Item=x", None]])
async def test_half_a_body_is_no_request(shop: Shop, pieces: list[bytes | None]) -> None:
    answer = await shop.ask("POST", "/v1/Things", pieces=pieces)
    assert (answer.status, answer.json["code"]) == (400, 20001)
    assert answer.json["message"] == "Invalid body: it broke off."


@pytest.mark.parametrize("at_once", [True, False])
async def test_what_cannot_be_written_is_a_fault_of_ours(
    shop: Shop, caplog: pytest.LogCaptureFixture, at_once: bool
) -> None:
    if at_once:
        headers = {b"authorization": b"Basic " + base64.b64encode(f"{ACCOUNT}:secret".encode())}
        asked = Asked("shop", SITE, "/v1/Things/unwritable", "GET", b"", headers)
        whole = shop.dispatch.answer_now(asked, b"")
        assert isinstance(whole, WholeAnswer)
        status, body = whole.status, whole.body
    else:
        answer = await shop.ask("GET", "/v1/Things/unwritable")
        status, body = answer.status, answer.body
    assert (status, json.loads(body)["code"]) == (500, 20500)
    assert "UnicodeEncodeError" in caplog.text
