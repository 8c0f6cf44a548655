"""A world with a Sync service, and how REST and a client change what is in it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT
from twilio_emulator.core.kernel.world import QUIET, Origin, Source, World
from twilio_emulator.core.sync.services import FIRST_SYNC_SERVICE

Act = Callable[..., Any]


@pytest.fixture
def rest(world: World) -> Act:
    """Perform a command on the default service as REST does: `rest(AddSyncMap, ttl="5")`."""

    def act(command: Callable[..., Any], resource: str | None = None, **said: Any) -> Any:
        return world.perform(wish(command, resource, said), QUIET)

    return act


@pytest.fixture
def client(world: World) -> Act:
    """The same as Alice's browser does it, or another's."""

    def act(
        command: Callable[..., Any],
        resource: str | None = None,
        identity: str = "alice",
        **said: Any,
    ) -> Any:
        origin = Origin(source=Source.SDK, identity=identity, endpoint="endpoint")
        return world.perform(wish(command, resource, said), origin)

    return act


def wish(command: Callable[..., Any], resource: str | None, said: dict[str, Any]) -> Any:
    """A command on what is in the default service."""
    where = {"account": ACCOUNT, "service": FIRST_SYNC_SERVICE, **said}
    return command(**where) if resource is None else command(resource=resource, **where)
