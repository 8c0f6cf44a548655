"""What tables are kept in, once there is more than fits one dict."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twilio_emulator.core.kernel import pieces
from twilio_emulator.core.kernel.indexes import Counted, Ordered, Unique
from twilio_emulator.core.kernel.pieces import Much, Pieces, gathered, with_room
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.tables import Table

STEPS = st.lists(st.tuples(st.sampled_from(("put", "take")), st.integers(0, 20)), max_size=120)


@pytest.fixture(autouse=True, scope="module")
def small() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"FULL": 3, "PARTS": 4, "CHUNK": 3, "MOST_GONE": 4}.items():
            patch.setattr(pieces, name, value)
        yield


@given(STEPS)
def test_pieces_do_what_a_dict_does(steps: list[tuple[str, int]]) -> None:
    kept: Much[int, str] = {}
    like: dict[int, str] = {}
    for number, (step, key) in enumerate(steps):
        if step == "put":
            kept = with_room(kept)
            kept[key] = like[key] = str(number)
        elif key in like:
            assert kept.pop(key) == like.pop(key)
        assert (len(kept), list(kept), list(kept.values())) == (
            len(like),
            list(like),
            list(like.values()),
        )
        assert [kept.get(each) for each in range(21)] == [like.get(each) for each in range(21)]
        assert [each in kept for each in range(21)] == [each in like for each in range(21)]
        assert {each: kept[each] for each in like} == like
    assert list(gathered(like.items())) == list(like)


def test_what_comes_is_spread_and_the_first_dict_grows_no_more() -> None:
    kept = gathered((number, number) for number in range(20))
    assert isinstance(kept, Pieces)
    assert list(kept._first) == [0, 1, 2]
    assert [list(part) for part in kept._parts] == [
        [4, 8, 12, 16],
        [5, 9, 13, 17],
        [6, 10, 14, 18],
        [3, 7, 11, 15, 19],
    ]
    kept[1] = 11
    del kept[0]
    kept[0] = 10
    assert list(kept.values()) == [11, *range(2, 20), 10]


def test_places_of_what_went_are_taken_out_a_chunk_at_a_time() -> None:
    kept = gathered((number, number) for number in range(3 + 12))
    assert isinstance(kept, Pieces)
    for number in range(3, 7):
        del kept[number]
    assert sum(map(len, kept._order)) == 12
    for number in range(7, 12):
        del kept[number]
        kept[number] = number
        assert list(kept) == [*range(3), *range(number + 1, 15), *range(7, number + 1)]
    for time in range(1000):
        kept[time] = kept[-1] = time
        del kept[time], kept[-1]
    assert sum(map(len, kept._order)) < 30


def test_what_is_not_there_is_said_as_a_dict_says_it() -> None:
    kept = gathered((number, number) for number in range(9))
    assert kept.get(9, 0) == 0
    with pytest.raises(KeyError, match="9"):
        kept[9]
    with pytest.raises(KeyError, match="9"):
        kept.pop(9)


@record
class Thing:
    sid: str
    serial: int
    group: str
    name: str


class Things(Table[Thing]):
    def __init__(self) -> None:
        self.by_name = Unique[Thing](lambda thing: thing.name)
        self.by_group = Ordered[Thing](lambda thing: thing.group, lambda thing: thing.serial)
        self.said = Counted[Thing](lambda thing: thing.name)
        super().__init__(Thing, self.by_name, self.by_group, self.said)


def test_a_table_of_much_finds_lists_and_takes_back() -> None:
    table, changes = Things(), []
    things = [Thing(sid=f"T{n}", serial=n, group=f"g{n // 2}", name=f"n{n}") for n in range(20)]
    for thing in things:
        table.put(thing)
    table.changes = changes
    assert list(table) == things
    assert table.found(table.by_name, "n3") == things[3]
    assert list(table.all(table.by_group, "g4")) == things[8:10]
    assert sorted(table.said) == sorted(thing.name for thing in things)
    table.put(replace(things[3], name="other"))
    table.remove("T5")
    assert [thing.sid for thing in table] == [f"T{n}" for n in range(20) if n != 5]
    table.remove("T6")
    table.remove("T0")
    for changed, key, old in [*changes][::-1]:
        changed.undo(key, old)
    assert list(table) == things
    assert table.found(table.by_name, "other") is None
    table.clear()
    assert len(table) == 0
