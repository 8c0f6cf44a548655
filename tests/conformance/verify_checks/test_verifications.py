"""Checks 7 and 9 to 24: codes that are sent, and what is refused."""

from typing import Any

import pytest

from tests.conformance.inside import Inside
from tests.conformance.verify_checks.verify_desk import ANN, Desk, codes_of, refused

NOT_FOUND = (404, 20404)


def test_07_a_verification_is_pending_and_shows_no_code(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.ask("POST", "/Verifications", To=ANN, Channel="sms")
    assert made.status == 201
    assert (made["status"], made["valid"]) == ("pending", False)
    assert made["sid"].startswith("VE")
    (attempt,) = made["send_code_attempts"]
    assert attempt["attempt_sid"].startswith("VL")
    assert made["url"].endswith(f"/Verifications/{made['sid']}")
    assert desk.code() not in made.content.decode()


def test_09_canceling_frees_a_number_that_got_too_many(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    for _ in range(4):
        assert desk.send().sid == made.sid
    assert codes_of(refused(desk.send)) == (429, 60203)
    desk.service.verifications(made.sid).update(status="canceled")
    assert desk.send().sid != made.sid


def test_10_ten_minutes_free_a_number_that_got_too_many(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    inside.advance(minutes=9)
    for _ in range(4):
        desk.send()
    assert codes_of(refused(desk.send)) == (429, 60203)
    inside.advance(minutes=1, seconds=1)
    new = desk.send()
    assert new.sid != made.sid
    assert len(new.send_code_attempts) == 1


def test_11_a_code_is_good_for_ten_minutes(inside: Inside) -> None:
    desk = Desk(inside)
    desk.send()
    code = desk.code()
    inside.advance(minutes=9, seconds=58)
    assert desk.check(code).status == "approved"
    desk.send()
    code = desk.code()
    inside.advance(minutes=10)
    assert codes_of(refused(lambda: desk.check(code))) == NOT_FOUND


def test_12_what_was_approved_is_not_found(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    desk.check(desk.code())
    answer = desk.ask("GET", f"/Verifications/{made.sid}")
    assert (answer.status, answer.code) == NOT_FOUND
    path = f"/Services/{desk.sid}/Verifications/{made.sid}"
    assert answer["message"] == f"The requested resource {path} was not found"


def test_13_an_account_approves_by_itself(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    ended = desk.service.verifications(ANN).update(status="approved")
    assert (ended.sid, ended.status, ended.valid) == (made.sid, "approved", True)
    assert codes_of(refused(lambda: desk.service.verifications(made.sid).fetch())) == NOT_FOUND
    assert codes_of(refused(lambda: desk.check(desk.code()))) == NOT_FOUND


def test_14_what_is_canceled_can_be_looked_at(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    ended = desk.service.verifications(made.sid).update(status="canceled")
    assert (ended.status, ended.valid) == ("canceled", False)
    assert desk.service.verifications(made.sid).fetch().status == "canceled"
    assert codes_of(refused(lambda: desk.check(desk.code()))) == NOT_FOUND
    again = desk.service.verifications(made.sid)
    assert codes_of(refused(lambda: again.update(status="approved"))) == NOT_FOUND


def test_15_a_verification_cannot_be_set_to_anything(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    answer = desk.ask("POST", f"/Verifications/{made.sid}", Status="expired")
    assert (answer.status, answer.code) == (400, 60200)
    assert "Status" in answer["message"]


def test_16_there_is_no_channel_voice(inside: Inside) -> None:
    desk = Desk(inside)
    answer = desk.ask("POST", "/Verifications", To=ANN, Channel="voice")
    assert (answer.status, answer.code) == (400, 60200)
    assert "Channel" in answer["message"]
    assert desk.control("GET", "/handsets") == {"handsets": []}
    assert desk.send(channel="SMS").channel == "sms"


@pytest.mark.parametrize("to", ["4155552671", "+1403", "+1 (415) 555-2671", "Ann"])
def test_17_a_number_is_in_its_whole_form(inside: Inside, to: str) -> None:
    answer = Desk(inside).ask("POST", "/Verifications", To=to, Channel="sms")
    assert (answer.status, answer.code) == (400, 60200)
    assert answer["message"] == f"Invalid parameter `To`: {to}"


@pytest.mark.parametrize(("to", "channel"), [(ANN, "email"), ("ann@example.com", "sms")])
def test_18_a_recipient_fits_the_channel(inside: Inside, to: str, channel: str) -> None:
    answer = Desk(inside).ask("POST", "/Verifications", To=to, Channel=channel)
    assert (answer.status, answer.code) == (400, 60200)
    assert answer["message"].startswith("Invalid parameter `To`: ")


def test_19_a_code_of_ones_own_needs_the_setting(inside: Inside) -> None:
    assert codes_of(refused(lambda: Desk(inside).send(custom_code="424242"))) == (403, 60204)
    desk = Desk(inside, custom_code_enabled=True)
    made = desk.ask("POST", "/Verifications", To=ANN, Channel="sms", CustomCode="42424242")
    assert "42424242" not in made.content.decode()
    assert desk.code() == "42424242"
    assert desk.check("42424242").status == "approved"


@pytest.mark.parametrize("code", ["123", "12345678901"])
def test_20_a_code_of_ones_own_has_4_to_10_characters(inside: Inside, code: str) -> None:
    desk = Desk(inside, custom_code_enabled=True)
    answer = desk.ask("POST", "/Verifications", To=ANN, Channel="sms", CustomCode=code)
    assert (answer.status, answer.code) == (400, 60200)
    assert "CustomCode" in answer["message"]


def test_21_a_payment_has_an_amount_and_a_payee(inside: Inside) -> None:
    desk = Desk(inside, psd2_enabled=True)
    assert codes_of(refused(lambda: desk.send(amount="€39.99"))) == (400, 60206)
    made = desk.send(amount="€39.99", payee="Acme")
    assert (made.amount, made.payee) == ("€39.99", "Acme")


def test_22_an_app_hash_is_for_texts(inside: Inside) -> None:
    desk = Desk(inside)
    hashed = {"app_hash": "He42w354ol9"}
    assert codes_of(refused(lambda: desk.send(channel="call", **hashed))) == (400, 60602)
    desk.send(**hashed)
    (text,) = desk.texts()
    assert text["body"].startswith("<#> ")
    assert text["body"].endswith(f"{text['codes'][0]} He42w354ol9")


@pytest.mark.parametrize(("locale", "status"), [("xx!", 400), ("xx", 404), ("tlh", 404)])
def test_23_a_language_is_one_that_there_is(inside: Inside, locale: str, status: int) -> None:
    desk = Desk(inside)
    answer = desk.ask("POST", "/Verifications", To=ANN, Channel="sms", Locale=locale)
    assert answer.status == status
    if status == 400:
        assert (answer.code, answer["message"]) == (60200, "Invalid parameter: Locale")
    assert desk.control("GET", "/verifications") == {"verifications": []}


@pytest.mark.parametrize("skips", [True, False])
def test_24_landlines_can_be_left_out(inside: Inside, skips: bool) -> None:
    desk = Desk(inside, lookup_enabled=True, skip_sms_to_landlines=skips)
    desk.control("PUT", f"/handsets/{ANN}", {"line_type": "landline"})
    if not skips:
        made: Any = desk.send()
        assert made.lookup["carrier"]["type"] == "landline"
        return
    assert codes_of(refused(desk.send)) == (403, 60205)
    assert desk.texts() == []
