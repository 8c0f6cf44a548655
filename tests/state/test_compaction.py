"""A state file is written anew while the worlds go on: it stays small, and nothing is lost."""

import asyncio
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Conversations,
    Messages,
)
from twilio_emulator.core.kernel.journal import replay
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.runtime import compaction, numbering
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.compaction import Compaction
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.runtime.state_file import StateFile
from twilio_emulator.settings import CONVERSATION_SERVICE_SID, InvalidSetting, Settings

Snapshots = dict[str, Any]


class Killed(BaseException):
    """The process is gone, in the middle of something."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large."""
    monkeypatch.setattr(compaction, "SMALL", 0)


@pytest.fixture(params=["a folder", "a mounted file", "a read-only folder"])
def anywhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file can be replaced, and where none can, or no other can be made."""
    opened = os.open

    def busy(*_: object) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    def read_only(path: Path, flags: int, *mode: int) -> int:
        if str(path).endswith(".new"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, flags, *mode)

    if request.param == "a mounted file":
        monkeypatch.setattr(Path, "replace", busy)
    elif request.param == "a read-only folder":
        monkeypatch.setattr(os, "open", read_only)


def started(path: Path) -> Worlds:
    return Worlds(Settings(clock="frozen"), numbering, lambda hosted: None, StateFile(path, 0))


def ended(worlds: Worlds) -> None:
    assert worlds.state is not None
    worlds.state.close()


def shown(worlds: Worlds) -> Snapshots:
    return {hosted.world.account_sid: seen(hosted) for hosted in worlds}


def seen(hosted: Hosted) -> dict[str, Any]:
    """An account with all that has fallen due, as it is after a start."""
    replay(hosted.world, (), until=hosted.world.clock.now())
    return hosted.world.snapshot()


def held(path: Path) -> Snapshots:
    """What an emulator has that is started with the file."""
    worlds = started(path)
    found = shown(worlds)
    ended(worlds)
    return found


def compacted(worlds: Worlds) -> None:
    """Nobody asks for anything, until the file has nothing more in it that could go."""
    state = worlds.state
    assert state is not None

    async def quiet() -> None:
        state.follow()
        async with asyncio.timeout(30):
            for _ in range(100_000):
                if state.is_compact:
                    return
                await asyncio.sleep(0)

    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(compaction, "QUIET", 0)
        hurried.setattr(compaction, "PAUSE", 0)
        asyncio.run(quiet())
    assert state.is_compact


class Life:
    """Random life in several accounts, the same for the same seed.

    Attributes:
        acknowledged: what there was after the last thing that was said to have happened.
    """

    def __init__(self, worlds: Worlds, seed: int) -> None:
        self._worlds = worlds
        self._dice = Random(seed)
        self._saved: dict[str, dict[str, Any]] = {}
        self.acknowledged = shown(worlds)

    def go_on(self, steps: int) -> None:
        for _ in range(steps):
            account_sid = self._step()
            self.acknowledged.pop(account_sid, None)
            hosted = self._worlds.hosted.get(account_sid)
            if hosted is not None:
                self.acknowledged[account_sid] = seen(hosted)

    def _step(self) -> str:
        dice, worlds = self._dice, self._worlds
        match dice.randrange(40):
            case 0:
                return worlds.open(OpenAccount()).world.account_sid
            case 1 if len(worlds.hosted) > 1:
                others = [each for each in worlds if each is not worlds.default]
                closed = dice.choice(others)
                asyncio.run(worlds.close(closed))
                return closed.world.account_sid
        hosted = dice.choice(list(worlds))
        self._perform(hosted, dice.randrange(10))
        return hosted.world.account_sid

    def _perform(self, hosted: Hosted, what: int) -> None:
        dice, gate, world = self._dice, hosted.gate, hosted.world
        sid = world.account_sid
        mine = service(hosted)
        there = [conversation.sid for conversation in world[Conversations]]
        conversation = dice.choice(there) if there else "CH" + "9" * 32
        try:
            match what:
                case 0 | 1:
                    gate.perform_now(AddConversation(service=mine, timers_closed="PT10M"))
                case 2 | 3 | 4:
                    body = "x" * dice.choice((3, 300))
                    gate.perform_now(
                        PostMessage(service=mine, conversation=conversation, body=body)
                    )
                case 5:
                    gate.perform_now(RemoveConversation(service=mine, conversation=conversation))
                case 6 | 7:
                    name = f"{dice.random()}"
                    gate.perform_now(
                        UpdateConversation(
                            service=mine, conversation=conversation, friendly_name=name
                        )
                    )
                case 8:
                    to = dice.choice(("+12025550100", "+12025550133"))
                    gate.perform_now(SendFromHandset(address="+12025550199", to=to, body="Hi"))
                case 9 if sid in self._saved:
                    gate.perform_now(RestoreWorld(snapshot=self._saved.pop(sid)))
                case _:
                    self._saved[sid] = world.snapshot()
                    gate.perform_now(MoveClock(now=world.clock.now() + timedelta(minutes=1)))
        except Refused:
            pass  # which is written, and struck off again


def rename(hosted: Hosted, conversation: str, name: str) -> None:
    hosted.gate.perform_now(
        UpdateConversation(
            service=CONVERSATION_SERVICE_SID, conversation=conversation, friendly_name=name
        )
    )


def service(hosted: Hosted) -> str:
    world = hosted.world
    return world[AccountConfigurations][world.account_sid].default_chat_service_sid


def conversation(hosted: Hosted) -> str:
    return hosted.gate.perform_now(AddConversation(service=service(hosted))).sid


def fill(hosted: Hosted, messages: int) -> None:
    """Have something in the account that is not small."""
    sid = conversation(hosted)
    for number in range(messages):
        hosted.gate.perform_now(
            PostMessage(service=service(hosted), conversation=sid, body=f"{number}" * 20)
        )


@pytest.mark.parametrize("messages", [0, 1000])
def test_a_file_is_never_twice_what_it_holds(path: Path, messages: int) -> None:
    worlds = started(path)
    fill(worlds.default, messages)
    sid = conversation(worlds.default)
    compacted(worlds)
    most = 0
    for number in range(3000):
        rename(worlds.default, sid, f"name {number:06}")
        most = max(most, path.stat().st_size)
    compacted(worlds)
    assert most < 2 * path.stat().st_size
    before = shown(worlds)
    ended(worlds)
    assert held(path) == before


def test_accounts_that_come_and_go_leave_nothing(path: Path) -> None:
    worlds = started(path)
    compacted(worlds)
    least = path.stat().st_size
    most = 0
    for _ in range(50):
        other = worlds.open(OpenAccount())
        fill(other, 0)
        asyncio.run(worlds.close(other))
        most = max(most, path.stat().st_size)
    compacted(worlds)
    assert path.stat().st_size < least + 100
    assert most < 4 * least
    ended(worlds)


@pytest.mark.parametrize("at_once", [True, False])
def test_an_account_is_kept_that_is_opened_while_the_file_is_written_anew(
    path: Path, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line that opens it is the one with which the file is too large."""
    monkeypatch.setattr(compaction, "SMALL", compaction.SMALL if at_once else 0)
    worlds = started(path)
    monkeypatch.setattr(Compaction, "_is_due", lambda *_: True)
    for _ in range(3):
        worlds.open(OpenAccount())
    want = shown(worlds)
    ended(worlds)
    assert len(want) == 4
    assert held(path) == want


def test_what_is_removed_takes_no_room(path: Path) -> None:
    worlds = started(path)
    compacted(worlds)
    least = path.stat().st_size
    fill(worlds.default, 1000)
    compacted(worlds)
    assert path.stat().st_size > 20 * least
    (made,) = worlds.default.world[Conversations]
    worlds.default.gate.perform_now(
        RemoveConversation(service=CONVERSATION_SERVICE_SID, conversation=made.sid)
    )
    conversation(worlds.default)
    assert len(worlds.default.world[Messages]) == 0
    compacted(worlds)
    assert path.stat().st_size < 2 * least
    ended(worlds)


@pytest.mark.usefixtures("anywhere", "in_pieces")
@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_meanwhile_is_there(path: Path, seed: int) -> None:
    worlds = started(path)
    life = Life(worlds, seed)
    for turn in range(6):
        life.go_on(100)
        if turn % 2:
            compacted(worlds)
        ended(worlds)
        worlds = started(path)
        assert shown(worlds) == life.acknowledged
        life = Life(worlds, 100 * seed + turn)
    ended(worlds)


class Kills:
    """Kills at the call of that number which changes a file, counting from 0."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int) -> None:
        self.left = at
        for name in ("write", "ftruncate", "unlink", "replace"):
            patch.setattr(os, name, self._dying(getattr(os, name)))

    def _dying(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **further: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise Killed
            return call(*arguments, **further)

        return called


@pytest.mark.usefixtures("anywhere", "in_pieces")
def test_no_kill_loses_anything(path: Path) -> None:
    worlds = started(path)
    Life(worlds, 1).go_on(60)
    compacted(worlds)
    ended(worlds)
    before = path.read_bytes()
    kills, survived = 0, False
    while not survived:
        for each in path.parent.iterdir():
            each.unlink()
        path.write_bytes(before)
        worlds = started(path)
        life = Life(worlds, 2)
        with pytest.MonkeyPatch.context() as patch:
            Kills(patch, kills)
            try:
                life.go_on(90)
                survived = True
            except Killed:
                kills += 3
        under_way = shown(worlds)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "unlink", lambda *_: None)  # nobody clears away who was killed
            ended(worlds)
        found = held(path)
        for account_sid in found.keys() | life.acknowledged.keys():
            # What was under way may have happened or not.
            assert (
                found.get(account_sid)
                in (
                    life.acknowledged.get(account_sid),
                    under_way.get(account_sid),
                )
                or account_sid not in life.acknowledged
            )
    assert kills > 100


def full(monkeypatch: pytest.MonkeyPatch, path: Path, much: int) -> None:
    """There is room for so much of another file."""
    write, room = os.write, [much]

    def limited(file: int, content: bytes) -> int:
        if os.fstat(file).st_ino != path.stat().st_ino:
            room[0] -= len(content)
            if room[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content)

    monkeypatch.setattr(os, "write", limited)


@pytest.mark.usefixtures("in_pieces")
@pytest.mark.parametrize("much", [None, 0, 300, 20_000])
def test_a_full_disk_leaves_the_file_as_it_is(
    path: Path, much: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    worlds = started(path)
    fill(worlds.default, 300)
    sid = conversation(worlds.default)
    compacted(worlds)
    with pytest.MonkeyPatch.context() as patch:
        if much is None:
            patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000))
        else:
            full(patch, path, much)
        for number in range(800):
            rename(worlds.default, sid, f"name {number}")
    assert caplog.messages == [f"{path} could not be compacted, and grows: No space left on device"]
    assert not path.with_name("state.new").exists()
    large = path.stat().st_size
    for number in range(1500):
        rename(worlds.default, sid, f"name {number}")
    compacted(worlds)
    assert path.stat().st_size < large
    before = shown(worlds)
    ended(worlds)
    assert held(path) == before


@pytest.mark.usefixtures("in_pieces")
def test_a_line_that_is_large_does_not_wait_for_all_of_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = started(path)
    fill(worlds.default, 2000)
    aside = path.with_name("state.new")
    for _ in range(5000):
        conversation(worlds.default)
        if aside.exists():
            break
    snapshot = worlds.default.world.snapshot()
    steps = []
    go_on = compaction.Compaction._go_on

    def counted(it: compaction.Compaction) -> bool:
        steps.append(it)
        return go_on(it)

    monkeypatch.setattr(compaction.Compaction, "_go_on", counted)
    worlds.default.gate.perform_now(RestoreWorld(snapshot=snapshot))
    assert 0 < len(steps) <= compaction.MOST_STEPS
    assert aside.exists()
    before = shown(worlds)
    ended(worlds)
    assert held(path) == before


@pytest.mark.usefixtures("in_pieces")
def test_an_end_in_the_middle_leaves_the_file_as_it_is(path: Path) -> None:
    worlds = started(path)
    fill(worlds.default, 300)
    aside = path.with_name("state.new")
    for number in range(1000):
        rename(worlds.default, conversation(worlds.default), f"{number}")
        if aside.exists():
            break
    assert aside.exists()
    before = shown(worlds)
    ended(worlds)
    assert not aside.exists()
    assert held(path) == before


def test_a_file_that_cannot_be_written_to_is_refused_in_one_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = started(path)
    fill(worlds.default, 10)
    ended(worlds)
    content = path.read_bytes()
    opened = os.open

    def read_only(path: Path, flags: int, *mode: int) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, flags, *mode)

    monkeypatch.setattr(os, "open", read_only)
    with pytest.raises(
        InvalidSetting, match=r"^state: expected a file: Read-only file system[^\n]*$"
    ):
        StateFile(path, 0)
    assert path.read_bytes() == content


@pytest.mark.usefixtures("in_pieces")
def test_another_emulator_is_refused_while_the_file_is_compacted(path: Path) -> None:
    worlds = started(path)
    fill(worlds.default, 300)
    aside = path.with_name("state.new")
    refused = 0
    for _ in range(1000):
        conversation(worlds.default)
        with pytest.raises(InvalidSetting, match="another emulator uses it"):
            StateFile(path, 0)
        refused += aside.exists()
        if refused > 3 and not aside.exists():
            break
    assert refused > 3
    before = shown(worlds)
    ended(worlds)
    assert held(path) == before


def test_nothing_wakes_an_emulator_that_has_ended(path: Path) -> None:
    worlds = started(path)

    async def end() -> None:
        state = worlds.state
        assert state is not None
        state.follow()
        state.follow()
        conversation(worlds.default)
        state.close()
        await asyncio.sleep(0)

    asyncio.run(end())


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Every descriptor is given back."""
    before = len(list(Path("/dev/fd").iterdir()))
    yield
    assert len(list(Path("/dev/fd").iterdir())) == before
