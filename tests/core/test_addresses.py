import pytest

from tests.core.conftest import ACCOUNT, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.accounts.debugger_alerts import Alerts
from twilio_emulator.core.conversations import address_configurations
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    AddressConfiguration,
    AddressConfigurationRemoved,
    AddressConfigurations,
    AddressConfigured,
    RemoveAddressConfiguration,
    UpdateAddressConfiguration,
)
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.number_orders import BuyNumber, ReleaseNumber
from twilio_emulator.core.senders.resources import PhoneNumbers

SERVICE = "IS00000000000000000000000000000001"
URL = "https://example.com/hook"
FLOW = "FW" + "0" * 32
WEBHOOK = {
    "auto_creation_type": "webhook",
    "auto_creation_webhook_url": URL,
    "auto_creation_webhook_filters": ("onMessageAdded",),
}
STUDIO = {"auto_creation_type": "Studio", "auto_creation_studio_flow_sid": FLOW}


def add(world: World, **asked: object) -> AddressConfiguration:
    given = {"account": ACCOUNT, "type": "sms", "address": NUMBER} | asked
    made = world.perform(AddAddressConfiguration(**given))  # type: ignore[arg-type]
    assert isinstance(made, AddressConfiguration)
    return made


def test_a_bare_one_does_nothing_yet(world: World, told: Told) -> None:
    made = add(world)
    assert (made.type, made.address, made.enabled) == ("sms", NUMBER, False)
    assert (made.auto_creation_type, made.friendly_name) == ("default", None)
    assert told == [AddressConfigured(configuration=made)]
    for key in (made.sid, NUMBER):
        found = address_configurations.fetch_address_configuration(
            world, account=ACCOUNT, configuration=key
        )
        assert found == made


def test_a_webhook_or_a_flow_is_attached(world: World) -> None:
    webhook = add(world, auto_creation_enabled=True, friendly_name="Support", **WEBHOOK)
    assert (webhook.enabled, webhook.friendly_name) == (True, "Support")
    assert (webhook.webhook.url, webhook.webhook.method) == (URL, "POST")
    assert webhook.webhook.filters == ("onMessageAdded",)
    studio = add(world, address="+12025550177", auto_creation_studio_retry_count="3", **STUDIO)
    assert (studio.webhook.flow_sid, studio.studio_retry_count) == (FLOW, 3)


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ({"address": "+1 (202) 555-0177"}, "+12025550177"),
        ({"type": "WhatsApp", "address": "whatsapp:+12025550177"}, "whatsapp:+12025550177"),
        ({"type": "whatsapp", "address": "+12025550177"}, "whatsapp:+12025550177"),
        ({"address": "12345", "address_country": "us"}, "12345"),
        ({"type": "email", "address": "help@example.com"}, "help@example.com"),
        ({"type": "apple", "address": "urn:mbid:x"}, "urn:mbid:x"),
    ],
)
def test_addresses_have_a_normal_form(world: World, asked: dict[str, object], address: str) -> None:
    made = add(world, **asked)
    assert made.address == address
    assert made.address_country == ("US" if "address_country" in asked else None)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"type": "pigeon"}, 20001),
        ({"address": ""}, 20001),
        ({"address": "help"}, 50407),
        ({"address": "whatsapp:+12025550177"}, 50407),
        ({"type": "whatsapp", "address": "messenger:+12025550177"}, 50407),
        ({"friendly_name": "x" * 257}, 50003),
        ({"auto_creation_type": "pigeon"}, 20001),
        ({"auto_creation_type": "webhook"}, 50369),
        ({"auto_creation_type": "studio"}, 50367),
        ({**WEBHOOK, "auto_creation_webhook_filters": ()}, 50370),
        ({**STUDIO, "auto_creation_studio_retry_count": "4"}, 20001),
        ({"auto_creation_conversation_service_sid": "IS" + "9" * 32}, 20001),
    ],
)
def test_what_cannot_be_configured(world: World, asked: dict[str, object], expected: int) -> None:
    given = {"account": ACCOUNT, "type": "sms", "address": NUMBER} | asked
    assert code(world, AddAddressConfiguration(**given)) == expected  # type: ignore[arg-type]


def test_there_is_one_for_an_address(world: World) -> None:
    add(world)
    twice = AddAddressConfiguration(account=ACCOUNT, type="sms", address=NUMBER)
    assert code(world, twice) == 20409


def test_one_is_changed(world: World) -> None:
    service = world.perform(AddService(account=ACCOUNT, friendly_name="Other"))
    made = add(world, **WEBHOOK)

    def change(**asked: object) -> AddressConfiguration:
        wish = UpdateAddressConfiguration(
            account=ACCOUNT,
            configuration=NUMBER,
            **asked,  # type: ignore[arg-type]
        )
        changed = world.perform(wish)
        assert isinstance(changed, AddressConfiguration)
        return changed

    changed = change(
        auto_creation_enabled=True,
        auto_creation_webhook_method="get",
        auto_creation_conversation_service_sid=service.sid,
    )
    assert (changed.sid, changed.enabled, changed.webhook.url) == (made.sid, True, URL)
    assert (changed.webhook.method, changed.conversation_service_sid) == ("get", service.sid)
    assert change(auto_creation_conversation_service_sid="").conversation_service_sid is None
    assert change(**STUDIO).webhook.flow_sid == FLOW
    assert change(auto_creation_type="default").auto_creation_type == "default"


def test_they_are_listed_by_type(world: World) -> None:
    sms = add(world)
    email = add(world, type="email", address="help@example.com")

    def listed(kind: str | None = None) -> list[AddressConfiguration]:
        return list(
            address_configurations.list_address_configurations(world, account=ACCOUNT, type=kind)
        )

    assert (listed(), listed("SMS"), listed("email")) == ([sms, email], [sms], [email])
    with pytest.raises(Refused):
        listed("pigeon")


def test_one_is_removed_by_hand_or_with_its_number(world: World, told: Told) -> None:
    first = add(world)
    world.perform(RemoveAddressConfiguration(account=ACCOUNT, configuration=first.sid))
    assert told[-1] == AddressConfigurationRemoved(configuration=first)
    gone = RemoveAddressConfiguration(account=ACCOUNT, configuration=first.sid)
    assert code(world, gone) == 20404
    second = add(world)
    number = world[PhoneNumbers].at(NUMBER)
    assert number is not None
    world.perform(ReleaseNumber(account=ACCOUNT, number=number.sid))
    assert not len(world[AddressConfigurations])
    (alert,) = world[Alerts]
    assert (alert.error_code, alert.resource_sid) == (50610, second.sid)
    world.perform(BuyNumber(account=ACCOUNT, phone_number=NUMBER))
    (again,) = [each for each in world[PhoneNumbers] if each.address == NUMBER]
    world.perform(ReleaseNumber(account=ACCOUNT, number=again.sid))
    assert len(world[Alerts]) == 1
