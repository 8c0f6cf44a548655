"""Sites whose people sign in with codes of Twilio's Verify, each on a sign-in library as it comes
from its registry, redirected from outside: `django-twilio-2fa` on Django, `better-auth` on Node.js.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.programs import started
from twilio_emulator import Emulator

HERE = Path(__file__).parent / "signup"
ANN = "+12025550199"

Ask = Callable[..., tuple[int, Any]]
"""Calls a page with what a form says; answers status and body."""


@contextmanager
def site(*command: str) -> Iterator[Ask]:
    """A site that is asked by lines, until the end of the `with` block."""
    with started(
        command,
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said, heard = process.stdin, process.stdout

        def ask(page: str, **form: Any) -> tuple[int, Any]:
            said.write(f"{json.dumps([page, form])}\n")
            said.flush()
            line = heard.readline()
            assert line, process.stderr and process.stderr.read()
            status, body = json.loads(line)
            return status, body

        yield ask


@pytest.fixture
def django(twilio_redirect: Emulator) -> Iterator[Ask]:
    """A site on Django where Ann is signed in and has yet to prove that the phone is hers."""
    with site(sys.executable, str(HERE / "second_factor.py"), ANN) as ask:
        yield ask


def wrong(code: str) -> str:
    """Another code of as many digits."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def refused(answer: tuple[int, Any]) -> tuple[int, str]:
    """The status, and what django-twilio-2fa calls the reason."""
    status, body = answer
    return status, body["error_code"]


def test_django_twilio_2fa_signs_a_person_up(twilio_redirect: Emulator, django: Ask) -> None:
    ann = twilio_redirect.handset(ANN)

    status, sent = django("send", method="sms")
    assert status == 200, sent
    item = ann.wait(contains="Kettles")
    (code,) = item.codes
    assert item.body == f"Your Kettles verification code is: {code}"
    assert (sent["sends"], sent["attempts"]) == (1, 0)

    status, checked = django("verify", code=wrong(code))
    assert (status, checked["verified"], checked["attempts"]) == (200, False, 1)
    status, checked = django("verify", code=code)
    assert (status, checked["verified"]) == (200, True)


def test_django_twilio_2fa_tells_a_resend_from_a_new_code(
    twilio_redirect: Emulator, django: Ask
) -> None:
    ann = twilio_redirect.handset(ANN)

    first = django("send", method="sms")[1]
    (code,) = ann.wait(contains="Kettles").codes
    again = django("send", method="sms")[1]
    assert again["verification_id"] == first["verification_id"]
    assert again["sends"] == 2
    assert ann.wait(contains="Kettles").codes == [code]

    assert django("cancel")[1]["success"] is True
    new = django("send", method="sms")[1]
    assert new["verification_id"] != first["verification_id"]
    assert new["sends"] == 1


def test_django_twilio_2fa_is_refused_after_the_last_send(
    twilio_redirect: Emulator, django: Ask
) -> None:
    for _ in range(5):
        assert django("send", method="sms")[0] == 200
    assert refused(django("send", method="sms")) == (400, "max_sends_reached")
    assert len(twilio_redirect.handset(ANN).inbox) == 5


def test_django_twilio_2fa_is_refused_after_the_last_check(
    twilio_redirect: Emulator, django: Ask
) -> None:
    sent = django("send", method="sms")[1]
    (code,) = twilio_redirect.handset(ANN).wait(contains="Kettles").codes
    for _ in range(5):
        assert django("verify", code=wrong(code))[1]["verified"] is False
    assert refused(django("verify", code=code, verification_id=sent["verification_id"])) == (
        400,
        "max_attempts_reached",
    )


def test_django_twilio_2fa_finds_nothing_when_the_code_has_expired(
    twilio_redirect: Emulator, django: Ask
) -> None:
    django("send", method="sms")
    (code,) = twilio_redirect.handset(ANN).wait(contains="Kettles").codes
    twilio_redirect.clock.advance(601)
    assert refused(django("verify", code=code)) == (404, "verification_not_found")


def test_django_twilio_2fa_sends_no_text_to_a_landline(
    twilio_redirect: Emulator, django: Ask
) -> None:
    ann = twilio_redirect.handset(ANN)
    ann.change(line_type="landline")
    assert refused(django("send", method="sms")) == (400, "mobile_number_required")
    assert ann.inbox == []


def test_django_twilio_2fa_offers_a_call_and_an_email(
    twilio_redirect: Emulator, django: Ask
) -> None:
    status, sent = django("send", method="call")
    assert status == 200, sent
    assert django("cancel")[1]["success"] is True

    status, sent = django("send", method="email")
    assert status == 200, sent
    (code,) = twilio_redirect.mailbox("ann@example.com").wait().codes
    assert django("verify", code=code)[1]["verified"] is True


@pytest.fixture
def better_auth(twilio_redirect: Emulator, node: str) -> Iterator[Ask]:
    """A site on better-auth, where whoever has a phone can sign up."""
    with site(node, str(HERE / "sign_up.mjs")) as ask:
        yield ask


def test_better_auth_signs_a_person_up(twilio_redirect: Emulator, better_auth: Ask) -> None:
    ann = twilio_redirect.handset(ANN)

    assert better_auth("send-otp", phoneNumber=ANN)[0] == 200
    (code,) = ann.wait(contains="verification code").codes
    status, said = better_auth("verify", phoneNumber=ANN, code=wrong(code))
    assert (status, said["code"]) == (400, "INVALID_OTP")
    status, said = better_auth("verify", phoneNumber=ANN, code=code)
    assert (status, said["user"]["phoneNumber"]) == (200, ANN)
    assert said["user"]["phoneNumberVerified"] is True
    assert said["token"]


def test_better_auth_lets_nobody_in_twice_with_one_code(
    twilio_redirect: Emulator, better_auth: Ask
) -> None:
    better_auth("send-otp", phoneNumber=ANN)
    (code,) = twilio_redirect.handset(ANN).wait(contains="verification code").codes
    assert better_auth("verify", phoneNumber=ANN, code=code)[0] == 200
    assert better_auth("verify", phoneNumber=ANN, code=code)[0] >= 400
