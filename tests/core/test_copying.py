"""A world is copied row by row while it goes on: the copy shows one instant."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.core.conftest import ANN, NUMBER
from tests.core.copies import Rows, gathered
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.resources import Conversations, Messages
from twilio_emulator.core.kernel.copying import MOST_STALE, PIECE, TIMERS, Copying
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.records import command, record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.reviving import Unreadable
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.wings import read_snapshot

SERVICE = "IS00000000000000000000000000000001"


@pytest.fixture
def busy(world: World) -> World:
    """A world with more messages than one piece holds."""
    world.perform(AddConversation(service=SERVICE, timers_closed="PT10M"))
    (conversation,) = world[Conversations]
    for number in range(3 * PIECE):
        world.perform(PostMessage(service=SERVICE, conversation=conversation.sid, body=f"{number}"))
    return world


def test_a_copy_is_what_a_snapshot_shows(busy: World) -> None:
    copying = Copying(busy)
    assert gathered(*copying.copy()) == busy.snapshot()
    assert gathered(*copying.copy()) == busy.snapshot()


def test_what_is_changed_meanwhile_is_shown_as_it_was(busy: World) -> None:
    copying = Copying(busy)
    (conversation,) = busy[Conversations]
    there = {"service": SERVICE, "conversation": conversation.sid}
    messages = [message.sid for message in busy[Messages]]
    before = busy.snapshot()
    shown, rows = copying.copy()
    first = [next(rows), next(rows)]
    for sid in (messages[0], messages[PIECE], messages[-1]):
        busy.perform(EditMessage(**there, message=sid, body="changed"))
        busy.perform(EditMessage(**there, message=sid, body="again"))
    for sid in (messages[1], messages[PIECE + 1], messages[-2]):
        busy.perform(RemoveMessage(**there, message=sid))
    busy.perform(PostMessage(**there, body="new"))
    busy.perform(MoveClock(now=busy.now + timedelta(minutes=20)))

    assert gathered(shown, iter([*first, *rows])) == before
    assert gathered(*copying.copy()) == busy.snapshot()


def test_a_refused_command_has_changed_nothing(busy: World) -> None:
    copying = Copying(busy)
    with pytest.raises(Refused):
        busy.perform(SendFromHandset(address=ANN, to="+12025550133", body="Hello"))
    assert gathered(*copying.copy()) == busy.snapshot()


def test_nobody_follows_any_more(busy: World) -> None:
    copying = Copying(busy)
    rows = copying.rows
    copying.part()
    busy.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello"))
    assert copying.rows == rows


def test_everything_becomes_another(busy: World) -> None:
    copying = Copying(busy)
    snapshot: dict[str, Any] = busy.snapshot()
    busy.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello"))
    _, rows = copying.copy()
    next(rows)
    busy.perform(RestoreWorld(snapshot=snapshot))
    assert copying.replaced_times == 1
    busy.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello again"))
    assert gathered(*copying.copy()) == busy.snapshot()


@record
class Thing:
    """A row of these tests."""

    sid: str
    text: str


class Things(Table[Thing]):
    """A table whose sids come again."""

    def __init__(self) -> None:
        super().__init__(Thing)


@command
class Change:
    """Put and remove things: each text puts one, None removes."""

    steps: tuple[tuple[str, str | None], ...]

    def apply(self, world: World) -> None:
        table = world[Things]
        for sid, text in self.steps:
            if text is not None:
                table.put(Thing(sid=sid, text=text))
            elif sid in table:
                table.remove(sid)


@pytest.fixture
def with_things(world: World) -> World:
    """A world that has them."""
    world.rules = world.rules._replace(tables=(*world.rules.tables, Things))
    return world


def things(pieces: Rows) -> list[tuple[str, str]]:
    return [(row["sid"], row["text"]) for name, rows in pieces if name == "things" for row in rows]


def test_sids_that_come_again(with_things: World) -> None:
    """Random changes, between which copies go on, keep order and content of one instant."""
    world, dice = with_things, Random(7)
    copying = Copying(world)

    def now() -> list[tuple[str, str]]:
        return [(thing.sid, thing.text) for thing in world[Things]]

    for turn in range(60):
        shown, rows = copying.copy()
        assert shown["account_sid"] == world.account_sid
        instant, pieces = now(), []
        for piece in rows:
            pieces.append(piece)
            for _ in range(dice.randrange(3)):
                steps = tuple(
                    (f"T{dice.randrange(300)}", dice.choice((f"{turn}", "x", None, None)))
                    for _ in range(dice.choice((1, 5, 200)))
                )
                world.perform(Change(steps=steps))
        assert things(iter(pieces)) == instant
        assert copying.rows == sum(1 for _ in world.timers) + sum(
            len(table) for table in world.tables().values()
        )
    assert things(copying.copy()[1]) == now()


def test_what_came_and_went_takes_no_room(with_things: World) -> None:
    world = with_things
    copying = Copying(world)
    for number in range(5000):
        world.perform(Change(steps=(("T", f"{number}"), (f"T{number}", ""), (f"T{number}", None))))
        assert copying.stale <= MOST_STALE + 1
    assert things(copying.copy()[1]) == [("T", "4999")]
    assert copying.stale == 0


def test_a_copy_is_read_bit_by_bit(busy: World) -> None:
    copying = Copying(busy)
    shown, rows = copying.copy()
    reading = read_snapshot(dict(shown))
    for name, piece in rows:
        if name == TIMERS:
            reading.read_timers(piece)
        else:
            reading.read_rows(name, piece)
    reading.end()
    before = busy.snapshot()
    busy.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello"))
    busy.become(reading)
    assert busy.snapshot() == before


def test_a_table_that_no_world_has(busy: World) -> None:
    shown, _ = Copying(busy).copy()
    reading = read_snapshot(dict(shown))
    with pytest.raises(Unreadable, match=r"^tables: unknown tables: telegrams$"):
        reading.read_rows("telegrams", [])
