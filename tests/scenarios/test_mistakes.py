"""What somebody has written wrongly, as the command says it: a line with its place, status 2."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scenarios.test_mutations import FILES, MUTATIONS, mutated, wrong

MEMORY = 512 * 1024 * 1024
SECONDS = 60
"""Of the processor, for all of them."""

KINDS = (
    "a letter twice",  # a wrong key
    "a list",  # a wrong type
    "a number",
    "a space more",  # a wrong indentation
    "a space less",
    "another name",  # an unknown one
    "a tab",
    "twice",  # a key
    "an alias",
    "an open quote",
    "half of it",
    "a tag",
)

BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)
)


def mutants(folder: Path) -> list[Path]:
    """Wrong files: of each good one and each kind the first that is wrong, then some by hand."""
    made = {"bomb": BOMB, "deep": "story: " + "[" * 100_000}
    made["ring"] = "scenario: x\ninclude: ring.yaml\nstory: []\n"
    made["wheel"] = "scenario: x\ninclude: spoke.yaml\nstory: []\n"
    (folder / "spoke.yaml").write_text("scenario: y\ninclude: wheel.yaml\n")
    for name in FILES:
        for how in KINDS:
            found = next((c for _, c in mutated(name, MUTATIONS[how]) if wrong(name, c)), None)
            if found is not None:
                made[f"{name}-{how}".replace(" ", "-")] = found
    for name, content in made.items():
        (folder / f"{name}.yaml").write_text(content)
    return [folder / f"{name}.yaml" for name in made]


def command(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """The command, with little memory and time."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    whole = [sys.executable, "-m", "twilio_emulator", *map(str, arguments)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
    return subprocess.run(
        whole,
        env=environment,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )


@pytest.mark.parametrize("verb", ["check", "play"])
def test_fifty_of_them(verb: str, tmp_path: Path) -> None:
    files = mutants(tmp_path)
    assert len(files) >= 50
    kinds = {kind for kind in KINDS if any(kind.replace(" ", "-") in str(each) for each in files)}
    assert kinds == set(KINDS)

    done = command(verb, *files)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    lines = (done.stdout + done.stderr).strip().split("\n")
    for line in lines:
        assert re.match(rf"{re.escape(str(tmp_path))}/[\w-]+\.yaml:\d+:\d+: expected \S", line), (
            line
        )
        assert len(line) < 600
    for file in files:
        of_this = [line for line in lines if line.startswith(f"{file}:")]
        of_other = file.stem == "wheel" and f"{tmp_path}/spoke.yaml:" in done.stdout + done.stderr
        assert of_this or of_other, file
