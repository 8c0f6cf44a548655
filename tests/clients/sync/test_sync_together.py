"""Two pages with the real SDK and a back end write at once; in the end all have the same."""

import asyncio
from pathlib import Path

from tests.clients.sync.together import DISTURBANCES, play_together


def test_all_end_equal_over_cuts_restarts_and_jumps(node: str, tmp_path: Path) -> None:
    told = asyncio.run(play_together(node, tmp_path / "state", 120, 1))
    assert told.counted
    assert set(DISTURBANCES) <= told.done.keys()
