"""Regular expressions of other people: what is understood, what is refused, and what it costs."""

import time
from random import Random

import pytest

from twilio_emulator.core.kernel.patterns import BadPattern
from twilio_emulator.runtime.patterns import LONGEST, compile_pattern


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        (r"code \d+", "Your code 4242", True),
        (r"^\+1555", "+15551234567", True),
        (r"^(\w+:)?\+1555$", "whatsapp:+1555", True),
        (r"end\Z", "the end", True),
        (r"end\Z", "the end.", False),
        (r"\u00fcber|\U0001F600", "😀", True),
        (r"\\Z", "a\\Z", True),
        (r"\\u00fc", "a\\u00fc", True),
        (r"(?i)HELLO", "hello", True),
        (r"(?P<name>a)(?:b)", "ab", True),
        (r"(?<name>a)", "a", True),
        ("ü+", "süüß", True),
        (r"\pL{2}", "ab", True),
        ("a{2,3}", "aa", True),
        ("a{2,}$", "aaa", True),
        (r"\{2000\}", "{2000}", True),
        ("a\n", "a\n", True),
        (r"\C", "é", True),
        ("é", "\ud800é", True),
        ("", "", True),
    ],
)
def test_what_is_understood(expression: str, text: str, found: bool) -> None:
    assert bool(compile_pattern(expression).search(text)) is found


def test_case_does_not_matter_when_somebody_says_so() -> None:
    assert compile_pattern("É", True).search("é")
    assert not compile_pattern("É").search("é")


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("(", "missing ): ("),
        ("[", "missing ]: ["),
        ("*", "no argument for repetition operator: *"),
        ("a**", "bad repetition operator: **"),
        ("(?=a)", "look-around is not supported"),
        ("(?!a)", "look-around is not supported"),
        ("(?<=a)b", "look-around is not supported"),
        ("(?<!a)b", "look-around is not supported"),
        ("(?>a)", "atomic groups are not supported"),
        (r"(a)\1", "back references are not supported"),
        ("(?P<a>a)(?P=a)", "back references are not supported"),
        ("(a)?(?(1)b)", "conditions are not supported"),
        ("a{99999999999}", "it repeats something more than 1,000 times"),
        ("a{1,1001}", "it repeats something more than 1,000 times"),
        ("a{" + "9" * 5000 + "}", "it is longer than 1000 characters"),
        ("((a{100}){100}){100}", "invalid repetition size: {100}"),
        (r"\pL{1000}", "it is too large when its repetitions are written out"),
        ("(a{1000}|b{1000}|c{1000}|d{1000}|e{1000}|f{1000})", "it is too large when its"),
        ("a" * (LONGEST + 1), "it is longer than 1000 characters"),
        ("\ud800", "half a character stands in it"),
        ("(\n", "missing ): (?"),
    ],
)
def test_what_is_not_is_refused_in_one_line(expression: str, why: str) -> None:
    with pytest.raises(BadPattern) as refused:
        compile_pattern(expression)
    assert str(refused.value).startswith(why)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "expression",
    [
        "(a+)+$",
        "(a|a)*$",
        "(a|aa)+$",
        "(.*a){12}$",
        r"(\w+\s?)*$",
        "^(a?){50}a{50}$",
        "([a-zA-Z]+)*$",
        "(((a*)*)*)*$",
        r"^(\s*\S*)*x$",
    ],
)
def test_no_pattern_goes_back(expression: str) -> None:
    compiled = compile_pattern(expression)
    begun = time.process_time()
    compiled.search("a" * 40 + "!")
    compiled.search("a" * 100_000 + "!")
    # Python's own would take longer than the test may: there, every letter doubles it.
    assert time.process_time() - begun < 20


def test_whatever_is_given_is_compiled_or_refused() -> None:
    dice = Random(1)
    pieces = ("a", "(", ")", "[", "]", "*", "+", "?", "{", "}", "\\", "|", "^", "$", ".", "1", ",")
    more = (":", "=", "!", "<", ">", "P", "u", "x", "Z", "\n", "é", "-", "i", "{5}", "\\p", "(?")
    complaints = []
    for _ in range(3000):
        expression = "".join(dice.choices(pieces + more, k=dice.randrange(12)))
        try:
            compile_pattern(expression).search("aaa{5}é\n")
        except BadPattern as refused:
            complaints.append(str(refused))
    assert complaints
    assert not any("\n" in complaint for complaint in complaints)
