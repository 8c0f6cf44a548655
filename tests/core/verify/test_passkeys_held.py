from tests.core.conftest import ANN, Told
from twilio_emulator.core.carrier.handset_commands import RemoveHandset, UpsertHandset
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify.passkeys_held import (
    HeldPasskeys,
    MakePasskey,
    PasskeyMade,
    PasskeyUsed,
    UsePasskey,
    find,
)

BEN = "+12025550198"


def test_a_phone_holds_a_passkey_for_each_user_of_each_party(world: World, told: Told) -> None:
    first = world.perform(MakePasskey(handset="(202) 555-0199", party="example.com", user="YQ"))
    other = world.perform(MakePasskey(handset=ANN, party="example.com", user="Yg"))
    elsewhere = world.perform(MakePasskey(handset=ANN, party="localhost", user="YQ"))
    assert len({first.sid, other.sid, elsewhere.sid}) == 3
    assert len({first.private_key, other.private_key, elsewhere.private_key}) == 3
    assert find(world, ANN, "example.com") == other
    assert find(world, ANN, "example.com", (first.sid,)) == find(
        world, "+1 202 555 0199", "example.com", (first.sid, elsewhere.sid)
    )
    assert find(world, ANN, "localhost", (first.sid,)) is None
    assert find(world, BEN, "example.com") is None
    assert [each.passkey for each in told.of(PasskeyMade)] == [
        first.sid,
        other.sid,
        elsewhere.sid,
    ]


def test_a_new_passkey_takes_the_place_of_the_users_old_one(world: World) -> None:
    old = world.perform(MakePasskey(handset=ANN, party="example.com", user="YQ"))
    new = world.perform(MakePasskey(handset=ANN, party="example.com", user="YQ"))
    assert list(world[HeldPasskeys]) == [new]
    assert world.perform(UsePasskey(passkey=old.sid)) is None


def test_each_use_counts(world: World, told: Told) -> None:
    made = world.perform(MakePasskey(handset=ANN, party="example.com", user="YQ"))
    assert made.uses == 0
    for uses in (1, 2):
        used = world.perform(UsePasskey(passkey=made.sid))
        assert used is not None
        assert used.uses == uses
    assert len(told.of(PasskeyUsed)) == 2


def test_a_phone_that_is_gone_holds_no_passkeys(world: World) -> None:
    world.perform(UpsertHandset(address=ANN))
    world.perform(UpsertHandset(address=BEN))
    world.perform(MakePasskey(handset=ANN, party="example.com", user="YQ"))
    kept = world.perform(MakePasskey(handset=BEN, party="example.com", user="YQ"))
    world.perform(RemoveHandset(address=ANN))
    assert list(world[HeldPasskeys]) == [kept]
