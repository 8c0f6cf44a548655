import pytest

from twilio_emulator.core.lookup.identity import compare, match_identity
from twilio_emulator.core.phones.number_facts import NumberOwner


@pytest.mark.parametrize(
    ("said", "known", "match"),
    [
        ("Ann", "ANN", "exact_match"),
        ("O'Neil", "o neil", "exact_match"),
        ("94105-1234", "941051234", "exact_match"),
        ("Anna", "Annna", "high_partial_match"),
        ("Ann", "Anne", "high_partial_match"),
        ("Jon", "Jan", "high_partial_match"),
        ("1 Main Street", "1 Main St", "partial_match"),
        ("IL", "IA", "no_match"),
        ("Ann", "Bob", "no_match"),
        ("Ann", None, "no_data_available"),
        ("Ann", "", "no_data_available"),
    ],
)
def test_how_near_one_text_is_to_another(said: str, known: str | None, match: str) -> None:
    assert compare(said, known) == match


@pytest.mark.parametrize(
    ("first", "last", "score"),
    [
        ("Ann", "Lee", 100),
        ("Ann", "Leee", 90),
        ("Anne", "Leee", 80),
        ("Ann", "Other", 40),
        ("Anne", "Other", 40),
        ("Bob", "Other", 0),
        ("Ann Other", "Other", 20),
    ],
)
def test_the_score_is_the_mean_down_to_a_step(first: str, last: str, score: int) -> None:
    known = NumberOwner(first_name="Ann", last_name="Lee")
    said = NumberOwner(first_name=first, last_name=last)
    assert match_identity(said, known)["summary_score"] == score
