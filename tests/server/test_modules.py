"""What the start loads: the time that it takes is mostly the time to import."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FAST = {"uvloop"}  # the extra, which is nobody's fault


@pytest.mark.parametrize("what", ["help", "answer"])
def test_nothing_has_crept_in(what: str) -> None:
    """The lists are in `modules`; `python tests/server/loaded.py help` prints what there is now."""
    loaded = subprocess.run(
        [sys.executable, str(HERE / "loaded.py"), what],
        cwd=HERE.parents[1],
        env={"PYTHONPATH": str(HERE.parents[1] / "emulator")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stderr.split()
    expected = (HERE / "modules" / f"{what}.txt").read_text().split()
    assert sorted(set(loaded) - set(expected) - FAST) == []
    assert sorted(set(expected) - set(loaded)) == [], "these are loaded no more: take them out"
