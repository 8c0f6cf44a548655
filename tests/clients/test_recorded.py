"""What an app did on an emulator by Twilio's own package is recorded: it plays green on a fresh
one, without the app."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.clients.test_run import ANN, BEN, EXPECTED
from tests.clients.test_shop import SHOP, talk
from tests.programs import started
from twilio_emulator import Emulator
from twilio_emulator.handle.batch import rehearse
from twilio_emulator.handle.calling import Calling
from twilio_emulator.play import library
from twilio_emulator.scenarios.player.report import Report

APP = [sys.executable, str(Path(__file__).parent / "app.py")]
SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")


def recording(emulator: Emulator) -> str:
    return Calling(emulator.url, emulator.account_sid).fetch("/recording").decode()


def played(text: str) -> Report:
    (report,) = asyncio.run(rehearse([library.load_text(text, "recorded")]))
    assert report.held, report.failure and report.failure.lines()
    return report


def test_an_app_that_talks_to_customers(twilio_redirect: Emulator) -> None:
    ann, ben = twilio_redirect.handset(ANN), twilio_redirect.handset(BEN)
    with started(
        APP, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert ann.wait(timeout=30).body == ben.wait(timeout=30).body == "It arrives tomorrow."
        ann.send("Thank you!")
        said, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert ben.wait(timeout=30).body == "Thank you!"
    assert json.loads(said)["messages"] == EXPECTED["messages"]

    text = recording(twilio_redirect)
    assert SID.findall(text) == []
    assert twilio_redirect.auth_token not in text
    assert "It arrives tomorrow." in text
    assert "Thank you!" in text
    report = played(text)
    assert [(line.mark, line.what) for line in report.lines if line.mark != "·"] == [
        ("←", "It arrives tomorrow."),
        ("←", "It arrives tomorrow."),
        ("→", "Thank you!"),
        ("←", "Thank you!"),
    ]


def test_an_app_that_is_called_by_webhooks(twilio_redirect: Emulator) -> None:
    talk(SHOP, dict(os.environ), twilio_redirect.url, twilio_redirect.account_sid)

    text = recording(twilio_redirect)
    assert SID.findall(text) == []
    assert twilio_redirect.auth_token not in text
    report = played(text)
    got = {line.what for line in report.lines if line.mark == "←"}
    assert {"Grüße & 100 % ☕", "You said: Is it open?"} <= got
