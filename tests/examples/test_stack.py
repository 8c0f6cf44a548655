"""The example of a stack runs: its apps know each other, and Twilio, by name alone."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.networks import OUTSIDE
from tests.examples.stacks import EXAMPLES, up

COMPOSE = EXAMPLES / "compose"
ACCOUNT = f"AC{1:032}"


@pytest.mark.parametrize(
    ("file", "port", "runs"), [("compose.yaml", 8008, 2), ("aliases.compose.yaml", 443, 1)]
)
def test_it_passes_its_tests_again_and_again(
    file: str, port: int, runs: int, node: str, tmp_path: Path
) -> None:
    with up(COMPOSE / file, node, tmp_path) as (net, volumes):
        modes = {path.name: path.stat().st_mode for path in volumes["authority"].rglob("*")}
        assert stat.S_IMODE(modes["ca.pem"]) == stat.S_IMODE(modes["bundle.pem"]) == 0o644
        assert stat.S_IMODE(modes["key.pem"]) == 0o600
        # What a container brings that has a shell and curl, and neither volume nor variables.
        line = f'eval "$(curl -sf http://twilio:{port}/_emulator/v1/env)" && exec "$0" -c "$1"'
        text = 'messages.create(to="+12025550198", from_="+12025550100", body="Hello")'
        done = subprocess.run(
            net.command(
                "desk",
                *("sh", "-c", line, sys.executable),
                f"from twilio.rest import Client; print(Client().{text}.sid)",
            ),
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.stdout.startswith("SM"), done.stderr
        for _ in range(runs):
            done = subprocess.run(
                net.command(
                    OUTSIDE,
                    *(sys.executable, "-m", "pytest", "-q", "tests"),
                    *("--twilio-emulator-url", f"http://twilio:{port}"),
                    *("--twilio-emulator-account", ACCOUNT),
                ),
                cwd=COMPOSE,
                capture_output=True,
                text=True,
                timeout=100,
                check=False,
            )
            logs = {path.name: path.read_text() for path in tmp_path.glob("*.log")}
            assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{logs}"
            assert re.search(r"^3 passed", done.stdout, re.M)
        assert (volumes["state"] / "world").stat().st_size > 0
