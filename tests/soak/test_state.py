"""An emulator that is killed at random moments: what it acknowledged is there when it is back."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.programs import started
from tests.soak.budget import goes_on
from twilio_emulator.settings import ACCOUNT_SID, AUTH_TOKEN

KILLS = 50
FEWEST = 20
PATIENCE = 20.0
"""Seconds until an emulator that does not answer counts as broken."""

AUTHORIZATION = "Basic " + b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
HEADERS = {
    "Authorization": AUTHORIZATION,
    "Content-Type": "application/x-www-form-urlencoded",
}

pytestmark = pytest.mark.soak


class Writer(threading.Thread):
    """Makes conversations with messages one after another, and remembers what was acknowledged."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__()
        self._port = port
        self._number = number
        self.acknowledged: dict[str, list[str]] = {}
        self.asked: dict[str, list[str]] = {}

    def run(self) -> None:
        """Until the emulator is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        count = 0
        try:
            while True:
                count += 1
                sid = self._ask(connection, "/v1/Conversations", FriendlyName=f"{count}")["sid"]
                held = self.acknowledged[sid] = []
                asked = self.asked[sid] = []
                for place in range(5):
                    body = f"{self._number}.{count}.{place}"
                    asked.append(body)
                    self._ask(connection, f"/v1/Conversations/{sid}/Messages", Body=body)
                    held.append(body)
        except (OSError, http.client.HTTPException):
            connection.close()

    def _ask(
        self, connection: http.client.HTTPConnection, path: str, **form: str
    ) -> dict[str, str]:
        connection.request("POST", path, urlencode(form), HEADERS)
        answer = connection.getresponse()
        said: dict[str, str] = json.loads(answer.read())
        assert answer.status == 201, said
        return said


@contextmanager
def running(state: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """An emulator with a state file, that is killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
    serve = [
        sys.executable,
        "-m",
        "twilio_emulator",
        "serve",
        "--port",
        str(port),
        "--state",
        str(state),
    ]
    with started(serve, env=environment, stdout=subprocess.DEVNULL) as process:
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None, "it ended before it listened"
                assert time.monotonic() < limit, "it does not listen"
        yield process, port


def held(port: int, sid: str) -> list[str] | None:
    """The bodies of a conversation's messages; None when there is no such conversation."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", f"/v1/Conversations/{sid}/Messages", headers=HEADERS)
    answer = connection.getresponse()
    said = json.loads(answer.read())
    connection.close()
    if answer.status == 404:
        return None
    assert answer.status == 200, said
    return [message["body"] for message in said["messages"]]


def test_whatever_was_acknowledged_survives_being_killed(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    state = tmp_path / "state"
    known: dict[str, tuple[list[str], list[str]]] = {}
    kills = 0
    while kills < KILLS and goes_on(kills, FEWEST):
        kills += 1
        with running(state) as (process, port):
            for sid in dice.sample(sorted(known), min(30, len(known))):
                check(held(port, sid), *known[sid])
            writers = [Writer(port, number) for number in range(4)]
            for writer in writers:
                writer.start()
            time.sleep(dice.uniform(0.02, 0.4))
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)
            for writer in writers:
                writer.join(60)
                for sid, bodies in writer.acknowledged.items():
                    known[sid] = bodies, writer.asked[sid]
    with running(state) as (_, port):
        for sid, (acknowledged, asked) in known.items():
            check(held(port, sid), acknowledged, asked)
    assert len(known) > kills


def check(seen: list[str] | None, acknowledged: list[str], asked: list[str]) -> None:
    """All that was acknowledged, at most what was asked for, and nothing by halves."""
    assert seen is not None
    assert seen[: len(acknowledged)] == acknowledged
    assert seen == asked[: len(seen)]
