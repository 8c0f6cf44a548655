"""A file that is wrong: one line for each mistake, which says where and what was expected."""

from pathlib import Path
from textwrap import dedent

import pytest

from twilio_emulator.play import library
from twilio_emulator.scenarios.language.problems import Faulty


def problems(text: str) -> list[str]:
    with pytest.raises(Faulty) as caught:
        library.load_text(dedent(text), "a.yaml")
    return [str(problem) for problem in caught.value.problems]


HEAD = """\
scenario: A test
people:
  Ann: +12025550199
  Alice: chat:alice
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: expected a scenario; the file is empty"),
        ("- a\n", "1:1: expected a scenario, which begins with"),
        ("scenario: x\nstroy: []\n", '2:1: expected a part of a scenario, not "stroy"; did you'),
        ("scenario: x\n", '1:1: expected "story:" in the file'),
        ("scenario: x\nscenario: y\n", '2:1: expected "scenario" once; it is on line 1 too'),
        ("scenario: x\nstory:\n\t- wait: 1 s\n", "3:1: expected spaces, not a tab"),
        ("scenario: &a x\nstory: *a\n", "1:11: expected no anchors (&) and aliases (*)"),
        ("scenario: !!python/object x\n", "1:11: expected no tags (!)"),
        ("scenario: x\n---\nscenario: y\n", "2:1: expected one scenario in a file"),
        ("scenario: [x\n", '2:1: expected "," or "]"'),
        ("scenario: 'x\n", "2:1: expected the closing quote of the text"),
        ("scenario: x\n  story: []\n", "2:8: expected quotes around a text that has"),
        ("scenario: x\nstory: soon\n", '2:8: expected a list of steps, each after a "- "'),
        ("scenario: x\nclock: noon\nstory: []\n", "2:8: expected now, or an instant such as"),
        ("scenario: x\nseed: -1\nstory: []\n", "2:7: expected a whole number from 0 on"),
        ("scenario: \x07\nstory: []\n", "1:11: expected text without control characters"),
        ("? [a]\n: b\n", "1:3: expected a word before the colon"),
        ("a: " + "[" * 60 + "]" * 60, "1:54: expected at most 50 levels of nesting"),
    ],
)
def test_a_file_that_is_no_scenario(text: str, problem: str) -> None:
    (found,) = problems(text)
    assert found.startswith(f"a.yaml:{problem}")


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        (
            "Ann: 0",
            "expected somebody's address: +12025550199, whatsapp:+12025550123 or chat:alice",
        ),
        ("Ann: {phon: +12025550199}", 'expected what can be said of somebody, not "phon"; did you'),
        ("Ann: {label: My phone}", "expected one of phone, whatsapp and chat"),
        ("42: +12025550199", "expected a name: letters, digits and spaces"),
        ("number: +12025550199", None),
    ],
)
def test_somebody_who_is_nobody(person: str, problem: str | None) -> None:
    text = f"scenario: x\npeople:\n  {person}\nstory: []\n"
    if problem is None:
        library.load_text(text)
    else:
        assert problem in problems(text)[0]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("Ann txts: Hello", '5: expected a step, not "Ann txts"; did you mean "texts"?'),
        ("An texts: Hello", '5: expected somebody who texts, not "An"; did you mean "Ann"?'),
        ("Alice texts: Hello", '5: expected somebody with a phone here; "Alice" is a chat'),
        ("Ann texts:", "15: expected a text, not nothing"),
        ("Ann texts: [Hello]", "16: expected a text, not a list"),
        ("Ann texts: {body: Hello}", "16: expected a text, not keys with values"),
        ("Ann texts: Hello ${name}", '16: expected a name, not "name"; did you mean "number"?'),
        ("Ann texts: Hello: you", '21: expected quotes around a text that has ": " in it'),
        ("Ann texts: order #42", '22: expected quotes around a text with " #" in it'),
        ("wait: a while", '11: expected a duration such as 5 minutes, not "a while"'),
        ("wait until: tomorrow", '17: expected an instant such as 2026-01-05T09:00:00Z, not "tom'),
        ("Ann gets: /(/", "15: expected a regular expression: missing )"),
        ("Ann gets: {bdy: x}", '16: expected something to look at, not "bdy"; did you mean "body"'),
        ("Alice says: Hello", '5: expected "in:" with the conversation, and there is none yet'),
        ("Ann joins: Parcel", '16: expected a conversation, not "Parcel"'),
        ("conversations.creat: {}", '5: expected a step, not "conversations.creat"; did you mean'),
        ("conversations.create: {friendly_nam: x}", "28: expected a parameter of conversations."),
        ("conversations.create: now", "27: expected the parameters of"),
        ("[wait]", "5: expected a step, not a list"),
        ("{}", "5: expected a step, not an empty mapping"),
        ("wait", "5: expected a duration such as 5 minutes, not nothing"),
    ],
)
def test_a_step_that_is_none(step: str, problem: str) -> None:
    (found,) = problems(f"{HEAD}story:\n  - {step}\n")
    assert found.startswith(f"a.yaml:6:{problem}")


def test_every_mistake_is_said_in_the_order_of_the_file() -> None:
    found = problems(f"{HEAD}story:\n  - wait: x\n  - Ann txts: x\n  - Bob texts: x\n")
    assert [line.split(":")[1] for line in found] == ["6", "7", "8"]


def test_a_key_beside_a_step_that_does_not_belong_there() -> None:
    (found,) = problems(f"{HEAD}story:\n  - Ann texts: Hello\n    too: Alice\n")
    assert found == (
        'a.yaml:7:5: expected what can stand beside "texts", not "too"; did you mean "to"?'
    )


def test_two_conversations_want_to_be_told_apart() -> None:
    (found,) = problems(
        f"{HEAD}conversations:\n  A: [Ann]\n  B: [Alice]\nstory:\n  - Alice says: Hi\n"
    )
    assert found.endswith('expected "in:" with the conversation: A, B')


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = library.check(tmp_path / "none.yaml")
    assert str(problem).endswith("none.yaml:1:1: expected a file: No such file or directory")


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"scenario: \xff\n")
    (problem,) = library.check(file)
    assert problem.expected == "expected a file of text in UTF-8"


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("# comment\n" * 500_000)
    (problem,) = library.check(file)
    assert problem.expected == "expected a file of at most 4 MiB"


def test_a_good_file_has_no_problems() -> None:
    assert library.check("support-desk") == []
