"""The same seed and the same commands give the same journal, byte for byte, wherever it is."""

import os
import subprocess
import sys

import pytest

from tests.examples.snippets import ROOT
from tests.scenarios import journals
from twilio_emulator.play import library

KNOWN = dict(line.split(" ", 1) for line in journals.WRITTEN.read_text("utf-8").splitlines())
NAMES = [each["name"] for each in library.shipped()]
ANEW = "CONTRIBUTING.md says how the digests are written anew, if it was meant to change"


def test_every_scenario_has_its_digest() -> None:
    assert list(KNOWN) == NAMES, ANEW


@pytest.mark.parametrize("name", NAMES)
def test_the_journal_is_the_same_on_every_python(name: str) -> None:
    """The digests were written on one, and are compared on each that these tests run on."""
    held = journals.journal(name)
    assert "127.0.0.1" not in held
    assert journals.digest(name, held) == f"{name} {KNOWN[name]}\n", ANEW


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_order_of_sets_shows_nowhere(seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'emulator'}"}
    command = [sys.executable, "-m", "tests.scenarios.journals"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
