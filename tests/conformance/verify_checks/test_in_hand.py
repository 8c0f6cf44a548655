"""Checks 55 and 66 to 69: no webhooks, test credentials, and verifications in the test's hand."""

import json

from tests.conformance.inside import START, Inside
from tests.conformance.verify_checks.verify_desk import ANN, VERIFY, Desk, codes_of, refused
from twilio_emulator.core.accounts.accounts import Accounts, OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.verify.services import FIRST_SERVICE
from twilio_emulator.core.verify.verifications import CreateVerification
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime import numbering


def test_55_a_code_by_text_calls_no_webhook(inside: Inside) -> None:
    desk = Desk(inside)
    desk.send()
    desk.check(desk.code())
    inside.advance(minutes=20)
    assert desk.control("GET", "/webhooks")["webhooks"] == []


def test_66_test_credentials_verify_nobody(inside: Inside) -> None:
    desk = Desk(inside)
    account = inside.world[Accounts][inside.account_sid]
    answer = inside.ask(
        "POST",
        f"{VERIFY}/Services/{desk.sid}/Verifications",
        {"To": ANN, "Channel": "sms"},
        auth=(account.test_account_sid, account.test_auth_token),
    )
    assert (answer.status, answer.code) == (403, 20008)
    assert desk.control("GET", "/handsets") == {"handsets": []}


def test_67_a_test_knows_the_code_or_says_it(inside: Inside) -> None:
    desk = Desk(inside)
    desk.send()
    shown = desk.control("GET", f"/verifications/{ANN}/code")
    assert shown == {"code": desk.code(), "expires_at": "2026-01-05T09:10:00.000Z"}
    fixed = Desk(inside)
    fixed.control("PUT", f"/verify/services/{fixed.sid}", {"fixed_code": "424242"})
    fixed.send()
    assert fixed.code() == "424242"


def test_what_was_spoken_or_mailed_is_shown_with_its_code(inside: Inside) -> None:
    desk = Desk(inside)
    for to, channel in ((ANN, "call"), ("ann@example.com", "email")):
        desk.send(to, channel)
        shown = desk.control("GET", f"/verifications/{to}")
        assert shown["sends"][0]["text"].endswith(f"verification code is: {shown['code']}")


def test_an_address_is_found_in_any_case(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send("Ann@Example.com", "email")
    assert desk.control("GET", "/verifications/ann@example.com")["sid"] == made.sid
    (listed,) = desk.control("GET", "/verifications", to="ANN@example.com")["verifications"]
    assert listed["to"] == "Ann@Example.com"


def test_68_a_test_has_a_verification_expire(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    code = desk.code()
    shown = desk.control("POST", f"/verifications/{ANN}/expire")
    assert (shown["sid"], shown["status"]) == (made.sid, "expired")
    assert codes_of(refused(lambda: desk.check(code))) == (404, 20404)
    entries = desk.control("GET", "/journal", kinds="event")["entries"]
    assert [each["event"] for each in entries].count("VerificationExpired") == 1


def test_69_only_what_is_sent_is_drawn(inside: Inside) -> None:
    desk = Desk(inside)
    before = inside.world.sids.drawn, inside.world.dice.drawn
    assert desk.ask("POST", "/Verifications", To=ANN, Channel="voice").code == 60200
    desk.service.fetch()
    inside.library.verify.v2.services.list()
    desk.control("GET", "/verifications")
    assert (inside.world.sids.drawn, inside.world.dice.drawn) == before
    desk.send()
    assert inside.world.sids.drawn == before[0] + 3


def test_69_the_same_seed_sends_the_same_codes() -> None:
    sent = []
    for _ in range(2):
        world = new_world("AC" + "0" * 31 + "1", 7, Clock(lambda: 0.0, START, rate=0), numbering)
        world.perform(OpenAccount())
        wish = CreateVerification(
            account=world.account_sid, service=FIRST_SERVICE, to=ANN, channel="sms"
        )
        sent.append(world.perform(wish))
    assert sent[0] == sent[1]


def test_the_journal_shows_no_code(inside: Inside) -> None:
    desk = Desk(inside, custom_code_enabled=True)
    desk.send(custom_code="73737373")
    assert desk.code() == "73737373"
    desk.check("11111111")
    desk.check("73737373")
    desk.control("PUT", f"/verify/services/{desk.sid}", {"fixed_code": "83838383"})
    desk.send()
    desk.code()
    shown = json.dumps(desk.control("GET", "/journal", limit="1000"))
    assert "VerificationSent" in shown
    assert "HandsetReceived" in shown
    for code in ("73737373", "83838383", "11111111"):
        assert code not in shown
    refusal = desk.ask("POST", "/Verifications", To="1", Channel="sms")
    assert refusal.code == 60200
    assert '"code": 60200' in json.dumps(desk.control("GET", "/journal", limit="1000"))
