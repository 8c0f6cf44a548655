"""Webhooks of an app that believes what Twilio's own validator believes: under `twilio-emulator
run`, and in a test that is redirected."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from tests.programs import started
from twilio_emulator import Emulator

SHOP = [sys.executable, str(Path(__file__).parent / "shop.py")]
ANN = "+12025550199"
SUPPORT = "+12025550101"


def talk(command: list[str], environment: dict[str, str], url: str, account_sid: str) -> None:
    """Start the shop and write to it as Ann; it has told everything when it has closed."""
    with started(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        opened = process.stdout.readline()
        assert opened == '["open"]\n', process.stderr and process.stderr.read()
        ann = Emulator.attach(url, account_sid).handset(ANN)
        ann.send("Is it open?")
        got = ann.wait(count=2, timeout=30)
        ann.send("Goodbye", to=SUPPORT)
        said, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert {item.body for item in got} == {"Grüße & 100 % ☕", "You said: Is it open?"}
    told = [json.loads(line) for line in said.splitlines()]
    assert [each for each in told if each[0] == "status"] == [
        ["status", "sent"],
        ["status", "delivered"],
    ]
    assert [each for each in told if each[0] != "status"] == [
        ["text", ANN, "Is it open?"],
        ["onMessageAdded", ANN, "Goodbye"],
    ]


def test_under_run() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
    command = [sys.executable, "-m", "twilio_emulator", "run", "--port", port, "--", *SHOP]
    talk(command, environment, f"http://127.0.0.1:{port}", "AC00000000000000000000000000000001")


def test_in_a_test_that_is_redirected(twilio_redirect: Emulator) -> None:
    talk(SHOP, dict(os.environ), twilio_redirect.url, twilio_redirect.account_sid)
    assert {each["status"] for each in twilio_redirect.webhooks} == {200, 204}
