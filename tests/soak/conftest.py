"""A seed that a failure names, a log that must stay silent, and an emulator in this process.

`SOAK_SEED=N make soak` repeats a run.
"""

import asyncio
import logging
import os
from collections.abc import Iterator

import pytest

from tests.conformance.conftest import app, inside, loop, referee
from tests.conformance.referee import FOLDER
from tests.conftest import absent
from tests.soak.budget import cut_short
from tests.soak.surface import Place, surface
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

__all__ = ["app", "inside", "loop", "referee"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say when a slow machine had less tried than there is."""
    if cut_short:
        done = ", ".join(map(str, cut_short))
        terminalreporter.write_line(f"{len(cut_short)} loops were cut short for time, after {done}")


@pytest.fixture(scope="session")
def seed() -> int:
    """The same one in every run, so that a failure is the change's own; or the one given."""
    return int(os.environ.get("SOAK_SEED", "2024"))


@pytest.fixture(scope="session")
def places(loop: asyncio.AbstractEventLoop) -> list[Place]:
    """Everything that can be asked."""
    if not FOLDER.is_dir():
        absent("Twilio's OpenAPI files are not installed: `make test` does it")
    return surface(FOLDER, Server(Settings(), lambda: b"").dispatch.apis.values())


@pytest.fixture
def server(loop: asyncio.AbstractEventLoop, seed: int) -> Iterator[Server]:
    """A server of its own for each test, which the seed decides altogether."""
    server = Server(Settings(clock="frozen", seed=seed), lambda: b"")
    yield server
    loop.run_until_complete(server.end())


class Complaints(logging.Handler):
    """What is written to the log that should not have to be: errors and tracebacks."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[str] = []
        self._formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.records.append(self._formatter.format(record))

    def taken(self) -> list[str]:
        """What came since they were taken last."""
        records, self.records = self.records, []
        return records


@pytest.fixture
def complaints(caplog: pytest.LogCaptureFixture) -> Iterator[Complaints]:
    complaints = Complaints()
    caplog.set_level(
        logging.ERROR, "twilio_emulator"
    )  # what is not emulated is asked for all the time
    logging.getLogger().addHandler(complaints)
    yield complaints
    logging.getLogger().removeHandler(complaints)
    assert complaints.taken() == []
