"""The Verify service that an account begins with."""

from tests.core.conftest import ACCOUNT
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify.services import (
    FIRST_SERVICE,
    AddVerifyService,
    RemoveVerifyService,
    first_service,
)


def test_the_first_is_that_which_was_there_from_the_beginning(world: World) -> None:
    assert first_service(world, ACCOUNT) == FIRST_SERVICE
    world.perform(AddVerifyService(account=ACCOUNT, friendly_name="Other"))
    assert first_service(world, ACCOUNT) == FIRST_SERVICE


def test_another_does_not_take_its_place(world: World) -> None:
    world.perform(RemoveVerifyService(account=ACCOUNT, service=FIRST_SERVICE))
    assert first_service(world, ACCOUNT) is None
    world.perform(AddVerifyService(account=ACCOUNT, friendly_name="Other"))
    assert first_service(world, ACCOUNT) is None
