"""Paths that end in `.json`, as those of the 2010 API do."""

import pytest

from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.wire import pages, spelling
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import ROOT, Api


async def nothing(call: Call) -> Answer:
    return Answer(204)


@pytest.fixture
def api() -> Api:
    api = Api("shop.twilio.com", "2010-04-01", extension=".json")
    api.operation("GET", "/Orders.json", where=ROOT)(nothing)
    api.operation("GET", "/Orders/{order}.json", where=ROOT)(nothing)
    api.operation("GET", "/Orders/{order}/Bill", where=ROOT)(nothing)
    return api


def find(api: Api, path: str) -> dict[str, str]:
    return api.find("GET", path.split("/"))[1]


def test_a_parameter_may_stand_before_the_extension(api: Api) -> None:
    assert find(api, "2010-04-01/Orders.json") == {}
    assert find(api, "2010-04-01/Orders/7.json") == {"order": "7"}
    assert find(api, "2010-04-01/Orders/7.json.json") == {"order": "7.json"}
    assert find(api, "2010-04-01/Orders/7/Bill") == {"order": "7"}


@pytest.mark.parametrize("path", ["Orders", "Orders/7", "Orders/7/Bill.json", ".json"])
def test_with_and_without_it_are_two_paths(api: Api, path: str) -> None:
    with pytest.raises(Refused) as refused:
        find(api, f"2010-04-01/{path}")
    assert refused.value.refusal is NOT_FOUND


def test_a_word_of_python_gets_an_underscore() -> None:
    assert spelling.snake("From") == "from_"
    assert spelling.snake("DateSent>") == "date_sent_after"
    assert spelling.pascal("from_") == "From"


def test_page_tokens_are_known_by_their_form() -> None:
    assert pages.is_token("PA12-CH" + "0" * 32)
    assert not pages.is_token("PAMM" + "0" * 32)
    assert not pages.is_token("PA12-CH")
