import json
from typing import Any

import pytest

from tests.webhooks.conftest import (
    ACCOUNT,
    ANN,
    MESSAGING_SERVICE,
    NUMBER,
    SERVICE,
    public_url,
)
from twilio_emulator.core.carrier.handset_commands import ChangeHandset
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import Happened, World
from twilio_emulator.core.messaging.inbound import SendFromHandset, TextCaptured, TextReceived
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.senders.area_codes import place_of
from twilio_emulator.core.senders.messaging_services import UpdateMessagingService
from twilio_emulator.core.senders.number_orders import UpdateNumber
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.senders.twiml_apps import (
    AddApplication,
    RemoveApplication,
    UpdateApplication,
)
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.media import Enclosure, TextMedia
from twilio_emulator.core.texts.text import Text, Texts
from twilio_emulator.webhooks.decisions import Outcome
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.messaging import inbound

URL = "https://example.com/sms"
WHATSAPP = "whatsapp:+14155238886"


def set_number(world: World, address: str = NUMBER, **settings: str) -> None:
    number = world[PhoneNumbers].at(address)
    assert number is not None
    world[PhoneNumbers].put(replace(number, **settings))


def received(world: World, **wanted: Any) -> Outcome | None:
    """What becomes of a text that Ann sends."""
    texts: list[Text] = []

    def hear(happened: Happened) -> None:
        if isinstance(happened.event, TextReceived | TextCaptured):
            texts.append(happened.event.text)

    world.listeners.append(hear)
    wanted = {"address": ANN, "to": NUMBER, "body": "Hi there"} | wanted
    world.perform(SendFromHandset(**wanted))
    (text,) = texts
    return inbound.received(world, text, public_url)


def request_for(world: World, **wanted: Any) -> Request:
    outcome = received(world, **wanted)
    assert outcome is not None
    assert outcome[1] is not None
    return outcome[1]


def test_a_text_as_recorded(world: World) -> None:
    set_number(world, sms_url=URL)

    request = request_for(world)

    (text,) = world[Texts]
    assert (request.url, request.method, request.subject) == (URL, "POST", text.sid)
    assert request.fallback is None
    assert dict(request.parameters) == {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsMessageSid": text.sid,
        "AccountSid": ACCOUNT,
        "MessagingServiceSid": MESSAGING_SERVICE,
        "From": ANN,
        "To": NUMBER,
        "Body": "Hi there",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "FromCity": "WASHINGTON",
        "FromState": "DC",
        "FromZip": "20001",
        "FromCountry": "US",
        "ToCity": "WASHINGTON",
        "ToState": "DC",
        "ToZip": "20001",
        "ToCountry": "US",
    }


def test_media_are_linked_as_apps_can_open_them(world: World) -> None:
    set_number(world, sms_url=URL)
    files = (
        Enclosure(content_type="image/png", size=1, digest="a"),
        Enclosure(content_type="image/gif", size=1, digest="b"),
    )

    said = dict(request_for(world, media=files).parameters)

    (text,) = world[Texts]
    first, second = world[TextMedia]
    base = f"http://localhost:8008/api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/{text.sid}"
    assert said["NumMedia"] == "2"
    assert said["MediaUrl0"] == f"{base}/Media/{first.sid}"
    assert said["MediaUrl1"] == f"{base}/Media/{second.sid}"
    assert (said["MediaContentType0"], said["MediaContentType1"]) == ("image/png", "image/gif")


def test_whatsapp_says_who_and_not_where(world: World) -> None:
    set_number(world, WHATSAPP, sms_url=URL, sandbox_code=None)
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body="first contact"))
    world.perform(ChangeHandset(address=ANN, profile_name="Ann"))

    said = dict(request_for(world, to=WHATSAPP).parameters)

    assert (said["From"], said["To"]) == (f"whatsapp:{ANN}", WHATSAPP)
    assert (said["ProfileName"], said["WaId"]) == ("Ann", ANN[1:])
    assert (said["MessageType"], said["ReferralNumMedia"]) == ("text", "0")
    assert json.loads(said["ChannelMetadata"]) == {
        "type": "whatsapp",
        "data": {"context": {"ProfileName": "Ann", "WaId": ANN[1:]}},
    }
    assert "FromCity" not in said


def test_other_channels_say_neither(world: World) -> None:
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="x"))
    branded = replace(text, channel=Channel.RCS, sender=f"rcs:{ANN}", to="rcs:brand")

    said = dict(inbound.parameters(world, branded, public_url))

    assert said["From"] == f"rcs:{ANN}"
    assert not {"FromCity", "ChannelMetadata"} & said.keys()


def test_further_parameters_are_added(world: World) -> None:
    set_number(world, sms_url=URL)

    said = request_for(world, parameters=(("Extra", "1"),)).parameters

    assert said[-1] == ("Extra", "1")


def test_an_opt_out_is_named(world: World) -> None:
    set_number(world, sms_url=URL)
    (text,) = [world.perform(SendFromHandset(address=ANN, to=NUMBER, body="x"))]
    heard = replace(text, opt_out_type="STOP")

    said = dict(inbound.parameters(world, heard, public_url))

    assert said["OptOutType"] == "STOP"
    assert "OptOutType" not in dict(inbound.parameters(world, text, public_url))


class TestWhere:
    def test_the_number_says(self, world: World) -> None:
        set_number(
            world,
            sms_url=URL,
            sms_method="GET",
            sms_fallback_url=f"{URL}/fallback",
            sms_fallback_method="GET",
        )

        request = request_for(world)

        assert (request.url, request.method) == (URL, "GET")
        assert request.fallback == (f"{URL}/fallback", "GET")

    def test_a_service_that_does_not_defer_says(self, world: World) -> None:
        set_number(world, sms_url=URL)
        world.perform(
            UpdateMessagingService(
                account=ACCOUNT,
                messaging_service=MESSAGING_SERVICE,
                inbound_request_url=f"{URL}/service",
                fallback_url=f"{URL}/fallback",
                use_inbound_webhook_on_number=False,
            )
        )

        outcome = received(world)

        assert outcome is not None
        decision, request = outcome
        assert decision.setting == f"inbound_request_url of {MESSAGING_SERVICE}"
        assert request is not None
        assert (request.url, request.fallback) == (f"{URL}/service", (f"{URL}/fallback", "POST"))

    def test_nobody_without_an_url(self, world: World) -> None:
        assert received(world) is None

    def test_nobody_when_the_number_is_gone(self, world: World) -> None:
        set_number(world, "+12025550101", sms_url=URL)
        text = world.perform(SendFromHandset(address=ANN, to="+12025550101", body="x"))
        number = world[PhoneNumbers].at("+12025550101")
        assert number is not None
        world[PhoneNumbers].remove(number.sid)

        assert inbound.received(world, text, public_url) is None

    def test_a_conversation_captures_it_first(self, world: World) -> None:
        set_number(world, sms_url=URL)
        conversation = world.perform(AddConversation(service=SERVICE))
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=conversation.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )

        outcome = received(world)

        assert outcome is not None
        decision, request = outcome
        assert (request, decision.sent) == (None, False)
        assert decision.because == f"conversation {conversation.sid} captured it"


@pytest.mark.parametrize(
    ("number", "country", "place"),
    [
        ("+13177592786", "US", ("INDIANAPOLIS", "IN", "46204", "US")),
        ("+14165550100", "CA", ("TORONTO", "ON", "", "CA")),
        ("+15005550100", "US", ("", "", "", "US")),
        ("+442079460000", "GB", ("", "", "", "GB")),
        ("12345", None, ("", "", "", "")),
    ],
)
def test_where_a_number_is_from(
    number: str, country: str | None, place: tuple[str, str, str, str]
) -> None:
    assert place_of(number, country) == place


def test_the_url_of_a_number_can_be_set_by_request(world: World) -> None:
    number = world[PhoneNumbers].at(NUMBER)
    assert number is not None
    world.perform(UpdateNumber(account=ACCOUNT, number=number.sid, sms_url=URL))

    assert request_for(world).url == URL


def test_an_app_stands_in_for_the_urls_of_its_numbers(world: World) -> None:
    set_number(world, sms_url=URL)
    app = world.perform(
        AddApplication(
            account=ACCOUNT,
            sms_url="https://example.com/app",
            sms_method="GET",
            sms_fallback_url="https://example.com/app/fallback",
        )
    )
    set_number(world, sms_application_sid=app.sid)
    request = request_for(world)
    assert (request.url, request.method) == ("https://example.com/app", "GET")
    assert request.fallback == ("https://example.com/app/fallback", "POST")
    world.perform(UpdateApplication(account=ACCOUNT, application=app.sid, sms_url=""))
    assert received(world) is None
    world.perform(RemoveApplication(account=ACCOUNT, application=app.sid))
    assert request_for(world).url == URL


def test_parameters_that_nobody_knows_yet_can_be_added(world: World) -> None:
    set_number(world, sms_url=URL)
    world.perform(ChangeCarrier(extra_inbound_params={"NewThing": "1", "Other": ""}))
    assert request_for(world).parameters[-2:] == (("NewThing", "1"), ("Other", ""))


def test_area_codes_that_share_a_place_are_from_there() -> None:
    assert place_of("+19175550100", "US") == place_of("+12125550100", "US")
    assert place_of("+17755550100", "US") == ("", "", "", "US")
