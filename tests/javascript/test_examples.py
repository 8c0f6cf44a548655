"""The examples in examples/javascript: apps whose tests hold their phones by the npm package."""

from pathlib import Path

import pytest

from tests.conftest import absent
from tests.examples.snippets import ROOT, snippet
from tests.javascript.package import ENVIRONMENT, run

EXAMPLES = ROOT / "examples/javascript"


@pytest.fixture
def modules() -> Path:
    """What the examples need."""
    if not (EXAMPLES / "node_modules").is_dir():
        absent("what the examples need is not installed: `make test` does it")
    return EXAMPLES / "node_modules"


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.test.js")))
def test_an_example(built: str, modules: Path, chromium: str, name: str) -> None:
    environment = {**ENVIRONMENT, "CHROMIUM": chromium}
    run(built, "--test", name, cwd=EXAMPLES, environment=environment)


def test_what_the_page_shows(built: str, modules: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(modules)
    shown = snippet("docs/javascript.md", "Testing in JavaScript and TypeScript", "js")
    (tmp_path / "page.test.mjs").write_text(shown)
    run(built, "--test", "page.test.mjs", cwd=tmp_path)
