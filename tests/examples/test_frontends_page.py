"""What docs/frontends.md shows, done as it says; test_browser.py has the two ways of Chromium."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CLIENTS, absent
from tests.examples.snippets import ROOT, snippet, snippets
from twilio_emulator import Emulator

PAGE = "docs/frontends.md"
NAMED = "A page that names the emulator"
OLD = "Version 1 of the SDK"
LED = "A page that knows Twilio only"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def test_there_is_no_other_snippet() -> None:
    shown = [(each.heading, each.language) for each in snippets(PAGE)]
    assert shown == [(NAMED, "js"), (OLD, "js"), (LED, "sh"), (LED, "text")]


def here(text: str, emulator: Emulator) -> str:
    return text.replace("localhost:8008", emulator.url.removeprefix("http://"))


def said_by(node: str, script: Path) -> str:
    return subprocess.run(
        [node, script.name],
        cwd=script.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.strip()


def test_a_page_that_names_the_emulator(emulator: Emulator, node: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(CLIENTS / "node_modules")
    script = tmp_path / "app.mjs"
    shown = here(snippet(PAGE, NAMED, "js"), emulator)
    script.write_text(f"{shown}\nconsole.log(client.user.identity); process.exit();\n")
    assert said_by(node, script) == "alice"


def test_version_1(emulator: Emulator, node: str, tmp_path: Path) -> None:
    modules = tmp_path / "node_modules/@twilio"
    modules.mkdir(parents=True)
    (modules / "conversations").symlink_to(CLIENTS / "node_modules/conversations-1")
    script = tmp_path / "app.cjs"
    shown = here(snippet(PAGE, OLD, "js"), emulator)
    script.write_text(f"""{shown}
        connect("{emulator.token("alice")}").then((client) => {{
          console.log(client.user.identity, client.connectionState);
          process.exit();
        }});
    """)
    assert said_by(node, script) == "alice connected"


def test_the_authority_is_trusted(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certutil = shutil.which("certutil") or absent("certutil is not installed: libnss3-tools has it")
    monkeypatch.setenv("HOME", str(tmp_path))
    for _ in range(2):  # a second time nothing is in its way
        subprocess.run(
            ["sh", "-e"],
            input=here(snippet(PAGE, LED, "sh"), emulator),
            cwd=tmp_path,
            text=True,
            check=True,
            timeout=60,
        )
    command = [certutil, "-d", f"sql:{tmp_path}/.pki/nssdb", "-L"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert re.search(r"^twilio-emulator +C,,\s*$", listed, re.M)


def test_the_flags_are_those_that_are_tried_in_chromium() -> None:
    tried = (ROOT / "tests/clients/sdk/test_browser.py").read_text(encoding="utf-8")
    flags = re.findall(r"chromium (--[\w-]+)=", snippet(PAGE, LED, "text"))
    assert len(flags) == 2
    assert all(f"{flag}=" in tried for flag in flags)
