import pytest

from twilio_emulator.core.lookup.identity import compare, is_enough, match_identity
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
        ("R", "Robert", "partial_match"),
        ("Robert", "Rob", "partial_match"),
        ("Robere", "Robert", "high_partial_match"),
        ("IL", "IA", "no_match"),
        ("-", "Robert", "no_match"),
        ("Ann", "Bob", "no_match"),
        ("Ann", None, "no_data_available"),
        ("Ann", "", "no_data_available"),
    ],
)
def test_how_near_one_text_is_to_another(said: str, known: str | None, match: str) -> None:
    assert compare(said, known) == match


@pytest.mark.parametrize(
    ("first", "last", "address", "score"),
    [
        ("Ann", "Lee", "1 Main St", 100),
        ("A", "Leee", "1 Main Street", 100),
        ("Ann", "Other", "1 Main St", 80),
        ("Ann", "Other", None, 70),
        ("Ann", None, None, 70),
        ("Ann", None, "Elsewhere", 0),
        ("Ann", "Lee", "Elsewhere", 40),
        ("Ann", "Lee", None, 40),
        ("Bob", "Lee", "1 Main St", 20),
        ("Bob", "Lee", "Elsewhere", 20),
        ("Bob", "Other", "1 Main St", 0),
        ("Bob", "Other", None, 0),
    ],
)
def test_the_score_is_of_names_and_address(
    first: str, last: str | None, address: str | None, score: int
) -> None:
    known = NumberOwner(first_name="Ann", last_name="Lee", address_line1="1 Main St", city="Rome")
    said = NumberOwner(first_name=first, last_name=last, address_line1=address, city="Rome")
    assert match_identity(said, known)["summary_score"] == score


def test_what_is_no_name_and_no_address_matches_or_does_not() -> None:
    told = match_identity(NumberOwner(city="Romes"), NumberOwner(city="Rome"))
    assert told["city_match"] == "no_match"


@pytest.mark.parametrize(
    ("country", "said", "enough"),
    [
        ("US", {}, False),
        ("US", {"city": "Rome"}, True),
        ("GB", {"first_name": "Ann"}, False),
        ("IT", {"first_name": "Ann", "last_name": "Lee", "address_line1": "Via Po 1"}, True),
        (None, {"city": "Rome"}, True),
    ],
)
def test_some_countries_need_more(country: str | None, said: dict[str, str], enough: bool) -> None:
    assert is_enough(NumberOwner(**said), country) is enough
