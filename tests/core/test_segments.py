import pytest

from twilio_emulator.core.texts import segments
from twilio_emulator.core.texts.segments import Encoding, count, encoding_of, smart, split


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("a" * 159 + "{", 2),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
    ],
)
def test_how_many_segments_a_body_takes(body: str, parts: int) -> None:
    assert count(body) == parts
    assert "".join(segment.text for segment in split(body)) == body


def test_one_character_outside_the_alphabet_changes_the_encoding_of_all() -> None:
    assert encoding_of("Çà et là") is Encoding.GSM_7
    assert encoding_of("ça et là") is Encoding.UCS_2
    assert encoding_of("`") is Encoding.UCS_2


@pytest.mark.parametrize(
    "whole",
    ["👩\u200d👩\u200d👧", "👍🏽", "👍\U0001f3fb", "👍\U0001f3ff", "🇩🇪", "🇦🇿", "e\u0301", "\r\n"],
    ids=[
        "joined",
        "skin tone",
        "palest",
        "darkest",
        "flag",
        "first and last",
        "accent",
        "line end",
    ],
)
def test_what_is_one_character_to_the_reader_is_not_split(whole: str) -> None:
    units = len(whole.encode("utf-16-le")) // 2
    body = "ж" * (67 - units + 1) + whole + "ж" * 20
    assert split(body)[1].text.startswith(whole)


@pytest.mark.parametrize("next_one", ["\U0001f3fa", "\U0001f400", "\U0001f1e5", "\U0001f200"])
def test_what_is_beside_skin_tones_and_flags_is_a_character(next_one: str) -> None:
    body = "ж" * 65 + "👍" + next_one + "ж" * 20
    assert split(body)[1].text.startswith(next_one)


@pytest.mark.parametrize("letter", ["\U0001f1e5", "\U0001f200"])
def test_a_flag_is_of_two_letters_of_flags(letter: str) -> None:
    assert len(segments._clusters("🇦" + letter)) == len(segments._clusters(letter + "🇦")) == 2


def test_two_flags_are_two_characters() -> None:
    assert len(segments._clusters("🇩🇪🇫🇷")) == 2


def test_a_line_end_of_two_characters_stays_together_in_septets() -> None:
    assert split("a" * 152 + "\r\n" + "a" * 20)[1].text == "\r\n" + "a" * 20


def test_segments_are_numbered_and_say_their_encoding() -> None:
    first, second = split("a" * 161)
    assert (first.number, second.number) == (1, 2)
    assert (len(first.text), len(second.text)) == (153, 8)
    assert first.encoding is Encoding.GSM_7


def test_something_larger_than_a_part_is_carried_all_the_same() -> None:
    assert count("e" + "\u0301" * 100) == 1


def test_smart_encoding_writes_what_gsm_7_has() -> None:
    assert smart("“Hello” – it’s…") == '"Hello" - it\'s...'
    assert smart("a\u00a0b\tc\u200b") == "a b c"
    assert smart("½ ＡＢＣ１２ ᴀ") == "1/2 ABC12 A"
    assert smart("`") == "'"


def test_smart_encoding_leaves_the_rest() -> None:
    assert smart("Hello") == "Hello"
    assert smart("👍 ж") == "👍 ж"
