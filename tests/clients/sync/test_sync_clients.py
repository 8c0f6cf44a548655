"""Twilio's unmodified JavaScript SDK for Sync, in seven versions, judges the emulator."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.clients.sync.playing import SYNC_PACKAGES, play_with_all, sync_flows

Played = Mapping[str, dict[str, str | None]]

CASES = [
    (version, flow)
    for version in SYNC_PACKAGES
    for flow, since in sync_flows().items()
    if int(version.partition(".")[0]) >= since
]


@pytest.fixture(scope="module")
def played(node: str, sdk_emulator: tuple[str, Path]) -> Played:
    """What became of all flows, by version of the SDK; they are played once."""
    url, authority = sdk_emulator
    return play_with_all(url, node, authority)


@pytest.mark.parametrize(("version", "flow"), CASES)
def test_a_flow_of_sync(played: Played, version: str, flow: str) -> None:
    failed = played[version][flow]
    assert failed is None, failed
