from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest

from twilio_emulator.core.kernel.records import command, plain, plain_command, record, replace
from twilio_emulator.core.kernel.reviving import Unreadable, revive, revive_command
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.wing import Wing, combine
from twilio_emulator.core.kernel.world import World


class Colour(StrEnum):
    RED = "red"


@record
class Wheel:
    size: int


@record
class Car:
    name: str
    colour: Colour = Colour.RED
    wheels: tuple[Wheel, ...] = ()
    spare: Wheel | None = None
    built: datetime | None = None
    trips: dict[str, int] | None = None
    position: tuple[float, str] | None = None
    sold: bool = False


@command
class Paint:
    """A command of these tests."""

    car: str
    colour: Colour = Colour.RED

    def apply(self, world: World) -> str:
        return self.car


CAR = Car(
    name="Beetle",
    wheels=(Wheel(size=1), Wheel(size=2)),
    spare=Wheel(size=3),
    built=datetime(1938, 5, 26, 12, 0, 0, 7000, tzinfo=UTC),
    trips={"Wolfsburg": 2},
    position=(1.5, "N"),
    sold=True,
)


def test_what_is_written_down_is_json_without_defaults() -> None:
    assert plain(CAR) == {
        "name": "Beetle",
        "wheels": [{"size": 1}, {"size": 2}],
        "spare": {"size": 3},
        "built": "1938-05-26T12:00:00.007Z",
        "trips": {"Wolfsburg": 2},
        "position": [1.5, "N"],
        "sold": True,
    }
    assert plain([None, 1, Colour.RED]) == [None, 1, "red"]


def test_what_was_written_down_is_read_back_equal() -> None:
    assert revive(Car, plain(CAR)) == CAR
    assert revive(Car, plain(Car(name="Mini"))) == Car(name="Mini")


def test_only_plain_things_are_written_down() -> None:
    with pytest.raises(TypeError, match="complex cannot be written down"):
        plain(1j)
    with pytest.raises(TypeError, match="type cannot be written down"):
        plain(Car)


def test_what_is_not_of_its_kind_is_not_read_back() -> None:
    with pytest.raises(ValueError, match="Car has no doors"):
        revive(Car, {"name": "Mini", "doors": 2})
    with pytest.raises(ValueError, match="name"):
        revive(Car, {})
    with pytest.raises(ValueError, match="blue"):
        revive(Car, {"name": "Mini", "colour": "blue"})


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": 7}, "name: expected a text, not 7"),
        ({"name": None}, "name: expected a text, not null"),
        ({"name": "x" * 99, "sold": 1}, "sold: expected true or false, not 1"),
        ({"sold": "x" * 99}, "sold: expected true or false, not '" + "x" * 56 + "..."),
        ({"wheels": {}}, "wheels: expected a list, not an object"),
        ({"wheels": [{"size": 1}, {"size": True}]}, "wheels[1].size: expected a whole number, not"),
        ({"wheels": [{"size": 2**63}]}, "wheels[0].size: expected a whole number, not 9223372036"),
        ({"wheels": [[]]}, "wheels[0]: expected an object, not a list"),
        ({"spare": {}}, "spare: Wheel lacks size"),
        ({"spare": 1}, "spare: expected an object, not 1"),
        ({"trips": []}, "trips: expected an object, not a list"),
        ({"trips": {"a": 1.5}}, "trips.a: expected a whole number, not 1.5"),
        ({"position": [1]}, "position: expected a list of 2, not of 1"),
        ({"position": ["N", "N"]}, "position[0]: expected a number, not 'N'"),
        ({"colour": "blue"}, "colour: expected one of red, not 'blue'"),
        ({"built": "soon"}, "built: expected an instant such as 2026-01-05T09:00:00.000Z, not 's"),
        ({"built": "2026-01-05T09:00:00"}, "built: expected an instant such as "),
        ({"built": "0001-01-01T00:00:00+14:00"}, "built: expected an instant such as "),
        ({"built": 7}, "built: expected an instant such as "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, Any], wrong: str) -> None:
    written = plain(CAR)
    assert isinstance(written, dict)
    with pytest.raises(Unreadable) as caught:
        revive(Car, {**written, **change})
    assert str(caught.value).startswith(wrong)
    assert "\n" not in str(caught.value)


def test_what_stands_alone_has_no_place() -> None:
    with pytest.raises(Unreadable, match=r"^expected a list, not 7$"):
        revive(tuple[int, ...], 7)


def test_a_record_changes_into_another() -> None:
    changed = replace(CAR, name="Käfer", spare=None)
    assert (changed.name, changed.spare, changed.wheels) == ("Käfer", None, CAR.wheels)
    assert CAR.name == "Beetle"
    with pytest.raises(AttributeError):
        replace(CAR, doors=2)


def test_a_record_that_was_read_back_changes_before_any_was_made() -> None:
    @record
    class Late:
        sid: str
        note: str | None = None

    read = revive(Late, {"sid": "1"})
    changed = replace(read, note="x")
    assert (read.note, changed) == (None, Late(sid="1", note="x"))


def test_a_record_has_its_fields_and_no_others() -> None:
    @record
    class Strict:
        sid: str

    for _ in range(2):
        for wrong, named in (({"sid": "1", "other": "2"}, "other"), ({}, "sid")):
            with pytest.raises(TypeError, match=named):
                Strict(**wrong)
    assert Strict(sid="1") == Strict(sid="1")


def test_commands_are_known_by_name() -> None:
    written = plain_command(Paint(car="Beetle"))
    assert written == {"command": "Paint", "car": "Beetle"}
    assert revive_command(written, {"Paint": Paint}) == Paint(car="Beetle")
    for wrong in ({"command": "Explode"}, {"car": "Beetle"}, {"command": 7}):
        with pytest.raises(ValueError, match="no command is called"):
            revive_command(wrong, {"Paint": Paint})


def test_two_commands_cannot_have_one_name() -> None:
    other = command(type("Paint", (), {"__annotations__": {}}))
    wings = (Wing(name="one", commands=(Paint,)), Wing(name="other", commands=(other,)))
    assert combine(wings[:1]).commands == {"Paint": Paint}
    with pytest.raises(TypeError, match="two commands are called Paint"):
        combine(wings)


def test_two_tables_cannot_have_one_name() -> None:
    kinds = [type("Cars", (Table,), {}), type("CarsTable", (Table,), {})]
    wings = [Wing(name=kind.__name__, tables=(kind,)) for kind in kinds]
    assert combine(wings[:1]).tables == (kinds[0],)
    with pytest.raises(TypeError, match="two tables are called cars"):
        combine(wings)


def test_words_of_a_kind_of_their_own_are_words() -> None:
    class Word(str):
        __slots__ = ()

    assert plain(Word("x")) == "x"
