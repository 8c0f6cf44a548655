"""Every operation of Verify and Lookup by Twilio's package for Node.js and by its command line."""

import json
import os
import subprocess
from pathlib import Path

from tests.conformance.verify_checks.operations import described, reached
from twilio_emulator import Emulator

APP = Path(__file__).parent / "verify.js"
COMMANDS = Path(__file__).parent / "verify_cli.js"

IN_JSON = {
    "api:verify:v2:services:passkeys:factors:create",
    "api:verify:v2:services:passkeys:verify-factor:create",
    "api:verify:v2:services:passkeys:challenges:update",
    "api:verify:v2:services:passkeys:approve-challenge:create",
}
"""Commands that cannot work: these operations take JSON, and the command line sends forms."""


def test_01_every_operation_answers_the_package_for_node(
    node: str, twilio_redirect: Emulator
) -> None:
    control = f"{twilio_redirect.url}/_emulator/v1"
    done = subprocess.run(
        [node, str(APP), control],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    operations = described("verify.twilio.com", "lookups.twilio.com")
    assert len(operations) == 57 + 11
    assert set(operations) <= reached(operations, json.loads(done.stdout))


def test_01_every_command_of_twilio_cli_runs(
    node: str, twilio_redirect: Emulator, tmp_path: Path
) -> None:
    done = subprocess.run(
        [node, str(COMMANDS)],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert set(said["known"]) - set(said["ran"]) == IN_JSON
