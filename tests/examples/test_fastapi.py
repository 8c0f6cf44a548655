"""The app in examples/fastapi, whose own tests pass as anyone would run them."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree

from tests.conftest import absent
from tests.examples.snippets import ROOT

EXAMPLE = ROOT / "examples/fastapi"


def test_the_app_passes_its_tests(tmp_path: Path) -> None:
    if find_spec("pytest_asyncio") is None or find_spec("fastapi") is None:
        absent("FastAPI or pytest-asyncio is not installed: `make test` does it")
    copytree(EXAMPLE, tmp_path / "shop")  # away from the settings of our own tests
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=tmp_path / "shop",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "4 passed" in said.stdout


def test_the_app_knows_nothing_of_it() -> None:
    """It has what it would have at Twilio: no address, no environment, no import of ours."""
    code = (EXAMPLE / "app.py").read_text().partition('"""\n')[2].partition('"""\n')[2]
    assert "emulator" not in code
