"""The journals of the shipped scenarios as digests: what they have to be on every Python.

`python -m tests.scenarios.journals` compares them with those of `journals.txt`, which
`python -m tests.scenarios.journals --write` writes anew. Only the milliseconds are left out that
an answer took, which are the machine's.
"""

import asyncio
import hashlib
import json
import re
import sys
from pathlib import Path

from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

WRITTEN = Path(__file__).with_name("journals.txt")
PREFIX = "/_emulator/v1"
MILLISECONDS = re.compile(r'"milliseconds": \d+')


def journal(name: str) -> str:
    """The whole journal of a shipped scenario, played in a fresh account; an entry a line."""
    return asyncio.run(_played(name))


async def _played(name: str) -> str:
    server = Server(Settings(), lambda: b"")
    try:
        stage = LocalStage(server, server.worlds)
        report = await library.play(library.load(name), stage)
        assert report.held, report.failure
        answer = await stage.control("GET", "/journal?limit=10000")
    finally:
        await server.end()
    assert answer.body["dropped"] == 0
    lines = (json.dumps(entry, ensure_ascii=False) for entry in answer.body["entries"])
    return MILLISECONDS.sub('"milliseconds": 0', "".join(f"{line}\n" for line in lines))


def digest(name: str, held: str) -> str:
    """A line: how many entries a journal has, and the SHA-256 of it."""
    return f"{name} {held.count(chr(10))} {hashlib.sha256(held.encode()).hexdigest()}\n"


def main() -> int:
    """Compare, or write."""
    names = [each["name"] for each in library.shipped()]
    lines = [digest(name, journal(name)) for name in names]
    if "--write" in sys.argv[1:]:
        WRITTEN.write_text("".join(lines), encoding="utf-8")
        return 0
    known = WRITTEN.read_text(encoding="utf-8").splitlines(keepends=True)
    different = [line for line in lines if line not in known]
    sys.stdout.write("".join(f"another journal: {line}" for line in different))
    return int(lines != known)


if __name__ == "__main__":
    raise SystemExit(main())
