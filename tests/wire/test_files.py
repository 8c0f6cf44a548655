"""Bytes of uploads: kept as long as something shows them, and for nobody else's eyes."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from tests.core.conftest import START, PlainNumbering
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.conversations.media import DiscardMedia, UploadMedia
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import CONFLICT, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime.uploads import Files

SERVICE = "IS00000000000000000000000000000001"
HELLO = hashlib.sha256(b"hello").hexdigest()


@pytest.fixture(params=[False, True])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """In memory, and on disk."""
    return Files(tmp_path / "files" if request.param else None)


@pytest.fixture
def world() -> World:
    return opened("AC00000000000000000000000000000001")


def opened(sid: str) -> World:
    world = new_world(sid, 1, Clock(lambda: 0.0, START, 0), PlainNumbering())
    world.perform(OpenAccount(conversation_service_sid=SERVICE))
    return world


def upload(world: World, digest: str) -> str:
    wish = UploadMedia(service=SERVICE, content_type="a/b", size=5, digest=digest)
    return str(world.perform(wish).sid)


def test_bytes_are_there_while_anything_shows_them(files: Files, world: World) -> None:
    files.follow(world)
    with files.keeping() as keep:
        first, second = upload(world, keep(b"hello")), upload(world, keep(b"hello"))
    assert files.read(HELLO) == b"hello"

    world.perform(DiscardMedia(media=first))
    files.tidy()
    assert files.read(HELLO) == b"hello"
    world.perform(DiscardMedia(media=second))
    files.tidy()
    assert files.read(HELLO) is None


def test_bytes_that_nobody_came_to_show_go(files: Files) -> None:
    with files.keeping() as keep:
        assert keep(b"hello") == HELLO
        assert files.read(HELLO) == b"hello"
    assert files.read(HELLO) is None


def test_bytes_that_were_given_up_can_be_kept_again(files: Files, world: World) -> None:
    files.follow(world)
    with files.keeping() as keep:
        sid = upload(world, keep(b"hello"))
    world.perform(DiscardMedia(media=sid))
    assert files.keep(b"hello") == HELLO
    files.tidy()
    assert files.read(HELLO) == b"hello"
    assert files.keep(b"hello") == HELLO


def test_they_go_by_themselves_where_a_loop_runs(files: Files, world: World) -> None:
    async def run() -> None:
        files.follow(world)
        with files.keeping() as keep:
            sids = [upload(world, keep(content)) for content in (b"hello", b"more")]
        for sid in sids:
            world.perform(DiscardMedia(media=sid))
        assert files.read(HELLO) == b"hello"
        await asyncio.sleep(0)
        assert files.read(HELLO) is None

    asyncio.run(run())


@command
class Waver:
    """A command of these tests: takes a file away, and is refused."""

    media: str

    def apply(self, world: World) -> None:
        DiscardMedia(media=self.media).apply(world)
        raise Refused(CONFLICT)


def test_what_is_taken_back_takes_nothing_away(files: Files, world: World) -> None:
    files.follow(world)
    with files.keeping() as keep:
        sid = upload(world, keep(b"hello"))
    with pytest.raises(Refused):
        world.perform(Waver(media=sid))
    files.tidy()
    assert files.read(HELLO) == b"hello"


def test_what_several_accounts_show_goes_with_the_last(files: Files, world: World) -> None:
    other = opened("AC00000000000000000000000000000002")
    for each in (world, other):
        with files.keeping() as keep:
            upload(each, keep(b"hello"))
            files.follow(each)
    files.leave(world)
    assert files.read(HELLO) == b"hello"
    files.leave(other)
    assert files.read(HELLO) is None


def test_a_snapshot_that_is_put_back_decides(files: Files, world: World) -> None:
    files.follow(world)
    empty = world.snapshot()
    with files.keeping() as keep:
        upload(world, keep(b"hello"))
    full: dict[str, Any] = world.snapshot()
    world.restore(full)
    files.tidy()
    assert files.read(HELLO) == b"hello"
    world.restore(empty)
    files.tidy()
    assert files.read(HELLO) is None


def test_what_a_snapshot_shows_stays_for_it(files: Files, world: World) -> None:
    files.follow(world)
    with files.keeping() as keep:
        sid = upload(world, keep(b"hello"))
    snapshot = world.snapshot()
    files.pin(world)
    files.pin(world)
    world.perform(DiscardMedia(media=sid))
    files.tidy()
    world.restore(snapshot)
    assert files.read(HELLO) == b"hello"
    files.leave(world)
    assert files.read(HELLO) is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def test_they_are_for_the_owners_eyes(folder: Path) -> None:
    Files(folder).keep(b"hello")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / HELLO).stat().st_mode & 0o777 == 0o600


def test_what_a_kill_left_half_written_is_written_anew(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    left = folder / f"{HELLO}.part"
    left.write_bytes(b"hello, wor")
    left.chmod(0o644)
    Files(folder).keep(b"hello")
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [(HELLO, b"hello")]
    assert (folder / HELLO).stat().st_mode & 0o777 == 0o600


def test_what_is_left_from_a_kill_is_cleaned_and_nothing_else(folder: Path, world: World) -> None:
    files = Files(folder)
    files.clean()
    upload(world, files.keep(b"hello"))
    left = files.keep(b"left")
    (folder / f"{left}.part").write_bytes(b"le")
    (folder / HELLO).chmod(0o644)
    folder.chmod(0o755)
    others = ("notes.txt", "f" * 64, "e" * 64)
    (folder / others[0]).write_text("mine")
    (folder / others[1]).write_text("mine, too")
    (folder / others[2]).symlink_to(folder / others[0])

    again = Files(folder)
    again.follow(world)
    again.clean()

    assert sorted(each.name for each in folder.iterdir()) == sorted((HELLO, *others))
    assert (folder / HELLO).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_digest_leads_nowhere_else(folder: Path, world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    files = Files(folder)
    files.keep(b"hello")
    files.follow(world)
    for digest in ("../secret", str(secret), f"{HELLO}.part"):
        assert files.read(digest) is None
        world.perform(DiscardMedia(media=upload(world, digest)))
    files.tidy()
    assert secret.read_text() == "mine"


def test_what_cannot_be_written_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    files = Files(folder)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space"), files.keeping() as keep:
            keep(b"hello")
    assert list(folder.iterdir()) == []


def test_what_cannot_be_removed_waits_for_the_next_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise PermissionError

    files = Files(folder)
    with monkeypatch.context() as patch, files.keeping() as keep:
        keep(b"hello")
        patch.setattr(os, "unlink", fail)
        patch.setattr(Path, "unlink", fail)
        files._hear(HELLO, False)
        files.tidy()
        files._hear(HELLO, True)
    Files(folder).clean()
    assert list(folder.iterdir()) == []
