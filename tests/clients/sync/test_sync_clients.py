"""Twilio's unmodified JavaScript SDK for Sync, in seven versions, judges the emulator."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.clients.sdk.surface import serving
from tests.clients.sync.playing import SYNC_PACKAGES, play_with_all, sync_flows

Played = Mapping[str, dict[str, str | None]]

CASES = [
    (version, flow)
    for version in SYNC_PACKAGES
    for flow, since in sync_flows().items()
    if int(version.partition(".")[0]) >= since
]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Path]]:
    """The URL of an emulator, and the file of its authority."""
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def played(node: str, served: tuple[str, Path]) -> Played:
    """What became of all flows, by version of the SDK; they are played once."""
    url, authority = served
    return play_with_all(url, node, authority)


@pytest.mark.parametrize(("version", "flow"), CASES)
def test_a_flow_of_sync(played: Played, version: str, flow: str) -> None:
    failed = played[version][flow]
    assert failed is None, failed
