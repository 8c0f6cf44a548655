"""The commands of an account, as they are held for recordings."""

from datetime import UTC, datetime

from twilio_emulator.core.kernel.journal import CommandJournal, Written
from twilio_emulator.core.kernel.keeping import Room
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.world import QUIET

ONE = Written(datetime(2026, 1, 5, tzinfo=UTC), QUIET, MoveClock())


def _filled(room: int, number: int) -> CommandJournal:
    journal = CommandJournal(Room(room, 1_000_000))
    for _ in range(number):
        journal.append(ONE)
    return journal


def test_a_recording_keeps_all_and_its_end_what_there_is_room_for() -> None:
    journal = _filled(2, 0)
    journal.record()
    for _ in range(3):
        journal.append(ONE)
    assert (len(journal), journal.is_whole, journal.lacks) == (3, True, None)
    journal.end()
    assert (len(journal), journal.is_recorded, journal.is_whole) == (2, False, False)
    assert journal.lacks is not None
    assert "commands" in journal.lacks


def test_a_recording_that_begins_with_a_snapshot_ends_with_it() -> None:
    journal = _filled(2, 3)
    assert not journal.is_whole
    journal.record(b"all there was")
    assert (len(journal), journal.base, journal.is_whole) == (0, b"all there was", True)
    journal.end()
    assert journal.base is None
    assert journal.lacks == "what was before a snapshot or a restart was not kept"
