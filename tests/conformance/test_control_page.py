from tests.conformance.control_page import PAGE, page
from tests.control.declared import controls


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run `make docs`"


def test_every_call_is_on_it_with_words_for_its_group() -> None:
    text = PAGE.read_text()
    for call in controls().calls:
        assert f"### `{call.method} {call.path or '/'}`\n\n{call.summary}\n" in text
    for words in controls().about.values():
        assert words in text
