import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.accounts.debugger_alerts import AlertRaised
from twilio_emulator.core.carrier.caller_id_verification import verify
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.carrier.opt_outs import AddOptOut
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.phones.inbox import find_links
from twilio_emulator.core.senders.alpha_senders import AddAlphaSender
from twilio_emulator.core.senders.messaging_services import AddMessagingService, MarkService
from twilio_emulator.core.senders.number_orders import BuyNumber
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers
from twilio_emulator.core.senders.twiml_apps import AddApplication, Applications
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.media import TextMedia
from twilio_emulator.core.texts.short_links import ShortLinks
from twilio_emulator.core.texts.text import Direction, Text, TextStatus

ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "MG00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"
WHATSAPP = "whatsapp:+14155238886"
Send = Callable[..., Text]


def test_a_text_from_a_number_is_queued_at_once(send: Send) -> None:
    text = send(body="Your code is 123456")

    assert text.sid.startswith("SM")
    assert (text.status, text.direction) == (TextStatus.QUEUED, Direction.OUTBOUND_API)
    assert (text.sender, text.to, text.body) == (NUMBER, ANN, "Your code is 123456")
    assert (text.num_segments, text.num_media) == (1, 0)
    assert text.date_created == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert text.date_sent is None
    assert text.messaging_service_sid is None


def test_a_text_of_a_service_is_accepted_and_has_no_sender_yet(send: Send) -> None:
    text = send(from_=None, messaging_service_sid=SERVICE)
    assert (text.status, text.sender, text.num_segments) == (TextStatus.ACCEPTED, None, 0)
    assert text.messaging_service_sid == SERVICE


def test_a_service_may_stand_in_the_place_of_the_sender(send: Send) -> None:
    assert send(from_=SERVICE).messaging_service_sid == SERVICE


def test_a_text_of_a_service_may_name_its_sender(send: Send) -> None:
    text = send(messaging_service_sid=SERVICE)
    assert (text.status, text.sender, text.num_segments) == (TextStatus.ACCEPTED, NUMBER, 1)


def test_media_make_it_an_mms(world: World, send: Send) -> None:
    text = send(body=None, media_url=("https://example.com/a.png", "", "https://example.com/b.png"))
    assert text.sid.startswith("MM")
    assert (text.channel, text.body, text.num_media, text.num_segments) == ("mms", "", 2, 1)
    assert [media.url for media in world[TextMedia]] == [
        "https://example.com/a.png",
        "https://example.com/b.png",
    ]
    assert send(send_as_mms=True).sid.startswith("MM")


def test_numbers_come_back_in_their_normal_form(send: Send) -> None:
    text = send(to="(202) 555-0199", from_="+1 202 555 0100")
    assert (text.to, text.sender) == (ANN, NUMBER)
    text = send(to="whatsapp:+1 202 555 0199", from_=WHATSAPP)
    assert text.to == "whatsapp:+12025550199"
    assert text.channel == "whatsapp"


def test_what_else_can_be_asked_for(send: Send) -> None:
    text = send(
        status_callback="https://example.com/status?id=1",
        validity_period="60",
        provide_feedback=True,
        content_retention="discard",
        address_retention="obfuscate",
        persistent_action=("geo:1,2",),
        max_price="0.01",
        tags='{"a":"b"}',
    )
    assert text.status_callback == "https://example.com/status?id=1"
    assert text.validity_period == 60
    assert text.provide_feedback
    assert text.persistent_action == ("geo:1,2",)
    assert text.tags == '{"a":"b"}'
    assert text.discard_body
    assert text.obfuscate_address


def test_a_service_says_what_a_request_does_not(world: World, send: Send) -> None:
    world[MessagingServices].put(
        replace(
            world[MessagingServices][SERVICE],
            status_callback="https://example.com/service",
            validity_period=120,
        )
    )
    text = send(messaging_service_sid=SERVICE, body="“Hi”")
    assert text.status_callback == "https://example.com/service"
    assert text.validity_period == 120
    assert text.body == '"Hi"'

    text = send(
        messaging_service_sid=SERVICE,
        body="“Hi”",
        smart_encoded=False,
        status_callback="https://example.com/own",
    )
    assert text.status_callback == "https://example.com/own"
    assert text.body == "“Hi”"


def test_smart_encoding_without_a_service_has_to_be_asked_for(send: Send) -> None:
    assert send(body="“Hi”").body == "“Hi”"
    assert send(body="“Hi”", smart_encoded=True).body == '"Hi"'


def test_a_text_may_be_scheduled(send: Send) -> None:
    text = send(
        from_=None,
        messaging_service_sid=SERVICE,
        schedule_type="fixed",
        send_at="2026-01-05T10:00:00Z",
    )
    assert (text.status, text.sender, text.num_segments) == (TextStatus.SCHEDULED, None, 0)
    assert text.send_at == datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("send_at", ["2026-01-05T09:15:00Z", "2026-02-09T09:00:00Z"])
def test_the_bounds_of_the_schedule_are_included(send: Send, send_at: str) -> None:
    text = send(messaging_service_sid=SERVICE, schedule_type="fixed", send_at=send_at)
    assert text.status is TextStatus.SCHEDULED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": None}, 21604),
        ({"to": "", "from_": ""}, 21604),
        ({"from_": None}, 21603),
        ({"from_": None, "to": "nonsense", "body": None}, 21603),
        ({"body": None}, 21619),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
        ({"content_sid": "HX" + "0" * 32}, 21655),
        ({"content_sid": "HX1"}, 21655),
        ({"content_variables": "{}"}, 21654),
        ({"media_url": ("https://example.com/a",) * 11}, 21623),
        ({"media_url": ("ftp://example.com/a",)}, 21620),
        ({"media_url": ("http://[nonsense/a",)}, 21620),
        ({"media_url": ("http://example.com:99999/a",)}, 21620),
        ({"media_url": ("http://example.com:0/a",)}, 21620),
        ({"status_callback": "example.com"}, 21609),
        ({"max_price": "dear"}, 21627),
        ({"content_retention": "burn"}, 30029),
        ({"address_retention": "burn"}, 30030),
        ({"validity_period": "0"}, 21624),
        ({"validity_period": "36001"}, 21624),
        ({"validity_period": "soon"}, 21624),
        ({"messaging_service_sid": "MG1"}, 21705),
        ({"messaging_service_sid": "MG" + "9" * 32}, 21701),
        ({"from_": "+1555"}, 21212),
        ({"from_": "+12025550123"}, 21659),
        ({"from_": "12345"}, 21659),
        ({"from_": "2025550100"}, 21212),
        ({"from_": "whatsapp:+12025550100", "to": "whatsapp:+12025550199"}, 63007),
        ({"from_": "whatsapp:+1555", "to": "whatsapp:+12025550199"}, 63007),
        ({"from_": WHATSAPP}, 21910),
        ({"to": "whatsapp:+12025550199"}, 21910),
        ({"to": "+1555"}, 21211),
        ({"to": "12345"}, 21265),
        ({"to": NUMBER}, 21266),
        ({"to": WHATSAPP, "from_": WHATSAPP}, 63031),
        ({"from_": "ACME"}, 21612),
        ({"from_": "ACME", "to": "+447700900123", "media_url": ("https://example.com/a",)}, 21621),
        ({"from_": "ACME", "to": "+447700900123", "messaging_service_sid": SERVICE}, 21709),
        ({"schedule_type": "fixed"}, 35111),
        ({"schedule_type": "optimize", "send_at": "2026-01-05T10:00:00Z"}, 35126),
        ({"schedule_type": "fixed", "send_at": "2026-01-05T10:00:00Z"}, 35118),
        ({"messaging_service_sid": SERVICE, "send_at": "tomorrow"}, 35115),
        ({"messaging_service_sid": SERVICE, "send_at": "2026-01-05T09:14:59Z"}, 35117),
        ({"messaging_service_sid": SERVICE, "send_at": "2026-02-09T09:00:01Z"}, 35117),
    ],
)
def test_what_twilio_refuses(
    world: World, send: Send, fields: dict[str, object], code: int
) -> None:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        send(**fields)
    assert refused.value.code == code
    assert world.snapshot() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "a" * 1600},
        {"media_url": ("https://example.com/a",) * 10},
        {"validity_period": "1"},
        {"validity_period": "36000"},
    ],
)
def test_what_twilio_just_accepts(send: Send, fields: dict[str, object]) -> None:
    assert send(**fields).status is TextStatus.QUEUED


def test_a_refusal_hides_the_end_of_the_recipients_number(send: Send) -> None:
    with pytest.raises(Refused, match=r"Invalid 'To' Phone Number: \+1403555123XXXX"):
        send(to="+14035551234567")


def test_a_name_may_send_where_names_are_usual(send: Send) -> None:
    assert send(from_="ACME", to="+447700900123").sender == "ACME"


def test_a_recipient_who_opted_out_is_refused_for_a_number_alone(world: World, send: Send) -> None:
    world.perform(AddOptOut(recipient=ANN, scope=SERVICE))
    with pytest.raises(Refused) as refused:
        send()
    assert refused.value.code == 21610

    assert send(messaging_service_sid=SERVICE).status is TextStatus.ACCEPTED
    world.perform(ChangeCarrier(opt_outs=False))
    assert send().status is TextStatus.QUEUED


def test_a_service_needs_senders(world: World, send: Send) -> None:
    service = world.perform(AddMessagingService(account=ACCOUNT, friendly_name="Empty"))
    with pytest.raises(Refused) as refused:
        send(from_=None, messaging_service_sid=service.sid)
    assert refused.value.code == 21704
    with pytest.raises(Refused) as refused:
        send(messaging_service_sid=service.sid)
    assert refused.value.code == 21711

    world.perform(
        AddAlphaSender(account=ACCOUNT, messaging_service=service.sid, alpha_sender="ACME")
    )
    text = send(from_="ACME", to="+447700900123", messaging_service_sid=service.sid)
    assert text.sender == "ACME"


def test_a_number_may_lack_what_is_asked_of_it(world: World, send: Send) -> None:
    number = world.perform(BuyNumber(account=ACCOUNT, phone_number="+12025550123"))
    world[PhoneNumbers].put(replace(number, mms=False))
    with pytest.raises(Refused) as refused:
        send(from_=number.address, media_url=("https://example.com/a.png",))
    assert refused.value.code == 21621

    world[PhoneNumbers].put(replace(number, sms=False))
    with pytest.raises(Refused) as refused:
        send(from_=number.address)
    assert refused.value.code == 21661

    world[PhoneNumbers].put(replace(number, account_sid="AC" + "2" * 32))
    with pytest.raises(Refused) as refused:
        send(from_=number.address)
    assert refused.value.code == 21660


def test_a_carrier_may_be_told_to_take_any_sender(world: World, send: Send) -> None:
    world.perform(ChangeCarrier(any_sender=True))
    assert send(from_="+12025550123").sender == "+12025550123"
    assert send(from_="+12025550123", messaging_service_sid=SERVICE).sender == "+12025550123"
    world.perform(ChangeCarrier(opt_outs=False))
    assert send(from_="12345", media_url=("https://example.com/a.png",)).sender == "12345"


def test_countries_may_be_forbidden(world: World, send: Send) -> None:
    world.perform(ChangeCarrier(forbidden_countries=("GB",)))
    with pytest.raises(Refused, match=r"\+44770090XXXX") as refused:
        send(to="+447700900123")
    assert refused.value.code == 21408
    assert send().status is TextStatus.QUEUED


@pytest.mark.parametrize(
    ("settings", "code"), [({"line_type": "landline"}, 21635), ({"channels": ("whatsapp",)}, 21614)]
)
def test_what_takes_no_texts_is_refused_when_numbers_are_looked_up(
    world: World, send: Send, settings: dict[str, Any], code: int
) -> None:
    world.perform(UpsertHandset(address=ANN, **settings))
    assert send().status is TextStatus.QUEUED
    world.perform(ChangeCarrier(lookup_at_api=True))
    with pytest.raises(Refused) as refused:
        send()
    assert refused.value.code == code
    assert send(to="+12025550198").status is TextStatus.QUEUED
    world.perform(UpsertHandset(address=ANN, line_type="mobile", channels=("sms",)))
    assert send().status is TextStatus.QUEUED


def test_an_app_says_where_statuses_are_called_back(world: World, send: Send) -> None:
    url = "https://example.com/app"
    app = world.perform(AddApplication(account=ACCOUNT, message_status_callback=url))
    silent = world.perform(AddApplication(account=ACCOUNT))
    foreign = world[Applications].put(replace(app, sid="AP1", account_sid="AC2"))
    assert send(application_sid=app.sid).status_callback == url
    own = "https://example.com/own"
    assert send(application_sid=app.sid, status_callback=own).status_callback == own
    for sid in (silent.sid, foreign.sid, "AP2", None):
        assert send(application_sid=sid).status_callback is None


def test_a_service_without_a_sender_for_the_channel_is_refused_at_once(send: Send) -> None:
    with pytest.raises(Refused) as refused:
        send(from_=None, to=f"whatsapp:{ANN}", messaging_service_sid=SERVICE)
    assert refused.value.code == 21703


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 21664),
        ({"messaging_service_sid": SERVICE}, 21664),
        ({"from_": None}, 21666),
        ({"from_": None, "messaging_service_sid": SERVICE, "fallback_from": "+12025550123"}, 21665),
        ({"from_": None, "messaging_service_sid": SERVICE}, 21667),
        ({"from_": None, "messaging_service_sid": SERVICE, "fallback_from": "ACME"}, 21667),
    ],
)
def test_only_rcs_falls_back_and_there_is_none(
    send: Send, fields: dict[str, Any], code: int
) -> None:
    with pytest.raises(Refused) as refused:
        send(**{"fallback_from": NUMBER, **fields})
    assert refused.value.code == code


def test_a_host_with_an_underscore_is_warned_of(world: World, send: Send, told: Told) -> None:
    send(status_callback="http://app_1:5000/status")
    send(status_callback="http://app-1:5000/a_b")
    (raised,) = told.of(AlertRaised)
    assert (raised.alert.error_code, raised.alert.log_level) == (21609, "warning")
    assert "underscore" in raised.alert.alert_text


def test_a_trial_account_writes_to_verified_numbers(world: World, send: Send) -> None:
    account = world[Accounts][ACCOUNT]
    world[Accounts].put(replace(account, trial=True))
    with pytest.raises(Refused) as refused:
        send()
    assert (refused.value.code, refused.value.message[:46]) == (
        21608,
        "The number +1202555XXXX is unverified. Trial a",
    )
    with pytest.raises(Refused) as refused:
        send(from_="ACME", to="+447700900123")
    assert refused.value.code == 21267
    verify(world, ACCOUNT, ANN, "Ann")
    assert send().body == "Sent from your Twilio trial account - Hello"
    assert send(to=f"whatsapp:{ANN}", from_=WHATSAPP).to == f"whatsapp:{ANN}"
    assert send(to="+12025550101").to == "+12025550101"
    with pytest.raises(Refused) as refused:
        send(body="x" * 1590)
    assert refused.value.code == 21617


def test_links_are_shortened_for_a_service_with_a_host(world: World, send: Send) -> None:
    wish = {
        "from_": None,
        "messaging_service_sid": SERVICE,
        "body": "See https://example.com/a?b=c. Or http://example.com/!",
        "shorten_urls": True,
    }
    assert send(**wish).body == wish["body"]
    world.perform(MarkService(messaging_service=SERVICE, link_domain="go.acme.test"))
    one, two = find_links(send(**wish).body)
    assert re.fullmatch(r"https://go\.acme\.test/[0-9a-f]{7}", one)
    assert one != two
    assert [link.target for link in world[ShortLinks]] == [
        "https://example.com/a?b=c",
        "http://example.com/",
    ]
    assert send(**{**wish, "shorten_urls": False}).body == wish["body"]
    world.perform(MarkService(messaging_service=SERVICE, link_domain=""))
    assert send(**wish).body == wish["body"]


def test_a_text_says_which_conversation_it_comes_from(world: World) -> None:
    wish = CreateText(account=ACCOUNT, to=ANN, from_=NUMBER, body="Hello")

    assert wish.send(world, "conv_conversation_1").conversation_sid == "conv_conversation_1"
    assert wish.apply(world).conversation_sid is None
