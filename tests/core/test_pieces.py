"""What tables are kept in, once there is more than fits one dict."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twilio_emulator.core.kernel import pieces
from twilio_emulator.core.kernel.pieces import Much, Pieces, gathered, with_room
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.tables import Counted, Ordered, Table, Unique

STEPS = st.lists(st.tuples(st.sampled_from(("put", "take")), st.integers(0, 20)), max_size=80)


@pytest.fixture(autouse=True, scope="module")
def small() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "FULL", 3)
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


def test_no_dict_of_them_is_larger_than_one_may_be() -> None:
    kept = gathered((number, number) for number in range(20))
    assert isinstance(kept, Pieces)
    assert [len(piece) for piece in kept._pieces] == [2, 3, 3, 3, 3, 3, 3]
    del kept[4]
    for number in range(6, 9):
        del kept[number]
    assert [len(piece) for piece in kept._pieces] == [2, 3, 3, 3, 2, 3]


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
    for changed, key, old in [*changes][::-1]:
        changed.undo(key, old)
    assert list(table) == things
    assert table.found(table.by_name, "other") is None
    table.clear()
    assert len(table) == 0
