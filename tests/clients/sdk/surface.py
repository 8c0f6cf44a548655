"""What of Twilio's JavaScript SDK is there and what of it the flows test: docs/javascript-sdk.md.

`python -m tests.clients.sdk.surface` plays the flows and writes the page; a test holds that it is
as it would be written.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import CLIENTS
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

HERE = Path(__file__).parent
PAGE = HERE.parents[2] / "docs/javascript-sdk.md"

PACKAGES = {
    "3.0.1": "@twilio/conversations",
    "2.7.0": "conversations-2",
    "1.2.3": "conversations-1",
}
CLASSES = ("Client", "Conversation", "Message", "Participant", "User")
PATIENCE = 300  # seconds for all flows of one version

_FLOW = re.compile(r"^export async function (\w+)\(stage\) \{\n(.*?)^\}$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_METHOD = re.compile(r"    (static )?([a-z]\w*)\(")
_EVENT = re.compile(r"^    (\w+):", re.MULTILINE)


@dataclass(frozen=True)
class Report:
    """What became of the flows of one version: why each failed, and what it exercised."""

    failed: Mapping[str, str | None]
    exercised: Mapping[str, frozenset[str]]


@cache
def flows() -> dict[str, str]:
    """The flows by name, in order, with their code."""
    texts = (path.read_text() for path in sorted((HERE / "flows").glob("*.mjs")))
    return {name: body for text in texts for name, body in _FLOW.findall(text)}


@cache
def surface(version: str) -> tuple[str, ...]:
    """The public methods and events that the type definitions of a version name."""
    package = CLIENTS / "node_modules" / PACKAGES[version]
    return tuple(each for name in CLASSES for each in _members(package, name))


def _members(package: Path, name: str) -> Iterator[str]:
    whole = package / "builds/lib.d.ts"
    if whole.exists():
        text = _COMMENT.sub("", whole.read_text())
        (events,) = re.findall(rf"^type {name}Events = \{{(.*?)^\}};", text, re.M | re.S)
        names = _EVENT.findall(events)
    else:
        commented = (package / f"lib/{name.lower()}.d.ts").read_text()
        text = _COMMENT.sub("", commented)
        names = re.findall(rf"@fires {name}#(\w+)", commented)
    (body,) = re.findall(rf"^declare class {name} extends .*?\{{(.*?)^\}}", text, re.M | re.S)
    for line in body.splitlines():
        found = _METHOD.match(line.replace("    public ", "    "))
        if found and found[2] not in ("constructor", "get"):
            yield f"{name} {found[1] or ''}{found[2]}()"
    yield from (f"{name} {event}" for event in names)


def play(
    version: str, url: str, node: str, authority: Path, *wanted: str, loops: int = 10
) -> Report:
    """Play flows with one version of the SDK."""
    done = subprocess.run(
        [node, str(HERE / "run.mjs"), PACKAGES[version], url, *wanted],
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(authority), "LOOPS": str(loops)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["version"] == version
    return Report(
        {name: each["failed"] for name, each in said["report"].items()},
        {name: frozenset(each["exercised"]) for name, each in said["report"].items()},
    )


def covering(member: str, report: Report) -> list[str]:
    """The flows that name a method or an event, and that passed with it exercised."""
    bare = member.partition(" ")[2].removeprefix("static ").removesuffix("()")
    named = re.compile(rf"\.{bare}\b|\"{bare}\"")
    return [
        name
        for name, code in flows().items()
        if named.search(code)
        and report.failed.get(name, "") is None
        and member in report.exercised[name]
    ]


def page(reports: Mapping[str, Report]) -> str:
    """The whole page."""
    return "\n".join([*_head(), *_rows(reports)]) + "\n"


NOTES = """\
What surprises apps most, and is so at Twilio, too:

- Conversations are private. Who is not in one, did not create it and is no service admin gets 403
  with 50430 for whatever it asks of it, by sid and by unique name, joining and its Sync objects and
  media included; `joinConversation` opens nothing. A participant who may `addParticipant`, or a
  REST call, adds it. A service admin is who has all permissions of that role that reach beyond what
  is one's own.
- Who is removed while connected gets `conversationLeft` and `conversationRemoved`, and from then on
  50430; who is added again gets `conversationJoined`.
- `updateToken` with a token of another identity or service fails with 401 and 51215. A token that
  ends while its client is connected ends the connection with 410 and 51207 (`tokenExpired`), one
  that has ended or lives for more than 24 hours does not begin one: 401 and 20104.
""".splitlines()


def _head() -> Iterable[str]:
    yield "# Tests of the JavaScript SDK"
    yield ""
    yield "This page is generated (`make docs`): every public method and event that the type"
    yield "definitions of `@twilio/conversations` name, and the flows that test it with the"
    yield "unmodified package. The flows are in `tests/clients/sdk/flows`. A dash: the version does"
    yield "not have it."
    yield ""
    yield from NOTES
    yield ""
    yield f"| Class | Method or event | {' | '.join(PACKAGES)} | Flows |"
    yield f"| --- | --- | {' | '.join('---' for _ in PACKAGES)} | --- |"


def _rows(reports: Mapping[str, Report]) -> Iterator[str]:
    members = dict.fromkeys(each for version in PACKAGES for each in surface(version))
    order = {name: rank for rank, name in enumerate(CLASSES)}
    for member in sorted(members, key=lambda each: order[each.partition(" ")[0]]):
        name, _, what = member.partition(" ")
        tests = {version: covering(member, report) for version, report in reports.items()}
        cells = (
            ("yes" if tests[version] else "NOT TESTED") if member in surface(version) else "-"
            for version in PACKAGES
        )
        flows_of_any = [flow for flow in flows() if any(flow in each for each in tests.values())]
        shown = ", ".join(flow.replace("_", " ") for flow in flows_of_any[:3])
        more = f" and {len(flows_of_any) - 3} more" if len(flows_of_any) > 3 else ""
        yield f"| {name} | `{what}` | {' | '.join(cells)} | {shown}{more} |"


def play_all() -> dict[str, Report]:
    """Play all flows with all versions, against an emulator of our own."""
    node = shutil.which("node")
    assert node is not None, "Node.js is not installed"
    with serving() as (url, authority):
        return play_with_each(url, node, authority)


def play_with_each(url: str, node: str, authority: Path) -> dict[str, Report]:
    """Play all flows with all versions at once, each in accounts of its own."""
    with ThreadPoolExecutor(len(PACKAGES)) as pool:
        played = {each: pool.submit(play, each, url, node, authority) for each in PACKAGES}
        return {version: each.result(PATIENCE) for version, each in played.items()}


@contextmanager
def serving() -> Iterator[tuple[str, Path]]:
    """An emulator: its URL, and a file with the authority behind its certificates."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(port=0, authority=Path(folder) / "authority")
        with Serving(settings, os.environ) as emulator:
            authority = Path(folder) / "ca.pem"
            authority.write_bytes(emulator.authority.certificate)
            yield emulator.local_url, authority


if __name__ == "__main__":
    PAGE.write_text(page(play_all()))
