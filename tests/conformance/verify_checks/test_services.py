"""Checks 1 and 3 to 6: services, lists, dates."""

import re
from typing import Any

import pytest

from tests.conformance.inside import Inside
from tests.conformance.verify_checks.verify_desk import ANN, VERIFY, Desk, codes_of, refused

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.mark.parametrize("path", ["/Verifications", "/Verifications/", "/Nothing"])
def test_01_there_is_no_list_of_verifications(inside: Inside, path: str) -> None:
    answer = Desk(inside).ask("GET", path)
    assert (answer.status, answer.code) in ((405, 20004), (404, 20404))


def test_03_sixty_services_are_two_pages(inside: Inside) -> None:
    (first,) = inside.library.verify.v2.services.list()
    for _ in range(59):
        Desk(inside)
    answer = inside.ask("GET", f"{VERIFY}/Services", query={"PageSize": "50"})
    meta = answer["meta"]
    assert (meta["key"], len(answer["services"])) == ("services", 50)
    assert meta["next_page_url"].startswith(f"{VERIFY}/Services?")
    rest = inside.ask("GET", meta["next_page_url"])
    assert (len(rest["services"]), rest["meta"]["next_page_url"]) == (10, None)
    assert rest["services"][-1]["sid"] == first.sid


def dates(shown: Any) -> list[str]:
    """Every date that is shown, at any depth."""
    if isinstance(shown, list):
        return [each for item in shown for each in dates(item)]
    if not isinstance(shown, dict):
        return []
    own = [value for name, value in shown.items() if name.startswith("date_")]
    return own + [each for value in shown.values() for each in dates(value)]


def test_04_dates_have_seconds_and_times_of_sends_milliseconds(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.ask("POST", "/Verifications", To=ANN, Channel="sms")
    shown = [desk.ask("GET", "").body, made.body]
    shown.append(desk.ask("POST", "/VerificationCheck", To=ANN, Code=desk.wrong()).body)
    assert len(dates(shown)) == 6
    assert all(DATE.fullmatch(each) for each in dates(shown))
    (attempt,) = made["send_code_attempts"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", attempt["time"])


@pytest.mark.parametrize(
    ("setting", "value"), [("Totp.TimeStep", "19"), ("Totp.CodeLength", "9"), ("Totp.Skew", "3")]
)
def test_05_settings_of_totp_have_bounds(inside: Inside, setting: str, value: str) -> None:
    answer = Desk(inside).ask("POST", "", **{setting: value})
    assert (answer.status, answer.code) == (400, 60200)
    assert answer["message"] == f"Invalid parameter: {setting}"


def test_06_a_service_takes_its_verifications_along(inside: Inside) -> None:
    desk = Desk(inside)
    made = desk.send()
    assert desk.service.delete()
    for work in (
        lambda: desk.check("123456"),
        lambda: desk.service.verifications(made.sid).fetch(),
        desk.service.delete,
    ):
        assert codes_of(refused(work)) == (404, 20404)
