"""Entities and their factors."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import Told
from tests.core.verify.factor_world import (
    ANN,
    GOOD,
    HERS,
    KEY,
    SECRET,
    WHERE,
    app,
    asked,
    device,
    proof,
    proved,
    refused,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.verify import entities, factors
from twilio_emulator.core.verify.challenges import Challenges
from twilio_emulator.core.verify.entities import AddEntity, Entities, EntityAdded, RemoveEntity
from twilio_emulator.core.verify.factor_commands import RemoveFactor, UpdateFactor
from twilio_emulator.core.verify.factors import (
    FactorAdded,
    FactorRemoved,
    Factors,
    FactorStatus,
    FactorUpdated,
    FactorVerified,
)
from twilio_emulator.core.verify.services import RemoveVerifyService, UpdateVerifyService


def test_an_entity_is_found_in_any_case_and_by_sid(world: World) -> None:
    ann = world.perform(AddEntity(**WHERE, identity="Ann-00000001"))
    for name in ("Ann-00000001", ANN, ann.sid):
        assert entities.fetch_entity(world, **WHERE, entity=name) == ann
    assert refused(lambda: entities.fetch_entity(world, **WHERE, entity="bob-00000001")) == 20404


def test_the_newest_entity_stands_first(world: World) -> None:
    for identity in ("ann-00000001", "bob-00000001"):
        world.perform(AddEntity(**WHERE, identity=identity))
    listed = list(entities.list_entities(world, **WHERE))
    assert [each.identity for each in listed] == ["bob-00000001", "ann-00000001"]


def test_an_identity_is_needed(world: World) -> None:
    assert refused(lambda: world.perform(AddEntity(**WHERE))) == 60300
    assert refused(lambda: world.perform(AddEntity(**WHERE, identity="short"))) == 60306
    world.perform(AddEntity(**WHERE, identity=ANN))
    assert refused(lambda: world.perform(AddEntity(**WHERE, identity=ANN))) == 60301


def test_a_factor_of_somebody_who_is_not_known_makes_them_an_entity(
    world: World, told: Told
) -> None:
    factor = app(world)
    assert world[Entities][factor.entity_sid].identity == ANN
    assert [type(each) for each in told] == [EntityAdded, FactorAdded]
    assert refused(lambda: app(world, entity="bob")) == 60306
    assert len(world[Factors]) == 1


def test_everything_of_an_entity_goes_with_it(world: World, told: Told) -> None:
    factor = proved(world, app(world))
    challenge = asked(world, factor)
    world.perform(RemoveEntity(**HERS))
    assert [len(world[table]) for table in (Entities, Factors, Challenges)] == [0, 0, 0]
    assert told.of(FactorRemoved)[0].factor == factor
    assert world.timers.get(challenge.sid) is None


def test_everything_of_a_service_goes_with_it(world: World) -> None:
    asked(world, proved(world, app(world)))
    world.perform(UpdateVerifyService(**WHERE, friendly_name="Owl House"))
    assert len(world[Challenges]) == 1
    world.perform(RemoveVerifyService(**WHERE))
    assert [len(world[table]) for table in (Entities, Factors, Challenges)] == [0, 0, 0]


def test_a_secret_is_made_up_where_none_is_given(world: World) -> None:
    first, second = app(world, binding_secret=""), app(world, binding_secret=None)
    assert first.totp is not None
    assert second.totp is not None
    assert len({first.totp.secret, second.totp.secret, ""}) == 3
    given = app(world, binding_secret=SECRET.lower())
    assert given.totp is not None
    assert given.totp.secret == SECRET


def test_codes_are_made_as_the_factor_says_else_its_service(world: World) -> None:
    world.perform(UpdateVerifyService(**WHERE, totp_skew="0", totp_code_length="8"))
    totp = app(world, config_code_length="4", config_alg="SHA256").totp
    assert totp is not None
    assert (totp.alg, totp.skew, totp.code_length, totp.time_step) == ("sha256", 0, 4, 30)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"friendly_name": None}, 60300),
        ({"factor_type": None}, 60300),
        ({"friendly_name": "x" * 65}, 60306),
        ({"factor_type": "sms"}, 60306),
        ({"factor_type": "passkeys"}, 60306),
        ({"binding_secret": "1"}, 60306),
        ({"config_time_step": "19"}, 60306),
        ({"config_skew": "3"}, 60306),
        ({"config_code_length": "9"}, 60306),
        ({"config_alg": "md5"}, 60306),
        ({"metadata": "[]"}, 60306),
        ({"metadata": '{"a": 1}'}, 60306),
        ({"metadata": '{"a": "' + "x" * 1024 + '"}'}, 60306),
        ({"service": "VA1"}, 20404),
    ],
)
def test_what_is_wrong_makes_no_factor_and_draws_nothing(
    world: World, said: dict[str, Any], code: int
) -> None:
    drawn = world.dice.drawn, world.sids.drawn
    assert refused(lambda: app(world, **said)) == code
    assert (world.dice.drawn, world.sids.drawn) == drawn
    assert len(world[Entities]) == 0


def test_metadata_is_kept(world: World) -> None:
    assert app(world, metadata='{"os":"Android"}').metadata == '{"os": "Android"}'


def test_the_same_binding_is_one_factor(world: World) -> None:
    app(world)
    assert refused(lambda: app(world)) == 60317
    app(world, entity="bob-00000001")
    device(world)
    assert refused(lambda: device(world)) == 60317


def test_an_entity_has_so_many_factors_at_most(world: World) -> None:
    for key in range(1, 21):
        device(world, key)
    assert refused(lambda: device(world, 21)) == 60315


def test_an_entity_gets_so_many_factors_a_day_at_most(
    world: World, advance: Callable[..., None]
) -> None:
    for _ in range(100):
        factor = app(world)
        world.perform(RemoveFactor(**HERS, factor=factor.sid))
    assert refused(lambda: app(world)) == 60326
    advance(hours=23, minutes=59)
    assert refused(lambda: app(world)) == 60326
    advance(minutes=1)
    app(world)


def test_a_code_verifies_a_factor_once(world: World, told: Told) -> None:
    factor = app(world)
    wrong = world.perform(UpdateFactor(**HERS, factor=factor.sid, auth_payload="000000"))
    assert (wrong.status, wrong.attempts) == (FactorStatus.UNVERIFIED, 1)
    assert proved(world, factor).status is FactorStatus.VERIFIED
    again = world.perform(UpdateFactor(**HERS, factor=factor.sid, auth_payload="000000"))
    assert again.status is FactorStatus.VERIFIED
    assert len(told.of(FactorVerified)) == 1
    assert len(told.of(FactorUpdated)) == 2


def test_after_five_wrong_codes_none_is_looked_at(world: World) -> None:
    factor = app(world)
    for _ in range(5):
        world.perform(UpdateFactor(**HERS, factor=factor.sid, auth_payload="000000"))
    update = UpdateFactor(**HERS, factor=factor.sid, auth_payload=GOOD)
    assert refused(lambda: world.perform(update)) == 60310


def test_a_code_can_be_made_good_once_only(world: World) -> None:
    world.perform(ChangeCarrier(totp_reuse=False))
    factor = proved(world, app(world))
    assert asked(world, factor, auth_payload=GOOD).status == "pending"
    world.perform(ChangeCarrier(totp_reuse=True))
    assert asked(world, factor, auth_payload=GOOD).status == "approved"


def test_a_device_proves_its_factor_by_its_signature(world: World) -> None:
    factor = device(world)
    wrong = UpdateFactor(**HERS, factor=factor.sid, auth_payload=proof(factor, KEY + 1))
    assert refused(lambda: world.perform(wrong)) == 60311
    assert proved(world, factor).status is FactorStatus.VERIFIED


def test_codes_change_with_how_they_are_made(world: World) -> None:
    factor = app(world)
    said = {"config_code_length": "8", "config_time_step": "60", "config_skew": "0"}
    changed = world.perform(UpdateFactor(**HERS, factor=factor.sid, config_alg="sha512", **said))
    assert changed.totp is not None
    assert (changed.totp.alg, changed.totp.code_length) == ("sha512", 8)
    assert (changed.totp.time_step, changed.totp.skew) == (60, 0)
    again = world.perform(UpdateFactor(**HERS, factor=factor.sid, friendly_name="Other"))
    assert (again.totp, again.friendly_name) == (changed.totp, "Other")


def test_a_device_gets_another_token(world: World) -> None:
    factor = device(world)
    told = {"config_notification_token": "u" * 32, "config_sdk_version": "2"}
    changed = world.perform(UpdateFactor(**HERS, factor=factor.sid, **told)).push
    assert changed is not None
    assert (changed.notification_token, changed.sdk_version) == ("u" * 32, "2")
    apn = UpdateFactor(**HERS, factor=factor.sid, config_notification_platform="APN")
    pushed = world.perform(apn).push
    assert pushed is not None
    assert (pushed.notification_platform, pushed.notification_token) == ("apn", "u" * 32)


def test_factors_are_found_with_their_entity_alone(world: World) -> None:
    factor, other = app(world), app(world, entity="bob-00000001")
    assert factors.fetch_factor(world, **HERS, factor=factor.sid) == factor
    assert refused(lambda: factors.fetch_factor(world, **HERS, factor=other.sid)) == 20404
    assert refused(lambda: factors.fetch_factor(world, **HERS, factor="YF1")) == 20404
    newer = device(world)
    assert [each.sid for each in factors.list_factors(world, **HERS)] == [newer.sid, factor.sid]
