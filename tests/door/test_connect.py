"""CONNECT: to Twilio's hosts and ourselves it ends here, to others it is a tunnel."""

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn

from tests.door.served import (
    IN_TIME,
    Answer,
    Peer,
    Served,
    Wire,
    answer,
    converse,
    ended,
    read,
    read_all,
    read_until,
    serving,
)
from tests.door.test_first_bytes import client_hello
from twilio_emulator.server.connect_tunnel import FarEnd, TunnelEnd
from twilio_emulator.server.listener import Door
from twilio_emulator.server.tls_authority import Authority

Http = Callable[..., Answer]

GET = b"GET /x HTTP/1.1\r\nHost: api.twilio.com\r\n\r\n"


@pytest.mark.parametrize("name", ["api.twilio.com", "tsock.us1.twilio.com", "localhost"])
def test_tls_inside(served: Served, name: str) -> None:
    port = served.port if name == "localhost" else 443
    with served.trusted().wrap_socket(
        served.tunnel(f"{name}:{port}"), server_hostname=name
    ) as connection:
        connection.sendall(GET)
        assert answer(connection).json()["scheme"] == "https"


def test_the_words_of_the_answer(served: Served, elsewhere: Served) -> None:
    """twilio-php splits what curl gives it, this head and the answer behind it, by exactly these
    words without a header; by others it takes the head for the answer.

    Source: https://github.com/twilio/twilio-php/blob/main/src/Twilio/Http/CurlClient.php
    """
    for target in ("api.twilio.com:443", f"127.0.0.1:{elsewhere.port}"):
        with socket.create_connection(("127.0.0.1", served.port), timeout=IN_TIME) as connection:
            connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            assert read_until(connection, b"\r\n\r\n") == (
                b"HTTP/1.1 200 Connection established\r\n\r\n"
            )


def test_tls_inside_from_a_client_that_names_nobody(served: Served) -> None:
    # It gets the certificate of the host that it asked the proxy for.
    context = served.trusted()
    context.check_hostname = False
    with context.wrap_socket(served.tunnel("api.twilio.com:443")) as connection:
        assert connection.getpeercert()["subjectAltName"] == (("DNS", "api.twilio.com"),)


def test_clear_inside(served: Served) -> None:
    with served.tunnel("api.twilio.com:80") as connection:
        connection.sendall(GET)
        assert answer(connection).json()["scheme"] == "http"
        connection.sendall(GET)
        assert answer(connection).status == 200


def test_a_websocket_inside(served: Served) -> None:
    uri = "wss://tsock.us1.twilio.com/v3/wsconnect"
    assert converse(uri, proxy=served.url, ssl=served.trusted())["scheme"] == "wss"


def test_a_clear_websocket_inside(served: Served) -> None:
    told = converse("ws://tsock.us1.twilio.com/", proxy=served.url)
    assert (told["scheme"], told["host"]) == ("ws", "tsock.us1.twilio.com")


def test_our_own_address_is_served(served: Served) -> None:
    with served.tunnel(f"127.0.0.1:{served.port}") as connection:
        connection.sendall(GET)
        assert answer(connection).all("x-from") == ["the app"]


def test_an_address_we_were_told_is_served(authorities: Path) -> None:
    with (
        serving(authorities / "ours", own_addresses=["Emulator.test:9000"]) as served,
        served.tunnel("emulator.TEST:9000") as connection,
    ):
        connection.sendall(GET)
        assert answer(connection).status == 200


def test_no_second_connect_inside(served: Served) -> None:
    with served.tunnel("api.twilio.com:443") as connection:
        connection.sendall(b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
        assert answer(connection).status == 400


@pytest.mark.parametrize(
    "target",
    [
        "api.twilio.com",
        "",
        ":443",
        "api.twilio.com:",
        "api.twilio.com:0",
        "a:65536",
        "a b:1",
        "a/b:1",
    ],
)
def test_a_target_needs_host_and_port(http: Http, target: str) -> None:
    refused = http(f"CONNECT {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert refused.status == 400
    assert b"api.twilio.com:443" in refused.body


def test_a_head_has_an_end(served: Served) -> None:
    with served.connect(b"CONNECT a:1 HTTP/1.1\r\nX: " + b"x" * 16384) as connection:
        assert answer(connection).status == 431


def test_an_unreachable_host(http: Http) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # and does not listen
        target = f"127.0.0.1:{silent.getsockname()[1]}"
        refused = http(f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
    assert refused.status == 502
    assert refused.body == f"Cannot reach {target}: Connection refused.\n".encode()


def test_an_unknown_host(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def unknown(host: Any, *rest: Any, **more: Any) -> Any:
        if host == "nowhere.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refused = http(b"CONNECT nowhere.invalid:1 HTTP/1.1\r\n\r\n")
    assert refused.status == 502
    assert refused.body == b"Cannot reach nowhere.invalid:1: Name or service not known.\n"


def test_a_name_that_no_host_can_have(http: Http) -> None:
    name = f"{'x' * 64}.invalid"
    refused = http(f"CONNECT {name}:1 HTTP/1.1\r\n\r\n".encode())
    assert refused.status == 502
    assert refused.body.startswith(f"Cannot reach {name}:1: ".encode())
    assert refused.body.count(b"\n") == 1


def test_nothing_is_forwarded_when_only_twilio_is(authorities: Path, peer: Peer) -> None:
    with serving(authorities / "ours", proxy_only_twilio=True) as served:
        with served.connect(f"CONNECT {peer.address} HTTP/1.1\r\n\r\n".encode()) as connection:
            refused = answer(connection)
        assert refused.status == 403
        assert b"--proxy-only-twilio" in refused.body
        served.tunnel("api.twilio.com:443").close()


def test_a_tunnel_carries_tls_of_another_host(served: Served, elsewhere: Served) -> None:
    with elsewhere.trusted().wrap_socket(
        served.tunnel(f"localhost:{elsewhere.port}"), server_hostname="localhost"
    ) as connection:
        connection.sendall(b"GET /theirs HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert answer(connection).json()["path"] == "/theirs"


def test_early_bytes_go_through_the_tunnel(served: Served, peer: Peer) -> None:
    with served.connect(f"CONNECT {peer.address} HTTP/1.1\r\n\r\nearly".encode()) as caller:
        with peer.accept() as host:
            assert read(host, 5) == b"early"
        assert read_until(caller, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_host_may_speak_first(served: Served, peer: Peer) -> None:
    with served.connect(f"CONNECT {peer.address} HTTP/1.1\r\n\r\n".encode()) as caller:
        with peer.accept() as host:
            host.sendall(b"220 ready\r\n")
        head = read_until(caller, b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert read_all(caller) == b"220 ready\r\n"


@pytest.mark.parametrize("first", ["caller", "host"])
def test_one_direction_ends_before_the_other(served: Served, peer: Peer, first: str) -> None:
    with served.tunnel(peer.address) as caller, peer.accept() as host:
        one, other = (caller, host) if first == "caller" else (host, caller)
        one.sendall(b"question")
        one.shutdown(socket.SHUT_WR)
        assert read_all(other) == b"question"
        other.sendall(b"answer")
        other.shutdown(socket.SHUT_WR)
        assert read_all(one) == b"answer"


def test_an_aborted_end_aborts_the_other(served: Served, peer: Peer) -> None:
    with served.tunnel(peer.address) as caller:
        host = peer.accept()
        host.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        host.close()  # with a reset
        assert ended(caller)


def test_a_slow_reader_slows_the_writer(
    served: Served, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = threading.Event()
    ends: list[TunnelEnd] = []
    pause = TunnelEnd.pause_writing

    def watched(end: TunnelEnd) -> None:
        pause(end)
        ends.append(end)
        paused.set()

    monkeypatch.setattr(TunnelEnd, "pause_writing", watched)
    data = bytes(range(256)) * 2**16  # 16 MiB: more than the sockets' buffers hold
    with served.tunnel(peer.address) as caller, peer.accept() as host:
        sender = threading.Thread(target=caller.sendall, args=[data])
        sender.start()
        assert paused.wait(IN_TIME)
        assert not ends[0].other.transport.is_reading()
        assert ends[0].transport.get_write_buffer_size() < 2**20
        assert read(host, len(data)) == data
        sender.join(IN_TIME)
        host.sendall(b"got it")
        assert read(caller, 6) == b"got it"


def door_on(wire: Wire, directory: Path) -> Door:
    config = uvicorn.Config(lambda: None, ws="none", log_config=None)
    door = Door.configured(authority=Authority(directory))(
        config, uvicorn.Server(config).server_state, {}
    )
    wire.set_protocol(door)
    door.connection_made(wire)
    return door


def test_callers_from_afar_are_refused(tmp_path: Path) -> None:
    async def call() -> bytes:
        wire = Wire("8.8.8.8")
        door = door_on(wire, tmp_path)
        door.data_received(b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
        door.connection_lost(None)
        return wire.written

    refused = asyncio.run(call())
    assert refused.startswith(b"HTTP/1.1 403 ")
    assert b"private addresses" in refused


class Unanswering(SimpleNamespace):
    """A loop on which no host ever answers."""

    async def create_connection(self, *_: Any) -> None:
        self.tried.set()
        await asyncio.Event().wait()


def test_a_host_that_does_not_answer(tmp_path: Path) -> None:
    async def call() -> bytes:
        wire = Wire("127.0.0.1")
        door = door_on(wire, tmp_path)
        loop = asyncio.get_running_loop()
        door.loop = Unanswering(create_task=loop.create_task, tried=asyncio.Event())
        door.patience = 0
        door.data_received(b"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n")
        await door.dialling
        return wire.written

    assert b"Cannot reach [2001:db8::1]:443: no answer in 0 s.\n" in asyncio.run(call())


def test_a_fault_of_ours_is_said_and_in_our_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(SimpleNamespace):
        async def create_connection(self, *_: Any) -> None:
            raise LookupError("ours")

    async def call() -> Wire:
        wire = Wire("127.0.0.1")
        door = door_on(wire, tmp_path)
        door.loop = Broken()
        door.data_received(b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
        await asyncio.wait([door.dialling])
        await asyncio.sleep(0)
        return wire

    wire = asyncio.run(call())
    assert wire.written.startswith(b"HTTP/1.1 500 ")
    assert wire.closing
    assert "a tunnel to example.com:443 failed" in caplog.text
    assert "LookupError: ours" in caplog.text
    caplog.clear()


def test_a_shutdown_ends_a_connection_that_waits_for_its_host(tmp_path: Path) -> None:
    async def call() -> None:
        wire = Wire("127.0.0.1")
        door = door_on(wire, tmp_path)
        loop = asyncio.get_running_loop()
        door.loop = Unanswering(create_task=loop.create_task, tried=asyncio.Event())
        door.data_received(b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
        await door.loop.tried.wait()
        assert not wire.reading  # what comes now is for the host
        assert door in door.connections
        door.shutdown()
        assert wire.closing
        door.connection_lost(None)
        assert door not in door.connections
        with pytest.raises(asyncio.CancelledError):
            await door.dialling

    asyncio.run(call())


def test_a_caller_may_leave_before_the_host_answers() -> None:
    caller, host = Wire("127.0.0.1"), Wire("127.0.0.1")
    connections: set[TunnelEnd] = set()
    caller.close()
    end = FarEnd(caller, b"early", connections)
    end.connection_made(host)
    assert host.closing
    assert (caller.written, host.written) == (b"", b"")
    end.connection_lost(None)
    assert not connections


def test_an_end_that_is_already_closing_is_not_told_that_no_more_comes() -> None:
    caller, host = Wire("127.0.0.1"), Wire("127.0.0.1")
    end = FarEnd(caller, b"", set())
    end.connection_made(host)
    caller.close()
    assert end.eof_received()  # Wire has no write_eof
    assert not host.closing


@pytest.mark.parametrize(
    "opening",
    [
        b"GET",
        client_hello("api.twilio.com"),
        b"CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\n\r\n",
    ],
    ids=["http", "tls", "connect", "tunnel"],
)
def test_only_the_opening_is_limited(tmp_path: Path, opening: bytes) -> None:
    async def call() -> bool:
        wire = Wire("127.0.0.1")
        door = door_on(wire, tmp_path)
        loop = asyncio.get_running_loop()
        limit = door.limit
        if b"example" in opening:
            door.loop = Unanswering(create_task=loop.create_task, tried=asyncio.Event())
        door.data_received(opening)
        cancelled = limit.cancelled()
        wire.protocol.connection_lost(ConnectionResetError())
        return cancelled

    assert asyncio.run(call())
