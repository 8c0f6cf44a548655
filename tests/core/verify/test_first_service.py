"""The Verify service that an account begins with."""

from tests.core.conftest import ACCOUNT
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify.services import (
    FIRST_SERVICE,
    AddVerifyService,
    RemoveVerifyService,
    first_service_sid,
)


def test_it_is_the_one_that_was_there_from_the_beginning(world: World) -> None:
    assert first_service_sid(world, ACCOUNT) == FIRST_SERVICE
    world.perform(AddVerifyService(account=ACCOUNT, friendly_name="Other"))
    assert first_service_sid(world, ACCOUNT) == FIRST_SERVICE


def test_when_it_is_gone_it_is_the_oldest(world: World) -> None:
    world.perform(RemoveVerifyService(account=ACCOUNT, service=FIRST_SERVICE))
    assert first_service_sid(world, ACCOUNT) is None
    made = world.perform(AddVerifyService(account=ACCOUNT, friendly_name="Other"))
    assert first_service_sid(world, ACCOUNT) == made.sid
