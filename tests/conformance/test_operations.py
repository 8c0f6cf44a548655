"""Every operation of Twilio's OpenAPI file is declared, and answers as the file says."""

import pytest

from tests.conformance.inside import Inside
from tests.conformance.referee import Referee, shape
from tests.conformance.walk import walk
from twilio_emulator.rest.conversations.v1 import api
from twilio_emulator.wire.operations import Operation
from twilio_emulator.wire.spelling import snake

MORE_THAN_DESCRIBED = {
    "messaging_binding_name": "of e-mail only, refused for other channels",
    "messaging_binding_level": "of e-mail only, refused for other channels",
}
"""Parameters that Twilio's error dictionary knows and its OpenAPI file does not."""


@pytest.fixture
def declared() -> dict[tuple[str, str], Operation]:
    return {(each.method, shape(each.path)): each for each in api.operations}


def test_all_operations_are_declared(
    referee: Referee, declared: dict[tuple[str, str], Operation]
) -> None:
    assert declared.keys() == referee.operations.keys()
    assert len(api.operations) == len(declared) == 103


def test_all_parameters_are_taken(
    referee: Referee, declared: dict[tuple[str, str], Operation]
) -> None:
    for key, described in referee.operations.items():
        taken = set(declared[key].parameters) - MORE_THAN_DESCRIBED.keys()
        assert taken == {snake(name) for name in described.parameters}, described.name


@pytest.mark.parametrize("form", ["short", "service"])
def test_answers_have_the_keys_and_types_of_their_schema(
    referee: Referee, inside: Inside, form: str
) -> None:
    root = "" if form == "short" else f"/Services/{inside.service_sid}"
    come_by = set()
    for step in walk(inside, root):
        described = referee.which(step.method, step.path)
        assert referee.faults(described, step.status, step.body) == [], step.body
        come_by.add(described.key)
    expected = {
        key
        for key, described in referee.operations.items()
        if described.path.startswith("/v1/Services/{ChatServiceSid}/") == bool(root)
    }
    assert come_by == expected
