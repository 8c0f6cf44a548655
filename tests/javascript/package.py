"""The npm package in clients/javascript, and how its tests run what is in Node.js."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples/javascript"
"""Apps whose tests hold their phones by the package."""

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")},
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}
"""With the command `twilio-emulator` of this checkout."""


def run(*command: str, cwd: Path, environment: Mapping[str, str] = ENVIRONMENT) -> str:
    """What a command that has to succeed says."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
