"""Twilio's unmodified JavaScript SDK in Node.js, in three versions, judges the emulator."""

from pathlib import Path

import pytest

from tests.clients.sdk.surface import PACKAGES, PAGE, Report, covering, flows, page, play, surface

Reports = dict[str, Report]


@pytest.mark.parametrize("flow", flows())
@pytest.mark.parametrize("version", PACKAGES)
def test_a_flow(reports: Reports, version: str, flow: str) -> None:
    failed = reports[version].failed[flow]
    assert failed is None, failed


@pytest.mark.parametrize("version", PACKAGES)
def test_every_method_and_event_is_tested(reports: Reports, version: str) -> None:
    wanted = surface(version)
    assert len(wanted) > 80
    missing = [member for member in wanted if not covering(member, reports[version])]
    assert missing == []


def test_the_page_is_up_to_date(reports: Reports) -> None:
    assert PAGE.read_text() == page(reports), "run `make docs`"


def test_a_hundred_broken_connections(node: str, sdk_emulator: tuple[str, Path]) -> None:
    url, authority = sdk_emulator
    flow = "nothing_is_lost_and_nothing_told_twice"
    played = play("3.0.1", url, node, authority, flow, loops=100)
    assert played.failed[flow] is None, played.failed[flow]
