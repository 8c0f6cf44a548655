import pytest

from tests.core.conftest import ACCOUNT, ANN, Told
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import safe_list
from twilio_emulator.core.verify.safe_list import (
    AddToSafeList,
    RemoveFromSafeList,
    SafeListChanged,
)


def test_a_number_comes_and_goes(world: World, told: Told) -> None:
    entry = world.perform(AddToSafeList(account=ACCOUNT, phone_number=ANN))
    assert (entry.sid[:2], entry.phone_number) == ("GN", ANN)
    assert refused(world, AddToSafeList(account=ACCOUNT, phone_number=ANN)) == 60411
    # a plus that a query lost
    found = safe_list.fetch_entry(world, account=ACCOUNT, phone_number=f" {ANN[1:]}")
    assert found == entry
    world.perform(RemoveFromSafeList(account=ACCOUNT, phone_number=ANN))
    assert [each.listed for each in told.of(SafeListChanged)] == [True, False]
    assert refused(world, RemoveFromSafeList(account=ACCOUNT, phone_number=ANN)) == 20404


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", 20001),
        ("Ann", 60200),
        ("2025550199", 60200),
        ("+0", 60200),
        ("+1234567890123456", 60200),
    ],
)
def test_what_is_no_number_is_refused(world: World, number: str, code: int) -> None:
    assert refused(world, AddToSafeList(account=ACCOUNT, phone_number=number)) == code


def test_it_is_of_one_account_and_knows_beginnings(world: World) -> None:
    assert not safe_list.is_safe(world, ACCOUNT, ANN)
    world.perform(AddToSafeList(account=ACCOUNT, phone_number="+1202"))
    assert safe_list.is_safe(world, ACCOUNT, ANN)
    assert not safe_list.is_safe(world, ACCOUNT, "+447700900123")
    assert not safe_list.is_safe(world, "AC" + "9" * 32, ANN)
