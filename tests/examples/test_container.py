"""What can be tried of the Dockerfile without Docker: what it copies, how it sees its health."""

import json
import re
import subprocess
import sys

import pytest

from tests.examples.snippets import ROOT, snippet
from twilio_emulator import Emulator

LINES = (ROOT / "Dockerfile").read_text().replace("\\\n", "").splitlines()


def _arguments(instruction: str) -> list[str]:
    return [line.partition(" ")[2].strip() for line in LINES if line.startswith(f"{instruction} ")]


def test_what_it_copies_is_there_and_not_ignored() -> None:
    let_in = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.M)
    own = [each.split() for each in _arguments("COPY") if not each.startswith("--from")]
    copied = [source for *sources, _ in own for source in sources]
    assert sorted(copied) == sorted(let_in)
    assert all((ROOT / source).exists() for source in copied)


def test_it_copies_what_the_wheel_is_made_of() -> None:
    copied = " ".join(_arguments("COPY"))
    for needed in ("pyproject.toml", "README.md", "LICENSE", "emulator", "fixtures", "scenarios"):
        assert needed in copied


def test_it_runs_as_nobody_special_on_the_port_that_the_readme_publishes() -> None:
    assert _arguments("USER") == ["twilio"]
    (port,) = _arguments("EXPOSE")
    assert f"TWILIO_EMULATOR_PORT={port}" in " ".join(_arguments("ENV"))
    published = re.findall(r" -p (\S+)", snippet("README.md", "In a container", ""))
    assert published == [f"127.0.0.1:{port}:{port}"]


@pytest.mark.parametrize("healthy", [True, False])
def test_its_health(healthy: bool) -> None:
    (check,) = _arguments("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    with Emulator() as emulator:
        port = emulator.url.rpartition(":")[2] if healthy else "1"
        # It asks itself, and no proxy that the container may have been given.
        environment = {"TWILIO_EMULATOR_PORT": port, "http_proxy": "http://127.0.0.1:1"}
        done = subprocess.run(
            [sys.executable, *command[1:]],
            env=environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode == 0) is healthy


def test_what_it_needs_is_a_layer_of_its_own_before_the_source() -> None:
    stages = "\n".join(LINES).split("FROM ")[1:]
    for stage, lock, source in zip(
        stages, ("build", "run"), ("COPY emulator", "COPY --from=build"), strict=True
    ):
        assert stage.index(f"--require-hashes -r locks/{lock}.txt") < stage.index(source)


def test_it_takes_nothing_but_what_is_locked() -> None:
    installs = [line for line in _arguments("RUN") if line.startswith("pip ")]
    assert len(installs) == 4
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
