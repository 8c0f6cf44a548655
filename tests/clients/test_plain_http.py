"""Apps that speak to Twilio by plain HTTP, without its library, need no change either: `apprise`
and `django-otp-twilio` as they come from PyPI, redirected from outside."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.programs import started
from twilio_emulator import Emulator

ANN = "+12025550199"
APPRISE = str(Path(sysconfig.get_path("scripts")) / "apprise")
LOGIN = Path(__file__).parent / "login.py"


@pytest.mark.parametrize("channel", ["", "w:"])
def test_apprise_sends_a_text(twilio_redirect: Emulator, channel: str) -> None:
    ann = twilio_redirect.handset(ANN)
    sender = twilio_redirect.whatsapp_number.removeprefix("whatsapp:")
    account = f"{twilio_redirect.account_sid}:{twilio_redirect.auth_token}"
    url = f"twilio://{account}@{sender if channel else twilio_redirect.number}/{channel}{ANN}"

    subprocess.run(
        [APPRISE, "--body", "The build is green", url],
        env=dict(os.environ),
        check=True,
        timeout=60,
    )

    item = ann.wait(contains="green")
    assert item.body == "The build is green"
    assert item.channel == ("whatsapp" if channel else "sms")


def test_apprise_learns_of_a_refusal(twilio_redirect: Emulator) -> None:
    account = f"{twilio_redirect.account_sid}:{twilio_redirect.auth_token}"
    url = f"twilio://{account}@+12025550123/{ANN}"

    sent = subprocess.run(
        [APPRISE, "--verbose", "--body", "Hello", url],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )

    assert sent.returncode == 1
    assert "is not a Twilio phone number" in sent.stdout


def test_django_otp_sends_a_code_that_lets_in(twilio_redirect: Emulator) -> None:
    ann = twilio_redirect.handset(ANN)
    with started(
        [sys.executable, str(LOGIN), ANN],
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        sent = process.stdout.readline()
        assert sent == "sent\n", process.stderr and process.stderr.read()
        (code,) = ann.wait(contains="Your code is").codes
        said, errors = process.communicate(f"{code}\n", timeout=60)
    assert (process.returncode, said) == (0, "True\n"), errors
