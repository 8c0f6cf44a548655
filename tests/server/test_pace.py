import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.move_clock import ClockMoved
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.clock_driver import Pace
from twilio_emulator.runtime.gate import Gate

pytestmark = pytest.mark.anyio

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACCOUNT = "AC00000000000000000000000000000001"


class Machine:
    """A machine's time that passes when a test says so."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


def made(machine: Machine, rate: float) -> tuple[Gate, Pace]:
    gate = Gate(new_world(ACCOUNT, 1, Clock(machine, START, rate), numbering))
    pace = Pace(gate)
    gate.perform_now(OpenAccount())
    return gate, pace


def send(gate: Gate, body: str = "hello") -> str:
    wish = CreateText(account=ACCOUNT, to="+12025550199", from_="+12025550100", body=body)
    sid: str = gate.perform_now(wish).sid
    return sid


async def status_of(gate: Gate, sid: str, wanted: str) -> None:
    """Wait until a text has this status."""
    reached = asyncio.Event()

    def look(_: Happened) -> None:
        if gate.world[Texts][sid].status == wanted:
            reached.set()

    gate.world.listeners.append(look)
    look(Happened(0, START, gate.world.origin, None))
    async with asyncio.timeout(10):
        await reached.wait()


async def test_a_running_world_is_woken_when_something_is_due(machine: Machine) -> None:
    gate, _ = made(machine, 1.0)
    sid = send(gate)
    machine.seconds = 10.0
    await status_of(gate, sid, "delivered")
    text = gate.world[Texts][sid]
    assert text.date_updated == START + timedelta(milliseconds=105)


async def test_it_is_woken_again_when_time_has_not_come_that_far(machine: Machine) -> None:
    gate, _ = made(machine, 1000.0)
    sid = send(gate)
    task = asyncio.create_task(status_of(gate, sid, "delivered"))
    for _ in range(20):
        machine.seconds += 0.00001  # 10 ms of the world's
        await asyncio.sleep(0.001)
    await task


async def test_a_world_that_stands_still_is_never_woken(machine: Machine) -> None:
    gate, pace = made(machine, 0.0)
    sid = send(gate)
    assert pace._waking is None
    assert gate.world[Texts][sid].status == "queued"


async def test_another_rate_is_another_time_of_the_machine(machine: Machine) -> None:
    gate, pace = made(machine, 0.001)
    sid = send(gate)
    first = pace._waking
    assert first is not None
    pace.set_rate(0.5)  # not so soon that uvloop needs no timer
    assert first.cancelled()
    second = pace._waking
    assert second is not None
    assert second.when() < first.when()
    machine.seconds = 1.0
    await status_of(gate, sid, "delivered")


async def test_a_world_that_is_stopped_is_woken_no_more_until_it_is_followed(
    machine: Machine,
) -> None:
    gate, pace = made(machine, 1.0)
    send(gate)
    pace.stop()
    assert pace._waking is None
    pace.follow()
    assert pace._waking is not None


def test_before_there_is_a_loop_nobody_is_woken(machine: Machine) -> None:
    gate, pace = made(machine, 1.0)
    send(gate)
    assert pace._waking is None


async def test_a_timer_that_breaks_down_does_not_stop_the_others(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    gate, _ = made(machine, 1.0)
    broken, whole = send(gate), send(gate)
    gate.world[Texts].remove(broken)
    machine.seconds = 10.0
    await status_of(gate, whole, "delivered")
    assert caplog.messages == [f"a timer came to nothing: {broken}"]


async def test_each_step_moves_to_the_next_timer_and_waits_for_its_webhooks(
    machine: Machine,
) -> None:
    gate, pace = made(machine, 0.0)
    sid = send(gate)
    settled_at: list[timedelta] = []
    passed: list[float] = []

    async def settle() -> None:
        settled_at.append(gate.world.clock.now() - START)

    pace.settle = settle
    pace.passed = passed.append
    statuses = []
    while await pace.step():
        statuses.append(gate.world[Texts][sid].status)
    assert statuses == ["sending", "sent", "delivered"]
    steps = [timedelta(milliseconds=each) for each in (5, 25, 105)]
    assert sorted(set(settled_at)) == [timedelta(0), *steps]
    assert passed == pytest.approx([0.005, 0.02, 0.08])
    assert gate.world.clock.now() == START + steps[-1]


async def test_what_a_webhook_changes_is_due_at_its_own_time_too(machine: Machine) -> None:
    gate, pace = made(machine, 0.0)
    first = send(gate)
    replies: list[str] = []

    async def settle() -> None:
        if gate.world[Texts][first].status == "delivered" and not replies:
            replies.append(send(gate, "a reply"))

    pace.settle = settle
    pace.busy = lambda: True
    await pace.advance(timedelta(hours=1))
    assert gate.world[Texts][replies[0]].date_updated == START + timedelta(milliseconds=210)
    assert gate.world.clock.now() == START + timedelta(hours=1)


async def test_no_clock_runs_back(machine: Machine) -> None:
    gate, pace = made(machine, 0.0)
    moved: list[object] = []
    gate.world.listeners.append(lambda happened: moved.append(happened.event))
    await pace.move_to(START - timedelta(days=1))
    assert gate.world.clock.now() == START
    assert not any(isinstance(event, ClockMoved) for event in moved)


async def test_a_webhook_without_an_answer_does_not_hold_time_up(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time that passes ends it: the clock moves on, and who waits for it is told."""
    monkeypatch.setattr("twilio_emulator.runtime.clock_driver.PATIENCE", 0.01)
    gate, pace = made(machine, 0)
    ended = asyncio.Event()
    pace.settle = ended.wait  # type: ignore[assignment]
    pace.busy = lambda: True

    def passed(seconds: float) -> None:
        if seconds >= 5:
            ended.set()

    pace.passed = passed
    await pace.advance(timedelta(seconds=5))
    assert gate.world.clock.now() == START + timedelta(seconds=5)
