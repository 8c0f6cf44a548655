from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.sdk.surface import serving


@pytest.fixture(scope="session")
def sdk_emulator() -> Iterator[tuple[str, Path]]:
    """The URL of an emulator, and the file of its authority."""
    with serving() as served:
        yield served
