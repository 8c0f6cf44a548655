"""Ten thousand operations of Twilio's SDK for Sync and of a back end, over cuts and restarts."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.clients.sync.together import play_together
from tests.soak.budget import goes_on

OPERATIONS = int(os.environ.get("SOAK_SYNC", "10000"))
FEWEST = 1000
"""However late it is."""

pytestmark = pytest.mark.soak


def test_two_pages_and_a_back_end_end_equal(node: str, tmp_path: Path, seed: int) -> None:
    told = asyncio.run(
        play_together(
            node,
            tmp_path / "state",
            OPERATIONS,
            seed,
            goes_on=lambda done: goes_on(done, FEWEST),
        )
    )
    assert told.counted
