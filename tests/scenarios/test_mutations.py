"""Good files with something wrong in them: a line that says what and where, never a traceback."""

import re
from collections.abc import Callable, Iterator

import pytest

from twilio_emulator.play import library
from twilio_emulator.scenarios.language.problems import MOST_PROBLEMS, Faulty, Problem

FILES = ("support-desk", "webhook-outage", "first-contact", "appointment-reminders", "opt-out")

Mutation = Callable[[str], str]

MUTATIONS: dict[str, Mutation] = {
    "a space more": lambda line: f" {line}",
    "a space less": lambda line: line.removeprefix(" "),
    "a tab": lambda line: f"\t{line}",
    "twice": lambda line: f"{line}\n{line}",
    "no colon": lambda line: line.replace(":", "", 1),
    "a colon more": lambda line: line.replace(" ", ": ", 1),
    "an open brace": lambda line: f"{line} {{",
    "a closed brace": lambda line: f"{line}}}",
    "an open quote": lambda line: line.replace(": ", ': "', 1),
    "an alias": lambda line: line.replace(": ", ": *all ", 1),
    "a tag": lambda line: line.replace(": ", ": !!python/name:os.system ", 1),
    "a list": lambda line: re.sub(r": (.+)", r": [[\1]]", line, count=1),
    "nothing": lambda line: re.sub(r": .+", ":", line, count=1),
    "a number": lambda line: re.sub(r": .+", ": 0x1F", line, count=1),
    "a letter twice": lambda line: re.sub(r"(\w)(\w*):", r"\1\1\2:", line, count=1),
    "another name": lambda line: line.replace("Ann", "Anne").replace("${", "${x"),
    "a control character": lambda line: f"{line}\x1b",
    "half of it": lambda line: line[: len(line) // 2],
}


def text(name: str) -> str:
    return library.find(name).read_text()


def wrong(name: str, content: str) -> list[Problem]:
    """What is wrong with a text."""
    try:
        library.load_text(content, name)
    except Faulty as faulty:
        return faulty.problems
    return []


def mutated(name: str, mutation: Mutation) -> Iterator[tuple[int, str]]:
    """The file with each of its lines changed in turn, and which line that is."""
    lines = text(name).split("\n")
    for number, line in enumerate(lines, 1):
        changed = mutation(line)
        if line.strip() and not line.lstrip().startswith("#") and changed != line:
            yield number, "\n".join([*lines[: number - 1], changed, *lines[number:]])


@pytest.mark.parametrize("how", MUTATIONS)
@pytest.mark.parametrize("name", FILES)
def test_a_line_that_is_changed(name: str, how: str) -> None:
    seen = 0
    for _, content in mutated(name, MUTATIONS[how]):
        for problem in wrong(name, content):
            seen += 1
            assert problem.place.file == name
            assert 1 <= problem.place.line <= content.count("\n") + 1
            assert problem.place.column >= 1
            assert problem.expected.startswith("expected ")
            assert "\n" not in problem.expected
            assert len(problem.expected) < 400
    assert seen


@pytest.mark.parametrize("how", ["a tab", "a control character", "a tag"])
@pytest.mark.parametrize("name", FILES)
def test_what_is_never_right_is_said_where_it_is(name: str, how: str) -> None:
    for number, content in mutated(name, MUTATIONS[how]):
        (problem,) = wrong(name, content)
        assert problem.place.line == number


def test_aliases_that_would_grow_to_gigabytes() -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))
    (problem,) = wrong("bomb", f"a0: &a0 [x]\n{levels}")
    assert str(problem).startswith("bomb:1:5: expected no anchors")


@pytest.mark.parametrize("deep", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000])
def test_nesting_without_end(deep: str) -> None:
    (problem,) = wrong("deep", f"story: {deep}" if deep[0] != "-" else deep)
    assert "levels of nesting" in problem.expected


def test_more_values_than_anybody_writes() -> None:
    (problem,) = wrong("many", "story: [" + "x," * 250_000 + "]")
    assert problem.expected == "expected at most 200,000 values in a file"


def test_so_many_mistakes_that_some_are_enough() -> None:
    story = "".join(f"  - Bob texts: {n}\n" for n in range(1000))
    found = wrong("many", f"scenario: x\npeople: {{Ann: +12025550199}}\nstory:\n{story}")
    assert len(found) == MOST_PROBLEMS


def test_a_number_with_a_million_digits() -> None:
    assert wrong("long", f"scenario: x\nseed: {'9' * 1_000_000}\nstory: []\n")


def test_a_surrogate_that_no_file_can_hold() -> None:
    (problem,) = wrong("half", "scenario: \ud800\nstory: []\n")
    assert problem.place.column == 11
