"""What the products' pages show in JavaScript, beside what they show in Python."""

from pathlib import Path

import pytest

from tests.examples.snippets import snippets
from tests.javascript.package import run

STAGE = """
import assert from "node:assert/strict";
import { Emulator } from "twilio-emulator";
import twilio from "twilio";

const server = await Emulator.start();
"""

PAGES = {"docs/verify.md": 3, "docs/sync.md": 1, "docs/conversations-v2.md": 2}
"""How many blocks each has."""

OF_BROWSERS = "twilio-sync"
"""What is in a block that a page has, and is tried elsewhere."""


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_in_javascript(
    built: str, modules: Path, tmp_path: Path, page: str
) -> None:
    shown = [each.text for each in snippets(page) if each.language == "js"]
    blocks = [each for each in shown if OF_BROWSERS not in each]
    assert len(blocks) == PAGES[page]
    (tmp_path / "node_modules").symlink_to(modules)
    scenes = [f"{{\nconst emulator = await server.account();\n{each}}}\n" for each in blocks]
    (tmp_path / "page.mjs").write_text(STAGE + "".join(scenes))
    run(built, "page.mjs", cwd=tmp_path)
