"""Tables of a world: made when they are first asked for, and like any other then."""

import pytest

from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.resources import OrchestratedConversations
from twilio_emulator.core.texts.text import Text, Texts


def test_a_table_that_nobody_asked_for_is_not_there_yet(empty_world: World) -> None:
    assert Texts not in empty_world
    table = empty_world[Texts]
    assert empty_world[Texts] is table
    assert table.changes is empty_world.timers.changes


def test_an_account_needs_few_of_them(world: World) -> None:
    assert OrchestratedConversations not in world
    assert len(world) < len(world.rules.tables) / 3


def test_a_snapshot_shows_the_same_however_many_there_are(world: World) -> None:
    before = world.snapshot()
    assert len(world) == len(world.rules.tables)
    assert world.snapshot() == before


def test_what_no_wing_has_is_no_table(world: World) -> None:
    class Unknown(Table[Text]):
        """Of these tests alone."""

    with pytest.raises(KeyError):
        world[Unknown]


def test_those_that_show_bytes_say_so(world: World) -> None:
    for table in world.tables().values():
        assert table.shows_bytes == (table.digests is not None), table.name
    assert len(world.digests()) == 2
