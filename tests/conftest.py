"""The programs outside Python that some tests drive; whatever else every folder of tests shares."""

import asyncio
import importlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest
import uvicorn.config

# pytester is for tests/plugin; only a conftest up here may name plugins.
pytest_plugins = ["pytester", "tests.limits", "tests.workers"]

CLIENTS = Path(__file__).parent / "clients"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--loop",
        choices=("asyncio", "uvloop"),
        default="asyncio",
        help="the event loop of every server, client and test",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Have one event loop everywhere: where one is made, where uvicorn picks, and in processes."""
    name = config.getoption("--loop")
    os.environ["TWILIO_EMULATOR_LOOP"] = name
    uvicorn.config.LOOP_FACTORIES["auto"] = uvicorn.config.LOOP_FACTORIES[name]
    if name == "uvloop":
        new_event_loop = importlib.import_module("uvloop").new_event_loop
        asyncio.new_event_loop = asyncio.events.new_event_loop = new_event_loop


@pytest.fixture(scope="session")
def loop(pytestconfig: pytest.Config) -> str:
    """The event loop of this run."""
    return str(pytestconfig.getoption("--loop"))


def absent(reason: str) -> NoReturn:
    """End the test that needs what is not here: CI must have everything, a laptop need not."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node.js; Twilio's packages are installed in tests/clients."""
    path = shutil.which("node")
    if path is None:
        absent("Node.js is not installed")
    version = subprocess.run(
        [path, "--version"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    if int(version.lstrip("v").split(".")[0]) < 20:
        absent(f"Twilio's clients need Node.js 20 or newer, this is {version.strip()}")
    if not (CLIENTS / "node_modules").is_dir():
        absent("Twilio's clients are not installed: `make test` does it")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, or of the Chrome that somebody has."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    absent("Chromium is not installed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a test by what it asks for, so that `-m "not browser"` needs no marker to be kept."""
    for item in items:
        wanted = getattr(item, "fixturenames", ())
        if "chromium" in wanted:
            item.add_marker("browser")
        if "node" in wanted:
            item.add_marker("node")
