"""Every way in which messaging says no, over HTTP: at once, or as the fate of a message."""

import re
from typing import Any

import pytest

from tests.conformance.inside import Inside, Said
from tests.conformance.messaging_refusals import (
    LATER,
    NEVER_OVER_REST,
    NOT_IN_THE_CATALOGUE,
    REFUSALS,
    every_refusal,
    send,
)
from tests.conformance.messaging_walk import ANN, API
from tests.webhooks.conftest import http
from twilio_emulator.core.senders.refusals import LATER as TEXTS
from twilio_emulator.core.senders.refusals import NEVER_LEFT
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import ApiError, Fault, Final, Match

DOCUMENTED = {
    *(20003, 20403, 20404, 20429, 21211, 21212, 21265, 21266, 21267, 21408, 21602, 21603, 21604),
    *(21606, 21608, 21609, 21610, 21611, 21612, 21614, 21617, 21619, 21620, 21621, 21623, 21624),
    216602,
    *(21627, 21635, 21654, 21655, 21656, 21659, 21660, 21661, 21701, 21703, 21704, 21705, 21709),
    *(21710, 21711, 21712, 21714, 21715, 21910, 35111, 35117, 35118, 63007, 63031),
}
"""What Twilio's error dictionary has for the request of a message and for pools of senders."""

OF_ALL_APIS = {20003, 20404, 20429}
"""Those that are no matter of messages alone; tests below bring them about."""

TOLD_ELSEWHERE = {11200, 12300, 63019, 63021, 21617, 30019, 30039}
"""Fates of media that cannot be had, below, and of large files, long templates and loops, in
`tests/core`."""

ONLY_ORDERED = {
    21408: "regions are looked at when a message is asked for",
    30008: "it says that nothing is known",
    30009: "of a message that comes in, it is an alert",
    30010: "MaxPrice has no effect any more",
    30017: "a carrier that is too slow says 30001",
    30022: "a carrier that is too slow says 30001",
    30023: "carriers have no daily caps here",
    30027: "carriers have no daily caps here",
    30044: "what a trial account says is cut nowhere",
    63013: "nobody judges what is said",
    63018: "WhatsApp is as fast as the carrier",
    63024: "who has no WhatsApp is 63003",
    63032: "nobody judges who is written to",
    63033: "who opted out is 21610",
    63049: "nobody judges what is marketing",
    63050: "nobody judges what is marketing",
}
"""Fates that a message has only when a fault or a magic recipient says so, and why."""

KEYS = ["code", "message", "more_info", "status"]


def test_each_refusal_is_brought_about_or_has_a_reason() -> None:
    assert REFUSALS.keys() | NEVER_OVER_REST.keys() == every_refusal().keys()
    assert not REFUSALS.keys() & NEVER_OVER_REST.keys()


def test_what_is_not_in_the_catalogue_is_not_there() -> None:
    assert not {each.code for each in every_refusal().values()} & NOT_IN_THE_CATALOGUE.keys()


def test_each_code_is_raised_or_not_for_a_reason() -> None:
    raised = {every_refusal()[name].code for name in REFUSALS}
    assert raised | OF_ALL_APIS | NOT_IN_THE_CATALOGUE.keys() >= DOCUMENTED


def test_each_fate_comes_by_itself_or_is_ordered_for_a_reason() -> None:
    assert LATER.keys() | TOLD_ELSEWHERE | ONLY_ORDERED.keys() == TEXTS.keys()
    assert not (LATER.keys() | TOLD_ELSEWHERE) & ONLY_ORDERED.keys()


@pytest.mark.parametrize("name", list(REFUSALS))
def test_it_is_answered_as_by_twilio(inside: Inside, name: str) -> None:
    refusal = every_refusal()[name]
    answer = REFUSALS[name](inside)
    assert list(answer.body) == KEYS
    assert (answer.status, answer.code, answer["status"]) == (
        refusal.status,
        refusal.code,
        refusal.status,
    )
    assert answer["more_info"] == f"https://www.twilio.com/docs/errors/{refusal.code}"
    text = re.sub(r"\\\{\w+\\\}", r"\\S+", re.escape(refusal.text))
    assert re.fullmatch(text, answer["message"]), answer["message"]


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("+14035550", "Invalid 'To' Phone Number: +1403XXXX"),
        ("nobody", "Invalid 'To' Phone Number: noXXXX"),
    ],
)
def test_numbers_in_refusals_are_masked(inside: Inside, to: str, message: str) -> None:
    assert send(inside, To=to)["message"] == message


def outcome(inside: Inside, answer: Said) -> dict[str, Any]:
    """What has become of a message."""
    assert answer.status == 201, answer.body
    inside.advance(seconds=5)
    found: dict[str, Any] = inside.seen(f"https://api.twilio.com{answer['uri']}").body
    return found


@pytest.mark.parametrize("code", list(LATER))
def test_a_message_has_its_fate(inside: Inside, code: int) -> None:
    message = outcome(inside, LATER[code](inside))
    status = "failed" if code in NEVER_LEFT else "undelivered"
    assert (message["status"], message["error_code"]) == (status, code)
    assert message["error_message"] == TEXTS[code]


@pytest.mark.parametrize("code", list(TEXTS))
def test_any_fate_can_be_ordered(inside: Inside, code: int) -> None:
    status = "failed" if code in NEVER_LEFT else "undelivered"
    inside.perform(AddFault(do=Fault(final=Final(status=status, error_code=code)), times=1))
    message = outcome(inside, send(inside))
    assert (message["status"], message["error_code"]) == (status, code)
    assert message["error_message"] == TEXTS[code]
    assert outcome(inside, send(inside))["status"] == "delivered"


@pytest.mark.parametrize(
    ("content_type", "status", "sms", "whatsapp"),
    [("image/png", 404, 11200, 63019), ("text/html", 200, 12300, 63021)],
)
def test_media_that_cannot_be_had_fail_a_message(
    inside: Inside, content_type: str, status: int, sms: int, whatsapp: int
) -> None:
    inside.app.answers["/a"] = http(b"a", status=status, content_type=content_type)
    url = f"{inside.app.url}/a"
    for code, form in (
        (sms, {}),
        (whatsapp, {"To": f"whatsapp:{ANN}", "From": "whatsapp:+14155238886"}),
    ):
        answer = send(inside, MediaUrl=url, **form)
        inside.settle()
        message = outcome(inside, answer)
        assert (message["status"], message["error_code"]) == ("failed", code)


def test_the_api_can_be_made_to_refuse(inside: Inside) -> None:
    error = ApiError(status=429, code=20429, message="Too Many Requests")
    inside.perform(AddFault(match=Match(to=ANN), do=Fault(api_error=error), times=1))
    refused = send(inside)
    assert (refused.status, refused.body) == (
        429,
        {
            "code": 20429,
            "message": "Too Many Requests",
            "more_info": "https://www.twilio.com/docs/errors/20429",
            "status": 429,
        },
    )
    assert send(inside).status == 201


def test_accounts_that_may_not(inside: Inside) -> None:
    messages = f"{API}/Accounts/{inside.account_sid}/Messages.json"
    wrong = inside.ask("GET", messages, auth=(inside.account_sid, "wrong"))
    assert (wrong.status, wrong.code) == (401, 20003)
    foreign = inside.ask("GET", f"{API}/Accounts/AC{'2' * 32}/Messages.json")
    assert (foreign.status, foreign.code) == (404, 20404)
    path = f"/2010-04-01/Accounts/{inside.account_sid}/Messages/SM{'0' * 32}.json"
    unknown = inside.ask("GET", f"https://api.twilio.com{path}")
    assert unknown["message"] == f"The requested resource {path} was not found"
    method = inside.ask("PUT", messages)
    assert (method.status, method.code) == (405, 20004)
