from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, START, Told
from tests.core.refused import code as refused
from tests.core.verify.conftest import wish
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.verify.fraud import (
    AddFraudRule,
    BlockedByRule,
    FraudRule,
    FraudRules,
    FraudRulesChanged,
    NoteBlocked,
    RemoveFraudRules,
    VerificationBlocked,
)
from twilio_emulator.core.verify.safe_list import AddToSafeList

Advance = Callable[..., None]


def rule(world: World, match: str = ANN, **fields: Any) -> FraudRule:
    return world.perform(AddFraudRule(match=match, **fields))


def message(world: World, **fields: object) -> str:
    with pytest.raises(Refused) as caught:
        world.perform(wish(**fields))
    return caught.value.message


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (60410, "temporarily blocked by Twilio due to fraudulent activities"),
        (60412, "Verification blocked by Fraudulent Signup Prevention"),
        (60238, "Verification Creation Attempt blocked by Twilio"),
        (60605, "Geo-Permissions. US is blocked for sms channel for all services"),
    ],
)
def test_a_rule_says_with_what_it_refuses(world: World, code: int, words: str) -> None:
    made = rule(world, error_code=code)
    assert refused(world, wish()) == code
    assert words in message(world)
    with pytest.raises(BlockedByRule) as caught:
        world.perform(wish())
    assert (caught.value.rule, caught.value.to, caught.value.status) == (made.sid, ANN, 403)


def test_a_rule_is_for_numbers_and_a_channel(world: World) -> None:
    rule(world, "+1202*", channel="call")
    world.perform(wish())
    rule(world, "regex:99$", error_code=60238)
    assert refused(world, wish()) == 60238
    world.perform(wish(to="+12025550198"))


def test_geography_comes_before_fraud(world: World) -> None:
    rule(world)
    rule(world, error_code=60605)
    assert refused(world, wish()) == 60605


@pytest.mark.parametrize("code", [60410, 60605])
def test_texts_to_the_safe_list_and_without_a_check_pass(world: World, code: int) -> None:
    rule(world, error_code=code)
    world.perform(wish(risk_check="disable"))
    assert refused(world, wish(risk_check="enable")) == code
    world.perform(AddToSafeList(account=ACCOUNT, phone_number=ANN))
    world.perform(wish())


def test_other_channels_have_no_way_around(world: World) -> None:
    rule(world)
    world.perform(AddToSafeList(account=ACCOUNT, phone_number=ANN))
    assert refused(world, wish(channel="call", risk_check="disable")) == 60410
    rule(world, "*", error_code=60605)
    mail = wish(channel="email", to="ann@example.com")
    rule(world, "ann@*", error_code=60238)
    assert refused(world, mail) == 60238


def test_a_country_that_the_carrier_forbids_is_off_for_texts(world: World) -> None:
    world.perform(ChangeCarrier(forbidden_countries=("US",)))
    assert refused(world, wish()) == 60605
    assert message(world).endswith("US is blocked for sms channel for all services")
    world.perform(wish(risk_check="disable"))
    world.perform(wish(to="+447700900123"))


def test_a_block_lasts_twelve_hours_and_more_for_who_goes_on(
    world: World, advance: Advance, told: Told
) -> None:
    made = rule(world)
    advance(hours=11)
    world.perform(NoteBlocked(rule=made.sid, to=ANN))
    assert told.of(VerificationBlocked)[0].rule.until == START + timedelta(hours=23)
    advance(hours=11, minutes=59)
    assert "temporarily blocked" in message(world)
    advance(minutes=1)
    world.perform(wish())


def test_a_rule_lasts_as_long_as_it_says(world: World, advance: Advance) -> None:
    made = rule(world, error_code=60238, lasts="PT10M")
    world.perform(NoteBlocked(rule=made.sid, to=ANN))
    assert world[FraudRules][made.sid].until == START + timedelta(minutes=10)
    assert rule(world, "+44*", error_code=60605).until is None
    advance(minutes=10)
    world.perform(wish())


def test_a_rule_refuses_so_many_times(world: World) -> None:
    made = rule(world, times=2)
    world.perform(NoteBlocked(rule=made.sid, to=ANN))
    assert world[FraudRules][made.sid].times == 1
    world.perform(NoteBlocked(rule=made.sid, to=ANN))
    assert made.sid not in world[FraudRules]


@pytest.mark.parametrize(
    "fields",
    [
        {"match": ""},
        {"match": "regex:("},
        {"error_code": 60200},
        {"channel": "voice"},
        {"times": 0},
        {"lasts": "12 hours"},
    ],
)
def test_a_rule_that_cannot_be_is_refused(world: World, fields: dict[str, Any]) -> None:
    assert refused(world, AddFraudRule(**{"match": ANN, **fields})) == 20001


def test_rules_are_forgotten(world: World, told: Told) -> None:
    first = rule(world)
    rule(world)
    world.perform(RemoveFraudRules(rule=first.sid))
    assert refused(world, RemoveFraudRules(rule=first.sid)) == 20404
    assert refused(world, wish()) == 60410
    world.perform(RemoveFraudRules())
    world.perform(wish())
    assert [each.rule is None for each in told.of(FraudRulesChanged)] == [False, False, True, True]
