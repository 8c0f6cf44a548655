"""A world put back as a snapshot shows it."""

import copy
from datetime import timedelta

import pytest

from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.conversations.users import ConnectUser
from twilio_emulator.core.kernel.journal import Written
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.restoring import RestoreWorld, WorldRestored
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.settings import CONVERSATION_SERVICE_SID, Settings


@pytest.fixture
def hosted() -> Hosted:
    """An account whose clock stands still."""
    return Worlds(Settings(clock="frozen"), numbering, lambda hosted: None).default


def test_everything_is_as_it_was_the_clock_too(hosted: Hosted) -> None:
    world, gate = hosted.world, hosted.gate
    snapshot = world.snapshot()
    began = world.clock.now()
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
    gate.perform_now(MoveClock(now=began + timedelta(days=2)))
    told: list[object] = []
    world.listeners.append(lambda happened: told.append(happened.event))

    gate.perform_now(RestoreWorld(snapshot=snapshot))

    assert told == [WorldRestored()]
    assert world.clock.now() == began
    assert world.snapshot() == {**snapshot, "events": snapshot["events"] + 1}  # type: ignore[operator]


def test_a_snapshot_can_be_put_back_twice(hosted: Hosted) -> None:
    snapshot = hosted.world.snapshot()
    kept = copy.deepcopy(snapshot)
    for _ in range(2):
        hosted.gate.perform_now(RestoreWorld(snapshot=snapshot))
    assert snapshot == kept


def test_a_running_clock_goes_on(hosted: Hosted) -> None:
    snapshot = hosted.world.snapshot()
    later = hosted.world.clock.now() + timedelta(days=2)
    hosted.gate.perform_now(MoveClock(now=later, rate=1))
    hosted.gate.perform_now(RestoreWorld(snapshot=snapshot))
    assert hosted.world.clock.now() >= later


def test_nobody_is_online_until_they_come_again(hosted: Hosted) -> None:
    world, gate = hosted.world, hosted.gate
    connecting = ConnectUser(service=CONVERSATION_SERVICE_SID, identity="alice")
    assert gate.perform_now(connecting).is_online
    gate.perform_now(RestoreWorld(snapshot=world.snapshot()))
    assert [user.is_online for user in world[Users]] == [False]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"account_sid": "AC00000000000000000000000000000002"}, "Expected a snapshot of AC"),
        ({"account_sid": None}, "Expected a snapshot of AC"),
        ({"tables": {"telegrams": []}}, "unknown tables: telegrams"),
        ({"timers": None}, "as this version makes them: timers: expected a list, not null"),
        (
            {"now": "soon"},
            "as this version makes them: now: expected an instant such as 2026-.*, not 'soon'",
        ),
    ],
)
def test_a_snapshot_that_is_none_changes_nothing(
    hosted: Hosted, change: dict[str, object], why: str
) -> None:
    before = hosted.world.snapshot()
    with pytest.raises(Refused, match=why) as refused:
        hosted.gate.perform_now(RestoreWorld(snapshot={**before, **change}))
    assert (refused.value.code, refused.value.status) == (20001, 400)
    assert hosted.world.snapshot() == before


def test_what_led_to_nothing_that_is_left_is_forgotten(hosted: Hosted) -> None:
    gate = hosted.gate
    snapshot = hosted.world.snapshot()
    for _ in range(3):
        gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
        gate.perform_now(RestoreWorld(snapshot=snapshot))
    assert list(gate.journal) == []
    noted = [it.content for it in gate.log.after(0) if isinstance(it.content, Written)]
    restored = [it.command for it in noted if isinstance(it.command, RestoreWorld)]
    assert restored == [RestoreWorld(snapshot={})] * 3
