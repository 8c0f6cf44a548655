"""Checks 25 to 31: codes that are tried."""

from datetime import timedelta

import pytest

from tests.conformance.inside import START, Inside
from tests.conformance.verify_checks.verify_desk import ANN, Desk, codes_of, refused


def test_25_a_wrong_code_is_no_error(inside: Inside) -> None:
    desk = Desk(inside)
    desk.send()
    wrong = desk.wrong()
    inside.advance(seconds=9)
    checked = desk.check(wrong)
    assert (checked.status, checked.valid) == ("pending", False)
    assert checked.date_created == START
    assert checked.date_updated == START + timedelta(seconds=10)
    assert desk.ask("POST", "/VerificationCheck", To=ANN, Code=wrong).status == 201


def test_26_four_wrong_codes_do_no_harm(inside: Inside) -> None:
    desk = Desk(inside)
    desk.send()
    code, wrong = desk.code(), desk.wrong()
    for _ in range(4):
        assert desk.check(wrong).status == "pending"
    assert desk.check(code).status == "approved"


def test_27_after_five_wrong_codes_none_is_right(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    code, wrong = desk.code(), desk.wrong()
    for _ in range(5):
        assert desk.check(wrong).status == "pending"
    error = refused(lambda: desk.check(code))
    assert codes_of(error) == (429, 60202)
    assert "Max check attempts reached" in error.msg
    assert desk.service.verifications(made.sid).fetch().status == "max_attempts_reached"
    assert codes_of(refused(desk.send)) == (429, 60203)
    inside.advance(minutes=10)
    assert codes_of(refused(lambda: desk.check(code))) == (404, 20404)


def test_28_a_check_is_of_something(inside: Inside) -> None:
    answer = Desk(inside).ask("POST", "/VerificationCheck", Code="123456")
    assert (answer.status, answer.code) == (400, 60221)


def test_29_what_can_be_no_code_does_not_count(inside: Inside) -> None:
    desk = Desk(inside)
    desk.send()
    wrong = desk.wrong()
    for _ in range(4):
        desk.check(wrong)
    for _ in range(3):
        answer = desk.ask("POST", "/VerificationCheck", To=ANN, Code="12")
        assert (answer.status, answer.code) == (400, 60200)
        assert answer["message"] == "Invalid parameter: Code"
    assert desk.check(desk.code()).status == "approved"


def test_30_a_code_is_of_its_payment(inside: Inside) -> None:
    desk = Desk(inside, psd2_enabled=True)
    payment = {"amount": "€39.99", "payee": "Acme"}
    desk.send(**payment)
    code = desk.code()
    assert desk.check(code, **{**payment, "amount": "€93.99"}).status == "pending"
    assert codes_of(refused(lambda: desk.check(code))) == (400, 60206)
    assert desk.check(code, **payment).status == "approved"


@pytest.mark.parametrize(("said", "status"), [("12345", "pending"), (" 012345 ", "approved")])
def test_31_zeros_count_and_blanks_do_not(inside: Inside, said: str, status: str) -> None:
    desk = Desk(inside)
    desk.control("PUT", f"/verify/services/{desk.sid}", {"fixed_code": "012345"})
    desk.send()
    assert desk.check(said).status == status
