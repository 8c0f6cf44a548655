"""State files that something has happened to: each is loaded, or refused in one line and left as it
is."""

import asyncio
import json
import shutil
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.soak.budget import goes_on
from tests.soak.conftest import Complaints
from tests.soak.requests import Sent, ask
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.resources import AccountConfigurations, Conversations
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.runtime.lines import HEAD
from twilio_emulator.runtime.state_file import MAGIC
from twilio_emulator.server.app import Server
from twilio_emulator.settings import InvalidSetting, Settings

pytestmark = pytest.mark.soak

MUTATIONS = 1_500
BEGINS = b'{"%b":' % MAGIC.encode()

FOREIGN = (
    b'{"name":"my-app"}',
    b'{"name":"my-app"}\n',
    b"SQLite format 3\x00\x10\x00\x01\x01\x00",
    b"\x89PNG\r\n\x1a\n",
    b"#!/bin/sh\necho hello\n",
    b'{"twilio-emulator',
    b"\n",
    b"\xef\xbb\xbf" + BEGINS,
)

Mutate = Callable[[Random, bytes], bytes]


def started(path: Path) -> Server:
    return Server(Settings(clock="frozen", state=path), lambda: b"")


async def live(hosted: Hosted, server: Server) -> None:
    """Something of everything that a state file holds."""
    sid = hosted.world.account_sid
    service = hosted.world[AccountConfigurations][sid].default_chat_service_sid
    wish = AddConversation(
        service=service, unique_name=f"{hosted.world.serials}", timers_closed="PT10M"
    )
    hosted.gate.perform_now(wish)
    media = [{"base64": b64encode(sid.encode()).decode(), "content_type": "image/png"}]
    for content in (
        {"to": "+12025550100", "body": "Grüße 👋", "media": media},
        {"to": "+12025550133", "body": "nobody is there"},
    ):
        sent = Sent(
            method="POST",
            host="localhost",
            path="/_emulator/v1/handsets/%2B12025550199/messages",
            query=f"account={sid}",
            body=json.dumps(content).encode(),
        )
        await ask(server, sent, at_once=False)
    await hosted.pace.settle()


def made(path: Path, *, restarts: int = 0, restored: bool = False) -> bytes:
    """A state file as a run leaves it that is killed."""

    async def run() -> None:
        server = started(path)
        other = server.worlds.open(OpenAccount(), clock="x60")
        for hosted in (server.worlds.default, other):
            await live(hosted, server)
            if restored:
                hosted.gate.perform_now(RestoreWorld(snapshot=hosted.world.snapshot()))
        closed = server.worlds.open(OpenAccount())
        await server.worlds.close(closed)
        for each in list(server.worlds.default.world[Conversations])[:1]:
            server.worlds.default.gate.perform_now(
                AddConversation(service=each.service_sid, friendly_name="last")
            )
        await server.end()

    for _ in range(restarts + 1):
        asyncio.run(run())
    return path.read_bytes()


def cut(dice: Random, content: bytes) -> bytes:
    return content[: dice.randrange(len(content))]


def cut_out(dice: Random, content: bytes) -> bytes:
    begin = dice.randrange(len(content))
    return content[:begin] + content[begin + dice.choice((1, 2, 10, 100, 5000)) :]


def flip(dice: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 20))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def change_a_value(dice: Random, content: bytes) -> bytes:
    """Another digit, or another word, somewhere in the middle."""
    at = dice.randrange(len(content))
    old, new = dice.choice(
        [
            (b"0", b"9"),
            (b"1", b"-1"),
            (b'"', b"7"),
            (b"null", b"{}"),
            (b"2026", b"9999"),
            (b":", b","),
        ]
    )
    return content[:at] + content[at:].replace(old, new, 1)


def mix_lines(dice: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    at, to = dice.randrange(len(lines)), dice.randrange(len(lines))
    match dice.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case 3:
            lines.insert(at, dice.choice((b"\n", b"{}\n", b"null\n", b"[]\n", b'{"closed":1}\n')))
    return b"".join(lines)


def behead(dice: Random, content: bytes) -> bytes:
    return dice.choice(FOREIGN) + dice.choice((b"", content[HEAD:]))


def pad(dice: Random, content: bytes) -> bytes:
    return content + dice.choice(
        (b"\x00" * 4096, b"garbage", b"\n\n\n", b'{"opened":"AC1"', content)
    )


MUTATES: tuple[Mutate, ...] = (cut, cut_out, flip, change_a_value, mix_lines, behead, pad)


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, bytes]]:
    """Real files: of a first run, of later ones, with snapshots put back, and of one in place."""

    found = []
    ways: tuple[dict[str, Any], ...] = ({}, {"restarts": 1}, {"restarts": 2}, {"restored": True})
    for number, way in enumerate(ways):
        path = tmp_path_factory.mktemp("state") / f"{number}"
        found.append((path, made(path, **way)))
    with pytest.MonkeyPatch.context() as mounted:
        replace = Path.replace

        def busy(source: Path, target: Path) -> Path:
            if target.name == "mounted":
                raise OSError(16, "Device or resource busy")
            return replace(source, target)

        mounted.setattr(Path, "replace", busy)
        path = tmp_path_factory.mktemp("state") / "mounted"
        found.append((path, made(path, restarts=2)))
    return found


@pytest.mark.parametrize("mutate", MUTATES)
def test_a_spoilt_state_file_is_loaded_or_refused(
    mutate: Mutate,
    seed: int,
    originals: list[tuple[Path, bytes]],
    tmp_path: Path,
    complaints: Complaints,
) -> None:
    dice = Random(f"{seed}/{mutate.__name__}")
    counts = {"loaded": 0, "refused": 0}
    for number in range(MUTATIONS // len(MUTATES)):
        if not goes_on(number, 120):
            break
        told = f"SOAK_SEED={seed}, {mutate.__name__} {number}"
        original, whole = dice.choice(originals)
        content = mutate(dice, whole)
        folder = tmp_path / "run"
        folder.mkdir()
        path = folder / "state"
        path.write_bytes(content)
        if (files := original.with_name(f"{original.name}.files")).exists():
            shutil.copytree(files, folder / "state.files")
        refused = None
        try:
            asyncio.run(loaded(path))
        except InvalidSetting as why:
            refused = str(why)
        except Exception as error:
            kept = tmp_path / "spoilt"
            kept.write_bytes(content)
            raise AssertionError(f"{told}: see {kept}") from error
        if refused is None:
            counts["loaded"] += 1
            assert not content or content.startswith(BEGINS), told
        else:
            counts["refused"] += 1
            assert "\n" not in refused, told
            assert path.read_bytes() == content, told
            assert {each.name for each in folder.iterdir()} <= {"state", "state.files"}, told
        assert complaints.taken() == [], told
        shutil.rmtree(folder)
    assert counts["refused"], counts
    assert mutate is behead or counts["loaded"], counts


async def loaded(path: Path) -> None:
    """A state that was loaded is one that goes on, and that is there again.

    Raises:
        InvalidSetting: it is none.
    """
    server = started(path)
    gate = server.worlds.default.gate
    for hosted in server.worlds:
        hosted.gate.perform_now(RestoreWorld(snapshot=hosted.world.snapshot()))
    service = gate.world[AccountConfigurations][gate.world.account_sid].default_chat_service_sid
    gate.perform_now(AddConversation(service=service))
    before = {each.world.account_sid: each.world.snapshot()["tables"] for each in server.worlds}
    await server.end()
    try:
        again = started(path)
    except InvalidSetting as refused:
        raise AssertionError("it was loaded once") from refused
    after = {each.world.account_sid: each.world.snapshot()["tables"] for each in again.worlds}
    await again.end()
    assert before.keys() == after.keys()
