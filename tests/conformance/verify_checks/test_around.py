"""What is around verifications, by the numbers of the checklist."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conformance.inside import Inside
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.call_resources import PhoneCalls
from twilio_emulator.core.phones.handsets import LineType
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.verify.event_stream import StreamEvents
from twilio_emulator.core.verify.fraud import AddFraudRule
from twilio_emulator.core.verify.resources import Verifications

ANN = "+12025550199"
SERVICE = "VA00000000000000000000000000000001"
URL = "https://verify.twilio.com/v2"
HERE = f"{URL}/Services/{SERVICE}"
TTL = "HJ00000000000000000000000000000003"
SHORT = "HJ00000000000000000000000000000002"

Ask = Callable[..., tuple[int, Any]]
Advance = Callable[..., None]


@pytest.fixture
def world(inside: Inside) -> World:
    return inside.world


@pytest.fixture
def advance(inside: Inside) -> Advance:
    """Let time pass: `advance(minutes=1)`."""
    return inside.advance


@pytest.fixture
def ask(inside: Inside) -> Ask:
    """One request: status and JSON."""

    def ask(method: str, url: str, **said: object) -> tuple[int, Any]:
        given = {name: str(value) for name, value in said.items()}
        form, query = (None, given) if method == "GET" else (given, None)
        answer = inside.ask(method, url, form, query=query)
        return answer.status, answer.body

    return ask


def create(ask: Ask, to: str = ANN, **fields: object) -> tuple[int, Any]:
    return ask("POST", f"{HERE}/Verifications", To=to, **{"Channel": "sms", **fields})


def code_of(world: World, sid: str) -> str:
    return world[Verifications][sid].code


def read(world: World, advance: Advance) -> str:
    """The newest text on a phone."""
    advance(seconds=1)
    return str(list(world[InboxItems])[-1].body)


def refusal(answered: tuple[int, Any]) -> tuple[int, int]:
    status, answer = answered
    return status, answer["code"]


def test_24_a_service_that_looks_up_leaves_landlines_out(
    ask: Ask, world: World, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, line_type=LineType.LANDLINE))
    assert ask("POST", HERE, LookupEnabled="true", SkipSmsToLandlines="true")[0] == 200
    assert refusal(create(ask)) == (403, 60205)
    advance(minutes=1)
    assert len(world[InboxItems]) == 0
    assert ask("POST", HERE, SkipSmsToLandlines="false")[0] == 200
    assert create(ask)[0] == 201


def test_38_templates_are_listed_and_found_by_name(ask: Ask) -> None:
    status, listed = ask("GET", f"{URL}/Templates")
    assert (status, len(listed["templates"])) == (200, 3)
    for each in listed["templates"]:
        assert each["translations"]
        for locale, said in each["translations"].items():
            assert said["locale"] == locale
            assert isinstance(said["is_default_translation"], bool)
            assert "{{code}}" in said["text"]
    named = listed["templates"][1]["friendly_name"]
    _, found = ask("GET", f"{URL}/Templates", FriendlyName=named)
    assert [each["friendly_name"] for each in found["templates"]] == [named]


def test_39_a_template_says_name_code_and_minutes(ask: Ask, world: World, advance: Advance) -> None:
    ask("POST", HERE, FriendlyName="Shop")
    _, made = create(ask, TemplateSid=TTL)
    said = read(world, advance)
    assert "10 minutes" in said
    assert "Shop" in said
    assert code_of(world, made["sid"]) in said


def test_40_the_template_of_a_service_is_for_texts(
    ask: Ask, world: World, advance: Advance
) -> None:
    ask("POST", HERE, DefaultTemplateSid=SHORT)
    _, made = create(ask)
    code = code_of(world, made["sid"])
    assert read(world, advance) == f"Your verification code is: {code}. Do not share it."
    other = "+12025550198"
    assert create(ask, other, Channel="call")[0] == 201
    (call,) = world[PhoneCalls]
    assert "Do not share it" not in call.words
    create(ask, other, TemplateSid=TTL)
    assert "10 minutes" in read(world, advance)


def test_41_limits_and_buckets_have_names_and_intervals_of_their_own(ask: Ask) -> None:
    limits = f"{HERE}/RateLimits"
    assert refusal(ask("POST", limits, UniqueName="a b")) == (400, 60209)
    _, made = ask("POST", limits, UniqueName="by_ip")
    assert refusal(ask("POST", limits, UniqueName="by_ip")) == (400, 60208)
    buckets = f"{limits}/{made['sid']}/Buckets"
    assert ask("POST", buckets, Max=1, Interval=60)[0] == 201
    assert refusal(ask("POST", buckets, Max=2, Interval=60)) == (400, 60211)


def test_42_a_number_comes_onto_the_safe_list_once(ask: Ask) -> None:
    numbers = f"{URL}/SafeList/Numbers"
    status, made = ask("POST", numbers, PhoneNumber=ANN)
    assert (status, made["sid"][:2]) == (201, "GN")
    assert refusal(ask("POST", numbers, PhoneNumber=ANN)) == (400, 60411)
    assert ask("GET", f"{numbers}/{ANN}")[0] == 200
    assert ask("DELETE", f"{numbers}/{ANN}")[0] == 204
    assert refusal(ask("GET", f"{numbers}/{ANN}")) == (404, 20404)


def test_43_a_fraudulent_number_is_blocked_for_twelve_hours(
    ask: Ask, world: World, advance: Advance
) -> None:
    world.perform(AddFraudRule(match=ANN))
    status, answer = create(ask)
    assert (status, answer["code"]) == (403, 60410)
    assert answer["message"] == (
        "The destination phone number has been temporarily blocked by Twilio due to fraudulent "
        "activities"
    )
    assert create(ask, RiskCheck="disable")[0] == 201
    assert ask("POST", f"{URL}/SafeList/Numbers", PhoneNumber=ANN)[0] == 201
    assert create(ask)[0] == 201
    assert ask("DELETE", f"{URL}/SafeList/Numbers/{ANN}")[0] == 204
    assert refusal(create(ask)) == (403, 60410)
    advance(hours=12)
    assert create(ask)[0] == 201


def test_44_a_summary_counts_and_cuts(ask: Ask) -> None:
    _, other = ask("POST", f"{URL}/Services", FriendlyName="Other")
    for number in range(11):
        _, made = create(ask, f"+120255501{number:02}")
        if number < 9:
            ask("POST", f"{HERE}/Verifications/{made['sid']}", Status="approved")
    ask("POST", f"{other['url']}/Verifications", To="+447700900123", Channel="sms")
    status, summary = ask("GET", f"{URL}/Attempts/Summary", VerifyServiceSid=SERVICE)
    assert (status, summary) == (
        200,
        {
            "total_attempts": 11,
            "total_converted": 9,
            "total_unconverted": 2,
            "conversion_rate_percentage": "81.818181818",
            "url": f"{URL}/Attempts/Summary",
        },
    )
    _, summary = ask("GET", f"{URL}/Attempts/Summary", DestinationPrefix="+44")
    assert (summary["total_attempts"], summary["conversion_rate_percentage"]) == (1, "0")


@pytest.fixture
def told(world: World) -> Callable[[], Iterator[tuple[str, str]]]:
    """What the event stream has told: type and status."""

    def told() -> Iterator[tuple[str, str]]:
        for each in world[StreamEvents]:
            said = json.loads(each.data)
            yield each.type, said["verification_status"]

    return told


def test_56_the_event_stream_tells_each_end_once(
    ask: Ask, world: World, advance: Advance, told: Callable[[], Iterator[tuple[str, str]]]
) -> None:
    ask("POST", HERE, VerifyEventSubscriptionEnabled="true")
    approved, canceled, exhausted, expired = (f"+1202555010{number}" for number in range(4))
    made = {to: create(ask, to)[1]["sid"] for to in (approved, canceled, exhausted, expired)}
    check = f"{HERE}/VerificationCheck"
    ask("POST", check, To=approved, Code=code_of(world, made[approved]))
    ask("POST", f"{HERE}/Verifications/{canceled}", Status="canceled")
    wrong = "000000" if code_of(world, made[exhausted]) != "000000" else "111111"
    for _ in range(5):
        assert ask("POST", check, To=exhausted, Code=wrong)[0] == 201
    advance(minutes=11)
    assert list(told()) == [
        *[("pending", "PENDING")] * 4,
        ("approved", "APPROVED"),
        ("canceled", "CANCELED"),
        ("max-attempts-reached", "MAX_ATTEMPTS_REACHED"),
        ("expired", "EXPIRED"),
    ]
