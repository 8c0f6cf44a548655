"""Whether something is what was expected, and what is said when it is not."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.scenarios.language.matching import differs, fits, pattern, show
from twilio_emulator.scenarios.language.templates import (
    Template,
    Unknown,
    fill,
    look_up,
    spelled,
    spoken,
)
from twilio_emulator.scenarios.language.times import read_duration, read_instant, say_duration


@pytest.mark.parametrize(
    ("expected", "seen"),
    [
        ("Hello", "Hello"),
        ("/ell/", "Hello"),
        ("/ELL/i", "Hello"),
        (1, 1),
        (1, "1"),
        (1.5, "1.5"),
        (True, True),
        (None, None),
        ({}, {"a": 1}),
        ({"a": {"b": "/c/"}}, {"a": {"b": "bcd", "x": 1}, "y": 2}),
        ({"a": 1, "b": {"not": 1}}, {"a": "1", "b": 2}),
        ({"gone": None}, {}),
        ([], []),
        (["a", {"b": 1}], ["a", {"b": 1, "c": 2}]),
        ({"is": "/x/"}, "/x/"),
        ({"not": "a"}, "b"),
        ({"contains": "ell"}, "Hello"),
        ({"contains": "b"}, ["a", "b"]),
        ({"contains": ["b", "a"]}, ["a", "b", "c"]),
        ({"count": 2}, ["a", "b"]),
        ({"count": 0}, {}),
        ({"count": {"at least": 1}}, "abc"),
        ({"in any order": ["b", "a"]}, ["a", "b"]),
        ({"at least": 2, "at most": 2}, 2),
        ({"at least": 2}, ["a", "b"]),
        ({"at most": 1}, {"a": 1}),
        ({"at least": 2}, "2.5"),
    ],
)
def test_what_fits(expected: object, seen: object) -> None:
    assert differs(expected, seen) is None
    assert fits(expected)(seen)


@pytest.mark.parametrize(
    ("expected", "seen", "why"),
    [
        ("Hello", "Bye", 'it is "Bye", not "Hello"'),
        ("1", 1, 'it is 1, not "1"'),
        (1, True, "it is true, not 1"),
        ("/x/", "Hello", 'it is nothing that matches /x/ in "Hello"'),
        ("/x/", None, "it is nothing that matches /x/ in null"),
        ({"a": 1}, {}, "a is nothing, not 1"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b is 2, not 1"),
        ({"a": 1}, "text", 'it is "text", which has no keys'),
        ({"a": 1, "b": 1}, "text", 'it is "text", which has no keys'),
        ({"a": 1, "b": 1}, {"a": 1, "b": 2}, "b is 2, not 1"),
        (["a"], "a", 'it is "a", which is no list'),
        (["a", "b"], ["a"], '1 is nothing, not "b"'),
        ({"x": ["a"]}, {"x": ["a", "b"]}, "x is 2 of them, not 1"),
        ({"is": "/x/"}, "x", 'it is "x", not "/x/"'),
        ({"not": "a"}, "a", 'it is "a"'),
        ({"contains": "x"}, "Hello", 'it is "Hello", without "x"'),
        ({"contains": "x"}, ["a"], 'it is a list without "x"'),
        ({"contains": ["a", "a"]}, ["a"], 'it is a list without "a"'),
        ({"contains": "x"}, 1, "it is 1, neither text nor list"),
        ({"count": 2}, ["a"], "their number is 1, not 2"),
        ({"a": {"count": 2}}, {"a": "x"}, "the number in a is 1, not 2"),
        ({"count": 2}, 2, "it is 2, which cannot be counted"),
        ({"in any order": ["a"]}, ["a", "b"], "their number is 2, not 1"),
        ({"at least": 3}, 2, "it is 2, less than 3"),
        ({"at most": 1}, 2, "it is 2, more than 1"),
        ({"at most": 1}, "a", 'it is "a", more than 1'),
        ({"at least": 2}, ["a"], "it is 1 of them, less than 2"),
        ({"at most": 2}, True, "it is true, more than 2"),
        ({"at most": "two"}, 1, 'it is 1, which cannot be compared with "two"'),
    ],
)
def test_what_does_not(expected: object, seen: object, why: str) -> None:
    assert differs(expected, seen) == why
    assert not fits(expected)(seen)


def test_long_values_are_shortened() -> None:
    assert show("x" * 300) == f'"{"x" * 200}..."'
    assert show(["x" * 300]).endswith("...")


def test_a_text_between_slashes_is_a_pattern() -> None:
    assert pattern("/a/b") is None
    regex = pattern("/a/b/")
    assert regex is not None
    assert regex.search("1a/b2")
    assert not regex.search("a/ b")


KNOWN = {"Ann": "+12025550199", "order": {"sid": "CH1", "items": [{"n": 1}]}, "yes": True}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("${Ann}", "+12025550199"),
        ("to ${Ann}!", "to +12025550199!"),
        ("${order}", KNOWN["order"]),
        ("of ${order}", "of CH1"),
        ("${ order.items.0.n }", 1),
        ("${yes} ${yes}", "true true"),
        ("$${Ann}", "${Ann}"),
    ],
)
def test_names_are_filled(text: str, filled: object) -> None:
    assert Template(text).fill(KNOWN) == filled
    assert fill({"a": [Template(text)]}, KNOWN) == {"a": [filled]}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("Bob", "nothing is called Bob"),
        ("order.name", "order has no name"),
        ("order.items.1", "order.items has no 1"),
        ("order.items.x", "order.items has no x"),
        ("order.sid.x", "order.sid has no x"),
    ],
)
def test_names_that_stand_for_nothing(path: str, why: str) -> None:
    with pytest.raises(Unknown, match=f"^{re.escape(why)}$"):
        look_up(path, KNOWN)


def test_a_name_may_have_a_dot_in_it() -> None:
    assert look_up("a.b", {"a.b": 1, "a": {"b": 2}}) == 1


def test_values_as_texts() -> None:
    assert [spoken(value) for value in (None, False, 3, {"a": 1})] == ["", "false", "3", "{'a': 1}"]
    shown = {"a": [Template("${b}"), 1], "c": timedelta(hours=1)}
    assert spelled(shown) == "{a: [${b}, 1], c: 1 hour}"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5 minutes", 300),
        ("1 hour 30 minutes", 5400),
        ("1 hour and 30 min", 5400),
        ("1 day, 2 hours", 93600),
        ("250 ms", 0.25),
        ("1.5s", 1.5),
        ("2 Weeks", 1209600),
        ("PT5M", 300),
        ("P1DT1H1M1S", 90061),
        ("a while", None),
        ("5", None),
        ("5 parsecs", None),
        ("minutes", None),
        ("0 s", None),
        ("", None),
        ("P", None),
        ("999999999 weeks", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    wanted = None if seconds is None else timedelta(seconds=seconds)
    assert read_duration(text) == wanted


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (0.25, "250 ms"),
        (1.5, "1.5 seconds"),
        (1, "1 second"),
        (93784, "1 day 2 hours 3 minutes 4 seconds"),
    ],
)
def test_durations_as_they_are_said(seconds: float, said: str) -> None:
    assert say_duration(timedelta(seconds=seconds)) == said


def test_instants() -> None:
    nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert read_instant("2026-01-05T09:00:00Z") == nine
    assert read_instant("2026-01-05T10:00:00+01:00") == nine
    assert read_instant("2026-01-05 09:00") == nine
    assert read_instant("soon") is None
