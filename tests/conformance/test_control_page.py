from tests.conformance.control_page import ABOUT, PAGE, calls, page, segment


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run `make docs`"


def test_every_call_is_on_it_and_there_are_words_for_each() -> None:
    text = PAGE.read_text()
    assert {segment(call) for call in calls()} == set(ABOUT)
    assert all(f"`{call}`" in text for call in calls() if segment(call))
