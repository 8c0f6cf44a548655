"""`twilio-emulator run -- app`, where the app is written against Twilio and names no URL."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.programs import started
from twilio_emulator.handle.calling import Calling, CannotCall

HERE = Path(__file__).parent
ANN = "+12025550199"
BEN = "+12025550123"
NOTHING_YET = 408

Run = Callable[[list[str]], dict[str, Any]]


@pytest.fixture
def calling() -> Calling:
    """The control API of the emulator that is about to run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Calling(f"http://127.0.0.1:{probe.getsockname()[1]}")


@pytest.fixture
def run(calling: Calling) -> Run:
    """Run an app to its end, while Ann answers what she got; answers what the app saw."""
    port = calling.url.rpartition(":")[2]

    def answer(process: "subprocess.Popen[str]", got: list[str]) -> None:
        try:
            for phone in (ANN, BEN):
                item = _first(calling, phone, process)
                if item is None:
                    return
                got.append(item["body"])
            text = {"to": "+12025550100", "body": "Thank you!"}
            calling.call("POST", f"/handsets/{ANN}/messages", text)
        except CannotCall as error:  # the app waits for an answer that will not come
            got.append(str(error))
            process.terminate()

    def run(command: list[str]) -> dict[str, Any]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
        # What other tools of the machine have left there must not matter.
        environment |= {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
        whole = [sys.executable, "-m", "twilio_emulator", "run", "--port", port, "--", *command]
        with started(
            whole, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            got: list[str] = []
            answering = threading.Thread(target=answer, args=(process, got))
            answering.start()
            said, errors = process.communicate(timeout=60)
            answering.join(60)
        assert (got, process.returncode) == (["It arrives tomorrow."] * 2, 0), errors
        seen: dict[str, Any] = json.loads(said)
        return seen

    return run


def _first(calling: Calling, phone: str, process: "subprocess.Popen[str]") -> dict[str, Any] | None:
    """The first message on a phone, of an emulator that may not be there yet, however long that
    takes; None of one that is gone."""
    while process.poll() is None:
        try:
            answer = calling.get(f"/handsets/{phone}/messages/wait", {"after": 0}, wait=10)
        except CannotCall as error:
            if error.status not in (None, NOTHING_YET):
                raise
        else:
            item: dict[str, Any] = answer["items"][0]
            return item
    return None


EXPECTED = {
    "messages": [["alice", "It arrives tomorrow."], [ANN, "Thank you!"]],
    "receipts": ["delivered", "delivered"],
}


def test_an_app_with_twilios_package_for_python(run: Run) -> None:
    seen = run([sys.executable, str(HERE / "app.py")])
    assert seen.pop("url").startswith("https://conversations.twilio.com/v1/Conversations/CH")
    assert seen == EXPECTED


def test_an_app_with_twilios_package_for_node(run: Run, node: str) -> None:
    seen = run([node, str(HERE / "app.js")])
    assert seen.pop("url").startswith("https://conversations.twilio.com/v1/Conversations/CH")
    assert seen == EXPECTED
