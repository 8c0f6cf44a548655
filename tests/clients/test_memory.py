"""Every operation of Memory and Knowledge that is here, and of Studio's executions, by Twilio's
package for Node.js."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.conformance.json_referee import JsonReferee
from twilio_emulator import Emulator
from twilio_emulator.core.memory.stores import FIRST_STORE

APP = Path(__file__).parent / "memory.js"
IMPORTS = {"CreateProfilesImportV2", "ListProfileImportsV2", "FetchProfileImportV2"}


def test_every_operation_answers_the_package_for_node(node: str, twilio_redirect: Emulator) -> None:
    assert twilio_redirect.url
    done = subprocess.run(
        [node, str(APP), FIRST_STORE],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    asked = [(method.upper(), uri) for method, uri in json.loads(done.stdout)]
    for name, count in (("memory_v1", 43), ("knowledge_v2", 13)):
        referee = JsonReferee(name)
        host = f"{name.split('_')[0]}.twilio.com"
        here = [(method, uri) for method, uri in asked if urlsplit(uri).hostname == host]
        reached = {referee.find(method, uri).name for method, uri in here}
        assert reached == {each.name for each in referee.operations.values()} - IMPORTS
        assert len(reached) == count
