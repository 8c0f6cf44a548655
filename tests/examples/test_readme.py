"""What the README shows, done as it says."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.snippets import ROOT, snippet, snippets
from tests.programs import started
from twilio_emulator import Emulator
from twilio_emulator.handle.batch import rehearse
from twilio_emulator.play import library

README = "README.md"
ANN = "+12025550199"
CLIENTS = ROOT / "tests/clients/node_modules"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def test_there_is_no_other_snippet() -> None:
    shown = [(each.heading, each.language) for each in snippets(README)]
    assert shown == [
        ("twilio-emulator", ""),
        ("twilio-emulator", "text"),
        ("A test", "python"),
        ("In a container", ""),
        ("Your app, unchanged", "python"),
        ("Your app, unchanged", "js"),
        ("Your app, unchanged", "js"),
        ("A scenario", "yaml"),
    ]


def test_the_two_commands() -> None:
    makefile = (ROOT / "Makefile").read_text()
    commands = snippet(README, "twilio-emulator", "").splitlines()
    assert len(commands) == 2
    for command in commands:
        target = command.removeprefix("make ").split()[0]
        assert re.search(rf"^{target}:", makefile, re.M)


def test_what_make_run_shows() -> None:
    """But for the time of day, how long it took and the port."""
    recipe = re.search(
        r"^run:.*\n\t\S*/twilio-emulator (.*)$", (ROOT / "Makefile").read_text(), re.M
    )
    assert recipe is not None
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
    with started(
        [sys.executable, "-m", "twilio_emulator", *recipe[1].split(), "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if line.startswith("  held"):
                break
        process.terminate()
    assert _normal(said) == _normal(snippet(README, "twilio-emulator", "text"))


def _normal(said: str) -> str:
    said = re.sub(r"localhost:\d+", "localhost:8008", said)
    said = re.sub(r"in \d+\.\d\d s", "in 0.01 s", said)
    return re.sub(r"^  \d\d:\d\d:\d\d", "  00:00:00", said, flags=re.M)


def test_the_example_of_a_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_code=snippet(README, "A test", "python"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def _run(emulator: Emulator, command: list[str], directory: Path) -> None:
    changes = emulator.redirection(directory)
    environment = {k: v for k, v in {**os.environ, **changes}.items() if v is not None}
    subprocess.run(command, env=environment, cwd=directory, check=True, timeout=60)


def test_an_app_in_python(emulator: Emulator, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(snippet(README, "Your app, unchanged", "python"))
    ann = emulator.handset(ANN)
    _run(emulator, [sys.executable, "app.py"], tmp_path)
    assert ann.wait().body == "Hello from Python"


def test_an_app_in_node(emulator: Emulator, tmp_path: Path, node: str) -> None:
    (tmp_path / "node_modules").symlink_to(CLIENTS)
    (tmp_path / "app.js").write_text(snippet(README, "Your app, unchanged", "js"))
    ann = emulator.handset(ANN)
    _run(emulator, [node, "app.js"], tmp_path)
    assert ann.wait().body == "Hello from Node.js"


def test_a_front_end(emulator: Emulator, tmp_path: Path, node: str) -> None:
    (tmp_path / "node_modules").symlink_to(CLIENTS)
    shown = snippet(README, "Your app, unchanged", "js", 1)
    then = """
        await new Promise((initialized) => client.on("initialized", initialized));
        await client.createConversation({ friendlyName: `Of ${client.user.identity}` });
        await client.shutdown();
    """
    address = emulator.url.removeprefix("http://")
    (tmp_path / "app.mjs").write_text(shown.replace("localhost:8008", address) + then)
    subprocess.run([node, "app.mjs"], cwd=tmp_path, check=True, timeout=60)
    (conversation,) = emulator.client().conversations.v1.conversations.list()
    assert conversation.friendly_name == "Of alice"


def test_the_scenario(tmp_path: Path) -> None:
    file = tmp_path / "code.scenario.yaml"
    file.write_text(snippet(README, "A scenario", "yaml"))
    (report,) = asyncio.run(rehearse([library.load(file)]))
    assert report.held, report.failure
