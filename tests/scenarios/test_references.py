"""Names of people and numbers, wherever an address, an identity, a sid or an URL is wanted."""

from collections.abc import Callable

import pytest

from twilio_emulator.play import library
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.language.references import meant, refers
from twilio_emulator.scenarios.player.report import Report

HEAD = """\
    scenario: Names
    receivers:
      app: []
    people:
      Ann: {phone: +12025550199, blocked_senders: [second]}
      Ben: whatsapp:+12025550123
      Alice: chat:alice
    numbers:
      shop: {number: +12025550100, sms_url: app}
      second: +12025550101
    story:
"""


@pytest.mark.parametrize(
    "key", ["From", "to", "from_", "MessagingBinding.Address", "identity", "SmsUrl", "others"]
)
def test_keys_that_refer(key: str) -> None:
    assert refers(key)


@pytest.mark.parametrize("key", ["body", "Body", "friendly_name", "attributes", "status"])
def test_keys_that_do_not(key: str) -> None:
    assert not refers(key)


def test_what_is_meant() -> None:
    known = {"Ann": "+12025550199", "order": {"sid": "CH1"}}
    said = {"to": ["Ann", "Bob"], "body": "Ann", "sid": "order", "x": {"author": {"not": "Ann"}}}
    assert meant(said, known) == {
        "to": ["+12025550199", "Bob"],
        "body": "Ann",
        "sid": "CH1",
        "x": {"author": {"not": "+12025550199"}},
    }
    assert meant({"author": {"is": "Ann"}}, known) == {"author": {"is": "Ann"}}


def test_what_is_wrong_with_a_phone_is_said_where_it_is_declared(
    play: Callable[..., Report],
) -> None:
    people = "people:\n  Ann: +99999\n"
    report = play(f"scenario: Wrong\n{people}story: []\n")
    assert report.failure is not None
    assert str(report.failure.place) == "scenario:3:3"


@pytest.mark.parametrize("said", ["two", "[2]", "true", "{count: 2}"])
def test_what_cannot_be_compared(said: str) -> None:
    step = f"  - messages.list: {{}}\n    expect: {{messages: {{at least: {said}}}}}\n"
    with pytest.raises(Faulty, match=r"scenario:4:\d+: expected a number after"):
        library.load_text(f"scenario: Wrong\nstory:\n{step}")


@pytest.mark.parametrize(
    "steps",
    [
        """
      - Ann texts: Hello
        parameters: {ReferralFrom: Ben}
      - app receives: {From: Ann, To: shop, ReferralFrom: "${Ben}"}
      - Ann texts: Bye
      - app receives: {From: {not: Ben}, Body: Bye}
        """,
        """
      - messages.create: {From: shop, To: Ann, Body: Ann}
        expect: {from: shop, to: Ann, body: Ann}
      - Ann gets: {body: Ann, from: shop, to: Ann}
      - messages.list: {to: Ann}
        expect: {messages: {at least: 1}}
        """,
        """
      - fault: {match: {to: Ann, from: shop}, do: {final: {status: failed}}}
      - messages.create: {from: shop, to: Ann, body: Lost}
      - Ann gets nothing
        """,
        """
      - GET /handsets/Ann:
        expect: {address: Ann, blocked_senders: [second]}
      - Ann's phone has: {blocked_senders: shop}
      - GET /handsets/Ann/messages?since=0:
        expect: {items: []}
      - messages.create: {from: shop, to: Ann, body: Blocked}
      - Ann gets nothing
        """,
        """
      - conversations.create: {friendly_name: Ann}
        as: talk
        expect: {friendly_name: Ann, sid: /^CH/}
      - conversations.participants.create:
          conversation: talk
          messaging_binding: {address: Ann, proxy_address: shop}
        expect: {messaging_binding: {address: Ann}, conversation_sid: talk}
      - conversations.participants.create: {conversation: talk, identity: Alice}
      - conversations.messages.create: {conversation: talk, author: Alice, body: Hi}
      - Ann gets: {body: Hi, from: shop}
        """,
    ],
)
def test_a_name_will_do(steps: str, play: Callable[..., Report]) -> None:
    report = play(HEAD + steps)
    assert report.held, report.failure and report.failure.lines()
