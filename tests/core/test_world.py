import json
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.resources import AccountConfigurations, Conversations, Users
from twilio_emulator.core.conversations.users import AddUser
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import Log, Written, read_line, replay
from twilio_emulator.core.kernel.keeping import MB, Room
from twilio_emulator.core.kernel.records import command, plain, replace
from twilio_emulator.core.kernel.refusals import CONFLICT, MISSING_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import LOUD, Happened, Origin, Source, World
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.wings import RULES, new_world

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SERVICE = "IS00000000000000000000000000000001"


@command
class Say:
    """A command of these tests: tells its word, refuses the empty one after telling it."""

    word: str

    def apply(self, world: World) -> str:
        world.tell(self)
        if not self.word:
            raise Refused(CONFLICT)
        return self.word


KNOWN = {**RULES.commands, "Say": Say}


def hear(world: World) -> list[Happened]:
    heard: list[Happened] = []
    world.listeners.append(heard.append)
    return heard


def test_a_command_answers_and_its_events_are_told_in_order(world: World) -> None:
    before = world.events
    heard = hear(world)
    assert world.perform(Say(word="hello"), LOUD) == "hello"
    world.perform(Say(word="again"))
    assert [happened.event for happened in heard] == [Say(word="hello"), Say(word="again")]
    assert [happened.number for happened in heard] == [before + 1, before + 2]
    assert (heard[0].at, heard[0].origin) == (START, LOUD)


def test_a_new_world_has_told_nothing(empty_world: World) -> None:
    assert (empty_world.events, empty_world.serials) == (0, 0)
    assert empty_world.now == START


def test_a_refused_command_tells_nothing(world: World) -> None:
    heard = hear(world)
    with pytest.raises(Refused, match="20409 Conflict"):
        world.perform(Say(word=""))
    world.perform(Say(word="next"))
    assert [happened.event for happened in heard] == [Say(word="next")]


@command
class Muddle:
    """A command of these tests: changes this and that, then fails as it is told to."""

    failure: Exception

    def apply(self, world: World) -> None:
        first, second, *_ = world[PhoneNumbers]
        world[PhoneNumbers].put(replace(second, friendly_name="changed"))
        world[PhoneNumbers].remove(first.sid)
        world[PhoneNumbers].put(replace(first, sid=world.sids.new("PN"), address="+12025550123"))
        world.timers.set("before", START + timedelta(hours=9), Say(word="never"))
        world.timers.set("new", START, Say(word="never"))
        world.timers.cancel("cancelled")
        world.timers.cancel("unknown")
        world.dice.random()
        world.serial()
        world.tell(self)
        raise self.failure


@pytest.mark.parametrize("failure", [Refused(CONFLICT), RecursionError(), OverflowError("date")])
def test_what_fails_halfway_leaves_the_world_as_it_was(world: World, failure: Exception) -> None:
    world.timers.set("before", START + timedelta(hours=1), Say(word="one"))
    world.timers.set("cancelled", START + timedelta(hours=2), Say(word="two"))
    heard, before = hear(world), world.snapshot()
    number = next(iter(world[PhoneNumbers]))

    with pytest.raises(type(failure)):
        world.perform(Muddle(failure=failure))

    assert world.snapshot() == before
    assert world[PhoneNumbers].at(number.address) is number
    assert heard == []
    world.catch_up(START + timedelta(hours=3))
    assert [happened.event for happened in heard] == [Say(word="one"), Say(word="two")]


def test_a_timer_that_fails_holds_nothing_up(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    heard = hear(world)
    world.timers.set("broken", START, Muddle(failure=ValueError("broken")))
    assert world.perform(Say(word="hello")) == "hello"
    assert [happened.event for happened in heard] == [Say(word="hello")]
    assert caplog.messages == ["a timer came to nothing: broken"]


def test_a_listener_that_fails_keeps_nothing_from_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Happened) -> None:
        raise ValueError("broken")

    world.listeners.append(fail)
    heard = hear(world)
    assert world.perform(Say(word="hello")) == "hello"
    assert len(heard) == 1
    assert caplog.messages == ["a listener failed at Say"]


def test_time_does_not_run_back(world: World) -> None:
    heard = hear(world)
    world.perform(Say(word="late"), at=START + timedelta(seconds=9))
    world.perform(Say(word="early"), at=START + timedelta(seconds=3))
    assert [happened.at for happened in heard] == [START + timedelta(seconds=9)] * 2


@command
class SayWhen:
    """A command of these tests, which a webhook may see: what is there, and what time it is."""

    def check(self, world: World) -> tuple[int, datetime, Origin]:
        return len(world[Users]), world.now, world.origin

    def apply(self, world: World) -> None:
        self.check(world)


def test_what_is_due_is_done_before_a_command_is_checked(world: World) -> None:
    due = START + timedelta(minutes=1)
    world.timers.set("alice", due, AddUser(service=SERVICE, identity="alice"))
    world.clock.set(START + timedelta(minutes=2))
    origin = Origin(source=Source.SDK)
    seen = world.check(SayWhen(), origin)
    assert seen == (1, START + timedelta(minutes=2), origin)
    assert next(iter(world[Users])).date_created == due


def test_refusals_fill_in_what_they_know() -> None:
    assert Refused(MISSING_PARAMETER, parameter="To").message == (
        "Missing required parameter To in the post body"
    )
    assert Refused(NOT_FOUND).message == "The requested resource  was not found"
    refused = Refused(CONFLICT)
    assert (refused.code, refused.status, refused.message) == (20409, 409, "Conflict")


def copy_of(world: World) -> World:
    return new_world(world.account_sid, world.seed, Clock(lambda: 0.0, START, 0), world.numbering)


def test_a_snapshot_restores_the_whole_state(world: World) -> None:
    world.perform(AddUser(service=SERVICE, identity="alice"))
    world.perform(
        AddConversation(service=SERVICE, timers_inactive="PT1M", timers_closed="PT10M"),
        Origin(source=Source.SDK, identity="alice"),
    )
    snapshot = json.loads(json.dumps(world.snapshot()))
    restored = copy_of(world)
    restored.perform(Say(word="gone"))
    restored.restore(json.loads(json.dumps(snapshot)))
    assert restored.snapshot() == snapshot
    for each in (world, restored):
        each.perform(AddConversation(service=SERVICE), at=START + timedelta(minutes=11))
    assert restored.snapshot() == world.snapshot()


def test_a_snapshot_of_another_version_is_not_restored(world: World) -> None:
    snapshot = json.loads(json.dumps(world.snapshot()))
    snapshot["tables"]["voices"] = []
    with pytest.raises(ValueError, match="unknown tables: voices"):
        world.restore(snapshot)


def test_a_journal_replayed_gives_the_same_bytes(empty_world: World) -> None:
    journal = [
        Written(START, LOUD, OpenAccount()),
        Written(START, LOUD, Say(word="")),
    ]
    world = empty_world
    replay(world, journal)
    sid = world[AccountConfigurations][world.account_sid].default_chat_service_sid
    journal += [
        Written(START, LOUD, AddUser(service=sid, identity="alice")),
        Written(
            START + timedelta(seconds=1),
            Origin(source=Source.SDK, identity="alice"),
            AddConversation(service=sid, timers_inactive="PT1M"),
        ),
    ]
    until = START + timedelta(minutes=5)
    replay(world, journal[2:], until)
    lines = [json.loads(json.dumps(written.plain())) for written in journal]
    again = copy_of(world)
    replay(again, (read_line(line, KNOWN) for line in lines), until)
    assert json.dumps(again.snapshot()) == json.dumps(world.snapshot())
    assert again.now == until
    assert [each.created_by for each in again[Conversations]] == ["alice"]


def test_a_line_of_the_journal_reads_well() -> None:
    quiet = Written(START, Origin(), Say(word="hi"))
    assert quiet.plain() == {"at": "2026-01-05T09:00:00.000Z", "command": "Say", "word": "hi"}
    alice = Written(START, Origin(source=Source.SDK, identity="alice"), Say(word="hi"))
    assert plain(alice.plain())["origin"] == {  # type: ignore[index, call-overload]
        "source": "SDK",
        "identity": "alice",
    }
    assert read_line(alice.plain(), KNOWN) == alice


def test_the_log_is_a_ring_that_counts_what_fell_out() -> None:
    log = Log(Room(3, MB))
    for word in "abcde":
        log.add(START, "said", word)
    assert [entry.content for entry in log.after(0)] == ["c", "d", "e"]
    assert [entry.number for entry in log.after(4)] == [5]
    assert list(log.after(5)) == []
    assert list(log.after(99)) == []
    assert log.dropped == 2
