import random
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.core.kernel.clock import FIRST, LAST, Clock, Timers, whole_milliseconds
from twilio_emulator.core.kernel.move_clock import ClockMoved, MoveClock
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import CONFLICT, Refused
from twilio_emulator.core.kernel.world import Command, World

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@command
class Ring:
    """A command of these tests: rings with a word."""

    word: str

    def apply(self, world: World) -> None:
        world.tell(self)


class Machine:
    """The machine's seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_real_clock_runs_with_the_machine() -> None:
    machine = Machine()
    clock = Clock(machine, START)
    machine.seconds += 90.5
    assert clock.now() == START + timedelta(seconds=90.5)


def test_a_frozen_clock_stands_and_a_fast_one_runs() -> None:
    machine = Machine()
    frozen, fast = Clock(machine, START, rate=0), Clock(machine, START, rate=60)
    machine.seconds += 2
    assert frozen.now() == START
    assert fast.now() == START + timedelta(minutes=2)


def test_a_clock_stands_still_at_the_end_of_the_calendar() -> None:
    machine = Machine()
    clock = Clock(machine, LAST - timedelta(seconds=1), rate=999_999)
    machine.seconds += 1e9
    assert clock.now() == LAST
    assert clock.machine_seconds_until(LAST) == 0
    clock.set(clock.now(), 1)
    machine.seconds += 1
    assert clock.now() == LAST == whole_milliseconds(LAST)


def test_instants_are_whole_milliseconds_in_utc() -> None:
    machine = Machine()
    clock = Clock(machine, START.replace(microsecond=1234))
    machine.seconds += 0.0019
    assert clock.now() == START.replace(microsecond=2000)
    berlin = datetime.fromisoformat("2026-01-05T10:00:00.123456+01:00")
    assert whole_milliseconds(berlin) == START.replace(microsecond=123000)
    assert whole_milliseconds(berlin).tzinfo is UTC


def test_setting_a_clock_keeps_its_rate_unless_told() -> None:
    machine = Machine()
    clock = Clock(machine, START, rate=2)
    clock.set(START + timedelta(days=1))
    machine.seconds += 1
    assert clock.now() == START + timedelta(days=1, seconds=2)
    clock.set(START, rate=0)
    machine.seconds += 1
    assert clock.now() == START


def test_how_long_the_machine_waits() -> None:
    machine = Machine()
    due = START + timedelta(seconds=60)
    assert Clock(machine, START, rate=2).machine_seconds_until(due) == 30
    assert Clock(machine, START, rate=0).machine_seconds_until(due) is None
    assert Clock(machine, due).machine_seconds_until(START) == 0


def fired(timers: Timers, until: datetime) -> list[str]:
    words = []
    while (timer := timers.pop(until)) is not None:
        assert isinstance(timer.command, Ring)
        words.append(timer.command.word)
    return words


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_timers_fire_by_time_then_by_age() -> None:
    timers = Timers()
    for key, seconds in (("late", 3), ("first", 1), ("second", 1), ("never", 9)):
        timers.set(key, at(seconds), Ring(word=key))
    assert timers.next_due() == at(1)
    assert fired(timers, at(3)) == ["first", "second", "late"]
    assert timers.next_due() == at(9)
    assert timers.pop(at(8)) is None


def test_a_key_has_one_timer() -> None:
    timers = Timers()
    timers.set("door", at(1), Ring(word="old"))
    timers.set("door", at(2), Ring(word="new"))
    assert timers.next_due() == at(2)
    assert fired(timers, at(5)) == ["new"]


def test_a_cancelled_timer_does_not_fire() -> None:
    timers = Timers()
    timers.set("door", at(1), Ring(word="old"))
    timers.cancel("door")
    timers.cancel("never set")
    assert timers.next_due() is None
    assert fired(timers, at(5)) == []


def test_moving_one_timer_for_ever_keeps_the_heap_small() -> None:
    timers = Timers()
    for move in range(1000):
        timers.set("door", at(1000 - move), Ring(word=str(move)))
        assert len(timers._heap) + len(timers._worn) <= 2 * 67
    assert fired(timers, at(1000)) == ["999"]


def test_taking_back_for_ever_keeps_the_heap_small() -> None:
    timers, changes = Timers(), []
    timers.set("door", at(1), Ring(word="old"))
    timers.changes = changes
    for _ in range(1000):
        timers.cancel("door")
        _, key, old = changes.pop()
        timers.undo(key, old)
        assert len(timers._heap) + len(timers._worn) <= 2 * 67
    assert fired(timers, at(1000)) == ["old"]


@pytest.mark.parametrize("seed", range(12))
def test_timers_fire_in_order_while_those_set_no_more_are_sorted_out(seed: int) -> None:
    dice = random.Random(seed)
    timers, changes = Timers(), []
    timers.changes = changes
    like: dict[str, tuple[datetime, int]] = {}
    for _ in range(1000):
        step = dice.choice((*["set"] * 20, "cancel", "undo", "pop"))
        key, seconds = str(dice.randrange(4)), dice.randrange(61)
        if step == "set":
            like[key] = at(seconds), timers.next_number
            timers.set(key, at(seconds), Ring(word=key))
        elif step == "cancel":
            timers.cancel(key)
            like.pop(key, None)
        elif step == "undo" and key in like:
            timers.cancel(key)
            timers.undo(*changes.pop()[1:])
        elif step == "pop":
            due = min(like.values(), default=None)
            timer = timers.pop(at(60))
            assert due == (None if timer is None else (timer.due, timer.number))
            if timer is not None:
                del like[timer.key]
        assert timers.next_due() == min((due for due, _ in like.values()), default=None)


def test_no_timer_that_is_set_costs_more_the_more_are_stale() -> None:
    timers = Timers()
    for door in range(1000):
        timers.set(str(door), at(door), Ring(word="old"))
    looked = 0
    while not timers._worn:
        timers.set("999", at(999), Ring(word="new"))
    while timers._worn:
        before = len(timers._worn)
        timers.set("999", at(999), Ring(word="new"))
        looked = max(looked, before - len(timers._worn))
    assert looked == 4
    assert len(timers._heap) < 2000
    assert fired(timers, at(999)) == ["old"] * 999 + ["new"]


def test_timers_show_themselves_in_the_order_of_firing() -> None:
    timers = Timers()
    timers.set("b", at(2), Ring(word="b"))
    timers.set("a", at(1), Ring(word="a"))
    assert [timer.key for timer in timers] == ["a", "b"]
    restored = Timers()
    for timer in timers:
        restored.restore(timer)
    assert list(restored) == list(timers)


def test_moving_the_clock_is_a_command(world: World, told: list[object]) -> None:
    wish: Command = MoveClock(now=at(60))
    world.perform(wish)
    assert world.clock.now() == at(60)
    assert told == [ClockMoved(now=at(60), rate=0)]


def test_the_clock_does_not_run_back(world: World) -> None:
    world.perform(MoveClock(now=at(-60)))
    assert world.clock.now() == START


def test_a_clock_can_be_let_run(empty_world: World) -> None:
    empty_world.perform(MoveClock(rate=1))
    assert empty_world.clock.rate == 1
    assert empty_world.clock.now() == START


@pytest.mark.parametrize("rate", [0.0, 1.0, 10.0])
def test_timers_of_a_world_fire_at_their_own_time(empty_world: World, rate: float) -> None:
    empty_world.clock.rate = rate
    heard: list[tuple[datetime, object]] = []
    empty_world.listeners.append(lambda happened: heard.append((happened.at, happened.event)))
    empty_world.timers.set("ring", at(5), Ring(word="ring"))
    empty_world.perform(Ring(word="later"), at=at(7))
    assert heard == [(at(5), Ring(word="ring")), (at(7), Ring(word="later"))]


@command
class Fail:
    """A command of these tests that is always refused."""

    def apply(self, world: World) -> None:
        raise Refused(CONFLICT)


def test_a_timer_that_is_refused_holds_nothing_up(world: World, told: list[object]) -> None:
    world.timers.set("fail", at(1), Fail())
    world.timers.set("ring", at(2), Ring(word="ring"))
    world.perform(Ring(word="later"), at=at(3))
    assert told == [Ring(word="ring"), Ring(word="later")]


def test_the_calendar_of_clocks() -> None:
    assert datetime(1970, 1, 1, tzinfo=UTC) == FIRST
    assert Clock(Machine(), FIRST - timedelta(hours=1), rate=0).now() == FIRST
    assert datetime(9799, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC) == LAST


def test_an_instant_is_made_once_in_a_millisecond_and_anew_when_the_clock_is_set() -> None:
    passed = 0.0
    clock = Clock(lambda: passed, START)
    first = clock.now()
    passed = 0.0104
    second = clock.now()
    passed = 0.0106
    assert clock.now() is second
    assert second - first == timedelta(milliseconds=10)
    clock.set(START)
    assert clock.now() == START


def test_nothing_is_performed_before_it_is_due(empty_world: World) -> None:
    assert not empty_world.perform_due(START)
