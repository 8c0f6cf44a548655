from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, Told
from twilio_emulator.core.carrier.caller_id_verification import (
    CallerIds,
    RemoveCallerId,
    RequestValidation,
    UpdateCallerId,
    ValidationEnded,
    fetch_caller_id,
    is_verified,
    list_caller_ids,
    verify,
)
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

Advance = Callable[..., None]


def test_a_number_is_called_and_verified(world: World, told: Told, advance: Advance) -> None:
    wish = RequestValidation(account=ACCOUNT, phone_number=ANN, call_delay="5")
    validation = world.perform(wish)
    assert (validation.phone_number, validation.friendly_name) == (ANN, ANN)
    assert len(validation.validation_code) == 6
    assert validation.call_sid.startswith("CA")
    advance(seconds=4)
    assert not is_verified(world, ACCOUNT, ANN)
    advance(seconds=1)
    (caller_id,) = world[CallerIds]
    assert (caller_id.sid[:2], caller_id.phone_number) == ("PN", ANN)
    assert told.of(ValidationEnded) == [ValidationEnded(validation=validation, caller_id=caller_id)]
    with pytest.raises(Refused) as refused:
        world.perform(wish)
    assert refused.value.code == 21450


@pytest.mark.parametrize("settings", [{"power": "off"}, {"network": "airplane"}])
def test_a_phone_that_does_not_ring_is_not_verified(
    world: World, told: Told, advance: Advance, settings: dict[str, str]
) -> None:
    world.perform(UpsertHandset(address=ANN, **settings))
    world.perform(RequestValidation(account=ACCOUNT, phone_number=ANN))
    advance(seconds=1)
    assert [event.caller_id for event in told.of(ValidationEnded)] == [None]
    world.perform(UpsertHandset(address=ANN, power="on", network="online"))
    world.perform(RequestValidation(account=ACCOUNT, phone_number=ANN, call_delay="1"))
    world.perform(RequestValidation(account=ACCOUNT, phone_number=ANN, call_delay="1"))
    advance(seconds=2)
    assert len(world[CallerIds]) == 1


def test_a_phone_that_is_full_rings_and_one_that_roams_does_at_some_calls(
    world: World, told: Told, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, storage_full=True))
    world.perform(RequestValidation(account=ACCOUNT, phone_number=ANN))
    roaming = [f"+120255501{number}" for number in range(10, 50)]
    for phone in roaming:
        world.perform(UpsertHandset(address=phone, network="roaming_lossy"))
        world.perform(RequestValidation(account=ACCOUNT, phone_number=phone))
    advance(seconds=1)
    assert is_verified(world, ACCOUNT, ANN)
    answered = sum(is_verified(world, ACCOUNT, phone) for phone in roaming)
    assert 0 < answered < len(roaming)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"phone_number": "555"}, 21217),
        ({"call_delay": "61"}, 20001),
        ({"call_delay": "soon"}, 20001),
        ({"status_callback": "example"}, 20001),
        ({"status_callback_method": "PUT"}, 20001),
        ({"friendly_name": "x" * 65}, 50003),
    ],
)
def test_what_cannot_be_asked_for(world: World, fields: dict[str, Any], code: int) -> None:
    with pytest.raises(Refused) as refused:
        world.perform(RequestValidation(**{"account": ACCOUNT, "phone_number": ANN, **fields}))
    assert refused.value.code == code


def test_verified_numbers_are_listed_renamed_and_removed(world: World) -> None:
    ann = verify(world, ACCOUNT, ANN, "Ann")
    bob = verify(world, ACCOUNT, "+12025550198", "Bob")

    def sids(**filters: str) -> list[str]:
        return [it.sid for it in list_caller_ids(world, account=ACCOUNT, **filters)]

    assert sids() == [bob.sid, ann.sid]
    assert sids(phone_number=ANN) == sids(friendly_name="Ann") == [ann.sid]
    wish = UpdateCallerId(account=ACCOUNT, caller_id=ann.sid, friendly_name="Annie")
    assert world.perform(wish).friendly_name == "Annie"
    assert world.perform(UpdateCallerId(account=ACCOUNT, caller_id=ann.sid)).friendly_name == (
        "Annie"
    )
    world.perform(RemoveCallerId(account=ACCOUNT, caller_id=ann.sid))
    assert not is_verified(world, ACCOUNT, ANN)
    for account, sid in ((ACCOUNT, ann.sid), ("AC2", bob.sid)):
        with pytest.raises(Refused) as refused:
            fetch_caller_id(world, account=account, caller_id=sid)
        assert refused.value.code == 20404
