"""The page of docs/sync.md, as a browser's script would be; its Python is tried with Verify's, and
its tests in JavaScript with those of the client for it."""

import subprocess
from pathlib import Path

from tests.conftest import CLIENTS
from tests.examples.snippets import snippet, snippets
from twilio_emulator import Emulator

PAGE = "docs/sync.md"


def test_a_page_with_sync(node: str, tmp_path: Path) -> None:
    assert [each.language for each in snippets(PAGE)] == ["python", "js", "js"]
    (tmp_path / "node_modules").symlink_to(CLIENTS / "node_modules")
    script = tmp_path / "app.mjs"
    with Emulator() as emulator:
        shown = snippet(PAGE, "A page", "js").replace(
            "localhost:8008", emulator.url.removeprefix("http://")
        )
        script.write_text(f"{shown}\nprocess.exit();\n")
        said = subprocess.run(
            [node, script.name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        assert said == "I set { total: 4 }\n"
        assert emulator.sync.document("cart").data == {"total": 4}
