"""Requests in absolute form: answered here for Twilio's hosts, sent on for others."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from tests.door.served import (
    IN_TIME,
    Answer,
    App,
    Peer,
    Served,
    Wire,
    answer,
    ended,
    read,
    read_all,
    read_until,
    serving,
)
from twilio_emulator.server.forward_proxy import FORWARD, Forwarding
from twilio_emulator.server.uvicorn_insides import Http
from twilio_emulator.wire.hosts import ProxyRules

Ask = Callable[..., Answer]


def absolute(target: str, *headers: str, method: str = "GET", body: str = "") -> bytes:
    """A request as a proxy is asked."""
    lines = [f"{method} {target} HTTP/1.1", "Host: proxy.invalid", *headers]
    return ("\r\n".join(lines) + f"\r\n\r\n{body}").encode()


@pytest.fixture(autouse=True)
def go_on(elsewhere: Served) -> Iterator[None]:
    yield
    elsewhere.app.go_on.clear()
    with elsewhere.app.pieces.mutex:
        elsewhere.app.pieces.queue.clear()


@pytest.mark.parametrize(
    ("target", "scheme", "host", "path", "query"),
    [
        ("http://api.twilio.com/x?y=z", "http", "api.twilio.com", "/x", "y=z"),
        ("https://api.twilio.com/x", "https", "api.twilio.com", "/x", ""),
        ("https://API.twilio.com:443/x", "https", "API.twilio.com", "/x", ""),
        ("HTTPS://api.twilio.com:8443", "https", "api.twilio.com:8443", "/", ""),
        ("https://AC1:secret@api.twilio.com/x#y", "https", "api.twilio.com", "/x", ""),
    ],
)
def test_twilio_answers_as_if_asked_directly(
    http: Ask, target: str, scheme: str, host: str, path: str, query: str
) -> None:
    told = http(absolute(target)).json()
    assert (told["scheme"], told["host"]) == (scheme, host)
    assert (told["path"], told["query"]) == (path, query)
    assert len([name for name, _ in told["headers"] if name == "host"]) == 1


def test_the_scheme_is_that_of_the_target_inside_tls_too(served: Served) -> None:
    context = served.trusted()
    with context.wrap_socket(served.connect(), server_hostname="localhost") as connection:
        connection.sendall(absolute("http://api.twilio.com/"))
        assert answer(connection).json()["scheme"] == "http"


def test_our_own_address_is_served(http: Ask, served: Served) -> None:
    told = http(absolute(f"http://localhost:{served.port}/x"))
    assert told.json()["host"] == f"localhost:{served.port}"
    assert told.all("server") == ["uvicorn"]


@pytest.mark.parametrize("target", ["ftp://example.com/", "http://", "http:///x", "api.twilio.com"])
def test_a_target_must_make_sense(http: Ask, target: str) -> None:
    assert http(absolute(target)).status == 400


def test_asterisk_is_a_target(http: Ask) -> None:
    assert http(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").json()["path"] == "*"


def test_another_host_is_asked(http: Ask, elsewhere: Served) -> None:
    got = http(absolute(f"{elsewhere.url}/a%2Fb/../c?x=%41"))
    told = got.json()
    assert told["raw_path"] == "/a%2Fb/../c"  # not tidied up
    assert told["query"] == "x=%41"
    assert told["headers"] == [["host", f"127.0.0.1:{elsewhere.port}"]]  # nothing added
    assert got.all("x-from") == ["the app"]


def test_one_connection_serves_many_hosts(served: Served, elsewhere: Served, peer: Peer) -> None:
    with served.connect() as connection:
        connection.sendall(absolute("http://api.twilio.com/"))
        assert answer(connection).json()["host"] == "api.twilio.com"
        connection.sendall(absolute(f"{elsewhere.url}/"))
        assert answer(connection).json()["host"] == f"127.0.0.1:{elsewhere.port}"
        connection.sendall(b"GET / HTTP/1.1\r\nHost: conversations.twilio.com\r\n\r\n")
        direct = answer(connection)
        assert direct.json()["host"] == "conversations.twilio.com"
        assert direct.all("server") == ["uvicorn"]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (["Content-Length: 3"], "abc"),
        (["Transfer-Encoding: chunked"], "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"),
        (["Content-Length: 3", "Expect: 100-continue"], "abc"),
    ],
)
def test_bodies_go_with_it(
    served: Served, elsewhere: Served, headers: list[str], body: str
) -> None:
    with served.connect(
        absolute(f"{elsewhere.url}/", *headers, method="POST", body=body)
    ) as caller:
        if "Expect: 100-continue" in headers:
            assert read_until(caller, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert answer(caller).json()["body"] == "abc"


def test_an_upload_is_streamed(served: Served, elsewhere: Served) -> None:
    request = absolute(f"{elsewhere.url}/", "Content-Length: 6", method="PUT", body="one")
    with served.connect(request) as caller:
        assert elsewhere.app.pieces.get(timeout=IN_TIME) == b"one"
        caller.sendall(b"two")
        assert answer(caller).json()["body"] == "onetwo"


def test_a_large_upload_is_whole(served: Served, elsewhere: Served) -> None:
    body = "0123456789abcdef" * 2**18
    request = absolute(f"{elsewhere.url}/", f"Content-Length: {len(body)}", method="PUT", body=body)
    with served.connect(request) as caller:
        assert answer(caller).json()["body"] == body


def test_an_answer_is_streamed(served: Served, elsewhere: Served) -> None:
    with served.connect(absolute(f"{elsewhere.url}/stream")) as caller:
        head = read_until(caller, b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head
        assert read(caller, 8) == b"3\r\none\r\n"
        elsewhere.app.go_on.set()
        assert read(caller, 13) == b"3\r\ntwo\r\n0\r\n\r\n"


def test_when_the_caller_leaves_so_do_we(served: Served, elsewhere: Served) -> None:
    with served.connect(absolute(f"{elsewhere.url}/stream")) as caller:
        read_until(caller, b"one\r\n")
    assert elsewhere.app.pieces.get(timeout=IN_TIME) is None


def test_a_caller_may_leave_in_the_middle_of_its_upload(served: Served, peer: Peer) -> None:
    request = absolute(f"http://{peer.address}/", "Content-Length: 6", method="PUT", body="one")
    with served.connect(request):
        host = peer.accept()
        read_until(host, b"one")
    with host:
        assert ended(host)


def test_only_the_headers_of_the_connection_are_changed(served: Served, peer: Peer) -> None:
    request = absolute(
        f"http://{peer.address}/x",
        "Connection: keep-alive, X-Mine",
        "X-Mine: only for the proxy",
        "Proxy-Authorization: Basic abc",
        "Proxy-Connection: keep-alive",
        "Keep-Alive: timeout=5",
        "TE: trailers",
        "Accept: text/plain",
        "Cookie: a=b",
        "Cookie: c=d",
    )
    with served.connect(request) as caller:
        with peer.accept() as host:
            head = read_until(host, b"\r\n\r\n").decode().lower()
            host.sendall(
                b"HTTP/1.1 404 Nothing Here\r\nDate: yesterday\r\nServer: theirs\r\n"
                b"Connection: close, X-Theirs\r\nX-Theirs: only for us\r\nKeep-Alive: timeout=1\r\n"
                b"Set-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Encoding: gzip\r\n"
                b"Content-Length: 8\r\n\r\nnot gzip"
            )
        got = answer(caller)
    assert head == (
        f"get /x http/1.1\r\nhost: {peer.address}\r\n"
        "accept: text/plain\r\ncookie: a=b\r\ncookie: c=d\r\n\r\n"
    )
    assert got.status == 404
    assert got.body == b"not gzip"  # as it came
    assert got.headers == [
        ("date", "yesterday"),
        ("server", "theirs"),
        ("set-cookie", "a=b"),
        ("set-cookie", "c=d"),
        ("content-encoding", "gzip"),
        ("content-length", "8"),
    ]


@pytest.mark.parametrize(
    ("method", "head"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
    ],
)
def test_answers_without_a_body(served: Served, peer: Peer, method: str, head: bytes) -> None:
    with served.connect(absolute(f"http://{peer.address}/", method=method)) as caller:
        with peer.accept() as host:
            read_until(host, b"\r\n\r\n")
            host.sendall(head)
        got = answer(caller, head_only=True)
        assert got.status == int(head.split()[1])
        assert got.all("content-length") == (["5"] if method == "HEAD" else [])
        # What follows is an answer of its own.
        caller.sendall(absolute("http://api.twilio.com/"))
        assert answer(caller).status == 200


def test_an_upgrade_is_not_passed_on(served: Served, elsewhere: Served) -> None:
    request = absolute(
        f"{elsewhere.url}/x",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    with served.connect(request) as caller:
        got = answer(caller)
    assert got.status == 200
    assert "upgrade" not in dict(got.json()["headers"])


def test_a_websocket_to_twilio_in_absolute_form(served: Served) -> None:
    request = absolute(
        "http://tsock.us1.twilio.com/v3/wsconnect",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    with served.connect(request) as caller:
        assert read_until(caller, b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
        assert b"tsock.us1.twilio.com" in read_until(caller, b"}")


def test_an_unreachable_host(http: Ask) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # and does not listen
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        refused = http(absolute(f"{origin}/"))
    assert refused.status == 502
    assert refused.body.startswith(f"Cannot fetch from {origin}: ".encode())
    assert refused.body.count(b"\n") == 1


@pytest.mark.parametrize("target", ["http://x..y/", f"http://{'x' * 64}.invalid/", "http://%00/"])
def test_a_name_that_no_host_can_have(http: Ask, target: str) -> None:
    assert http(absolute(target)).status in (400, 502)


def test_a_certificate_that_nobody_vouches_for(http: Ask, elsewhere: Served) -> None:
    refused = http(absolute(f"https://localhost:{elsewhere.port}/"))
    assert refused.status == 502
    assert b"certificate" in refused.body.lower()


def test_a_certificate_that_the_environment_vouches_for(
    authorities: Path, elsewhere: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = elsewhere.authority.write_bundle(tmp_path / "bundle.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # which is not asked
    with (
        serving(authorities / "ours") as served,
        served.connect(absolute(f"https://localhost:{elsewhere.port}/")) as caller,
    ):
        assert answer(caller).json()["scheme"] == "https"


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n"])
def test_a_host_that_does_not_speak_http(served: Served, peer: Peer, said: bytes) -> None:
    with served.connect(absolute(f"http://{peer.address}/")) as caller:
        with peer.accept() as host:
            read_until(host, b"\r\n\r\n")
            host.sendall(said)
        assert answer(caller).status == 502


def test_an_answer_that_breaks_off_breaks_off(
    served: Served, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    with served.connect(absolute(f"http://{peer.address}/")) as caller:
        with peer.accept() as host:
            read_until(host, b"\r\n\r\n")
            host.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        assert read_all(caller).endswith(b"\r\n\r\nhalf")
    assert f"http://{peer.address} broke off its answer" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]
    caplog.clear()


def test_nothing_is_forwarded_when_only_twilio_is(authorities: Path, elsewhere: Served) -> None:
    with serving(authorities / "ours", proxy_only_twilio=True) as served:
        with served.connect(absolute(f"{elsewhere.url}/")) as caller:
            refused = answer(caller)
        assert refused.status == 403
        assert b"--proxy-only-twilio" in refused.body
        with served.connect(absolute("http://api.twilio.com/")) as caller:
            assert answer(caller).status == 200


def test_an_upload_is_read_no_faster_than_it_is_sent() -> None:
    pieces = 0

    async def receive() -> Any:
        nonlocal pieces
        pieces += 1
        return {"type": "http.request", "body": b"x", "more_body": True}

    class Network:
        """A host that reads nothing."""

        async def handle_async_request(self, request: Any) -> None:
            await asyncio.Event().wait()

    async def forward() -> None:
        forwarding = Forwarding(App())
        forwarding._network = Network()
        scope = {
            "type": "http",
            "method": "PUT",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [(b"transfer-encoding", b"chunked")],
            "extensions": {FORWARD: {"origin": "http://example.com", "refusal": None}},
        }
        task = asyncio.create_task(forwarding(scope, receive, None))
        for _ in range(100):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(forward())
    assert pieces == 2  # one waits in the queue, one before it


def test_callers_from_afar_are_refused() -> None:
    wire = Wire("8.8.8.8")

    async def call() -> None:
        config = uvicorn.Config(Forwarding(App()), ws="none", log_config=None)
        state = uvicorn.Server(config).server_state
        http = Http(config, state, {}, asyncio.get_running_loop(), ProxyRules())
        http.connection_made(wire)
        http.data_received(absolute("http://example.com/", "Connection: close"))
        await asyncio.gather(*state.tasks)

    asyncio.run(call())
    assert wire.written.startswith(b"HTTP/1.1 403 ")
    assert b"private addresses" in wire.written
