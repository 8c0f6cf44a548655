"""Plays the flows of Sync with the versions of Twilio's JavaScript SDK."""

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

SYNC_PACKAGES = {
    "4.0.1": "twilio-sync",
    "3.4.0": "twilio-sync-3.4",
    "3.3.10": "twilio-sync-3.3",
    "3.0.6": "twilio-sync-3.0",
    "2.0.1": "twilio-sync-2",
    "1.0.0": "twilio-sync-1",
    "0.12.4": "twilio-sync-0.12",
}
PATIENCE = 300  # seconds for all flows of one version
AT_ONCE = 4
"""Versions that play at the same time."""

_FLOW = re.compile(r"^export async function (\w+)\(stage\) \{\n", re.MULTILINE)
_SINCE = re.compile(r"^(\w+)\.since = (\d+);", re.MULTILINE)


@cache
def sync_flows() -> dict[str, int]:
    """The flows by name, in order, and the major version that each needs."""
    texts = [path.read_text() for path in sorted((HERE / "flows").glob("*.mjs"))]
    since = {name: int(major) for text in texts for name, major in _SINCE.findall(text)}
    return {name: since.get(name, 0) for text in texts for name in _FLOW.findall(text)}


def play_sync(
    version: str, url: str, node: str, authority: Path, *wanted: str
) -> dict[str, str | None]:
    """What became of each flow with one version: why it failed, or None."""
    done = subprocess.run(
        [node, str(HERE / "run.mjs"), SYNC_PACKAGES[version], url, *wanted],
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(authority)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["version"] == version
    report: dict[str, str | None] = said["report"]
    return report


@contextmanager
def playing_with_all(
    url: str, node: str, authority: Path
) -> Iterator[Mapping[str, Future[dict[str, str | None]]]]:
    """Have all flows played with all versions, each in accounts of its own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {each: pool.submit(play_sync, each, url, node, authority) for each in SYNC_PACKAGES}
