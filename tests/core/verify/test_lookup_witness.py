"""What Verify knows of numbers that are looked up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, START
from tests.core.refused import code as refused
from tests.core.verify.conftest import wish
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.overrides import AddOverride
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.fraud import AddFraudRule
from twilio_emulator.core.verify.lookup_witness import approved, blocked
from twilio_emulator.core.verify.resources import Verification
from twilio_emulator.core.verify.safe_list import AddToSafeList
from twilio_emulator.core.verify.services import FIRST_SERVICE

Create = Callable[..., Verification]


def test_an_approved_verification_speaks_for_its_number_and_account(
    world: World, create: Create
) -> None:
    made = create()
    assert not approved(world, ACCOUNT, made.sid, ANN)
    world.perform(CheckVerification(account=ACCOUNT, service=FIRST_SERVICE, to=ANN, code=made.code))
    assert approved(world, ACCOUNT, made.sid, ANN)
    assert not approved(world, ACCOUNT, made.sid, "+12025550198")
    assert not approved(world, "AC" + "9" * 32, made.sid, ANN)
    assert not approved(world, ACCOUNT, "VE" + "0" * 32, ANN)


@pytest.mark.parametrize(
    ("fields", "is_blocked"),
    [
        ({"error_code": 60410}, True),
        ({"error_code": 60238, "match": "+1202*"}, True),
        ({"error_code": 60412, "channel": "sms"}, True),
        ({"error_code": 60410, "channel": "call"}, False),
        ({"error_code": 60605}, False),
        ({"error_code": 60410, "match": "+44*"}, False),
    ],
)
def test_a_rule_of_the_fraud_guard_blocks_a_number(
    world: World, fields: dict[str, Any], is_blocked: bool
) -> None:
    assert blocked(world, ACCOUNT, ANN) is None
    world.perform(AddFraudRule(**{"match": ANN, **fields}))
    assert blocked(world, ACCOUNT, ANN) == (START if is_blocked else None)
    world.perform(AddToSafeList(account=ACCOUNT, phone_number=ANN))
    assert blocked(world, ACCOUNT, ANN) is None


def test_a_block_is_over_in_time(world: World) -> None:
    world.perform(AddFraudRule(match=ANN, error_code=60410, lasts="PT1H"))
    world.clock.set(START + timedelta(hours=1))
    assert blocked(world, ACCOUNT, ANN) is None


def test_an_override_of_the_account_makes_a_landline(
    world: World, create: Create, set_up: Callable[..., None]
) -> None:
    set_up(lookup_enabled="true", skip_sms_to_landlines="true")
    override = {"number": ANN, "field": "line_type", "line_type": "landline"}
    world.perform(AddOverride(account="AC" + "9" * 32, **override))
    carrier = create().carrier
    assert carrier is not None
    assert carrier.type == "mobile"
    world.perform(AddOverride(account=ACCOUNT, **override))
    assert refused(world, wish(to=ANN)) == 60205
