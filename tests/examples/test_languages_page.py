"""What docs/languages.md shows: a text from each language, from the snippet that stands there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CLIENTS, absent
from tests.examples.snippets import ROOT, Snippet, snippets
from tests.languages.table import program
from twilio_emulator import Emulator

PAGE = "docs/languages.md"
SECTIONS = re.findall(r"^### (.*)$", (ROOT / PAGE).read_text(encoding="utf-8"), re.M)
SHOWN = [each for each in snippets(PAGE) if each.heading in SECTIONS]


def command(shown: Snippet) -> list[str]:
    """What the section says behind `run --`."""
    section = (ROOT / PAGE).read_text(encoding="utf-8").partition(f"### {shown.heading}\n")[2]
    said = re.search(r"`twilio-emulator run -- (.+?)`", section)
    assert said is not None
    return said[1].split()


def test_every_section_has_its_snippet() -> None:
    assert [each.heading for each in SHOWN] == SECTIONS
    assert [each.language for each in snippets(PAGE)] == [each.language for each in SHOWN]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.heading)
def test_a_text_comes(shown: Snippet, tmp_path: Path) -> None:
    name, *arguments = command(shown)
    if name == "python":
        found: str | None = sys.executable
    elif name == "sh":
        found = shutil.which("sh") if shutil.which("curl") else None
    else:
        found = program("erlang" if name == "escript" else name)
    if found is None:
        absent(f"{name} is not here")
    if name == "node" and not (CLIENTS / "node_modules").is_dir():
        absent("Twilio's clients are not installed: `make test` does it")
    if name == "perl" and not Path("/usr/share/perl5/LWP/Protocol/https.pm").exists():
        absent("LWP is not here")
    (tmp_path / arguments[-1]).write_text(shown.text, encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(CLIENTS / "node_modules")
    (said,) = re.findall(r"Hello from [\w ]+", shown.text)
    with Emulator() as emulator:
        ann = emulator.handset("+12025550199")
        changes = emulator.redirection(tmp_path / "trust")
        environment = {k: v for k, v in {**os.environ, **changes}.items() if v is not None}
        done = subprocess.run(
            [found, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=170,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert ann.wait().body == said, done.stdout + done.stderr
