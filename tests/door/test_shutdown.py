"""A signal ends the process, whatever its connections are in the middle of."""

import signal
import subprocess
import sys
from contextlib import ExitStack

from tests.door.served import IN_TIME, Peer, Reached, answer, read, read_until, serving
from tests.door.test_first_bytes import REQUEST, UPGRADE, client_hello
from tests.programs import started
from twilio_emulator.server.tls_authority import Authority


def test_a_signal_ends_it_with_every_connection_open(
    authority: Authority, peer: Peer, loop: str
) -> None:
    command = [sys.executable, "-m", "tests.door.alone", str(authority.directory), loop]
    with (
        ExitStack() as connections,
        started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None
        reached = Reached(int(process.stdout.readline()), authority)
        hello = client_hello("api.twilio.com")
        secure, websocket, plain = (
            reached.secure("api.twilio.com"),
            reached.connect(UPGRADE),
            reached.connect(),
        )
        for connection in (
            reached.connect(),
            reached.connect(b"CONN"),
            reached.connect(b"CONNECT api.twilio.com:443 HTTP/1.1\r\n"),
            reached.connect(hello[:80]),
            reached.connect(hello),
            reached.tunnel("api.twilio.com:443"),
            reached.tunnel(peer.address),
            reached.secure("api.twilio.com"),
            secure,
            websocket,
            plain,
        ):
            connections.enter_context(connection)
        assert read_until(websocket, b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
        for connection in (secure, plain):
            connection.sendall(REQUEST)
            assert answer(connection).status == 200
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=IN_TIME)
    assert process.returncode == -signal.SIGTERM
    assert errors == ""


def test_a_shutdown_may_meet_a_websocket_that_is_closing(authority: Authority) -> None:
    with serving(authority.directory) as served:
        connection = served.secure("tsock.us1.twilio.com")
        connection.sendall(UPGRADE)
        read_until(connection, b"}")  # what the app says first
        connection.sendall(b"\x88\x80\0\0\0\0")  # a close frame
        assert read(connection, 2) == b"\x88\x00"
        # Now the server waits for the end of TLS, which does not come.
    connection.close()
