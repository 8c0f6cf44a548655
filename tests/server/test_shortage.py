"""A server that has no file descriptors left, in a process of its own; and who waits for one."""

import errno
import json
import logging
import resource
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.programs import started
from twilio_emulator.runtime import shortage

FEW, MANY = 64, 200
SECONDS = 20.0


def ask(port: int) -> bytes:
    """The beginning of an answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(b"GET /_emulator/v1/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return connection.recv(15)


def test_it_is_said_in_a_line_and_the_server_goes_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "twilio_emulator", "serve", "--port", "0"]
    with started(
        [*command, "--authority", str(tmp_path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, FEW)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = next(line for line in process.stdout if "url" in line)
        reading = threading.Thread(target=process.stdout.read, daemon=True)
        reading.start()
        port = int(url.strip().rpartition(":")[2])
        connections = [
            socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(MANY)
        ]
        assert "No file descriptors are left" in process.stderr.readline()
        for connection in connections:
            connection.close()
        answer = b""
        while answer != b"HTTP/1.1 200 OK":  # uvloop may hang up until it has closed the others
            with suppress(ConnectionError):
                answer = ask(port)
        process.terminate()
        assert process.wait(SECONDS) == 0
        assert process.stderr.read() == ""
        reading.join(SECONDS)


def test_serve_takes_as_many_as_the_system_allows(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "twilio_emulator", "serve", "--port", "0", "--json"]
    with started(
        [*command, "--authority", str(tmp_path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, 2 * MANY)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
        with ExitStack() as connections:
            for _ in range(MANY):
                address = "127.0.0.1", port
                connections.enter_context(socket.create_connection(address, timeout=SECONDS))
            assert ask(port) == b"HTTP/1.1 200 OK"
        process.terminate()
        assert process.wait(SECONDS) == 0


@pytest.mark.parametrize("error", [ValueError("not allowed"), OSError(errno.EPERM, "no")])
def test_what_the_system_does_not_allow_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(resource, "setrlimit", fail)
    shortage.prevent()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (OSError(errno.EMFILE, "Too many open files"), True),
        (OSError(errno.ENFILE, "Too many open files in system"), True),
        (OSError(errno.ECONNREFUSED, "Connection refused"), False),
        (LookupError(), False),
        (None, False),
    ],
)
def test_what_is_one(error: Exception | None, is_one: bool) -> None:
    assert shortage.is_one(error) is is_one
    wrapped = ConnectionError("All connection attempts failed")
    wrapped.__cause__ = error
    assert shortage.is_one(wrapped) is is_one


def test_it_is_not_said_again_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 1000.0
    monkeypatch.setattr(shortage, "_until", 0.0)
    monkeypatch.setattr(shortage.time, "monotonic", lambda: now)
    shortage.say()
    shortage.say()
    now += shortage.SILENCE
    shortage.say()
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


def test_whoever_looks_tells(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(shortage, "_until", 0.0)
    shortage.look()
    assert caplog.records == []
    monkeypatch.setattr(shortage.os, "open", fail)
    shortage.look()
    assert len(caplog.records) == 1
