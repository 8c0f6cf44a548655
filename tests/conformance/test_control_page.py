"""The page of the control API is what the calls declare, and every example on it was made."""

import pytest

from tests.conformance.control_page import PAGE, make, page, section, section_on
from tests.control.declared import check_answer, controls
from twilio_emulator.control.routes import ControlCall

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("call", controls().calls, ids=lambda call: call.name)
async def test_every_example_can_be_sent_and_is_shown(call: ControlCall) -> None:
    examples = await make(call)
    for made in examples:
        assert made.status == call.status, made.answer
        if call.gives is not None and not isinstance(call.gives, str):
            check_answer(call.method, call.path, made.status, made.answer)
    assert section_on(PAGE.read_text(), call) == section(call, examples), "run `make docs`"


def test_what_is_around_the_examples_is_up_to_date() -> None:
    text = PAGE.read_text()
    assert text == page(lambda call: section_on(text, call)), "run `make docs`"


def test_every_call_is_on_it_with_words_for_its_group() -> None:
    text = PAGE.read_text()
    for call in controls().calls:
        assert f"### `{call.method} {call.path or '/'}`\n\n{call.summary}\n" in text
    for words in controls().about.values():
        assert words in text
