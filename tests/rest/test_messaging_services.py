"""Messaging services and their pools, as Twilio's own library sees them."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.messaging.v1.service import ServiceInstance

from tests.rest.conftest import ACCOUNT, MESSAGING_SERVICE
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import PhoneNumbers, add_number


@pytest.fixture
def service(client: Client) -> ServiceInstance:
    return client.messaging.v1.services.create(friendly_name="Alerts", sticky_sender=False)


def test_a_service_is_made_changed_and_closed(client: Client, service: ServiceInstance) -> None:
    assert (service.friendly_name, service.sticky_sender, service.smart_encoding) == (
        "Alerts",
        False,
        True,
    )
    url = f"https://messaging.twilio.com/v1/Services/{service.sid}"
    assert service.url == url
    assert service.links is not None
    assert service.links["phone_numbers"] == f"{url}/PhoneNumbers"
    changed = service.update(friendly_name="News", validity_period=60)
    assert (changed.friendly_name, changed.validity_period) == ("News", 60)
    assert [it.sid for it in client.messaging.v1.services.list()] == [
        service.sid,
        MESSAGING_SERVICE,
    ]
    assert service.delete()
    with pytest.raises(TwilioRestException) as gone:
        service.fetch()
    assert gone.value.code == 20404


def test_the_pool_of_a_service(client: Client, service: ServiceInstance) -> None:
    pool = client.messaging.v1.services(str(service.sid)).phone_numbers
    bought = client.incoming_phone_numbers.create(phone_number="+12025550110")
    number = pool.create(phone_number_sid=str(bought.sid))
    assert (number.sid, number.phone_number, number.country_code, number.capabilities) == (
        bought.sid,
        "+12025550110",
        "US",
        ["MMS", "SMS", "Voice"],
    )
    with pytest.raises(TwilioRestException) as refused:
        client.messaging.v1.services(MESSAGING_SERVICE).phone_numbers.create(
            phone_number_sid=str(bought.sid)
        )
    assert (refused.value.code, refused.value.status) == (21712, 409)
    assert [it.phone_number for it in pool.list()] == ["+12025550110"]
    assert number.fetch().service_sid == service.sid
    assert number.delete()
    assert pool.list() == []


def test_other_senders_of_a_service(client: Client, world: World, service: ServiceInstance) -> None:
    of_service = client.messaging.v1.services(str(service.sid))
    short_code = add_number(world, ACCOUNT, "12345")
    world[PhoneNumbers].put(replace(short_code, country="US", mms=False))
    pooled = of_service.short_codes.create(short_code_sid=short_code.sid)
    assert (pooled.short_code, pooled.country_code, pooled.capabilities) == (
        "12345",
        "US",
        ["SMS"],
    )
    assert [it.sid for it in of_service.short_codes.list()] == [short_code.sid]

    whatsapp = world[PhoneNumbers].at("whatsapp:+14155238886")
    assert whatsapp is not None
    sender = of_service.channel_senders.create(sid=whatsapp.sid)
    assert (sender.sender, sender.sender_type, sender.messaging_service_sid) == (
        "whatsapp:+14155238886",
        "WhatsApp",
        service.sid,
    )
    assert of_service.channel_senders(whatsapp.sid).fetch().country_code == "US"

    name = of_service.alpha_senders.create(alpha_sender="ACME")
    assert (name.alpha_sender, name.capabilities) == ("ACME", ["SMS"])
    assert [it.sid for it in of_service.alpha_senders.list()] == [name.sid]
    assert name.fetch().sid == name.sid
    assert name.delete()


def test_a_service_has_to_be_named(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messaging.v1.services.create(friendly_name="")
    assert refused.value.code == 50000
    assert client.messaging.v1.services(MESSAGING_SERVICE).fetch().friendly_name == (
        "Default Messaging Service for Conversations"
    )
