"""Checks 45 to 49: entities, TOTP factors, challenges."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.verify.v2.service import ServiceContext
from twilio.rest.verify.v2.service.entity import EntityContext

from tests.conformance.inside import Inside

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
FROZEN = 1767603600  # 2026-01-05T09:00:00Z
IDENTITY = "ann-00000001"


@pytest.fixture
def service(inside: Inside) -> ServiceContext:
    services = inside.library.verify.v2.services
    (first,) = services.list()
    assert first.sid is not None
    return services(first.sid)


@pytest.fixture
def ann(service: ServiceContext) -> EntityContext:
    """Somebody without factors."""
    service.entities.create(identity=IDENTITY)
    return service.entities(IDENTITY)


def refused(work: Callable[[], object]) -> tuple[int, int]:
    """The status and the code with which something is refused."""
    with pytest.raises(TwilioRestException) as said:
        work()
    return said.value.status, said.value.code


def enrolled(ann: EntityContext, **settings: Any) -> str:
    """The sid of a TOTP factor."""
    factor = ann.new_factors.create(
        friendly_name="App", factor_type="totp", binding_secret=SECRET, **settings
    )
    assert factor.sid is not None
    return factor.sid


@pytest.mark.parametrize("identity", ["a" * 7, "a" * 65, "ann_000001"])
def test_45_an_identity_has_8_to_64_letters_digits_and_dashes(
    service: ServiceContext, identity: str
) -> None:
    assert refused(lambda: service.entities.create(identity=identity)) == (400, 60306)


def test_45_an_identity_is_one_entity(service: ServiceContext, ann: EntityContext) -> None:
    assert refused(lambda: service.entities.create(identity=IDENTITY)) == (409, 60301)
    assert refused(lambda: service.entities.create(identity=IDENTITY.upper())) == (409, 60301)


def test_46_a_code_at_the_frozen_start_verifies_a_factor(ann: EntityContext) -> None:
    sid = enrolled(ann)
    assert ann.factors(sid).fetch().status == "unverified"
    assert ann.factors(sid).update(auth_payload="978746").status == "verified"
    assert ann.factors(sid).fetch().status == "verified"


@pytest.mark.parametrize(("skew", "good"), [(1, {-1, 0, 1}), (0, {0})])
def test_47_codes_of_steps_within_the_skew_are_accepted(
    ann: EntityContext, skew: int, good: set[int]
) -> None:
    app = pyotp.TOTP(SECRET)
    sid = enrolled(ann, config_skew=skew)
    for away in (-2, 2, *({-1, 1} - good)):
        code = app.at(FROZEN + 30 * away)
        assert ann.factors(sid).update(auth_payload=code).status == "unverified"
    ann.factors(sid).update(auth_payload=app.at(FROZEN))
    for away in (-2, -1, 0, 1, 2):
        asked = ann.challenges.create(factor_sid=sid, auth_payload=app.at(FROZEN + 30 * away))
        assert asked.status == ("approved" if away in good else "pending")


def test_48_a_wrong_code_leaves_a_factor_unverified_and_a_sixth_is_not_looked_at(
    ann: EntityContext,
) -> None:
    sid = enrolled(ann)
    for _ in range(5):
        assert ann.factors(sid).update(auth_payload="000000").status == "unverified"
    assert refused(lambda: ann.factors(sid).update(auth_payload="978746")) == (429, 60310)


def test_49_a_challenge_that_is_left_alone_expires(ann: EntityContext, inside: Inside) -> None:
    sid = enrolled(ann)
    ann.factors(sid).update(auth_payload="978746")
    asked = ann.challenges.create(factor_sid=sid)
    assert asked.sid is not None
    inside.advance(minutes=4, seconds=59)
    assert ann.challenges(asked.sid).fetch().status == "pending"
    inside.advance(seconds=1)
    late = ann.challenges(asked.sid)
    assert late.fetch().status == "expired"
    code = pyotp.TOTP(SECRET).at(FROZEN + 300)
    assert refused(lambda: late.update(auth_payload=code)) == (403, 60323)


def test_49_a_challenge_lasts_an_hour_at_most(ann: EntityContext) -> None:
    sid = enrolled(ann)
    ann.factors(sid).update(auth_payload="978746")
    far = datetime(2026, 1, 5, 10, 1, tzinfo=UTC)
    assert refused(lambda: ann.challenges.create(factor_sid=sid, expiration_date=far)) == (
        400,
        60306,
    )
    asked = ann.challenges.create(factor_sid=sid, expiration_date=far.replace(minute=0))
    assert asked.expiration_date == far.replace(minute=0)
