"""Why nothing came to a phone, as a failure says it; and waits in the loop that the app runs in."""

import asyncio
import http.server
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from twilio.base.exceptions import TwilioRestException

from twilio_emulator import Emulator, Settings
from twilio_emulator.handle.awaiting import Blocking, at_once
from twilio_emulator.handle.calling import CannotCall
from twilio_emulator.handle.handset import Handset, NotReceived
from twilio_emulator.handle.journal import Last
from twilio_emulator.handle.telling import sentence
from twilio_emulator.handle.why import HELD_UP, causes
from twilio_emulator.server.serving import Serving

ANN, BEN = "+12025550199", "+12025550123"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


@pytest.fixture
def emulator(url: str) -> Iterator[Emulator]:
    with Emulator(url=url) as emulator:
        emulator.clock.freeze()
        yield emulator


@contextmanager
def app(emulator: Emulator, answers: list[tuple[int, str]]) -> Iterator[str]:
    """An app that answers the account's texts so, one after another, at the URL that it yields."""
    left = iter(answers)

    class App(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = next(left)
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), App) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        where = f"http://127.0.0.1:{server.server_port}/sms"
        report_to(emulator, where)
        yield where
        server.shutdown()
        serving.join(30)


def report_to(emulator: Emulator, url: str) -> None:
    numbers = emulator.client().incoming_phone_numbers
    numbers.list(phone_number=emulator.number)[0].update(sms_url=url)


def why(ann: Handset) -> str:
    """What a wait says that gets nothing: its first line, without what is always there."""
    with pytest.raises(NotReceived) as failed:
        ann.wait(timeout=0)
    said = str(failed.value).partition("\n")[0]
    assert said.startswith(f"Nothing came to {ann.address}: ")
    return said.removeprefix(f"Nothing came to {ann.address}: ")


def answered(emulator: Emulator) -> None:
    """Let what the app was asked be answered."""
    emulator.clock.advance(1)


def test_a_webhook_that_failed(emulator: Emulator) -> None:
    ann = emulator.handset(ANN)
    with app(emulator, [(500, "KeyError: 'name'"), (599, "")]) as where:
        for words in ("500 Internal Server Error: \"KeyError: 'name'\"", "599"):
            ann.send("hello")
            answered(emulator)
            assert why(ann) == f"the webhook POST {where} answered {words}"
        sentences = str(emulator.journal)
    assert f"alert 11200 answered 500: POST {where} answered \"KeyError: 'name'\"" in sentences
    ann.send("hello")
    answered(emulator)
    assert why(ann).startswith(f"the webhook POST {where} gave no answer: ")


def test_a_webhook_that_said_nothing_or_nonsense(emulator: Emulator) -> None:
    ann = emulator.handset(ANN)
    with app(emulator, [(200, "<Response/>"), (200, "<Response>")]) as where:
        ann.send("hello")
        answered(emulator)
        expected = f"the webhook POST {where} answered 200 OK: '<Response/>', which sends nothing"
        assert why(ann) == expected
        ann.send("hello")
        answered(emulator)
        assert why(ann).startswith("the webhook was answered with an error: 12100 ")


def test_a_webhook_that_has_not_answered(url: str) -> None:
    waiting, over = threading.Event(), threading.Event()

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            waiting.set()
            over.wait(30)

        def log_message(self, *_: object) -> None:
            pass

    slow = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    with slow as server, Emulator(url=url) as emulator:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        where = f"http://127.0.0.1:{server.server_port}/sms"
        report_to(emulator, where)
        ann = emulator.handset(ANN)
        ann.send("hello")
        assert waiting.wait(30)
        said = why(ann)
        over.set()
        server.shutdown()
        serving.join(30)
    assert said == f"the webhook {where} was called and has not answered yet"


def test_nobody_was_told(emulator: Emulator) -> None:
    ann = emulator.handset(ANN)
    ann.send("hello")
    assert why(ann).startswith(f"{emulator.number} has no SmsUrl: set it with ")
    assert f"hint: {emulator.number} has no SmsUrl" in str(emulator.journal)


def test_an_agent_was_told_nothing_for_want_of_a_rule(emulator: Emulator) -> None:
    orchestrator, ann = emulator.orchestrator, emulator.handset(ANN)
    orchestrator.connect("http://127.0.0.1:9/agent", channels=[])
    ann.send("hello")
    words = f"{orchestrator.configuration_id} has statusCallbacks, but no captureRules"
    assert words in str(why(ann))
    orchestrator.connect("http://127.0.0.1:9/agent", channels=["SMS"])
    assert words not in str(why(ann))


def test_a_setting_that_was_changed_since(emulator: Emulator) -> None:
    """What a failure says of a setting is true when it says it."""
    ann = emulator.handset(ANN)
    ann.send("hello")
    report_to(emulator, "http://127.0.0.1:9/sms")
    told = f"a text came before {emulator.number} was changed, and was told to nobody"
    assert why(ann) == told
    ann.send("again")
    answered(emulator)
    with pytest.raises(NotReceived) as missed:
        ann.wait(timeout=0)
    first, *others = str(missed.value).split("\n")
    assert "the webhook POST http://127.0.0.1:9/sms gave no answer" in first
    assert not any("SmsUrl" in each or told in each for each in (first, *others))
    report_to(emulator, "")
    ann.send("once more")
    assert why(ann).startswith(f"{emulator.number} has no SmsUrl: ")


def test_webhooks_of_conversations_that_were_configured_since(emulator: Emulator) -> None:
    ann, client = emulator.handset(ANN), emulator.client()
    there = f"/services/{emulator.conversation_service_sid}"
    emulator.call("PATCH", there, {"post_webhook_url": "http://127.0.0.1:9/"})
    client.conversations.v1.conversations.create(x_twilio_webhook_enabled="true")
    assert "have an URL but no filters" in why(ann)
    emulator.call("PATCH", there, {"filters": ["onMessageAdded"]})
    assert why(ann) == f"no text was sent to {ANN}"


def test_somebody_who_has_opted_in_again(emulator: Emulator) -> None:
    ann, client = emulator.handset(ANN), emulator.client()
    ann.send("STOP")
    with suppress(TwilioRestException):
        client.messages.create(to=ANN, from_=emulator.number, body="hello")
    ann.send("START")
    with pytest.raises(NotReceived) as missed:
        ann.wait(contains="code", timeout=0)
    assert "was refused with 400: 21610" in str(missed.value)
    assert "it has opted out" not in str(missed.value)


def test_what_was_over_when_an_expectation_began(emulator: Emulator) -> None:
    ann, client = emulator.handset(ANN), emulator.client()
    ann.send("hello")
    with suppress(TwilioRestException):
        client.messages.create(to="nobody", from_=emulator.number, body="hello")
    emulator.fail(30005, times=1)
    texted(emulator, ann)
    emulator.clock.advance(60)
    with ann.expect(timeout=0) as text:
        pass
    with pytest.raises(NotReceived) as missed:
        text.one()
    first = str(missed.value).split("\n")[0]
    assert first.startswith(f"Nothing came to {ANN}: the text 'hello' from {emulator.number} ")
    assert first.endswith(" was undelivered before the wait began")
    assert "SmsUrl" not in str(missed.value)
    assert "21211" not in str(missed.value)
    ann.airplane()
    texted(emulator, ann)
    emulator.clock.advance(1)
    with ann.expect(timeout=0) as text:
        pass
    ann.online()
    assert text.one().body == "hello"


def test_what_the_api_refused(emulator: Emulator) -> None:
    ann, client = emulator.handset(ANN), emulator.client()
    with suppress(TwilioRestException):
        client.messages.create(to="nobody", from_=emulator.number, body="hello")
    said = why(ann)
    assert said.startswith("POST api /2010-04-01/Accounts/AC")
    assert "was refused with 400: 21211 Invalid 'To' Phone Number" in said
    ann.send("STOP")
    ann.wait()
    with suppress(TwilioRestException):
        client.messages.create(to=ANN, from_=emulator.number, body="hello")
    assert why(ann).endswith("it has opted out, and gets texts again after it writes START")
    assert f"{ANN} opted out of {emulator.messaging_service_sid}" in str(emulator.journal)


def failed(emulator: Emulator, ann: Handset) -> None:
    emulator.fail(30005)
    texted(emulator, ann)


def offline(emulator: Emulator, ann: Handset) -> None:
    ann.airplane()
    texted(emulator, ann)


def switched_off(emulator: Emulator, ann: Handset) -> None:
    ann.change(power="off")
    texted(emulator, ann)


def texted(emulator: Emulator, ann: Handset) -> None:
    emulator.client().messages.create(to=ann.address, from_=emulator.number, body="hello")


def elsewhere(emulator: Emulator, _: Handset) -> None:
    emulator.client().messages.create(to=BEN, from_=emulator.number, body="hello")


def nothing(*_: object) -> None:
    pass


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (failed, "is undelivered with 30005"),
        (offline, "is undelivered with 30003: the phone's network is airplane, until online()"),
        (switched_off, "is undelivered with 30003: the phone's power is off"),
        (elsewhere, f"no text was sent to {ANN}, only to {BEN}"),
        (nothing, f"no text was sent to {ANN}"),
    ],
)
def test_what_became_of_the_text(
    emulator: Emulator, happens: Callable[[Emulator, Handset], None], words: str
) -> None:
    ann = emulator.handset(ANN)
    happens(emulator, ann)
    assert why(ann).endswith(words)


@pytest.mark.parametrize(
    ("happens", "seconds", "words"),
    [
        (offline, 1, " is sent and not delivered: the phone's network is airplane, until online()"),
        (texted, 0, " is still queued: what is due next is 0.0"),
    ],
)
def test_what_is_under_way(
    emulator: Emulator, happens: Callable[[Emulator, Handset], None], seconds: int, words: str
) -> None:
    happens(emulator, emulator.handset(ANN))
    emulator.clock.advance(seconds)
    (cause,) = at_once(causes(Blocking(emulator.url, emulator.account_sid), ANN, (), ()))
    assert words in cause


def test_an_emulator_that_is_gone_has_no_causes() -> None:
    assert at_once(causes(Blocking("http://127.0.0.1:1"), ANN, (), ())) == []


def test_a_text_that_came_before(emulator: Emulator) -> None:
    early = emulator.handset(ANN)
    texted(emulator, early)
    emulator.clock.advance(1)
    said = why(emulator.handset(ANN))
    assert said.endswith("came before, to another wait or before the phone was named")
    assert early.wait().body == "hello"
    assert why(early) == f"no text was sent to {ANN}"  # what a wait returned explains nothing


def test_what_came_instead_and_why(emulator: Emulator) -> None:
    ann = emulator.handset(ANN)
    texted(emulator, ann)
    emulator.fail(30005)
    texted(emulator, ann)
    with pytest.raises(NotReceived) as missed:
        ann.wait(contains="code", timeout=0)
    first, cause, title, other = str(missed.value).split("\n")
    assert first == f"{ANN} did not receive a message with 'code' in it in 0 s."
    assert cause.endswith("is undelivered with 30005")
    assert title == "This came instead:"
    assert other.endswith("'hello'")


def test_a_long_journal_is_cut(emulator: Emulator) -> None:
    for number in range(60):
        emulator.handset(f"+120255501{number:02}")
    lines = str(emulator.journal).split("\n")
    assert len(lines) == 51
    assert lines[0] == "(what was before is in the journal)"
    assert lines[-1].endswith("handset added: address='+12025550159'")


def test_sentences_of_conversations(emulator: Emulator) -> None:
    ann, conversations = emulator.handset(ANN), emulator.client().conversations.v1.conversations
    talk = conversations.create(friendly_name="Talk")
    talk.participants.create(
        messaging_binding_address=ANN, messaging_binding_proxy_address=emulator.number
    )
    talk.messages.create(author="bob", body="hello")
    ann.wait()
    emulator.fail(30005)
    texted(emulator, ann)
    emulator.clock.advance(1)
    with suppress(CannotCall):
        ann.send("hello", to="+12025550166")
    sentences = [line.partition(" ")[2] for line in str(emulator.journal).split("\n")]
    for expected in (
        f"{ANN} got by sms from {emulator.number}: 'hello'",
        f"the text 'hello' from {emulator.number} to {ANN} is undelivered with 30005",
    ):
        assert expected in sentences
    assert any(
        re.fullmatch(r"message added: IM\w+ author='bob' body='hello'", s) for s in sentences
    )
    assert sentences[-1].startswith("refused: ")  # by the control API, which notes no request
    assert not any("receipt" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("status", "outcome", "body", "words"),
    [
        (None, "refused the connection", "", "gave no answer: refused the connection"),
        (200, "answered 200", "", "answered 200 OK"),
        (
            204,
            "its answer is too long",
            "x",
            "answered 204 No Content, its answer is too long: 'x'",
        ),
    ],
)
def test_what_a_webhook_answered(status: int | None, outcome: str, body: str, words: str) -> None:
    called = {"method": "POST", "url": "http://localhost:3000/", "status": status}
    said = sentence("webhook", {**called, "outcome": outcome, "answer_body": body})
    assert said == f"the webhook POST http://localhost:3000/ {words}"


def test_an_alert_of_no_webhook() -> None:
    raised = {"error_code": 30005, "alert_text": "unknown", "request_url": "", "response_body": ""}
    entry = {"event": "AlertRaised", "fields": {"alert": raised}}
    assert sentence("event", entry) == "alert 30005 unknown"


@pytest.mark.anyio
async def test_a_wait_in_the_loop_says_so(emulator: Emulator) -> None:
    ann = emulator.handset(ANN)
    said = why(ann)
    assert said == HELD_UP
    assert "use `await ann.await_text(...)` there" in HELD_UP
    failed(emulator, ann)
    with pytest.raises(NotReceived) as missed:
        ann.wait(timeout=0)  # what is known would be so in any other loop, too
    first, second, _ = str(missed.value).split("\n")
    assert first.endswith("is undelivered with 30005")
    assert second == f"  and {HELD_UP}"


@pytest.mark.anyio
async def test_a_wait_in_the_loop_of_the_app(url: str) -> None:
    called = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        where = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/sms"
        with Emulator(url=url) as emulator:
            await asyncio.to_thread(report_to, emulator, where)
            ann = emulator.handset(ANN)
            ann.send("hello")
            assert why(ann) == HELD_UP
            await asyncio.wait_for(called.wait(), 30)


def test_a_long_sentence_is_cut() -> None:
    fields = {f"field_{number}": "x" * 90 for number in range(9)}
    shown = {"seq": 1, "at": "2026-01-05T09:00:00Z", "kind": "of another kind", **fields}
    said = str(Last(json.dumps({"entries": [shown]}).encode()))
    assert said.startswith("09:00:00.000 field_0='xxx")
    assert len(said) == 600
    assert said.endswith("...")


@pytest.mark.anyio
async def test_a_text_is_awaited_while_the_loop_goes_on(emulator: Emulator) -> None:
    answer = "<Response><Message>Hello Ann</Message><Message>Bye</Message></Response>"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\nContent-Type: text/xml\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n{answer}".encode())
        await writer.drain()
        writer.close()

    ann = emulator.handset(ANN)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await asyncio.to_thread(report_to, emulator, f"http://127.0.0.1:{port}/sms")
        ann.send("hello")
        assert (await ann.await_text(contains="Ann", channel="sms")).body == "Hello Ann"
        (bye,) = await ann.await_text(count=1, timeout=30)
    assert bye.body == "Bye"
    with pytest.raises(NotReceived, match=re.escape(f"no text was sent to {BEN}, only to {ANN}")):
        await emulator.handset(BEN).await_text(timeout=0)


def test_an_event_that_is_about_nothing_with_a_name_says_what_it_has() -> None:
    told = {"event": "ClockMoved", "fields": {"now": "2026-01-05T09:00:00Z", "rate": 0}}
    assert sentence("event", told) == "clock moved: now='2026-01-05T09:00:00Z' rate=0"
