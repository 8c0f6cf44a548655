"""What docs/testing.md shows, done as it says."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.snippets import ROOT, snippet, snippets
from twilio_emulator import Emulator
from twilio_emulator.pytest_plugin import MARKED

PAGE = "docs/testing.md"
SCRIPTS = {"Without pytest": 0, "Async tests": 1}
"""Under which headings there is a program, and which of the blocks it is."""


def test_the_examples_of_tests(pytester: pytest.Pytester) -> None:
    blocks = snippets(PAGE)
    assert {each.language for each in blocks} == {"python", "text"}
    scripts = [snippet(PAGE, heading, "python", number) for heading, number in SCRIPTS.items()]
    shown = [each.text for each in blocks if each.language == "python" and each.text not in scripts]
    pytester.makepyfile(**{f"test_{at}": each for at, each in enumerate(shown)})
    tests = sum(len(re.findall(r"^(?:async )?def test_", each, re.M)) for each in shown)
    run = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-o", "anyio_mode=auto")
    run.assert_outcomes(passed=tests)


@pytest.mark.parametrize("heading", SCRIPTS)
def test_the_script(heading: str, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(snippet(PAGE, heading, "python", SCRIPTS[heading]))
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
        name
        for kind in Emulator.__mro__
        for name in (*vars(kind), *inspect.get_annotations(kind))
        if not name.startswith("_")
    }
    assert named == has - {"redirection"}


def test_the_marker_takes_what_the_page_says() -> None:
    said = re.search(r"The marker takes (.*?)\.", (ROOT / PAGE).read_text())
    assert said is not None
    assert tuple(re.findall(r"`(\w+)`", said[1])) == MARKED
