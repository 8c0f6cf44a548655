import asyncio
import base64
import errno
import gzip
import hashlib
import ipaddress
import itertools
import socket
import ssl
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from twilio.request_validator import RequestValidator

from tests.webhooks.conftest import ACCOUNT, TOKEN, App, Received, http
from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.runtime import shortage
from twilio_emulator.settings import Settings
from twilio_emulator.webhooks.conversations.manner import CONVERSATIONS
from twilio_emulator.webhooks.http.client import Caller, Rewrite, WebhookCall
from twilio_emulator.webhooks.http.exchange import Came, Exchange, Request, WebhookResponse
from twilio_emulator.webhooks.http.manner import Manner
from twilio_emulator.webhooks.messaging.manner import MESSAGING

pytestmark = pytest.mark.anyio

JSON = replace(MESSAGING, content_type="application/json")

FORM = (("Body", "Grüße & mehr"), ("From", "+12025550199"), ("Empty", ""))


def request_to(
    url: str,
    *,
    method: str = "POST",
    manner: Manner = MESSAGING,
    fault: Fault | None = None,
) -> Request:
    return Request(
        event="test",
        subject="SM1",
        account_sid=ACCOUNT,
        manner=manner,
        url=url,
        method=method,
        parameters=FORM,
        fault=fault,
    )


class Line:
    """A caller, and what it noted."""

    def __init__(self, caller: Caller, rewrite: Rewrite | None = None) -> None:
        self.caller = caller
        self.rewrite = rewrite
        self.exchanges: list[Exchange] = []
        self.tokens = itertools.count(1)

    def call(self, request: Request, cookies: CookieJar | None = None) -> WebhookCall:
        return self.caller.call(
            request,
            TOKEN,
            self.exchanges.append,
            idempotency_token=str(uuid.UUID(int=next(self.tokens))),
            cookies=cookies,
            rewrite=self.rewrite,
        )

    async def ask(self, request: Request, cookies: CookieJar | None = None) -> WebhookResponse:
        return await self.call(request, cookies).answer()

    @property
    def outcomes(self) -> list[str]:
        return [exchange.outcome for exchange in self.exchanges]


@pytest.fixture
async def line(caller: Caller) -> Line:
    return Line(caller)


async def test_where_no_descriptor_is_to_be_had_it_waits_for_one(
    line: Line,
    app: App,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plain, tries = line.caller._plain, 0
    send = plain.send

    async def short(*given: Any) -> Came:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError(errno.EMFILE, "Too many open files")
        return await send(*given)

    monkeypatch.setattr(shortage, "PAUSE", 0.0)
    monkeypatch.setattr(shortage, "_until", 0.0)
    monkeypatch.setattr(plain, "send", short)
    assert (await line.ask(request_to(f"{app.url}/a"))).status == 200
    assert tries == 3
    assert len(line.exchanges) == len(app.received) == 1
    assert caplog.text.count("No file descriptors are left") == 1


def failed(answer: WebhookResponse) -> tuple[int, str]:
    assert answer.failure is not None
    return answer.failure.code, answer.failure.words


def in_turn(*answers: bytes) -> Callable[[Received], bytes]:
    waiting = list(answers)
    return lambda _: waiting.pop(0)


async def forever(_: Received) -> bytes:
    await asyncio.Event().wait()
    return b""


def certificate(folder: Path, address: str = "127.0.0.1", days: int = 1) -> Path:
    """A certificate with its key, valid from two days ago until `days` from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    now = datetime.now(UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "app.pem"
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(Encoding.PEM))
    return path


async def secured(app: App, certificate: Path) -> tuple[str, ssl.SSLContext]:
    """The app behind TLS, and who trusts it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(app.serve, "127.0.0.1", 0, ssl=context)
    app.servers.append(server)
    port = server.sockets[0].getsockname()[1]
    return f"https://127.0.0.1:{port}/", ssl.create_default_context(cafile=str(certificate))


class TestWhatIsSent:
    async def test_a_form(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http("fine", content_type="text/plain", X_Own="1")

        answer = await line.ask(request_to(f"{app.url}/sms?tag=a"))

        assert (answer.status, answer.body, answer.failure) == (200, b"fine", None)
        assert (answer.header("content-type"), answer.header("x-none")) == ("text/plain", "")
        (got,) = app.received
        assert (got.method, got.target, got.form) == ("POST", "/sms?tag=a", dict(FORM))
        assert got.headers == {
            "host": app.url.removeprefix("http://"),
            "user-agent": "TwilioProxy/1.1",
            "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
            "content-length": str(len(got.body)),
            "accept": "*/*",
            "accept-encoding": "gzip",
            "x-twilio-signature": got.headers["x-twilio-signature"],
            "i-twilio-idempotency-token": got.headers["i-twilio-idempotency-token"],
            "x-home-region": "us1",
        }
        uuid.UUID(got.headers["i-twilio-idempotency-token"])
        assert RequestValidator(TOKEN).validate(
            f"{app.url}/sms?tag=a", got.form, got.headers["x-twilio-signature"]
        )

    async def test_a_get(self, app: App, line: Line) -> None:
        await line.ask(request_to(f"{app.url}/sms?tag=a", method="GET"))

        (got,) = app.received
        assert (got.method, got.body, got.query) == ("GET", "", {"tag": "a", **dict(FORM)})
        assert "content-type" not in got.headers
        assert RequestValidator(TOKEN).validate(
            app.url + got.target, {}, got.headers["x-twilio-signature"]
        )

    async def test_json_is_signed_by_its_digest_in_the_url(self, app: App, line: Line) -> None:
        document = '{"text": "Grüße & mehr"}'
        request = replace(request_to(f"{app.url}/agent?tag=a#rc=0", manner=JSON), document=document)
        await line.ask(request)
        (exchange,) = line.exchanges
        await line.ask(replace(request, url=exchange.url))

        first, again = app.received
        digest = hashlib.sha256(document.encode()).hexdigest()
        assert first.target == again.target == f"/agent?tag=a&bodySHA256={digest}"
        assert (first.body, first.headers["content-type"]) == (document, "application/json")
        assert exchange.signed == exchange.url == app.url + first.target
        assert RequestValidator(TOKEN).validate(
            app.url + first.target, first.body, first.headers["x-twilio-signature"]
        )

    async def test_json_goes_on_through_a_redirect_that_keeps_it(
        self, app: App, line: Line
    ) -> None:
        app.answers["/old"] = http(status=307, Location="/new")
        app.answers["/older"] = http(status=303, Location="/new")
        document = '{"text": "Hi"}'
        for path in ("/old", "/older"):
            await line.ask(replace(request_to(app.url + path, manner=JSON), document=document))

        kept, asked = app["/new"]
        assert (kept.method, kept.body) == ("POST", document)
        assert RequestValidator(TOKEN).validate(
            app.url + kept.target, kept.body, kept.headers["x-twilio-signature"]
        )
        assert (asked.method, asked.target) == ("GET", "/new")

    async def test_the_target_arrives_byte_for_byte(self, app: App, line: Line) -> None:
        await line.ask(request_to(f"{app.url}/a%20b/'x'|{{y}}?q='z'&p=%7e+[1]&b=\"c\"#rc=0"))

        (got,) = app.received
        assert got.target == "/a%20b/'x'|{y}?q='z'&p=%7e+[1]&b=\"c\""

    async def test_conversations_have_a_charset_of_their_own(self, app: App, line: Line) -> None:
        await line.ask(request_to(app.url, manner=CONVERSATIONS))

        (got,) = app.received
        assert got.target == "/"
        assert got.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"

    async def test_everything_is_noted(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http("x" * 20_000, content_type="text/plain")

        await line.ask(request_to(f"http://user:secret@{app.url.removeprefix('http://')}/sms"))

        (exchange,) = line.exchanges
        (got,) = app.received
        assert (exchange.event, exchange.subject, exchange.attempt) == ("test", "SM1", 1)
        assert (exchange.method, exchange.url) == ("POST", f"{app.url}/sms")
        assert (exchange.connected_to, exchange.body) == (None, got.body)
        assert exchange.signed == (f"{app.url}/smsBodyGrüße & mehrEmptyFrom+12025550199")
        assert {name.lower(): value for name, value in exchange.headers} == got.headers
        assert exchange.status == 200
        assert ("Content-Type", "text/plain") in exchange.answer_headers
        assert exchange.answer_body == "x" * 16_384
        assert exchange.dropped == (
            "the end of an answer of 20000 bytes was dropped; keep more with --keep bodies=20kB"
        )
        assert exchange.milliseconds >= 0
        assert exchange.outcome == "answered 200"

    async def test_gzip_is_read(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http(gzip.compress(b"fine"), Content_Encoding="gzip")

        assert (await line.ask(request_to(f"{app.url}/sms"))).body == b"fine"

    async def test_an_endless_answer_is_cut(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http(b"x" * (2 << 20))

        assert len((await line.ask(request_to(f"{app.url}/sms"))).body) == 1 << 20


class TestFailures:
    @pytest.mark.parametrize("status", [400, 404, 500, 503])
    async def test_an_error_is_not_tried_again(self, app: App, line: Line, status: int) -> None:
        app.answers["/sms"] = http("oops", status)

        answer = await line.ask(request_to(f"{app.url}/sms"))

        assert failed(answer) == (11200, f"answered {status}")
        assert answer.body == b"oops"
        assert len(app.received) == 1

    async def test_a_refused_connection_is_tried_twice(self, app: App, line: Line) -> None:
        server = await asyncio.start_server(app.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()

        answer = await line.ask(request_to(f"http://127.0.0.1:{port}/"))

        assert failed(answer) == (11205, "connection refused")
        assert [exchange.attempt for exchange in line.exchanges] == [1, 2]
        assert line.outcomes == ["connection refused"] * 2
        assert len({dict(it.headers)["I-Twilio-Idempotency-Token"] for it in line.exchanges}) == 1

    @pytest.mark.parametrize(
        ("url", "code", "words"),
        [
            ("example.com/sms", 11100, "not an URL"),
            ("http://host:port/", 11100, "not an URL"),
            ("http://127.0.0.1:99999/", 11100, "not an URL"),
            (f"http://127.0.0.1:{'9' * 5000}/", 11100, "not an URL"),
            ("ftp://example.com/", 11100, "not an URL"),
            ("", 11100, "not an URL"),
        ],
    )
    async def test_an_url_that_leads_nowhere(
        self, line: Line, url: str, code: int, words: str
    ) -> None:
        assert failed(await line.ask(request_to(f"{url}#rc=0"))) == (code, words)

    async def test_a_host_that_is_not_there(
        self, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)

        answer = await line.ask(request_to("http://unknown.example/"))

        assert failed(answer) == (11210, "no such host")
        assert line.outcomes == ["no such host"] * 2

    @pytest.mark.parametrize(
        "answer",
        [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"],
    )
    async def test_a_broken_answer(self, app: App, line: Line, answer: bytes) -> None:
        app.answers["/sms"] = answer

        code, words = failed(await line.ask(request_to(f"{app.url}/sms")))

        assert code == 11206
        assert words.startswith("broken answer: ")
        assert len(app.received) == 1

    async def test_what_is_not_gzip(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http(b"plain", Content_Encoding="gzip")

        assert failed(await line.ask(request_to(f"{app.url}/sms")))[0] == 11206


class TestTls:
    """Each certificate is its own authority."""

    async def test_a_certificate_that_is_trusted(self, app: App, tmp_path: Path) -> None:
        url, trusted = await secured(app, certificate(tmp_path))
        line = Line(Caller(tls=trusted))

        assert (await line.ask(request_to(url))).status == 200
        await line.caller.close()

    async def test_an_authority_that_is_not_known(
        self, app: App, line: Line, tmp_path: Path
    ) -> None:
        url, _ = await secured(app, certificate(tmp_path))

        answer = await line.ask(request_to(url))

        assert failed(answer) == (11237, "TLS: self-signed certificate")
        assert len(line.exchanges) == 2
        assert app.received == []

    @pytest.mark.parametrize(
        ("address", "days", "code"), [("127.0.0.2", 1, 11235), ("127.0.0.1", -1, 11236)]
    )
    async def test_a_certificate_for_another_place_or_time(
        self, app: App, tmp_path: Path, address: str, days: int, code: int
    ) -> None:
        url, trusted = await secured(app, certificate(tmp_path, address, days))
        line = Line(Caller(tls=trusted))

        assert failed(await line.ask(request_to(f"{url}#rc=0")))[0] == code
        await line.caller.close()

    async def test_no_tls_at_all(self, app: App, line: Line) -> None:
        async def in_clear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(http("this is no TLS", 400))
            writer.close()

        server = await asyncio.start_server(in_clear, "127.0.0.1", 0)
        app.servers.append(server)
        port = server.sockets[0].getsockname()[1]

        code, words = failed(await line.ask(request_to(f"https://127.0.0.1:{port}/#rc=0")))

        assert code == 11220
        assert words.startswith("TLS: ")


class TestTime:
    @pytest.mark.parametrize(
        ("limits", "manner", "seconds"),
        [
            ({"twiml_timeout": 9, "webhook_timeout": 4}, MESSAGING, 9),
            ({"twiml_timeout": 9, "webhook_timeout": 4}, CONVERSATIONS, 4),
            ({}, MESSAGING, 15),
            ({}, CONVERSATIONS, 5),
        ],
    )
    async def test_each_product_has_its_own_limit(
        self, app: App, limits: dict[str, Any], manner: Manner, seconds: float
    ) -> None:
        app.answers["/sms"] = forever
        line = Line(Caller(Settings(**limits)))
        call = line.call(request_to(f"{app.url}/sms", manner=manner))
        answering = asyncio.create_task(call.answer())
        await app.wait_for("/sms")

        call.advance(seconds)

        assert failed(await answering) == (11200, f"no answer within {seconds} s")
        assert len(app.received) == 1
        await line.caller.close()

    async def test_an_url_asks_for_less_and_for_retries(self, app: App, line: Line) -> None:
        app.answers["/sms"] = forever

        answer = await line.ask(request_to(f"{app.url}/sms#rt=100&rc=1&rp=rt"))

        assert failed(answer) == (11200, "no answer within 0.1 s")
        assert line.outcomes == ["no answer within 0.1 s"] * 2
        assert [exchange.attempt for exchange in line.exchanges] == [1, 2]

    async def test_no_connection(self, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()

        async def never(*_: object, **__: object) -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(loop, "create_connection", never)

        answer = await line.ask(request_to("http://127.0.0.1:9/#ct=100&rc=0"))

        assert failed(answer) == (11205, "no connection within 0.1 s")

    async def test_virtual_time_ends_a_call(self, app: App, line: Line) -> None:
        app.answers["/sms"] = forever
        call = line.call(request_to(f"{app.url}/sms#rc=0"))
        answering = asyncio.create_task(call.answer())
        await app.wait_for("/sms")

        call.advance(14.5)
        call.advance(0.4)
        await asyncio.sleep(0)
        assert not answering.done()
        call.advance(0.1)
        await asyncio.sleep(0)
        call.advance(1)

        assert failed(await answering) == (11200, "no answer within 15 s")
        call.advance(1)

    async def test_virtual_time_ends_all_retries(self, app: App, line: Line) -> None:
        app.answers["/sms"] = forever
        call = line.call(request_to(f"{app.url}/sms#rc=5&rp=all"))
        answering = asyncio.create_task(call.answer())
        await app.wait_for("/sms")

        call.advance(15)

        await answering
        assert len(app.received) == 1


class TestRetries:
    async def test_what_the_url_asks_for(self, app: App, line: Line) -> None:
        app.answers["/sms"] = in_turn(http(status=503), http(status=500), http("fine"))

        answer = await line.ask(request_to(f"{app.url}/sms#rc=2&rp=5xx"))

        assert answer.body == b"fine"
        assert line.outcomes == ["answered 503", "answered 500", "answered 200"]
        tokens = {request.headers["i-twilio-idempotency-token"] for request in app.received}
        assert len(tokens) == 1

    async def test_none_for_conversations(self, app: App, line: Line) -> None:
        app.answers["/"] = http(status=503)

        await line.ask(request_to(f"{app.url}#rc=2&rp=5xx", manner=CONVERSATIONS))

        assert len(app.received) == 1


class TestRedirects:
    @pytest.mark.parametrize(
        ("status", "method", "form"),
        [(301, "GET", {}), (302, "GET", {}), (303, "GET", {}), (307, "POST", dict(FORM))],
    )
    async def test_messaging_follows(
        self, app: App, line: Line, status: int, method: str, form: dict[str, str]
    ) -> None:
        app.answers["/sms"] = http(status=status, Location="/new?x=1")
        app.answers["/new"] = http("here")

        answer = await line.ask(request_to(f"{app.url}/sms"))

        assert (answer.url, answer.body) == (f"{app.url}/new?x=1", b"here")
        _, got = app.received
        assert (got.method, got.form, got.query) == (method, form, {"x": "1"})
        assert RequestValidator(TOKEN).validate(answer.url, form, got.headers["x-twilio-signature"])
        assert line.outcomes == [f"answered {status}", "answered 200"]

    async def test_not_in_circles(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http(status=302, Location="/sms")

        answer = await line.ask(request_to(f"{app.url}/sms"))

        assert failed(answer) == (11215, "more than 10 redirects")
        assert len(app.received) == 11

    async def test_nor_nowhere(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http(status=302)

        answer = await line.ask(request_to(f"{app.url}/sms"))

        assert failed(answer) == (11216, "answered 302 without a Location")

    async def test_conversations_do_not(self, app: App, line: Line) -> None:
        app.answers["/sms"] = http(status=302, Location="/new")

        answer = await line.ask(request_to(f"{app.url}/sms", manner=CONVERSATIONS))

        assert answer.status == 302
        assert len(app.received) == 1


class TestPasswords:
    async def test_only_who_asks_gets_one(self, app: App, line: Line) -> None:
        app.answers["/sms"] = in_turn(
            http(status=401, WWW_Authenticate='Basic realm="app"'), http("in")
        )
        url = f"http://ann:s%40cret@{app.url.removeprefix('http://')}/sms"

        answer = await line.ask(request_to(url))

        assert answer.body == b"in"
        first, second = app.received
        assert "authorization" not in first.headers
        pair = base64.b64encode(b"ann:s@cret").decode()
        assert second.headers["authorization"] == f"Basic {pair}"
        assert first.headers["x-twilio-signature"] == second.headers["x-twilio-signature"]
        assert ("Authorization", "Basic ...") in line.exchanges[1].headers
        assert "cret" not in str(line.exchanges)

    @pytest.mark.parametrize(
        ("user", "challenge"), [("ann:secret@", "Digest x"), ("ann:secret@", ""), ("", "Basic x")]
    )
    async def test_nobody_else_does(self, app: App, line: Line, user: str, challenge: str) -> None:
        app.answers["/sms"] = http(status=401, WWW_Authenticate=challenge)
        url = f"http://{user}{app.url.removeprefix('http://')}/sms"

        assert failed(await line.ask(request_to(url))) == (11200, "answered 401")
        assert len(app.received) == 1


class TestCookies:
    @pytest.mark.parametrize(
        "answer",
        [
            http(Set_Cookie="seen=1; Path=/sms"),
            b"HTTP/1.1 204 No Content\r\nSet-Cookie: seen=1; Path=/sms\r\n\r\n",
        ],
        ids=["among others", "alone"],
    )
    async def test_they_come_back(self, app: App, line: Line, answer: bytes) -> None:
        app.answers["/sms"] = answer
        jar = CookieJar()

        await line.ask(request_to(f"{app.url}/sms"), jar)
        await line.ask(request_to(f"{app.url}/sms"), jar)
        await line.ask(request_to(f"{app.url}/other"), jar)
        await line.ask(request_to(f"{app.url}/sms"), CookieJar())
        await line.ask(request_to(f"{app.url}/sms"))

        cookies = [request.headers.get("cookie") for request in app.received]
        assert cookies == [None, "seen=1", None, None, None]
        assert ("Cookie", "seen=1") in line.exchanges[1].headers


class TestElsewhere:
    async def test_another_place_under_the_same_name(self, app: App, caller: Caller) -> None:
        public = "https://app.example.com/sms"
        line = Line(caller, lambda url: url.replace("https://app.example.com", app.url))

        answer = await line.ask(request_to(f"{public}?a=1"))

        (got,) = app.received
        assert (answer.url, got.target) == (f"{public}?a=1", "/sms?a=1")
        assert got.headers["host"] == "app.example.com"
        assert got.headers["x-forwarded-proto"] == "https"
        assert RequestValidator(TOKEN).validate(
            f"{public}?a=1", got.form, got.headers["x-twilio-signature"]
        )
        assert line.exchanges[0].connected_to == f"{app.url}/sms?a=1"

    async def test_a_place_that_is_none(self, app: App, caller: Caller) -> None:
        line = Line(caller, lambda _: "nowhere")

        assert failed(await line.ask(request_to(app.url)))[0] == 11100


class TestFaults:
    async def test_a_corrupt_signature(self, app: App, line: Line) -> None:
        await line.ask(request_to(app.url, fault=Fault(corrupt_signature=True)))

        (got,) = app.received
        signature = got.headers["x-twilio-signature"]
        assert not RequestValidator(TOKEN).validate(f"{app.url}/", got.form, signature)

    async def test_a_timeout(self, app: App, line: Line) -> None:
        answer = await line.ask(request_to(app.url, fault=Fault(webhook_timeout=True)))

        assert failed(answer) == (11200, "no answer within 15 s")
        assert app.received == []
        assert line.outcomes == ["no answer within 15 s"]
