from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, Told
from tests.core.refused import code as refused
from tests.core.verify.conftest import wish
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.messaging_services import PoolPhoneNumber, RemoveMessagingService
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.core.verify import messaging_configurations as configurations
from twilio_emulator.core.verify.messaging_configurations import (
    AddMessagingConfiguration,
    MessagingConfigurationChanged,
    MessagingConfigurations,
    RemoveMessagingConfiguration,
    UpdateMessagingConfiguration,
)
from twilio_emulator.core.verify.services import FIRST_SERVICE, RemoveVerifyService

MESSAGING_SERVICE = "MG00000000000000000000000000000001"


def said(**fields: Any) -> dict[str, Any]:
    return {"account": ACCOUNT, "service": FIRST_SERVICE, "country": "us", **fields}


def add(world: World, country: str = "us") -> configurations.MessagingConfiguration:
    return world.perform(
        AddMessagingConfiguration(**said(country=country, messaging_service_sid=MESSAGING_SERVICE))
    )


def test_a_country_is_written_in_any_case(world: World, told: Told) -> None:
    assert add(world, "us").country == "US"
    assert add(world, "ALL").country == "all"
    fetch = configurations.fetch_configuration
    assert fetch(world, **said(country="Us")).messaging_service_sid == MESSAGING_SERVICE
    rows = configurations.list_configurations(world, account=ACCOUNT, service=FIRST_SERVICE)
    assert [each.country for each in rows] == ["all", "US"]
    assert [each.country for each in told.of(MessagingConfigurationChanged)] == ["US", "all"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"country": "XX"}, 60200),
        ({"country": ""}, 60200),
        ({"messaging_service_sid": "MG" + "9" * 32}, 60200),
        ({"country": "US"}, 60213),
        ({"service": "VA" + "9" * 32}, 20404),
    ],
)
def test_one_that_cannot_be_is_refused(world: World, fields: dict[str, str], code: int) -> None:
    add(world)
    fields = {"country": "GB", "messaging_service_sid": MESSAGING_SERVICE, **fields}
    assert refused(world, AddMessagingConfiguration(**said(**fields))) == code


def test_one_is_changed_and_removed(world: World, told: Told) -> None:
    add(world)
    changed = world.perform(
        UpdateMessagingConfiguration(**said(messaging_service_sid=MESSAGING_SERVICE))
    )
    assert changed.country == "US"
    wrong = UpdateMessagingConfiguration(**said(messaging_service_sid="MG1"))
    assert refused(world, wrong) == 60200
    told.clear()
    world.perform(RemoveMessagingConfiguration(**said()))
    assert told.of(MessagingConfigurationChanged)[0].configuration is None
    assert refused(world, RemoveMessagingConfiguration(**said())) == 20404


def test_a_code_leaves_from_the_service_for_its_country_else_from_that_for_all(
    world: World,
) -> None:
    number = next(iter(world[PhoneNumbers]))
    pooled = {"account": ACCOUNT, "messaging_service": MESSAGING_SERVICE}
    if number.messaging_service_sid is None:
        world.perform(PoolPhoneNumber(**pooled, phone_number_sid=number.sid))
    of = configurations.messaging_service_for
    assert of(world, FIRST_SERVICE, "US") is None
    add(world, "all")
    assert of(world, FIRST_SERVICE, "US") == of(world, FIRST_SERVICE, None) == MESSAGING_SERVICE
    world.perform(RemoveMessagingConfiguration(**said(country="all")))
    add(world, "us")
    assert of(world, FIRST_SERVICE, "GB") is None
    world.perform(wish(to=ANN))
    text = list(world[Texts])[-1]
    assert (text.messaging_service_sid, text.listed) == (MESSAGING_SERVICE, True)


def test_a_messaging_service_that_is_gone_sends_nothing(world: World) -> None:
    add(world)
    world.perform(RemoveMessagingService(account=ACCOUNT, messaging_service=MESSAGING_SERVICE))
    assert configurations.messaging_service_for(world, FIRST_SERVICE, "US") is None
    world.perform(wish())
    assert not list(world[Texts])[-1].listed


def test_they_go_with_their_service(world: World) -> None:
    add(world)
    world.perform(RemoveVerifyService(account=ACCOUNT, service=FIRST_SERVICE))
    assert len(world[MessagingConfigurations]) == 0
