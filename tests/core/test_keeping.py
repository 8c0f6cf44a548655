"""What is kept for people to look at: so many, so many bytes, and the newest in any case."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twilio_emulator.core.kernel import keeping
from twilio_emulator.core.kernel.journal import CommandJournal, Log, Written
from twilio_emulator.core.kernel.keeping import KB, MB, Keep, Ring, Room, cut_off, fell_out
from twilio_emulator.core.kernel.records import command, record
from twilio_emulator.core.kernel.sizes import size
from twilio_emulator.core.kernel.world import QUIET, Happened, Source

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_how_much_is_read_from_what_is_said() -> None:
    assert keeping.read(()) == keeping.DEFAULTS
    said = ("log=50000", "log=64MB", "commands=1GB", "alerts=7", "bodies=100kB", "log=20000")
    assert keeping.read(said) == Keep(
        log=Room(20_000, 64 * MB),
        commands=Room(10_000, 1000 * MB),
        alerts=Room(7, 8 * MB),
        bodies=100 * KB,
    )


@pytest.mark.parametrize(
    "wrong", ["", "log", "log=", "log=0", "log=-1", "log=1.5MB", "log=5mb", "logs=5", "bodies=5"]
)
def test_what_says_nothing_that_can_be_kept_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(wrong)}$"):
        keeping.read(("log=5", wrong))


def test_what_would_have_kept_more_is_said() -> None:
    room = Room(10, 3 * MB)
    assert fell_out("log", "entries", room, 10).endswith("keep more with --keep log=100")
    assert fell_out("log", "entries", room, 9).endswith("keep more with --keep log=12MB")
    assert fell_out("log", "entries", Room(10, KB), 9).endswith("keep more with --keep log=1MB")
    for wish in ("log=100", "log=12MB", "log=1MB", cut_off("a form", 16_001).rpartition(" ")[2]):
        keeping.read((wish,))


class Model:
    """A ring as one would write it who need not be fast."""

    def __init__(self, room: Room | None) -> None:
        self.room = room
        self.number = 0
        self.held: list[tuple[int, str]] = []

    def push(self, thing: str) -> None:
        self.number += 1
        self.held.append((self.number, thing))
        self.make_room()

    def make_room(self) -> None:
        while self.room is not None and len(self.held) > 1 and self._is_too_much(self.room):
            del self.held[0]

    def _is_too_much(self, room: Room) -> bool:
        return len(self.held) > room.things or sum(len(it) for _, it in self.held) > room.bytes


ROOMS = st.none() | st.builds(Room, st.integers(1, 7), st.integers(1, 40))
STEPS = st.lists(
    st.text("x", max_size=12) | ROOMS | st.just(("clear",)) | st.integers(0, 60), max_size=60
)


@given(ROOMS, STEPS)
def test_a_ring_holds_the_newest_under_their_numbers(
    room: Room | None, steps: list[object]
) -> None:
    ring: Ring[str] = Ring(room)
    model = Model(room)
    for step in steps:
        if isinstance(step, str):
            assert ring.push(step, len(step)) == model.number + 1
            model.push(step)
        elif step == ("clear",):
            ring.clear()
            model.held.clear()
        elif isinstance(step, int):
            assert list(ring.since(step)) == [each for each in model.held if each[0] > step]
            below = [each for each in model.held if each[0] < step]
            assert list(ring.until(step)) == below[::-1]
        else:
            assert step is None or isinstance(step, Room)
            ring.change_room(step)
            model.room = step
            model.make_room()
        assert list(ring) == [thing for _, thing in model.held]
        assert (len(ring), ring.number) == (len(model.held), model.number)
        assert ring.dropped == model.number - len(model.held)
        assert ring.bytes == sum(len(thing) for _, thing in model.held)


def test_who_reads_a_ring_passes_over_what_falls_out_meanwhile() -> None:
    ring: Ring[str] = Ring(Room(3, MB))
    for word in "abc":
        ring.push(word, 1)
    forward, backward = ring.since(0), ring.until(4)
    assert (next(forward), next(backward)) == ((1, "a"), (3, "c"))
    ring.push("d", 1)
    ring.push("e", 1)
    assert list(forward) == [(3, "c")]
    assert list(backward) == []


@record
class Inner:
    sid: str
    body: str
    note: str | None = None


@record
class Outer:
    sid: str
    inner: Inner
    count: int = 0
    at: datetime = START
    source: Source = Source.API
    maybe: Inner | None = None
    words: tuple[str, ...] = ()
    options: dict[str, object] | None = None
    friendly_name: str = ""


@command
class Wish:
    friendly_name: str
    body: str = ""


def test_the_size_of_a_thing_is_that_of_its_long_texts() -> None:
    small = Outer(sid="x" * 34, inner=Inner(sid="y" * 34, body="12345"), friendly_name="z" * 99)
    assert size(small) == 5
    full = Outer(
        sid="",
        inner=Inner(sid="", body="1", note="23"),
        maybe=Inner(sid="", body="456"),
        words=("78", "9"),
        options={"ab": ["c", {"d": "e"}, 5, None]},
    )
    assert size(full) == 9 + 5
    assert size(Happened(1, START, QUIET, full)) == size(full)


def test_every_text_of_a_command_counts_since_it_may_be_refused_for_it() -> None:
    wish = Wish(friendly_name="x" * 1000, body="y" * 10)
    assert size(wish) == 1010
    assert size(Written(START, QUIET, wish)) == 1010


def test_what_has_no_text_has_no_size() -> None:
    assert [size(each) for each in (5, None, 1.5, Source.API, START, object(), QUIET)] == [0] * 7
    assert [size(each) for each in ("abc", b"ab", ["a", ("b",)], {"a": "b"})] == [3, 2, 2, 2]


def test_a_log_says_what_fell_out_but_not_what_was_cleared() -> None:
    log = Log(Room(2, MB))
    for word in "ab":
        log.add(START, "said", word)
    assert log.lacks() is None
    log.add(START, "said", "c")
    assert log.lacks() == "older entries were dropped; keep more with --keep log=20"
    assert log.lacks(after=1) is None
    log.clear()
    assert log.lacks() is None
    for word in "def":
        log.add(START, "said", word)
    assert (log.lacks() is None, log.lacks(after=4)) == (False, None)


def test_a_log_has_room_for_so_many_bytes() -> None:
    log = Log(Room(1000, 10 * KB))
    for _ in range(20):
        log.add(START, "said", "x" * 1600)
    assert len(log) == 5
    log.add(START, "said", "x" * 50_000)
    assert [len(str(entry.content)) for entry in log.after(0)] == [50_000]
    assert log.lacks() == "older entries were dropped; keep more with --keep log=1MB"


def test_a_journal_is_read_by_its_places() -> None:
    journal = CommandJournal(Room(2, MB))
    for name in "abc":
        journal.append(Written(START, QUIET, Wish(friendly_name=name)))
    assert [journal[place].command for place in (0, 1, -1, -2)] == [
        Wish(friendly_name=name) for name in "bccb"
    ]
    for place in (2, -3):
        with pytest.raises(IndexError):
            journal[place]
