from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, START
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.available_numbers import (
    COUNTRIES,
    NumberSearch,
    find_country,
    search,
)
from twilio_emulator.core.senders.number_orders import BuyNumber
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime import numbering


@pytest.fixture
def world() -> World:
    """A world that knows the numbering plans of all countries."""
    return new_world(ACCOUNT, 1, Clock(lambda: 0.0, START, rate=0), numbering)


def test_whatever_is_offered_can_be_bought(world: World) -> None:
    for country in COUNTRIES.values():
        for kind in country.ranges:
            found = search(world, country.code, kind, NumberSearch(), size=3)
            assert len(found) == 3, (country.code, kind)
            for number in found:
                assert number.iso_country == country.code
                assert numbering.normal(number.phone_number) == number.phone_number
                if kind != "toll_free":  # of which Canada and the United States have the same
                    assert numbering.country(number.phone_number) == country.code
                world.perform(BuyNumber(account=ACCOUNT, phone_number=number.phone_number))


def test_what_is_bought_is_offered_no_more(world: World) -> None:
    first, second = search(world, "US", "local", NumberSearch(area_code="415"), size=2)
    assert first.phone_number == "+14155550100"
    world.perform(BuyNumber(account=ACCOUNT, phone_number=first.phone_number))
    assert search(world, "US", "local", NumberSearch(area_code="415"), size=1) == [second]


def test_a_number_says_where_it_is_from(world: World) -> None:
    (number,) = search(world, "us", "local", NumberSearch(in_region="dc"), size=1)
    assert (number.locality, number.region, number.postal_code) == ("Washington", "DC", "20001")
    (number,) = search(world, "US", "toll_free", NumberSearch(), size=1)
    assert (number.locality, number.region, number.postal_code) == (None, None, None)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"contains": "5550123"}, "+12015550123"),
        ({"contains": "206****124"}, "+12065550124"),
        ({"contains": "+1206JJJ0107"}, "+12065550107"),
        ({"in_locality": "Toronto"}, None),
        ({"in_locality": "denver"}, "+13035550100"),
        ({"in_rate_center": "DENVER"}, "+13035550100"),
        ({"in_postal_code": "33130"}, "+13055550100"),
        ({"near_number": "+19175550199"}, "+12125550100"),
        ({"area_code": "720"}, "+17205550100"),
        ({"area_code": "416"}, None),
        ({"sms_enabled": True, "mms_enabled": True, "voice_enabled": True}, "+12015550100"),
        ({"sms_enabled": False}, None),
        ({"fax_enabled": True}, None),
        ({"beta": True}, None),
    ],
)
def test_numbers_are_found_by_what_they_should_be_like(
    world: World, wanted: dict[str, Any], expected: str | None
) -> None:
    found = search(world, "US", "local", NumberSearch(**wanted), size=1)
    assert [number.phone_number for number in found] == ([expected] if expected else [])


def test_toll_free_numbers_have_codes_of_their_own(world: World) -> None:
    (number,) = search(world, "US", "toll_free", NumberSearch(area_code="833"), size=1)
    assert number.phone_number == "+18335550100"
    assert search(world, "US", "toll_free", NumberSearch(area_code="202")) == []


def test_canada_is_another_country(world: World) -> None:
    (number,) = search(world, "CA", "local", NumberSearch(area_code="416"), size=1)
    assert (number.phone_number, number.region) == ("+14165550100", "ON")
    assert all(
        each.region != "DC" for each in search(world, "CA", "local", NumberSearch(), size=200)
    )


@pytest.mark.parametrize(
    "wanted", [{"contains": "1"}, {"contains": "12-34"}, {"area_code": "20"}, {"area_code": "abc"}]
)
def test_filters_have_to_be_readable(world: World, wanted: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        search(world, "US", "local", NumberSearch(**wanted))
    assert refused.value.code == 20001


def test_what_is_not_there_is_not_found(world: World) -> None:
    for code, kind in (("US", "mobile"), ("XX", "local")):
        with pytest.raises(Refused) as refused:
            search(world, code, kind, NumberSearch())
        assert refused.value.code == 20404
    assert find_country("gb").name == "United Kingdom"


def test_a_range_comes_to_an_end(world: World) -> None:
    assert len(search(world, "FR", "mobile", NumberSearch(), size=200)) == 100
