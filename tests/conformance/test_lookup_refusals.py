"""Every way in which Lookup says no, over HTTP: at once, or in a package."""

import re

import pytest

from tests.conformance.inside import Inside
from tests.conformance.lookup_refusals import NUMBER, REFUSALS, every_refusal
from twilio_emulator.core.lookup.definitions import DefineAnswer
from twilio_emulator.core.lookup.errors import PACKAGE_ERRORS
from twilio_emulator.core.lookup.packages import KEYS

DOCUMENTED = {
    *(60600, 60601, 60606, 60607, 60608, 60610, 60611, 60612, 60613, 60614, 60616, 60617, 60618),
    *(60619, 60620, 60621, 60622, 60623, 60699),
}
"""What Twilio's error dictionary has for Lookup."""


def test_each_refusal_is_brought_about() -> None:
    assert REFUSALS.keys() == every_refusal().keys()


def test_each_code_is_answered_or_can_stand_in_a_package() -> None:
    assert {each.code for each in every_refusal().values()} | PACKAGE_ERRORS == DOCUMENTED


@pytest.mark.parametrize("name", list(REFUSALS))
def test_it_is_answered_as_by_twilio(inside: Inside, name: str) -> None:
    refusal = every_refusal()[name]
    answer = REFUSALS[name](inside)
    assert list(answer.body) == ["code", "message", "more_info", "status"]
    assert (answer.status, answer.code, answer["status"]) == (
        refusal.status,
        refusal.code,
        refusal.status,
    )
    assert answer["more_info"] == f"https://www.twilio.com/docs/errors/{refusal.code}"
    text = re.sub(r"\\\{\w+\\\}", r"\\S+", re.escape(refusal.text))
    assert re.fullmatch(text, answer["message"]), answer["message"]


@pytest.mark.parametrize("code", sorted(PACKAGE_ERRORS))
def test_any_package_can_fail_with_any_code(inside: Inside, code: int) -> None:
    inside.perform(DefineAnswer(number=NUMBER[-12:], error=dict.fromkeys(KEYS, code)))
    answer = inside.seen(NUMBER, {"Fields": ",".join(KEYS)})
    for name, keys in KEYS.items():
        assert answer[name] == {**dict.fromkeys(keys), "error_code": code}
