"""Twilio's unmodified JavaScript SDK for Sync, in seven versions, judges the emulator."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.clients.sync.playing import PATIENCE, SYNC_PACKAGES, playing_with_all, sync_flows

Plays = Mapping[str, Future[dict[str, str | None]]]

CASES = [
    (version, flow)
    for version in SYNC_PACKAGES
    for flow, since in sync_flows().items()
    if int(version.partition(".")[0]) >= since
]


@pytest.fixture(scope="module")
def plays(node: str, sdk_emulator: tuple[str, Path]) -> Iterator[Plays]:
    """What becomes of all flows, by version of the SDK; they are played once."""
    url, authority = sdk_emulator
    with playing_with_all(url, node, authority) as plays:
        yield plays


@pytest.mark.parametrize(("version", "flow"), CASES)
def test_a_flow_of_sync(plays: Plays, version: str, flow: str) -> None:
    failed = plays[version].result(PATIENCE)[flow]
    assert failed is None, failed
