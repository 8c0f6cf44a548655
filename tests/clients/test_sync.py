"""Every operation of Sync by Twilio's package for Node.js."""

import json
import os
import subprocess
from pathlib import Path

from tests.conformance.verify_checks.operations import described, reached
from twilio_emulator import Emulator

APP = Path(__file__).parent / "sync.js"


def test_every_operation_answers_the_package_for_node(node: str, twilio_redirect: Emulator) -> None:
    assert os.environ["TWILIO_SYNC_SERVICE_SID"] == twilio_redirect.sync_service_sid
    done = subprocess.run(
        [node, str(APP)],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    operations = described("sync.twilio.com")
    assert len(operations) == 48
    assert set(operations) <= reached(operations, json.loads(done.stdout))
