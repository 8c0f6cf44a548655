"""Every operation of Conversations v2 by Twilio's package for Node.js."""

import json
import os
import subprocess
from pathlib import Path

from tests.conformance.json_referee import JsonReferee
from twilio_emulator import Emulator
from twilio_emulator.core.orchestrator.configurations import FIRST_CONFIGURATION

APP = Path(__file__).parent / "orchestrator.js"


def test_every_operation_answers_the_package_for_node(node: str, twilio_redirect: Emulator) -> None:
    assert twilio_redirect.url
    done = subprocess.run(
        [node, str(APP), FIRST_CONFIGURATION],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    referee = JsonReferee("conversations_v2")
    reached = {referee.find(method.upper(), uri).name for method, uri in json.loads(done.stdout)}
    assert reached == {each.name for each in referee.operations.values()}
    assert len(reached) == 22
