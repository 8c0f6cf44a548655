"""What docs/testing.md shows, done as it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.snippets import ROOT, snippet, snippets
from twilio_emulator import Emulator
from twilio_emulator.pytest_plugin import MARKED

PAGE = "docs/testing.md"
SCRIPT = "Without pytest"


def test_the_examples_of_tests(pytester: pytest.Pytester) -> None:
    blocks = [each for each in snippets(PAGE) if each.heading != SCRIPT]
    assert {each.language for each in blocks} == {"python", "text"}
    shown = [each for each in blocks if each.language == "python"]
    pytester.makepyfile(**{f"test_{at}": each.text for at, each in enumerate(shown)})
    tests = sum(
        each.text.count("\ndef test_") + each.text.startswith("def test_") for each in shown
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=tests)


def test_the_script(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(snippet(PAGE, SCRIPT, "python"))
    said = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert said.stdout == "Is anybody there?\n"


def test_the_table_names_everything_that_the_fixture_has() -> None:
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / PAGE).read_text(), re.M)
    named = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    has = {
        name for name in {*vars(Emulator), *Emulator.__annotations__} if not name.startswith("_")
    }
    assert named == has - {"redirection"}


def test_the_marker_takes_what_the_page_says() -> None:
    said = re.search(r"The marker takes (.*?)\.", (ROOT / PAGE).read_text())
    assert said is not None
    assert tuple(re.findall(r"`(\w+)`", said[1])) == MARKED
