from datetime import UTC, datetime

import pytest

from emulator import numbering
from emulator.core.accounts import OpenAccount
from emulator.core.clock import Clock
from emulator.core.world import World
from emulator.gate import Gate

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "IS00000000000000000000000000000001"


@pytest.fixture
def gate() -> Gate:
    """The door to a world with its account, frozen at 2026-01-05T09:00:00Z."""
    gate = Gate(World(ACCOUNT, 1, Clock(lambda: 0.0, START, rate=0), numbering))
    gate.perform_now(OpenAccount(auth_token="secret", conversation_service_sid=SERVICE))
    return gate
