"""The server under test, another host to reach through it, and one that a test answers by hand."""

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.door.served import IN_TIME, Answer, Peer, Served, answer, serving
from twilio_emulator.server.tls_authority import Authority


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authorities")


@pytest.fixture(scope="session")
def served(authorities: Path) -> Iterator[Served]:
    """The server under test."""
    with serving(authorities / "ours") as served:
        yield served


@pytest.fixture(scope="session")
def elsewhere(authorities: Path) -> Iterator[Served]:
    """Another host, with certificates of another authority."""
    with serving(authorities / "theirs") as elsewhere:
        yield elsewhere


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A new authority, made."""
    authority = Authority(tmp_path / "kept")
    authority.server_context()
    return authority


@pytest.fixture(scope="session")
def curl() -> str:
    """The path of curl."""
    return shutil.which("curl") or absent("curl is not installed")


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Another host that does exactly what the test says."""
    peer = Peer()
    peer.listener.settimeout(IN_TIME)
    with peer.listener:
        yield peer


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test leaves a traceback or an error in the log; one that means to clears it."""
    caplog.set_level(logging.INFO)
    yield
    records = caplog.get_records("call")
    assert not [record for record in records if record.exc_info or record.levelno >= 40]


@pytest.fixture
def http(served: Served) -> Callable[..., Answer]:
    """Send bytes to the server under test and read its answer."""

    def ask(*pieces: bytes) -> Answer:
        with served.connect(*pieces) as connection:
            return answer(connection)

    return ask
