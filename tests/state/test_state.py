"""The state file: whatever was acknowledged is there after the process is gone."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from twilio_emulator.core import wings
from twilio_emulator.core.accounts.accounts import Accounts, OpenAccount
from twilio_emulator.core.accounts.debugger_alerts import Alerts, RaiseAlert
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.resources import AccountConfigurations, Conversations, Users
from twilio_emulator.core.conversations.users import ConnectUser
from twilio_emulator.core.kernel.clock import LAST
from twilio_emulator.core.kernel.journal import Turned
from twilio_emulator.core.kernel.keeping import DEFAULTS
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.runtime import compaction, numbering, state_lines
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.runtime.state_file import StateFile
from twilio_emulator.settings import CONVERSATION_SERVICE_SID, InvalidSetting, Settings

ANN = "+12025550199"
NUMBER = "+12025550100"

Start = Callable[..., Worlds]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    """Start the emulator's worlds on the file; whatever ran before was killed."""
    states: list[StateFile] = []

    def start(seed: int = 0, clock: str = "frozen", keep: tuple[str, ...] = ()) -> Worlds:
        if states:
            states.pop().close()
        states.append(StateFile(path, seed))
        settings = Settings(seed=seed, clock=clock, keep=keep)
        return Worlds(settings, numbering, lambda hosted: None, states[0])

    yield start
    for state in states:
        state.close()


def live(hosted: Hosted) -> None:
    """Some life in an account: a conversation, a text, time, a refusal."""
    gate = hosted.gate
    gate.perform_now(
        AddConversation(
            service=hosted.world[AccountConfigurations][
                hosted.world.account_sid
            ].default_chat_service_sid,
            unique_name="one",
        )
    )
    gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, body="Hello"))
    gate.perform_now(MoveClock(now=hosted.world.clock.now() + timedelta(hours=1)))
    with pytest.raises(Refused):
        gate.perform_now(SendFromHandset(address=ANN, to="+12025550133", body="Hello"))


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_what_was_performed_is_there_after_a_restart(start: Start) -> None:
    worlds = start()
    live(worlds.default)
    before = worlds.default.world.snapshot()
    shown = worlds.default.world.clock.now()

    again = start()

    assert again.default.world.snapshot() == before
    assert again.default.world.clock.now() == shown
    assert again.default.world.clock.rate == 0


def test_a_restarted_world_goes_on_like_one_that_never_stopped(start: Start) -> None:
    worlds = start()
    live(worlds.default)
    sids = [start().default.world.sids.new("CH"), worlds.default.world.sids.new("CH")]
    assert sids[0] == sids[1]


def said(path: Path) -> list[str]:
    """What each line is, by the key that only such lines have."""
    kinds = ("twilio-emulator state", "opened", "copied", "rows", "whole", "written", "closed")
    return [next(kind for kind in kinds if kind in line) for line in lines(path)]


def test_the_file_is_a_head_and_a_copy_once_it_was_compacted(start: Start, path: Path) -> None:
    live(start().default)
    compacted(start())
    head, copied, *rows, whole = lines(path)
    assert head == {"twilio-emulator state": 3, "seed": 0, "drawn": 0}
    assert copied["copied"] == whole["whole"] == Settings().account_sid
    assert set(said(path)[2:-1]) == {"rows"}
    assert [row["table"] for row in rows if row["table"] == "texts"] == ["texts"]


def compacted(worlds: Worlds) -> None:
    """Nobody asks for anything, until the file has nothing more in it that could go."""
    state = worlds.state
    assert state is not None

    async def quiet() -> None:
        state.follow()
        async with asyncio.timeout(30):
            for _ in range(100_000):
                if state.is_compact:
                    break
                await asyncio.sleep(0)

    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(compaction, "QUIET", 0)
        hurried.setattr(compaction, "PAUSE", 0)
        asyncio.run(quiet())


@pytest.mark.parametrize("is_copied", [False, True])
@pytest.mark.parametrize("room", [3, DEFAULTS.alerts.things + 5])
def test_alerts_have_the_same_room_after_a_restart(
    start: Start, room: int, *, is_copied: bool
) -> None:
    """Those that come before a copy of the account, and those that are performed again."""
    keep = (f"alerts={room}",)
    worlds = start(keep=keep)
    for number in range(room + 2):
        if is_copied and number == room // 2:
            compacted(worlds)
        worlds.default.gate.perform_now(
            RaiseAlert(
                account=worlds.default.world.account_sid,
                error_code=11200,
                alert_text=str(number),
                resource_sid="SM1",
            )
        )
    shown = worlds.default.world.snapshot()
    again = start(keep=keep).default
    assert [each.alert_text for each in again.world[Alerts]] == [
        str(number) for number in range(2, room + 2)
    ]
    assert again.world.snapshot() == shown
    assert again.world[Alerts].lacks is not None


def test_a_start_that_takes_long_says_how_far_it_is(
    start: Start, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    live(start().default)
    start()
    assert caplog.messages == []
    monkeypatch.setattr(state_lines, "SILENCE", 0)
    start()
    for doing in (f"reading {path}", f"performing what was written to {path}"):
        told = [text for text in caplog.messages if text.startswith(f"{doing}: ")]
        shares = [int(text.split()[-2]) for text in told]
        assert shares == sorted(shares)
        assert shares[-1] == 100


def test_a_restart_leaves_the_file_as_it_is(start: Start, path: Path) -> None:
    live(start().default)
    content = path.read_bytes()
    start()
    assert path.read_bytes() == content


def test_a_snapshot_and_commands_after_it(start: Start) -> None:
    live(start().default)
    worlds = start()
    worlds.default.gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, body="Again"))
    before = worlds.default.world.snapshot()
    assert start().default.world.snapshot() == before


def test_the_file_is_for_its_owners_eyes(start: Start, path: Path) -> None:
    start()
    assert path.stat().st_mode & 0o077 == 0


def test_accounts_that_were_opened_and_closed(start: Start) -> None:
    worlds = start()
    kept = worlds.open(OpenAccount(), now=datetime(2026, 1, 5, 9, tzinfo=UTC), seed=7)
    live(kept)
    closed = worlds.open(OpenAccount())
    del worlds.hosted[closed.world.account_sid]
    assert worlds.state is not None
    worlds.state.forget(closed.world.account_sid)

    again = start()

    assert set(again.hosted) == {Settings().account_sid, kept.world.account_sid}
    restored = again.hosted[kept.world.account_sid].world
    assert restored.snapshot() == kept.world.snapshot()
    fresh = again.open(OpenAccount()).world.account_sid
    assert fresh not in (kept.world.account_sid, closed.world.account_sid)


def test_what_fell_due_meanwhile_has_happened(start: Start) -> None:
    worlds = start(clock="real")
    gate = worlds.default.gate
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID, timers_closed="PT10M"))
    (conversation,) = gate.world[Conversations]
    later = gate.world.clock.now() + timedelta(minutes=20)
    gate.perform_now(MoveClock(now=later))

    again = start(clock="real").default

    assert again.world.clock.now() >= later
    assert again.world[Conversations][conversation.sid].state == "closed"


def test_a_fast_clock_goes_on_from_where_it_was(start: Start) -> None:
    worlds = start(clock="x1000")
    last = worlds.default.world.now
    assert start(clock="real").default.world.clock.rate == 1000
    assert start().default.world.clock.now() >= last


def test_the_journal_goes_on_until_the_file_was_compacted(start: Start) -> None:
    live(start().default)
    worlds = start()
    first = worlds.default
    assert isinstance(first.gate.journal[0].command, OpenAccount)
    compacted(worlds)
    lacks = start().default.gate.journal.lacks
    assert lacks == "what was before a snapshot or a restart was not kept"
    (entry,) = first.gate.log.after(0)
    assert entry.kind == "restored"


def test_a_torn_last_line_is_cut_off(
    start: Start, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    worlds = start()
    live(worlds.default)
    before = worlds.default.world.snapshot()
    with path.open("ab") as file:
        file.write(b'{"account":"AC')

    assert start().default.world.snapshot() == before
    torn = path.with_name("state.torn-1")
    assert caplog.messages == [f"{path} ends within a line, which is cut off and kept in {torn}"]
    assert torn.read_bytes() == b'{"account":"AC'
    assert torn.stat().st_mode & 0o077 == 0


def test_a_write_that_fails_refuses_the_command_and_leaves_no_torn_line(
    start: Start, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = start()
    before = worlds.default.world.snapshot()
    size = path.stat().st_size
    write = os.write

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", lambda file, line: write(file, line[:10]))
        with pytest.raises(OSError, match="only a part of a line"):
            worlds.default.gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))

    assert worlds.default.world.snapshot() == before
    assert path.stat().st_size == size
    live(worlds.default)
    before = worlds.default.world.snapshot()
    assert start().default.world.snapshot() == before


@command
class Stumble:
    """A command of these tests, which changes something before a fault of ours shows."""

    def apply(self, world: World) -> None:
        world.sids.new("CH")
        AddConversation(service=CONVERSATION_SERVICE_SID).apply(world)
        raise RecursionError("too deep")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state file may hold the command of these tests."""
    rules = wings.RULES._replace(commands={**wings.RULES.commands, "Stumble": Stumble})
    monkeypatch.setattr(wings, "RULES", rules)


def test_what_came_to_nothing_is_struck_off(start: Start, path: Path) -> None:
    gate = start().default.gate
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
    written, before = path.read_bytes(), gate.world.snapshot()
    performed = len(gate.journal)

    with pytest.raises(RecursionError):
        gate.perform_now(Stumble())
    with pytest.raises(Refused):
        gate.perform_now(SendFromHandset(address=ANN, to="+12025550133", body="Hello"))

    assert path.read_bytes() == written
    assert gate.world.snapshot() == before
    assert len(gate.journal) == performed
    refused = [entry.content for entry in gate.log.after(0) if entry.kind == "refused"]
    assert [each[1:] for each in refused if isinstance(each, Turned)] == [
        (20500, "Internal Server Error", "RecursionError: too deep"),
        (
            20404,
            f"+12025550133 is not a number of this account, nor in a conversation with {ANN}",
            None,
        ),
    ]
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
    before = gate.world.snapshot()
    assert start().default.world.snapshot() == before


def test_what_cannot_be_struck_off_is_said(
    start: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gate = start().default.gate
    before = gate.world.snapshot()

    def fail(*_: object) -> None:
        raise OSError("no such luck")

    with monkeypatch.context() as broken:
        broken.setattr(os, "ftruncate", fail)
        with pytest.raises(RecursionError):
            gate.perform_now(Stumble())
    assert caplog.messages == ["a command that was not performed stays written down: no such luck"]
    assert start().default.world.snapshot() == before
    assert "could not be performed" in caplog.messages[1]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("hello\n", "state: expected a state file; line 1 cannot be read"),
        ("{}\n", "state: expected a state file; line 1 cannot be read"),
        ('{"twilio-emulator state":2,"seed":0}\n', "state: expected a state file of format 3; it"),
        ('{"twilio-emulator state":3,"seed":7,"drawn":0}\n', "seed: expected 7, since "),
        (
            '{"twilio-emulator state":3,"seed":0,"drawn":0}\n{"account":"AC1","written":{}}\n',
            "state: expected a state file; line 2 cannot be read",
        ),
    ],
)
def test_a_file_that_is_another(path: Path, content: str, complaint: str) -> None:
    path.write_text(content)
    with pytest.raises(InvalidSetting) as caught:
        StateFile(path, 0)
    assert str(caught.value).startswith(complaint)
    assert path.read_text() == content


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"clock": {"now": "soon", "rate": 0}}, "clock.now: expected an instant such as "),
        ({"clock": {"now": "2026-01-05T09:00:00Z", "rate": -1}}, "clock.rate: expected a rate"),
        ({"snapshot": {"account_sid": "AC1"}}, "snapshot.account_sid: expected that of AC0000"),
        ({"snapshot": {"account_sid": Settings().account_sid}}, "snapshot: Snapshot lacks "),
        ({"copied": 7}, "expected a text, not 7"),
    ],
)
def test_what_is_wrong_with_a_line(
    start: Start, path: Path, change: dict[str, object], wrong: str
) -> None:
    compacted(start())
    head, account, *rest = lines(path)
    spoil(path, head, account | change, *rest)
    content = path.read_bytes()
    with pytest.raises(InvalidSetting) as caught:
        start()
    assert str(caught.value).startswith(
        f"state: expected a state file; line 2 cannot be read: {wrong}"
    )
    assert path.read_bytes() == content


def spoil(path: Path, *content: dict[str, object]) -> None:
    """Write lines that no emulator wrote."""
    path.write_text("".join(f"{json.dumps(line)}\n" for line in content))


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"table": "telegrams"}, ": tables: unknown tables: telegrams"),
        ({"table": 7}, ": expected a text, not 7"),
        ({"rows": 7}, ": expected a list, not 7"),
        ({"rows": [7]}, r": tables.accounts\[0\]: expected an object, not 7"),
        ({"account": "AC1"}, ""),
        ({"account": None}, ": expected a text, not null"),
    ],
)
def test_what_is_wrong_with_a_copy(
    start: Start, path: Path, change: dict[str, object], wrong: str
) -> None:
    compacted(start())
    head, account, rows, *rest = lines(path)
    assert rows["table"] == "accounts"
    spoil(path, head, account, rows | change, *rest)
    with pytest.raises(InvalidSetting, match=f"line 3 cannot be read{wrong}"):
        start()


def test_a_copy_without_what_it_refers_to(start: Start, path: Path) -> None:
    compacted(start())
    *said, whole = [line for line in lines(path) if line.get("table") != "accounts"]
    number = len(said) + 1
    spoil(path, *said, whole)
    with pytest.raises(InvalidSetting, match=rf"line {number} .* a copy of \d+ rows, not of \d+"):
        start()
    count = whole["count"]
    assert isinstance(count, int)
    spoil(path, *said, whole | {"count": count - 1})
    with pytest.raises(InvalidSetting, match=f"line {number} cannot be read: tables.accounts"):
        start()


def test_a_file_that_another_emulator_uses(start: Start, path: Path) -> None:
    start()
    with pytest.raises(InvalidSetting, match="another emulator uses it"):
        StateFile(path, 0)


def test_a_file_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="state: expected a file: "):
        StateFile(tmp_path, 0)


def test_a_folder_that_cannot_be_written_to(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = StateFile(path, 0)
    path.with_name("state.new").mkdir()
    with pytest.raises(InvalidSetting, match="state: expected a file: "):
        state.begin()
    state.close()


def test_nobody_is_online_after_a_restart(start: Start) -> None:
    def online(worlds: Worlds) -> list[tuple[str, bool]]:
        return [(user.identity, user.is_online) for user in worlds.default.world[Users]]

    worlds = start()
    worlds.default.gate.perform_now(ConnectUser(service=CONVERSATION_SERVICE_SID, identity="alice"))
    assert online(worlds) == [("alice", True)]

    assert online(start()) == [("alice", False)]
    assert online(start()) == [("alice", False)]


def test_a_torn_copy_is_kept_and_said(
    start: Start, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    worlds = start()
    live(worlds.default)
    other = worlds.open(OpenAccount()).world.account_sid
    compacted(worlds)
    torn = path.read_bytes()[:-100]
    path.write_bytes(torn)

    again = start()

    assert set(again.hosted) == {Settings().account_sid}
    kept = path.with_name("state.torn-1")
    assert kept.read_bytes() == torn
    assert caplog.messages == [
        f"{path} ends within the copy of {other}, which is lost; all of the file is kept in {kept}"
    ]


def test_what_is_torn_is_kept_or_nothing_begins(
    start: Start, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    with path.open("ab") as file:
        file.write(b'{"account"')
    content = path.read_bytes()
    opened = os.open

    def full(name: Path, flags: int, *mode: int) -> int:
        if ".torn-" in str(name):
            raise OSError(28, "No space left on device")
        return opened(name, flags, *mode)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        with pytest.raises(InvalidSetting, match="expected a file: No space left on device"):
            start()
    assert path.read_bytes() == content


def test_an_account_that_nobody_came_to_open_is_none(start: Start, path: Path) -> None:
    start()
    head, opened, *_ = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(head + opened)
    assert Settings().account_sid in start().default.world[Accounts]


def test_commands_of_an_account_that_was_not_opened(start: Start, path: Path) -> None:
    live(start().default)
    content = path.read_bytes().splitlines(keepends=True)
    del content[2]
    path.write_bytes(b"".join(content))
    with pytest.raises(InvalidSetting, match=r"a state file that opens AC\w+ before it is used"):
        start()
    assert path.read_bytes() == b"".join(content)


def test_an_account_that_could_not_be_opened_leaves_nothing(start: Start, path: Path) -> None:
    worlds = start()
    with pytest.raises(Refused):
        worlds.open(OpenAccount(), carrier="pigeon")
    first = worlds.open(OpenAccount()).world.account_sid
    assert set(worlds.hosted) == {Settings().account_sid, first}
    again = start()
    assert set(again.hosted) == {Settings().account_sid, first}


def test_a_clock_at_the_end_of_the_calendar(start: Start) -> None:
    worlds = start(clock="x999999")
    worlds.default.gate.perform_now(MoveClock(now=LAST))
    for _ in range(2):
        worlds = start()
        assert worlds.default.world.clock.now() == LAST


def test_a_mounted_file_keeps_everything(
    start: Start, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    path.touch()
    for _ in range(3):
        gate = start().default.gate
        gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
        before = gate.world.snapshot()
        assert start().default.world.snapshot() == before
    assert len(start().default.world[Conversations]) == 3


def test_a_poisoned_line_is_passed_over(
    start: Start, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gate = start().default.gate
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
    before = gate.world.snapshot()
    last = json.loads(path.read_bytes().splitlines()[-1])
    last["written"] |= {"command": "DiscardMedia", "media": "ME1"}
    del last["written"]["service"]
    with path.open("a") as file:
        file.write(json.dumps(last) + "\n")
    number = len(lines(path))
    assert start().default.world.snapshot() == before
    assert caplog.messages == [
        f"line {number}, DiscardMedia, could not be performed: KeyError: 'ME1'"
    ]


def test_what_is_done_in_a_closed_account_is_not_written(start: Start, path: Path) -> None:
    worlds = start()
    closed = worlds.open(OpenAccount())
    asyncio.run(worlds.close(closed))
    content = path.read_bytes()
    live(closed)
    assert path.read_bytes() == content
    assert set(start().hosted) == {Settings().account_sid}
