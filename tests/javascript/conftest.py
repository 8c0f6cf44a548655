import pytest

from tests.conftest import absent
from tests.javascript.generated import CLIENT
from tests.javascript.package import run


@pytest.fixture(scope="session")
def built(node: str) -> str:
    """The path of Node.js, when the package is built."""
    if not (CLIENT / "node_modules").is_dir():
        absent("what builds the JavaScript client is not installed: `make test` does it")
    run(node, "build.mjs", cwd=CLIENT)
    return node
