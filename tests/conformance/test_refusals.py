"""Every way in which the emulator says no, over HTTP: status, code and text."""

import re

import pytest

from tests.conformance.effects import NUMBER, WEBHOOKS, Scene
from tests.conformance.inside import Inside
from tests.conformance.refusals import (
    NEVER_OVER_REST,
    NOT_IN_THE_CATALOGUE,
    REFUSALS,
    every_refusal,
    pair,
)

KEYS = ["code", "message", "more_info", "status"]


def test_each_refusal_is_brought_about_or_has_a_reason() -> None:
    assert REFUSALS.keys() | NEVER_OVER_REST.keys() == every_refusal().keys()
    assert not REFUSALS.keys() & NEVER_OVER_REST.keys()


def test_what_is_not_in_the_catalogue_is_not_there() -> None:
    assert not {each.code for each in every_refusal().values()} & NOT_IN_THE_CATALOGUE.keys()


@pytest.mark.parametrize("name", list(REFUSALS))
def test_it_is_answered_as_by_twilio(inside: Inside, name: str) -> None:
    refusal = every_refusal()[name]
    answer = REFUSALS[name](Scene(inside, ""))
    assert list(answer.body) == KEYS
    assert (answer.status, answer.code, answer["status"]) == (
        refusal.status,
        refusal.code,
        refusal.status,
    )
    assert answer["more_info"] == f"https://www.twilio.com/docs/errors/{refusal.code}"
    text = re.sub(r"\\\{\w+\\\}", r"\\S+", re.escape(refusal.text))
    assert re.fullmatch(text, answer["message"]), answer["message"]


class TestWhichCheckWins:
    """Whether there is such an operation, authentication, what the path names, state, required
    parameters, format, limits, uniqueness."""

    def test_authentication_after_the_operation(self, inside: Inside) -> None:
        assert inside.ask("GET", "/Nowhere", auth=("AC", "x")).code == 20404
        assert inside.ask("GET", f"/Users/US{'0' * 32}", auth=("AC", "x")).code == 20003

    def test_the_path_before_parameters(self, inside: Inside) -> None:
        assert inside.ask("POST", "/Conversations/nowhere/Webhooks").code == 20404
        assert inside.ask("POST", f"/Roles/RL{'0' * 32}").code == 20404
        service = f"/Services/IS{'0' * 32}"
        assert inside.ask("POST", f"{service}/Users").code == 20404

    def test_the_state_before_parameters(self, inside: Inside) -> None:
        path = Scene(inside, "").conversation()
        inside.made(path, {"State": "closed"})
        for place in ("/Webhooks", "/Participants", "/Messages"):
            assert inside.ask("POST", path + place).code == 50377

    def test_the_format_before_limits(self, inside: Inside) -> None:
        scene = Scene(inside, "")
        path = f"{scene.conversation()}/Webhooks"
        for _ in range(5):
            scene.post(path, WEBHOOKS["webhook"])
        wrong = {**WEBHOOKS["webhook"], "Configuration.Url": "example"}
        assert inside.ask("POST", path, wrong).code == 50054

    def test_limits_before_uniqueness(self, inside: Inside) -> None:
        scene = Scene(inside, "")
        path = f"{scene.conversation()}/Participants"
        for number in range(50):
            scene.post(path, pair(f"+1202555{number:04}", NUMBER))
        assert inside.ask("POST", path, pair("+12025550000", NUMBER)).code == 50422
