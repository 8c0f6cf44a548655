import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("smoke.py")


def test_the_short_try_of_an_installed_emulator(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("5 passed, 0 failed\n")
