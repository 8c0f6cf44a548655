"""Every way in which Verify says no, over HTTP: by itself, or because a fault says so."""

import re
from collections import defaultdict

import pytest

from tests.conformance.inside import Inside, Said
from tests.conformance.verify_refusals import (
    ANN,
    FIRST_CODE,
    HERE,
    IDENTITY,
    NEVER_OVER_REST,
    REFUSALS,
    THEIRS,
    enrolled,
    entity,
    every_refusal,
    factor,
    of_faults,
    passkeys,
    send,
    verified,
)
from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.core.simulation.fault_checks import VERIFY_CODES
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import ApiError, Fault, FaultRules, Match

DOCUMENTED = {
    400: {
        *(
            60200,
            60201,
            60206,
            60207,
            60208,
            60209,
            60210,
            60211,
            60213,
            60214,
            60217,
            60218,
            60219,
        ),
        *(
            60220,
            60221,
            60223,
            60224,
            60226,
            60227,
            60236,
            60237,
            60242,
            60248,
            60300,
            60305,
            60306,
        ),
        *(60307, 60314, 60315, 60329, 60331, 60408, 60411, 60550, 60602, 60625, 68008),
    },
    401: {60603, 60604},
    403: {
        *(60204, 60205, 60222, 60238, 60311, 60313, 60318, 60322, 60323, 60324, 60410, 60412),
        60605,
    },
    404: {60228, 60229},
    409: {60301, 60317},
    429: {
        *(60202, 60203, 60212, 60308, 60309, 60310, 60312, 60326, 60328, 60624, 60626),
    },
}
"""What Twilio's error dictionary has for Verify, by status, but for what is only logged, what its
console says, and passkeys."""

OF_PASSKEYS = {
    400: {
        *(60367, 60371, 60372, 60375, 60376, 60377, 60378, 60379, 60380, 60381, 60382, 60383),
        *(60386, 60387, 60393),
    },
    404: {60390, 60391, 60392},
}

OF_ALL_APIS = {20001, 20404, 20429}


def test_each_refusal_is_brought_about_or_has_a_reason() -> None:
    assert REFUSALS.keys() | NEVER_OVER_REST.keys() == every_refusal().keys()
    assert not REFUSALS.keys() & NEVER_OVER_REST.keys()


def test_each_code_has_the_status_of_the_dictionary() -> None:
    found = defaultdict(set)
    for each in (*every_refusal().values(), *of_faults().values()):
        if each.code not in OF_ALL_APIS:
            found[each.status].add(each.code)
    assert found == {
        status: DOCUMENTED.get(status, set()) | OF_PASSKEYS.get(status, set())
        for status in DOCUMENTED
    }


def test_a_fault_can_name_each_code() -> None:
    assert set().union(*DOCUMENTED.values()) == VERIFY_CODES


def is_answered(answer: Said, refusal: Refusal) -> None:
    assert list(answer.body) == ["code", "message", "more_info", "status"]
    assert (answer.status, answer.code, answer["status"]) == (
        refusal.status,
        refusal.code,
        refusal.status,
    )
    assert answer["more_info"] == f"https://www.twilio.com/docs/errors/{refusal.code}"
    text = re.sub(r"\\\{\w+\\\}", r".+", re.escape(refusal.text))
    assert re.fullmatch(text, answer["message"]), answer["message"]


@pytest.mark.parametrize("name", list(REFUSALS))
def test_it_is_answered_as_by_twilio(inside: Inside, name: str) -> None:
    is_answered(REFUSALS[name](inside), every_refusal()[name])


def fault(inside: Inside, refusal: Refusal, match: Match) -> None:
    error = ApiError(status=refusal.status, code=refusal.code)
    inside.perform(AddFault(match=match, do=Fault(api_error=error), times=1))


@pytest.mark.parametrize("name", list(of_faults()))
def test_what_nothing_leads_to_a_fault_brings_about(inside: Inside, name: str) -> None:
    fault(inside, of_faults()[name], Match(to=ANN, channel="sms"))
    is_answered(send(inside), of_faults()[name])
    assert send(inside).status == 201


RATE = of_faults()["ENTITIES_RATE_EXCEEDED"]


def test_entities_and_what_they_have_are_refused_by_a_fault_for_them(inside: Inside) -> None:
    service = HERE[-34:]
    sid = verified(inside)
    inside.made(HERE, {"Passkeys.RelyingParty.Id": "example.com"})
    for ask in (
        lambda: inside.ask("POST", f"{HERE}/Entities", {"Identity": IDENTITY}),
        lambda: factor(inside),
        lambda: inside.ask("POST", f"{HERE}/Entities/{inside.seen(THEIRS)['sid']}/Factors", {}),
        lambda: entity(inside, "/Challenges", FactorSid=sid),
        lambda: passkeys(inside, "Factors", identity=IDENTITY),
        lambda: passkeys(inside, "Challenges", identity=IDENTITY),
    ):
        fault(inside, RATE, Match(identity=IDENTITY, service=service))
        is_answered(ask(), RATE)
        assert len(inside.world[FaultRules]) == 0


@pytest.mark.parametrize(
    "match",
    [
        Match(identity="bob*"),
        Match(to=ANN),
        Match(channel="sms"),
        Match(service="VA" + "f" * 32),
    ],
)
def test_a_fault_for_something_else_lets_them_be(inside: Inside, match: Match) -> None:
    fault(inside, RATE, match)
    path = enrolled(inside)
    assert entity(inside, path, AuthPayload=FIRST_CODE)["status"] == "verified"
    assert inside.ask("POST", f"{HERE}/Passkeys/Challenges", content=b"{}").code == 60372
    assert len(inside.world[FaultRules]) == 1


def test_a_fault_for_somebody_answers_no_code(inside: Inside) -> None:
    fault(inside, RATE, Match(identity=IDENTITY))
    assert send(inside).status == 201
