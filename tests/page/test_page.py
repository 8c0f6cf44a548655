"""What the console's page computes, tested in Node.js by the files beside this one."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import absent

HERE = Path(__file__).parent


@pytest.mark.parametrize("page", sorted(HERE.glob("*.test.js")), ids=lambda page: page.stem)
def test_page(node: str, page: Path) -> None:
    if not (HERE / "node_modules").is_dir():
        absent("the page's judges are not installed: `make test` does it")
    # The page's files are modules without a package that says so.
    command = [node, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", page.name]
    done = subprocess.run(
        command,
        cwd=HERE,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
