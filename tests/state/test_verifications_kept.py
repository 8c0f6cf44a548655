"""Check 70 of Verify: what is pending is pending still after the process is gone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.resources import Verification, Verifications, VerificationStatus
from twilio_emulator.core.verify.services import FIRST_SERVICE
from twilio_emulator.core.verify.verifications import CreateVerification
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.state_file import StateFile
from twilio_emulator.settings import ACCOUNT_SID, Settings

ANN = "+12025550199"
IN_SERVICE = {"account": ACCOUNT_SID, "service": FIRST_SERVICE}
SEND = CreateVerification(**IN_SERVICE, to=ANN, channel="sms")


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], Worlds]:
    """Start the emulator's worlds on the file; whatever ran before was killed."""
    states: list[StateFile] = []

    def start() -> Worlds:
        if states:
            states.pop().close()
        states.append(StateFile(tmp_path / "state", 0))
        return Worlds(Settings(clock="frozen"), numbering, lambda hosted: None, states[0])

    return start


def test_70_codes_and_counts_outlive_the_process(start: Callable[[], Worlds]) -> None:
    gate = start().default.gate
    for _ in range(5):
        sent: Verification = gate.perform_now(SEND)
    wrong = "111111" if sent.code != "111111" else "222222"
    for _ in range(4):
        gate.perform_now(CheckVerification(**IN_SERVICE, to=ANN, code=wrong))
    gate = start().default.gate
    with pytest.raises(Refused) as refused:
        gate.perform_now(SEND)
    assert refused.value.code == 60203
    kept = gate.world[Verifications][sent.sid]
    assert (len(kept.sends), len(kept.checks), kept.code) == (5, 4, sent.code)
    assert gate.perform_now(CheckVerification(**IN_SERVICE, to=ANN, code=sent.code)).valid
    assert gate.world[Verifications][sent.sid].status is VerificationStatus.APPROVED
