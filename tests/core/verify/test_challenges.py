"""Challenges: their life, what answers them, and what does not."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import Told
from tests.core.verify.factor_world import (
    GOOD,
    HERS,
    KEY,
    SERVICE,
    WHERE,
    answer,
    answered,
    app,
    asked,
    device,
    proved,
    refused,
)
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import challenges, push_factors
from twilio_emulator.core.verify.challenges import (
    ChallengeApproved,
    ChallengeDenied,
    ChallengeExpired,
    Challenges,
    ExpireChallenge,
    WantedChallenge,
)
from twilio_emulator.core.verify.factor_commands import RemoveFactor, UpdateFactor
from twilio_emulator.core.verify.factors import Factor, Factors, FactorType
from twilio_emulator.core.verify.resources import VerifyServices
from twilio_emulator.core.verify.services import RemoveVerifyService, UpdateVerifyService


@pytest.fixture
def codes(world: World) -> Factor:
    """A verified TOTP factor."""
    return proved(world, app(world))


@pytest.fixture
def phone(world: World) -> Factor:
    """A verified push factor."""
    return proved(world, device(world))


def test_a_code_answers_at_once_or_later(world: World, codes: Factor, told: Told) -> None:
    first = asked(world, codes, auth_payload=GOOD)
    assert (first.status, first.date_responded) == ("approved", world.now)
    assert challenges.details(first) is None
    second = asked(world, codes)
    assert (second.status, second.date_responded) == ("pending", None)
    assert answered(world, second, auth_payload=GOOD).status == "approved"
    assert len(told.of(ChallengeApproved)) == 2
    assert len(list(world.timers)) == 0


def test_a_wrong_code_is_counted(world: World, codes: Factor) -> None:
    challenge = asked(world, codes, auth_payload="000000")
    assert (challenge.status, challenge.attempts) == ("pending", 1)
    for count in range(2, 6):
        assert answered(world, challenge, auth_payload="000000").attempts == count
    assert refused(lambda: answered(world, challenge, auth_payload=GOOD)) == 60308


def test_nobody_answers(
    world: World, codes: Factor, told: Told, advance: Callable[..., None]
) -> None:
    challenge = asked(world, codes)
    advance(minutes=5)
    assert world[Challenges][challenge.sid].status == "expired"
    assert world[Challenges][challenge.sid].date_responded is None
    assert len(told.of(ChallengeExpired)) == 1
    assert refused(lambda: answered(world, challenge, auth_payload=GOOD)) == 60323
    world.perform(ExpireChallenge(challenge=challenge.sid))
    world.perform(ExpireChallenge(challenge="YC1"))
    assert len(told.of(ChallengeExpired)) == 1


@pytest.mark.parametrize(
    ("status", "event"), [("approved", ChallengeApproved), ("denied", ChallengeDenied)]
)
def test_a_device_answers(
    world: World, phone: Factor, told: Told, status: str, event: type
) -> None:
    challenge = asked(world, phone, hidden_details='{"ip":"1.2.3.4"}')
    payload = answer(challenge, status)
    assert answered(world, challenge, auth_payload=payload).status == status
    assert len(told.of(event)) == 1
    assert refused(lambda: answered(world, challenge, auth_payload=payload)) == 60322


def test_what_a_device_has_not_signed_is_no_answer(world: World, phone: Factor) -> None:
    challenge = asked(world, phone)
    other = asked(world, phone, hidden_details='{"ip":"1.2.3.4"}')
    for payload in (
        "approved",
        answer(challenge, "approved", KEY + 1),
        answer(challenge, "pending"),
        answer(challenge, "expired"),
        answer(other, "approved"),
        *(answer(challenge, "approved", without=field) for field in push_factors.SIGNED),
    ):
        assert refused(lambda said=payload: answered(world, challenge, auth_payload=said)) == 60324
    assert world[Challenges][challenge.sid].status == "pending"
    assert tuple(challenges.signed(challenge)) == push_factors.SIGNED


def test_a_device_shows_what_is_asked(world: World, phone: Factor) -> None:
    field = json.dumps({"label": "Where", "value": "Berlin"})
    challenge = asked(world, phone, details_fields=(field,))
    shown = {"message": "Log in?", "fields": [{"label": "Where", "value": "Berlin"}]}
    assert challenges.details(challenge) == shown
    world.perform(UpdateVerifyService(**WHERE, push_include_date="true"))
    dated = challenges.details(asked(world, phone))
    assert dated == {"message": "Log in?", "fields": [], "date": "2026-01-05T09:00:00Z"}


def test_a_device_leaves_what_it_wants(world: World, phone: Factor) -> None:
    challenge = asked(world, phone)
    assert answered(world, challenge) == challenge
    left = answered(world, challenge, metadata='{"os":"Android"}')
    assert (left.metadata, left.status) == ('{"os": "Android"}', "pending")
    assert refused(lambda: answered(world, challenge, metadata="x")) == 60306


LABEL, VALUE = "x" * 37, "x" * 129


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"factor_sid": None}, 60300),
        ({"factor_sid": "YF1"}, 20404),
        ({"entity": "bob-00000001"}, 20404),
        ({"details_message": ""}, 60306),
        ({"details_message": "x" * 257}, 60306),
        ({"details_fields": ("x",)}, 60306),
        ({"details_fields": ('{"label": "a"}',)}, 60306),
        ({"details_fields": ('{"label": 1, "value": "a"}',)}, 60306),
        ({"details_fields": (json.dumps({"label": LABEL, "value": "a"}),)}, 60306),
        ({"details_fields": (json.dumps({"label": "a", "value": VALUE}),)}, 60306),
        ({"details_fields": ('{"label": "a", "value": "b"}',) * 21}, 60306),
        ({"hidden_details": "x"}, 60306),
        ({"expiration_date": "tomorrow"}, 60306),
        ({"expiration_date": "2026-01-05T09:00:00Z"}, 60306),
        ({"expiration_date": "2026-01-05T10:00:01Z"}, 60306),
    ],
)
def test_what_is_wrong_asks_nobody(
    world: World, phone: Factor, said: dict[str, Any], code: int
) -> None:
    assert refused(lambda: asked(world, phone, **said)) == code
    assert len(world[Challenges]) == 0


def test_an_hour_is_the_longest_that_a_challenge_lasts(world: World, phone: Factor) -> None:
    challenge = asked(world, phone, expiration_date="2026-01-05T10:00:00Z")
    assert challenge.expiration_date == world.now + timedelta(hours=1)


def test_a_factor_that_was_never_proved_is_not_asked(world: World) -> None:
    factor = app(world)
    assert refused(lambda: asked(world, factor)) == 60318


def test_passkeys_have_a_path_of_their_own(world: World, codes: Factor) -> None:
    passkey = replace(codes, sid="YF1", totp=None, factor_type=FactorType.PASSKEYS)
    world[Factors].put(passkey)
    assert refused(lambda: asked(world, passkey)) == 60306
    service = world[VerifyServices][SERVICE]
    until = world.now + timedelta(minutes=5)
    wanted = WantedChallenge(factor_type=FactorType.PASSKEYS, factor=passkey, expiration_date=until)
    challenge = challenges.keep(world, service, wanted)
    assert refused(lambda: answered(world, challenge, auth_payload="x")) == 60324


def test_a_challenge_of_nobody_goes_with_its_service(world: World) -> None:
    until = world.now + timedelta(minutes=5)
    wanted = WantedChallenge(factor_type=FactorType.PASSKEYS, expiration_date=until)
    challenge = challenges.keep(world, world[VerifyServices][SERVICE], wanted)
    assert (challenge.entity_sid, challenge.factor_sid) == (None, None)
    world.perform(RemoveVerifyService(**WHERE))
    assert len(world[Challenges]) == 0


@pytest.mark.parametrize(
    ("length", "most", "then"), [("4", 10, {"hours": 24}), ("6", 50, {"hours": 1})]
)
def test_a_factor_is_asked_so_often_at_most(
    world: World, advance: Callable[..., None], length: str, most: int, then: dict[str, int]
) -> None:
    factor = app(world, config_code_length=length)
    code = "8746" if length == "4" else GOOD
    world.perform(UpdateFactor(**HERS, factor=factor.sid, auth_payload=code))
    for _ in range(most):
        asked(world, factor)
    assert refused(lambda: asked(world, factor)) == 60312
    advance(**then, milliseconds=1)
    asked(world, factor)


def test_challenges_are_listed_by_factor_state_and_order(
    world: World, codes: Factor, phone: Factor
) -> None:
    first, second, third = asked(world, codes), asked(world, phone), asked(world, codes)
    answered(world, third, auth_payload=GOOD)

    def sids(**said: str) -> list[str]:
        return [each.sid for each in challenges.list_challenges(world, **HERS, **said)]

    assert sids() == [first.sid, second.sid, third.sid]
    assert sids(order="desc") == [third.sid, second.sid, first.sid]
    assert sids(factor_sid=codes.sid, order="ASC") == [first.sid, third.sid]
    assert sids(status="approved") == [third.sid]
    assert sids(status="PENDING", factor_sid=phone.sid) == [second.sid]
    assert refused(lambda: sids(status="open")) == 60306
    assert refused(lambda: sids(order="down")) == 60306


def test_challenges_are_found_with_their_entity_alone(world: World, codes: Factor) -> None:
    challenge = asked(world, codes)
    assert challenges.fetch_challenge(world, **HERS, challenge=challenge.sid) == challenge
    assert refused(lambda: challenges.fetch_challenge(world, **HERS, challenge="YC1")) == 20404
    app(world, entity="bob-00000001")
    his = {**HERS, "entity": "bob-00000001"}
    assert (
        refused(lambda: challenges.fetch_challenge(world, **his, challenge=challenge.sid)) == 20404
    )


def test_challenges_go_with_their_factor(world: World, codes: Factor, phone: Factor) -> None:
    asked(world, codes)
    kept = asked(world, phone)
    world.perform(RemoveFactor(**HERS, factor=codes.sid))
    assert [each.sid for each in world[Challenges]] == [kept.sid]


def test_what_is_asked_is_in_a_snapshot(world: World, phone: Factor) -> None:
    challenge = asked(world, phone, details_fields=('{"label": "a", "value": "b"}',))
    world.restore(world.snapshot())
    assert world[Challenges][challenge.sid] == challenge
