"""Debugger alerts: the newest are kept, so many and so many bytes."""

import pytest

from tests.core.conftest import ACCOUNT
from twilio_emulator.core.accounts.debugger_alerts import Alerts, RaiseAlert
from twilio_emulator.core.kernel.keeping import KB, Room
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World


def wish(words: str) -> RaiseAlert:
    return RaiseAlert(account=ACCOUNT, error_code=11200, alert_text=words, resource_sid="SM1")


def test_the_oldest_alerts_have_no_room_in_the_end(world: World) -> None:
    alerts = world[Alerts]
    alerts.room = Room(3, 100 * KB)
    for word in "abcd":
        assert alerts.lacks is None
        world.perform(wish(word))
    assert [each.alert_text for each in alerts] == ["b", "c", "d"]
    assert alerts.lacks == "older alerts were dropped; keep more with --keep alerts=30"
    world.perform(wish("e" * 99_000))
    assert [each.alert_text[0] for each in alerts] == ["d", "e"]
    world.perform(wish("f" * 200_000))
    assert [each.alert_text[0] for each in alerts] == ["f"]
    assert alerts.dropped == 5


def test_of_a_world_that_is_put_back_none_are_missing(world: World) -> None:
    empty = world.snapshot()
    world[Alerts].room = Room(1, 100 * KB)
    for word in "ab":
        world.perform(wish(word))
    assert world[Alerts].lacks is not None
    world.restore(empty)
    assert world[Alerts].lacks is None


def test_their_bytes_are_those_of_what_is_there(world: World) -> None:
    alerts = world[Alerts]
    empty = world.snapshot()
    world.perform(wish("abc"))
    one = alerts.bytes.total
    world.perform(wish("abcdef"))
    assert alerts.bytes.total == 2 * one + 3
    world.restore(empty)
    assert alerts.bytes.total == 0
    with pytest.raises(Refused):
        world.perform(Failing())
    assert (alerts.bytes.total, len(alerts)) == (0, 0)


class Failing:
    """Raises an alert, and then refuses."""

    def apply(self, world: World) -> None:
        wish("x").apply(world)
        raise Refused(NOT_FOUND)
