from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify.resources import Verification
from twilio_emulator.core.verify.services import FIRST_SERVICE, UpdateVerifyService
from twilio_emulator.core.verify.verifications import CreateVerification


@pytest.fixture
def create(world: World) -> Callable[..., Verification]:
    """Send a code to Ann by SMS, unless something else is said."""

    def create(**fields: object) -> Verification:
        return world.perform(wish(**fields))

    return create


@pytest.fixture
def set_up(world: World) -> Callable[..., None]:
    """Set the account's service up otherwise."""

    def set_up(**fields: str) -> None:
        world.perform(UpdateVerifyService(account=ACCOUNT, service=FIRST_SERVICE, **fields))

    return set_up


def wish(**fields: object) -> CreateVerification:
    """A request for a code to Ann by SMS, unless something else is said."""
    fields = {"account": ACCOUNT, "service": FIRST_SERVICE, "to": ANN, "channel": "sms", **fields}
    return CreateVerification(**fields)  # type: ignore[arg-type]
