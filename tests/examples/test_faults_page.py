"""What docs/faults.md shows, done as it says."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.snippets import snippets
from twilio_emulator import Emulator

PAGE = "docs/faults.md"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def test_the_examples_of_tests(pytester: pytest.Pytester) -> None:
    shown = [each.text for each in snippets(PAGE) if each.language == "python"]
    pytester.makepyfile(**{f"test_{at}": text for at, text in enumerate(shown)})
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=len(shown))


def test_the_calls(emulator: Emulator, tmp_path: Path) -> None:
    scripts = [each for each in snippets(PAGE) if each.language == "sh"]
    assert [each.heading for each in scripts] == [
        "Texts and requests that fail",
        "The carrier",
        "Time",
    ]
    for script in scripts:
        text = script.text.replace("http://localhost:8008", emulator.url).replace(
            "-s", "-sS --fail"
        )
        done = subprocess.run(
            ["sh", "-e"], input=text, cwd=tmp_path, text=True, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
