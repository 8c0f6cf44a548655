"""Sentences about codes: on phones, by call, in mailboxes."""

from collections.abc import Callable

import pytest

from twilio_emulator.play import library
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.language.scenario import PHONE, Person
from twilio_emulator.scenarios.player.report import Report

Story = Callable[..., Report]

CREATE = "verify.services.verifications.create"
CHECK = "verify.services.verification_checks.create"


def test_a_code_by_text_is_the_code_itself(story: Story) -> None:
    report = story(
        f"""\
        - {CREATE}: {{service: verify_service_sid, to: Ann, channel: sms}}
        - Ann gets a code:
          by: sms
          as: code
        - {CHECK}: {{service: verify_service_sid, to: Ann, code: "${{code}}"}}
          expect: {{status: approved}}
        - Ann gets nothing
        """
    )
    assert report.held, report.failure and report.failure.lines()


def test_any_text_with_a_code_will_do_and_each_is_taken_once(story: Story) -> None:
    report = story(
        """\
        - messages.create: {from: number, to: Ann, body: Hello}
        - messages.create: {from: number, to: Ann, body: Your code is 171717.}
        - messages.create: {from: number, to: Ann, body: Your code is 424242.}
        - Ann gets a code:
          as: first
        - Ann gets a code:
          as: second
        - Ann texts: ${first} ${second}
        - messages.list: {from: Ann}
          expect: {messages: [{body: 171717 424242}]}
        - Ann gets a code:
          within: 5 seconds
        """
    )
    assert report.failure is not None
    assert report.failure.expected == "a code within 5 seconds"
    assert "Hello" in report.failure.nearest


def test_a_code_by_another_way_is_not_the_one(story: Story) -> None:
    report = story(
        """\
        - messages.create: {from: number, to: Ann, body: Your code is 424242.}
        - Ann gets a code:
          by: call
        """
    )
    assert report.failure is not None
    assert report.failure.expected == "a code by call within 1 minute"


def test_who_gets_no_code_at_all(story: Story) -> None:
    report = story("- Ann gets a code:\n  by: whatsapp\n")
    assert report.failure is not None
    assert report.failure.nearest == "nothing arrived"


@pytest.mark.parametrize(
    ("name", "email", "mailbox"),
    [
        ("Ann", None, "ann@example.com"),
        ("Ann O'Hara 2", None, "ann.o.hara.2@example.com"),
        ("Ann", "a@b.example", "a@b.example"),
    ],
)
def test_everybody_has_a_mailbox(name: str, email: str | None, mailbox: str) -> None:
    assert Person(name, PHONE, "+12025550199", "sms", email=email).mailbox == mailbox


def test_a_mailbox_has_an_address_that_can_be_one() -> None:
    with pytest.raises(
        Faulty, match=r'expected an e-mail address, such as ann@example\.com, not "x"'
    ):
        library.load_text(
            "scenario: x\npeople: {Ann: {phone: +12025550199, email: x}}\nstory: []\n"
        )


def test_a_mailbox_that_nothing_came_to(story: Story) -> None:
    report = story("- Ann's mailbox gets nothing\n- Alice's mailbox gets: /code/\n")
    assert report.failure is not None
    assert report.steps == 2
    assert report.failure.nearest == "nothing arrived"


def test_a_code_by_call_takes_a_key_or_somebody_who_answers(story: Story) -> None:
    report = story(
        f"""\
        - {CREATE}: {{service: verify_service_sid, to: Ann, channel: call}}
        - Ann gets a code:
          as: heard
        - {CHECK}: {{service: verify_service_sid, to: Ann, code: "${{heard}}"}}
          expect: {{status: approved}}
        - Ann's phone has: {{calls: hold}}
        - {CREATE}: {{service: verify_service_sid, to: Ann, channel: call}}
        - Ann gets a code:
          by: call
          as: heard
        - {CHECK}: {{service: verify_service_sid, to: Ann, code: "${{heard}}"}}
          expect: {{status: approved}}
        """
    )
    assert report.held, report.failure and report.failure.lines()


def test_a_code_by_whatsapp_and_one_by_mail(story: Story) -> None:
    report = story(
        f"""\
        - {CREATE}: {{service: verify_service_sid, to: "+12025550123", channel: whatsapp}}
        - Ben gets a code:
          by: whatsapp
        - {CREATE}: {{service: verify_service_sid, to: ben@example.com, channel: email}}
        - Ben's mailbox gets: {{subject: /verification code/, codes: {{count: 1}}}}
          as: mail
        - {CHECK}: {{service: verify_service_sid, to: ben@example.com, code: "${{mail.codes.0}}"}}
          expect: {{status: approved}}
        - Ben's mailbox gets nothing
        """
    )
    assert report.held, report.failure and report.failure.lines()


def test_nobody_approves_without_a_device(story: Story) -> None:
    report = story("- Ann approves\n")
    assert report.failure is not None
    assert report.failure.expected == "a device called Ann, which POST /push-devices adds"
    assert report.failure.nearest == "no device at all"


def test_nobody_denies_what_was_not_asked(story: Story) -> None:
    report = story(
        """\
        - POST /push-devices: {name: Ann}
          as: device
        - POST /push-devices: {name: Ben}
        - POST /push-devices/${device.id}/enroll: {identity: ann-00000001}
        - Ann denies:
          within: 5 seconds
        """
    )
    assert report.failure is not None
    assert report.failure.expected == "a push challenge for Ann within 5 seconds"
