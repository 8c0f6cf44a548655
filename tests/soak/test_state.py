"""An emulator that is killed at random moments: what it acknowledged is there when it is back."""

import http.client
import json
import logging
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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.programs import started
from tests.soak.budget import goes_on
from twilio_emulator.settings import ACCOUNT_SID, AUTH_TOKEN

KILLS = int(os.environ.get("SOAK_KILLS", "50"))
FEWEST = int(os.environ.get("SOAK_KILLS", "20"))
"""However late it is; `SOAK_KILLS=200` asks for more of them than fit into a run of all of soak."""

AIM = 0.03
"""Seconds within which a kill follows that is aimed at a compaction."""

PATIENCE = 60.0
"""Seconds until an emulator that does not answer counts as broken."""

AUTHORIZATION = "Basic " + b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
HEADERS = {
    "Authorization": AUTHORIZATION,
    "Content-Type": "application/x-www-form-urlencoded",
}

pytestmark = pytest.mark.soak

log = logging.getLogger(__name__)


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

    def conversation(self) -> str:
        """Make one without messages; answers its sid."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        sid = self._ask(connection, "/v1/Conversations", FriendlyName="0")["sid"]
        connection.close()
        return sid

    def _ask(
        self, connection: http.client.HTTPConnection, path: str, status: int = 201, **form: str
    ) -> dict[str, str]:
        connection.request("POST", path, urlencode(form), HEADERS)
        answer = connection.getresponse()
        said: dict[str, str] = json.loads(answer.read())
        assert answer.status == status, said
        return said


class Renamer(Writer):
    """Gives one conversation another name again and again, which makes a file that is soon twice
    what it holds."""

    def __init__(self, port: int, sid: str, given: int) -> None:
        super().__init__(port, 0)
        self._sid = sid
        self.given = given

    def run(self) -> None:
        """Until the emulator is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        with suppress(OSError, http.client.HTTPException):
            while True:
                path = f"/v1/Conversations/{self._sid}"
                self._ask(connection, path, 200, FriendlyName=f"{self.given + 1}")
                self.given += 1
        connection.close()


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


def fetched(port: int, path: str) -> dict[str, Any] | None:
    """What is there; None when nothing is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers=HEADERS)
    answer = connection.getresponse()
    said: dict[str, Any] = json.loads(answer.read())
    connection.close()
    if answer.status == 404:
        return None
    assert answer.status == 200, said
    return said


def held(port: int, sid: str) -> list[str] | None:
    """The bodies of a conversation's messages; None when there is no such conversation."""
    said = fetched(port, f"/v1/Conversations/{sid}/Messages")
    return None if said is None else [message["body"] for message in said["messages"]]


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


def test_a_kill_while_the_file_is_compacted_loses_nothing(tmp_path: Path, seed: int) -> None:
    """Each kill comes when what is written anew is there, and has not taken the file's place."""
    dice = random.Random(seed)
    state, anew = tmp_path / "state", tmp_path / "state.new"
    known: dict[str, tuple[list[str], list[str]]] = {}
    renamed, name = "", 0
    kills = hits = 0
    while kills < KILLS and goes_on(kills, FEWEST):
        kills += 1
        with running(state) as (process, port):
            if renamed:
                said = fetched(port, f"/v1/Conversations/{renamed}")
                assert said is not None
                assert int(said["friendly_name"]) - name in (0, 1)
                name = int(said["friendly_name"])
            for sid in dice.sample(sorted(known), min(20, len(known))):
                check(held(port, sid), *known[sid])
            renamed = renamed or Writer(port, 0).conversation()
            writers = [Writer(port, 1), Writer(port, 2), Renamer(port, renamed, name)]
            for writer in writers:
                writer.start()
            limit = time.monotonic() + PATIENCE
            begun = time.monotonic() + dice.uniform(0, 0.5)  # not always the first compaction
            while time.monotonic() < begun or not anew.exists():
                assert time.monotonic() < limit, "it is never compacted"
                time.sleep(0.0005)
            time.sleep(dice.uniform(0, AIM))
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)
            hits += anew.exists()
            for writer in writers:
                writer.join(60)
                for sid, bodies in writer.acknowledged.items():
                    known[sid] = bodies, writer.asked[sid]
                if isinstance(writer, Renamer):
                    name = writer.given
    with running(state) as (_, port):
        for sid, (acknowledged, asked) in known.items():
            check(held(port, sid), acknowledged, asked)
    messages = sum(len(acknowledged) for acknowledged, _ in known.values())
    log.info("%d kills, %d of them while the file was written anew", kills, hits)
    log.info("%d conversations, %d messages, %d names, none lost", len(known), messages, name)
    assert hits >= kills // 4


def check(seen: list[str] | None, acknowledged: list[str], asked: list[str]) -> None:
    """All that was acknowledged, at most what was asked for, and nothing by halves."""
    assert seen is not None
    assert seen[: len(acknowledged)] == acknowledged
    assert seen == asked[: len(seen)]
