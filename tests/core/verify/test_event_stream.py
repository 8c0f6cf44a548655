import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, START, Told
from tests.core.refused import code as refused
from tests.core.verify.conftest import wish
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import event_stream
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.event_stream import (
    KEPT,
    EventSinkChanged,
    SetEventSink,
    StreamEvents,
    VerifyEventEmitted,
)
from twilio_emulator.core.verify.resources import Verification, Verifications
from twilio_emulator.core.verify.services import FIRST_SERVICE, RemoveVerifyService
from twilio_emulator.core.verify.verifications import EndVerification, UpdateVerification

Advance = Callable[..., None]
SetUp = Callable[..., None]
SERVICE = {"account": ACCOUNT, "service": FIRST_SERVICE}


@pytest.fixture
def subscribed(set_up: SetUp) -> None:
    set_up(verify_event_subscription_enabled="true", friendly_name="Shop")


def check(world: World, code: str, to: str = ANN) -> None:
    world.perform(CheckVerification(**SERVICE, to=to, code=code))


def data(world: World) -> dict[str, Any]:
    """What the newest event says."""
    said: Any = list(world[StreamEvents])[-1].envelope()["data"]
    return said


def types(world: World) -> list[str]:
    return [each.type for each in world[StreamEvents]]


def code_of(world: World, verification: Verification) -> str:
    return world[Verifications][verification.sid].code


def wrong_code(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_service_that_is_not_subscribed_tells_nothing(world: World, told: Told) -> None:
    world.perform(wish())
    assert len(world[StreamEvents]) == 0
    assert not told.of(VerifyEventEmitted)


@pytest.mark.usefixtures("subscribed")
def test_an_event_is_a_cloud_event(world: World, told: Told) -> None:
    made = world.perform(wish(tags='{"flow": "sign-up"}', custom_friendly_name="Ours"))
    (it,) = (each.event for each in told.of(VerifyEventEmitted))
    said = it.envelope()
    assert list(said) == [
        "specversion",
        "type",
        "source",
        "id",
        "dataschema",
        "datacontenttype",
        "time",
        "data",
    ]
    assert said["type"] == "com.twilio.accountsecurity.verify.verification.pending"
    assert said["source"] == (
        f"/v1/Accounts/{ACCOUNT}/Services/{FIRST_SERVICE}/Verifications/{made.sid}"
    )
    assert re.fullmatch("[0-9a-f]{64}", str(said["id"]))
    assert said["time"] == "2026-01-05T09:00:00.000Z"
    (attempt,) = world[Verifications][made.sid].sends
    assert said["data"] == {
        "account_sid": ACCOUNT,
        "service_sid": FIRST_SERVICE,
        "verification_sid": made.sid,
        "friendly_name": "Shop",
        "custom_code_enabled": False,
        "custom_friendly_name": "Ours",
        "created_at": "2026-01-05T09:00:00.000000Z",
        "to": ANN,
        "verification_status": "PENDING",
        "country": "US",
        "code_length": 6,
        "send_code_attempts": {
            "count": 1,
            "attempts": [
                {
                    "time": "2026-01-05T09:00:00.000000Z",
                    "channel": "SMS",
                    "attempt_sid": attempt.attempt_sid,
                    "delivery_status": "QUEUED",
                    "locale": "en",
                    "tags": {"flow": "sign-up"},
                }
            ],
        },
        "check_attempts": {"count": 0},
        "expired_at": "2026-01-05T09:10:00.000000Z",
    }
    assert code_of(world, made) not in it.data


@pytest.mark.usefixtures("subscribed")
def test_every_end_is_told_once(world: World, advance: Advance) -> None:
    bob, eve = "+12025550198", "+12025550197"
    code = code_of(world, world.perform(wish()))
    advance(seconds=1)
    check(world, code)
    assert data(world)["verified_at"] == "2026-01-05T09:00:01.000000Z"
    assert data(world)["check_attempts"] == {
        "count": 1,
        "attempts": [{"time": "2026-01-05T09:00:01.000000Z", "status": "SUCCESS"}],
    }
    world.perform(wish())
    world.perform(UpdateVerification(**SERVICE, verification=ANN, status="canceled"))
    code = code_of(world, world.perform(wish(to=bob)))
    for _ in range(5):
        check(world, wrong_code(code), bob)
    assert data(world)["check_attempts"]["attempts"][0]["status"] == "FAILED"
    world.perform(wish(to=eve))
    advance(minutes=11)
    assert types(world) == [
        "pending",
        "approved",
        "pending",
        "canceled",
        "pending",
        "max-attempts-reached",
        "pending",
        "expired",
    ]
    assert data(world)["verification_status"] == "EXPIRED"
    assert list(world[StreamEvents])[-1].time == START + timedelta(minutes=10, seconds=1)
    told = [each.envelope()["data"] for each in world[StreamEvents]]
    assert {"MAX_ATTEMPTS_REACHED"} < {each["verification_status"] for each in told}  # type: ignore[index]


@pytest.mark.usefixtures("subscribed")
def test_a_code_of_the_account_has_no_length(world: World, set_up: SetUp) -> None:
    set_up(custom_code_enabled="true")
    made = world.perform(wish(custom_code="4242"))
    assert data(world)["custom_code_enabled"] is True
    assert "code_length" not in data(world)
    world.perform(EndVerification(verification=made.sid, step="approve"))  # type: ignore[arg-type]
    assert data(world)["verification_status"] == "APPROVED"


@pytest.mark.usefixtures("subscribed")
def test_a_resend_is_told_too(world: World, advance: Advance) -> None:
    world.perform(wish())
    advance(seconds=5)
    world.perform(wish())
    said = data(world)["send_code_attempts"]
    assert said["count"] == 2
    assert [each["delivery_status"] for each in said["attempts"]] == ["DELIVERED", "QUEUED"]
    assert len({each.sid for each in world[StreamEvents]}) == 2


@pytest.mark.usefixtures("subscribed")
def test_the_newest_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "KEPT", 2)
    assert KEPT == 1000
    made = [world.perform(wish(to=f"+1202555010{number}")).sid for number in range(3)]
    assert [each.verification_sid for each in world[StreamEvents]] == made[1:]


@pytest.mark.usefixtures("subscribed")
def test_nothing_is_told_of_a_service_that_is_gone(world: World, advance: Advance) -> None:
    world.perform(wish())
    world.perform(RemoveVerifyService(**SERVICE))
    advance(minutes=11)
    assert types(world) == ["pending"]


def test_there_is_one_sink(world: World, told: Told) -> None:
    assert event_stream.sink(world) is None
    url = "https://example.com/events"
    assert world.perform(SetEventSink(url=url)) == url
    assert event_stream.sink(world) == url
    assert refused(world, SetEventSink(url="example")) == 20001
    assert world.perform(SetEventSink(url="")) is None
    assert event_stream.sink(world) is None
    assert [each.url for each in told.of(EventSinkChanged)] == [url, None]
