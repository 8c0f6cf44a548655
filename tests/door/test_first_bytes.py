"""What a connection is, told by its first bytes, however they come."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.door.served import (
    Answer,
    Served,
    answer,
    converse,
    ended,
    read_all,
    read_until,
    serving,
)
from twilio_emulator.server.uvicorn_insides import WebSocket

Http = Callable[..., Answer]

REQUEST = b"GET /v1/Services?PageSize=2 HTTP/1.1\r\nHost: conversations.twilio.com\r\n\r\n"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def client_hello(name: str) -> bytes:
    outgoing = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def test_http(http: Http) -> None:
    told = http(REQUEST).json()
    assert told["scheme"] == "http"
    assert told["host"] == "conversations.twilio.com"
    assert (told["path"], told["query"]) == ("/v1/Services", "PageSize=2")


def test_a_connection_is_kept(served: Served) -> None:
    with served.connect(REQUEST) as connection:
        assert answer(connection).status == 200
        connection.sendall(REQUEST)
        assert answer(connection).status == 200


@pytest.mark.parametrize("name", ["api.twilio.com", "tsock.us1.twilio.com", "localhost"])
def test_https(served: Served, name: str) -> None:
    with served.secure(name) as connection:
        connection.sendall(REQUEST)
        assert answer(connection).json()["scheme"] == "https"
        assert ("DNS", name) in connection.getpeercert()["subjectAltName"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_https_of_an_address(served: Served, address: str) -> None:
    # Asked for by its address, a server sees no name.
    with served.secure(address) as connection:
        connection.sendall(REQUEST)
        assert answer(connection).status == 200


def test_https_speaks_http_1_1_to_those_who_know_more(served: Served) -> None:
    context = served.trusted()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with context.wrap_socket(served.connect(), server_hostname="api.twilio.com") as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"


@pytest.mark.parametrize("name", ["example.com", "twilio.com.example.com", "xtwilio.com"])
def test_nobody_is_vouched_for_but_twilio(
    served: Served, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        served.secure(name)
    assert f"No certificate for {name!r}" in caplog.text


def test_a_websocket(served: Served) -> None:
    told = converse(f"ws://127.0.0.1:{served.port}/v3/wsconnect", proxy=None)
    assert told["scheme"] == "ws"


@pytest.mark.parametrize("broken", ["scope", "app"])
def test_a_websocket_that_fails_is_cut_off_and_in_the_log(
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    async def fail(*_: object) -> None:
        raise LookupError("ours")

    if broken == "app":
        monkeypatch.setattr(served.app, "echo", fail)
    else:  # where uvicorn does not look
        monkeypatch.setattr(WebSocket, "run_asgi", fail)
    with served.connect(UPGRADE) as connection:
        read_all(connection)
    assert len([record for record in caplog.records if record.exc_info]) == 1
    assert "LookupError: ours" in caplog.text
    caplog.clear()


def test_a_websocket_over_tls(served: Served) -> None:
    with served.connect() as connection:
        uri = "wss://tsock.us1.twilio.com/v3/wsconnect"
        told = converse(uri, sock=connection, ssl=served.trusted(), proxy=None)
    assert (told["scheme"], told["host"]) == ("wss", "tsock.us1.twilio.com")


def bytewise(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def test_http_one_byte_at_a_time(http: Http) -> None:
    assert http(*bytewise(REQUEST)).status == 200


def test_a_method_that_begins_like_connect(http: Http) -> None:
    assert http(b"CO", b"PY /x HTTP/1.1\r\nHost: a\r\n\r\n").json()["method"] == "COPY"


def test_connect_one_byte_at_a_time(served: Served) -> None:
    head = b"CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: api.twilio.com:443\r\n\r\n"
    with served.connect(*bytewise(head)) as connection:
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")


class Dripping:
    """The client's end of TLS over a socket, whose bytes leave one at a time."""

    def __init__(self, served: Served, connection: socket.socket, name: str) -> None:
        self.connection = connection
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = served.trusted().wrap_bio(self.incoming, self.outgoing, server_hostname=name)

    def shake_hands(self) -> None:
        while True:
            try:
                return self.tls.do_handshake()
            except ssl.SSLWantReadError:
                self.drip()
                self.incoming.write(self.connection.recv(65536))

    def drip(self) -> None:
        for byte in bytewise(self.outgoing.read()):
            self.connection.sendall(byte)

    def ask(self, request: bytes) -> bytes:
        self.tls.write(request)
        self.drip()
        while True:
            try:
                return self.tls.read(65536)
            except ssl.SSLWantReadError:
                self.incoming.write(self.connection.recv(65536))


def test_tls_one_byte_at_a_time(served: Served) -> None:
    with served.connect() as connection:
        client = Dripping(served, connection, "api.twilio.com")
        client.shake_hands()
        assert client.ask(REQUEST).startswith(b"HTTP/1.1 200 OK")


def test_a_client_hello_in_one_piece_with_the_connect(served: Served) -> None:
    with served.connect() as connection:
        client = Dripping(served, connection, "api.twilio.com")
        with pytest.raises(ssl.SSLWantReadError):
            client.tls.do_handshake()
        head = b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n"
        connection.sendall(head + client.outgoing.read())
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        client.incoming.write(connection.recv(65536))
        client.shake_hands()
        assert client.ask(REQUEST).startswith(b"HTTP/1.1 200 OK")


def test_a_request_in_one_piece_with_the_connect(served: Served) -> None:
    with served.connect(b"CONNECT api.twilio.com:80 HTTP/1.1\r\n\r\n" + REQUEST) as connection:
        assert read_until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        assert answer(connection).json()["scheme"] == "http"


@pytest.mark.parametrize(
    "garbage",
    [b"\x00\x01\x02\x03\r\n\r\n", b"\x80\x2e\x01\x00\x02", b"hello\r\n\r\n", b"\xff" * 5000],
    ids=["zeros", "SSL 2", "words", "ones"],
)
def test_garbage_is_told_so(http: Http, garbage: bytes) -> None:
    assert http(garbage).status == 400


def test_a_broken_handshake_ends_the_connection(served: Served) -> None:
    with served.connect(b"\x16\x03\x01\x00\x05hello") as connection:
        assert connection.recv(1) == b"\x15"  # an alert
    with served.connect(client_hello("api.twilio.com")[:100]) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert ended(connection)


def test_a_client_may_leave_before_it_says_anything(served: Served) -> None:
    with served.connect() as connection:
        connection.shutdown(socket.SHUT_WR)
        assert ended(connection)


@pytest.mark.parametrize(
    "opening",
    [b"", b"CONN", b"CONNECT api.twilio.com:443 HTTP/1.1\r\n", client_hello("api.twilio.com")[:80]],
    ids=["silence", "half a word", "half a head", "half a handshake"],
)
def test_a_slow_opener_is_not_held_for_ever(authorities: Path, opening: bytes) -> None:
    with serving(authorities / "ours") as served:
        served.door.patience = 0.02
        with served.connect(opening) as connection:
            assert ended(connection)


def test_one_who_connects_and_then_says_nothing_is_not_held_for_ever(authorities: Path) -> None:
    with serving(authorities / "ours") as served:
        served.door.patience = 0.02
        with served.tunnel("api.twilio.com:443") as connection:
            assert ended(connection)


def test_no_certificate_where_the_authority_is_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "1").mkdir()
    with serving(tmp_path) as served:
        with served.connect(client_hello("api.twilio.com")) as connection:
            assert ended(connection)
        with served.connect(REQUEST) as connection:
            assert answer(connection).status == 200
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [str(tmp_path / "1") in error.getMessage() for error in errors] == [True]
    assert all("\n" not in error.getMessage() and not error.exc_info for error in errors)
    caplog.clear()


def test_the_app_lives_as_long_as_the_server(authorities: Path) -> None:
    with serving(authorities / "ours") as served:
        assert served.app.lifespan == ["lifespan.startup"]
    assert served.app.lifespan == ["lifespan.startup", "lifespan.shutdown"]
