from datetime import UTC, datetime

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.gate import Gate

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "IS00000000000000000000000000000001"


@pytest.fixture
def gate() -> Gate:
    """The door to a world with its account, frozen at 2026-01-05T09:00:00Z."""
    gate = Gate(new_world(ACCOUNT, 1, Clock(lambda: 0.0, START, rate=0), numbering))
    gate.perform_now(OpenAccount(auth_token="secret", conversation_service_sid=SERVICE))
    return gate
