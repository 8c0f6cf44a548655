from pathlib import Path

import pytest

from tests.conftest import absent
from tests.javascript.generated import CLIENT
from tests.javascript.package import EXAMPLES, run


@pytest.fixture(scope="session")
def built(node: str) -> str:
    """The path of Node.js, when the package is built."""
    if not (CLIENT / "node_modules").is_dir():
        absent("what builds the JavaScript client is not installed: `make test` does it")
    run(node, "build.mjs", cwd=CLIENT)
    return node


@pytest.fixture
def modules() -> Path:
    """What the examples need, Twilio's own client among it."""
    if not (EXAMPLES / "node_modules").is_dir():
        absent("what the examples need is not installed: `make test` does it")
    return EXAMPLES / "node_modules"
