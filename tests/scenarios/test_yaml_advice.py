"""What a wrong file is told is ours: the same whichever parser reads it, whatever words it has."""

from typing import Any

import pytest
import yaml

from tests.scenarios.test_mutations import FILES, MUTATIONS, mutated
from twilio_emulator.scenarios.language import source
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.language.yaml_advice import advice

QUOTES = "expected quotes around a text that "
KEY = "expected a key at the same indentation as the keys above it"
STEP = 'expected "- " at the same indentation as the steps above it'
CLOSE = "expected the closing quote of the text"
NESTED = "expected at most 50 levels of nesting"

WRONG = [
    ("a: " + "[" * 1500, 1, 54, NESTED),
    ("a:\n  - " + "{b: " * 300, 2, 198, NESTED),
    ("a: {b: [" + "[" * 1100, 1, 57, NESTED),
    ("a: [[]\n", 2, 1, 'expected "," or "]"'),
    ("a: {b: 1\n", 2, 1, 'expected "," or "}"'),
    ("a: {b: 1 c: 2}\n", 1, 11, 'expected "," or "}"'),
    ("a: 'b\n", 2, 1, CLOSE),
    ('a: "b\n---\n', 2, 1, CLOSE),
    ("a: b: c\n", 1, 5, QUOTES + 'has ": " in it, or a line that is indented like its neighbours'),
    ("a: @b\n", 1, 4, QUOTES + "begins with such a character"),
    ("a: `b`\n", 1, 4, QUOTES + "begins with such a character"),
    ("a: ]\n", 1, 4, QUOTES + "begins with such a character"),
    ("a: [- b]\n", 1, 5, QUOTES + "begins with such a character"),
    ("a: *\n", 1, 5, QUOTES + "begins with *"),
    ("a: &\n", 1, 5, QUOTES + "begins with &"),
    ("a: !<b\n", 1, 7, QUOTES + "begins with !"),
    ("%\n", 1, 2, QUOTES + "begins with %"),
    ("a: |b\n", 1, 5, QUOTES + "begins with |"),
    ("a: >b\n", 1, 5, QUOTES + "begins with >"),
    ("a:\n  b: 1\n c: 2\n", 3, 2, KEY),
    ("a: 1\nb\nc: 2\n", 3, 1, "expected a colon after the key"),
    ("a: - b\n", 1, 4, STEP),
    ("a:\n  - b\n  c: d\n", 3, 3, STEP),
    ("a: 1\n- b\n", 2, 1, KEY),
    ("  a: 1\nb: 2\n", 2, 1, KEY),
    (" - a\n- b\n", 2, 1, STEP),
    ("a:\n\tb: 1\n", 2, 1, "expected spaces, not a tab, before the first word of a line"),
]

PARSERS = [
    pytest.param(getattr(yaml, name), id=name)
    for name in ("SafeLoader", "CSafeLoader")
    if hasattr(yaml, name)
]


def problem(text: str) -> tuple[int, int, str] | None:
    try:
        source.parse(text, "a")
    except Faulty as faulty:
        (found,) = faulty.problems
        return found.place.line, found.place.column, found.expected
    return None


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each of PyYAML's parsers in turn."""
    monkeypatch.setattr(source, "_LOADER", request.param)
    return request.param


@pytest.mark.parametrize(("text", "line", "column", "expected"), WRONG)
@pytest.mark.usefixtures("parser")
def test_each_parser_points_at_the_same(text: str, line: int, column: int, expected: str) -> None:
    found = problem(text)
    assert found is not None
    assert found == (line, column, expected)


@pytest.mark.usefixtures("parser")
def test_a_backslash_in_a_text() -> None:
    found = problem('a: "\\d"\n')
    assert found is not None
    assert found[2] == "expected a single quote, or two backslashes for one"


@pytest.mark.parametrize("text", [each[0] for each in WRONG])
def test_a_parser_with_other_words(parser: Any, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = problem(text)

    def parse(text: str, **settings: Any) -> Any:
        try:
            yield from real(text, **settings)
        except yaml.MarkedYAMLError as error:
            error.context = "bei einem Baum"
            error.problem = "etwas Unerwartetes"
            raise

    real = yaml.parse
    monkeypatch.setattr(yaml, "parse", parse)
    assert problem(text) == ours


def test_a_parser_that_points_nowhere() -> None:
    assert advice(yaml.MarkedYAMLError(problem="etwas"), "a: [") == "expected YAML"


@pytest.mark.parametrize("how", MUTATIONS)
@pytest.mark.usefixtures("parser")
def test_no_word_of_the_parser_is_told(how: str) -> None:
    for name in FILES:
        for _, content in mutated(name, MUTATIONS[how]):
            found = problem(content)
            assert found is None or "while " not in found[2]
            assert found is None or "did not find" not in found[2]
