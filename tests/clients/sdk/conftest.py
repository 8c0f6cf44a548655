from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.sdk.surface import Report, play_with_each, serving


@pytest.fixture(scope="session")
def sdk_emulator() -> Iterator[tuple[str, Path]]:
    """The URL of an emulator, and the file of its authority."""
    with serving() as served:
        yield served


@pytest.fixture(scope="session")
def reports(node: str, sdk_emulator: tuple[str, Path]) -> dict[str, Report]:
    """What became of all flows, by version of the SDK; they are played once."""
    url, authority = sdk_emulator
    return play_with_each(url, node, authority)
