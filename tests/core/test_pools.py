from collections.abc import Callable
from functools import partial

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders import number_listing, number_orders
from twilio_emulator.core.senders.alpha_senders import (
    AddAlphaSender,
    AddDestinationAlphaSender,
    RemoveAlphaSender,
    RemoveDestinationAlphaSender,
    fetch_alpha_sender,
    fetch_destination_alpha_sender,
    list_alpha_senders,
    list_destination_alpha_senders,
)
from twilio_emulator.core.senders.messaging_services import (
    AddMessagingService,
    MessagingServiceChanged,
    PoolChannelSender,
    PoolPhoneNumber,
    PoolShortCode,
    RemoveMessagingService,
    UnpoolNumber,
    UpdateMessagingService,
    fetch_channel_sender,
    fetch_phone_number,
    fetch_service,
    fetch_short_code,
    list_channel_senders,
    list_phone_numbers,
    list_services,
    list_short_codes,
)
from twilio_emulator.core.senders.number_listing import fetch_number, list_numbers
from twilio_emulator.core.senders.number_orders import (
    BuyLocalNumber,
    BuyMobileNumber,
    BuyNumber,
    BuyTollFreeNumber,
    NumberChanged,
    ReleaseNumber,
    UpdateNumber,
    UpdateShortCode,
)
from twilio_emulator.core.senders.resources import (
    AlphaSender,
    AlphaSenders,
    MessagingService,
    PhoneNumber,
    PhoneNumbers,
    add_number,
)
from twilio_emulator.core.senders.whatsapp_senders import UpdateChannelSender

ACCOUNT = "AC00000000000000000000000000000001"
STRANGER = "AC" + "2" * 32
DEFAULT = "MG00000000000000000000000000000001"
NOBODY = "PN" + "0" * 32


@pytest.fixture
def service(world: World) -> MessagingService:
    made = world.perform(AddMessagingService(account=ACCOUNT, friendly_name="Alerts"))
    assert isinstance(made, MessagingService)
    return made


@pytest.fixture
def number(world: World) -> PhoneNumber:
    bought = world.perform(BuyNumber(account=ACCOUNT, phone_number="+1 202 555 0110"))
    assert isinstance(bought, PhoneNumber)
    return bought


def code_of(act: Callable[[], object]) -> int:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_a_new_service_has_twilios_defaults(world: World, service: MessagingService) -> None:
    assert service.sid.startswith("MG")
    assert (service.sticky_sender, service.smart_encoding, service.mms_converter) == (True,) * 3
    assert (service.validity_period, service.inbound_method, service.usecase) == (
        36000,
        "POST",
        "undeclared",
    )
    assert service.use_inbound_webhook_on_number
    assert fetch_service(world, account=ACCOUNT, messaging_service=service.sid) == service
    assert [it.sid for it in list_services(world, account=ACCOUNT)] == [service.sid, DEFAULT]


def test_an_url_for_inbound_texts_is_used_unless_numbers_are_to_keep_theirs(
    world: World,
) -> None:
    made = world.perform(
        AddMessagingService(
            account=ACCOUNT, friendly_name="A", inbound_request_url="https://example.com/in"
        )
    )
    assert not made.use_inbound_webhook_on_number
    made = world.perform(
        AddMessagingService(
            account=ACCOUNT,
            friendly_name="A",
            inbound_request_url="https://example.com/in",
            use_inbound_webhook_on_number=True,
        )
    )
    assert made.use_inbound_webhook_on_number


def test_a_service_can_be_changed(world: World, told: Told, service: MessagingService) -> None:
    changed = world.perform(
        UpdateMessagingService(
            account=ACCOUNT,
            messaging_service=service.sid,
            friendly_name="News",
            status_callback="https://example.com/status",
            sticky_sender=False,
            validity_period="60",
            scan_message_content="disable",
            fallback_method="GET",
            usecase="marketing",
        )
    )
    assert (changed.friendly_name, changed.status_callback) == (
        "News",
        "https://example.com/status",
    )
    assert (changed.sticky_sender, changed.validity_period) == (False, 60)
    assert told.of(MessagingServiceChanged)[1:] == [
        MessagingServiceChanged(sid=service.sid, service=changed)
    ]
    changed = world.perform(
        UpdateMessagingService(account=ACCOUNT, messaging_service=service.sid, status_callback="")
    )
    assert changed.status_callback is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"friendly_name": ""}, 50000),
        ({"friendly_name": "a" * 65}, 50003),
        ({"inbound_request_url": "example.com"}, 20001),
        ({"inbound_method": "PUT"}, 20001),
        ({"scan_message_content": "maybe"}, 20001),
        ({"validity_period": "0"}, 21624),
    ],
)
def test_what_a_service_cannot_be(
    world: World, service: MessagingService, fields: dict[str, str], code: int
) -> None:
    wish = UpdateMessagingService(account=ACCOUNT, messaging_service=service.sid, **fields)  # type: ignore[arg-type]
    assert code_of(lambda: world.perform(wish)) == code


def test_a_service_needs_a_name(world: World) -> None:
    assert code_of(lambda: world.perform(AddMessagingService(account=ACCOUNT))) == 50000


def test_closing_a_service_frees_its_numbers(
    world: World, told: Told, service: MessagingService, number: PhoneNumber
) -> None:
    world[PhoneNumbers].put(replace(number, messaging_service_sid=service.sid))
    world.perform(
        AddAlphaSender(account=ACCOUNT, messaging_service=service.sid, alpha_sender="ACME")
    )
    world.perform(RemoveMessagingService(account=ACCOUNT, messaging_service=service.sid))
    assert world[PhoneNumbers][number.sid].messaging_service_sid is None
    assert len(world[AlphaSenders]) == 0
    assert told.of(MessagingServiceChanged)[-1].service is None
    assert (
        code_of(lambda: fetch_service(world, account=ACCOUNT, messaging_service=service.sid))
        == 20404
    )


def test_a_service_is_its_accounts_own(world: World) -> None:
    assert (
        code_of(lambda: fetch_service(world, account=STRANGER, messaging_service=DEFAULT)) == 20404
    )


def test_a_number_is_in_one_pool_at_most(
    world: World, service: MessagingService, number: PhoneNumber
) -> None:
    def pool(messaging_service: str, number: str) -> object:
        return world.perform(
            PoolPhoneNumber(
                account=ACCOUNT, messaging_service=messaging_service, phone_number_sid=number
            )
        )

    pool(service.sid, number.sid)
    assert code_of(lambda: pool(service.sid, number.sid)) == 21710
    assert code_of(lambda: pool(DEFAULT, number.sid)) == 21712
    assert code_of(lambda: pool(DEFAULT, NOBODY)) == 20404

    world.perform(UnpoolNumber(account=ACCOUNT, messaging_service=service.sid, number=number.sid))
    pool(DEFAULT, number.sid)
    found = fetch_phone_number(world, account=ACCOUNT, messaging_service=DEFAULT, number=number.sid)
    assert found.address == "+12025550110"


def test_members_are_put_in_and_listed_by_their_kind(world: World) -> None:
    whatsapp = world[PhoneNumbers].at("whatsapp:+14155238886")
    assert whatsapp is not None
    short_code = add_number(world, ACCOUNT, "12345")
    where = {"account": ACCOUNT, "messaging_service": DEFAULT}
    world.perform(PoolShortCode(**where, short_code_sid=short_code.sid))
    world.perform(PoolChannelSender(**where, sid=whatsapp.sid))
    wrong = PoolPhoneNumber(**where, phone_number_sid=whatsapp.sid)
    assert code_of(lambda: world.perform(wrong)) == 20404

    assert [it.address for it in list_phone_numbers(world, **where)] == [
        "+12025550100",
        "+12025550101",
    ]
    assert [it.address for it in list_short_codes(world, **where)] == ["12345"]
    assert [it.address for it in list_channel_senders(world, **where)] == [whatsapp.address]
    assert fetch_short_code(world, **where, number=short_code.sid).address == "12345"
    assert fetch_channel_sender(world, **where, number=whatsapp.sid).address == whatsapp.address
    assert code_of(lambda: fetch_phone_number(world, **where, number=whatsapp.sid)) == 20404


def test_a_service_may_have_names(world: World, service: MessagingService) -> None:
    def alpha(name: str) -> AddAlphaSender:
        return AddAlphaSender(account=ACCOUNT, messaging_service=service.sid, alpha_sender=name)

    sender = world.perform(alpha("ACME"))
    assert (sender.sid[:2], sender.address) == ("AI", "ACME")
    rows = list_alpha_senders(world, account=ACCOUNT, messaging_service=service.sid)
    assert list(rows) == [sender]
    assert code_of(lambda: world.perform(alpha("+12025550100"))) == 21709

    removal = RemoveAlphaSender(
        account=ACCOUNT, messaging_service=service.sid, alpha_sender=sender.sid
    )
    world.perform(removal)
    assert code_of(lambda: world.perform(removal)) == 20404


def test_what_a_new_service_does_unless_told_otherwise(service: MessagingService) -> None:
    assert service.us_app_to_person_registered is False
    assert (service.sticky_sender, service.smart_encoding, service.mms_converter) == (True,) * 3
    assert (service.fallback_to_long_code, service.area_code_geomatch) == (True, True)
    assert (service.synchronous_validation, service.validity_period) == (False, 36000)
    assert (service.use_inbound_webhook_on_number, service.turn) == (True, 0)


@pytest.mark.parametrize(
    ("address", "sms", "mms", "voice"),
    [
        ("+13035550100", True, True, True),
        ("+18005550100", True, True, True),
        ("54321", True, True, False),
        ("whatsapp:+13035550100", True, False, False),
    ],
)
def test_what_a_new_sender_can_do(
    world: World, address: str, sms: bool, mms: bool, voice: bool
) -> None:
    made = add_number(world, ACCOUNT, address)
    assert (made.sms, made.mms, made.voice) == (sms, mms, voice)
    assert not made.verified
    assert not made.mobile
    assert not made.voice_caller_id_lookup


def test_what_a_rehearsed_number_can_do(world: World) -> None:
    order = BuyNumber(account=ACCOUNT, phone_number="+15005550006")
    made = number_orders.rehearse(world, order)
    assert (made.address, made.sms, made.mms, made.voice) == ("+15005550006", True, True, True)
    assert world[PhoneNumbers].at("+15005550006") is None


def test_whoever_shows_a_service_hears_of_its_senders(
    world: World, service: MessagingService, number: PhoneNumber, told: Told
) -> None:
    where = {"account": ACCOUNT, "messaging_service": service.sid}
    told.clear()
    world.perform(PoolPhoneNumber(**where, phone_number_sid=number.sid))
    assert told.of(MessagingServiceChanged) == [
        MessagingServiceChanged(sid=service.sid, service=service)
    ]
    sender = world.perform(AddAlphaSender(**where, alpha_sender="ACME"))
    assert len(told.of(MessagingServiceChanged)) == 2
    world.perform(RemoveAlphaSender(**where, alpha_sender=sender.sid))
    assert len(told.of(MessagingServiceChanged)) == 3
    world.perform(UnpoolNumber(**where, number=number.sid))
    assert (
        told.of(MessagingServiceChanged)
        == [MessagingServiceChanged(sid=service.sid, service=service)] * 4
    )


@pytest.mark.parametrize("sid", [NOBODY, "PN" + "1" * 32])
def test_who_is_not_in_the_pool_is_not_found_there(
    world: World, service: MessagingService, sid: str
) -> None:
    assert (
        code_of(
            lambda: fetch_phone_number(
                world, account=ACCOUNT, messaging_service=service.sid, number=sid
            )
        )
        == 20404
    )
    elsewhere = next(iter(world[PhoneNumbers])).sid
    assert (
        code_of(
            lambda: fetch_phone_number(
                world, account=ACCOUNT, messaging_service=service.sid, number=elsewhere
            )
        )
        == 20404
    )
    other = world.perform(
        AddAlphaSender(account=ACCOUNT, messaging_service=DEFAULT, alpha_sender="ACME")
    )
    assert (
        code_of(
            lambda: fetch_alpha_sender(
                world, account=ACCOUNT, messaging_service=service.sid, alpha_sender=other.sid
            )
        )
        == 20404
    )


def test_any_possible_number_can_be_bought(world: World, told: Told, number: PhoneNumber) -> None:
    assert (number.address, number.friendly_name) == ("+12025550110", "+12025550110")
    assert told.of(NumberChanged) == [NumberChanged(sid=number.sid, number=number)]
    assert fetch_number(world, account=ACCOUNT, number=number.sid) == number


def test_the_next_fictional_number_of_an_area_can_be_bought(world: World) -> None:
    bought = [world.perform(BuyNumber(account=ACCOUNT, area_code="202")) for _ in range(2)]
    assert [number.address for number in bought] == ["+12025550102", "+12025550103"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 21424),
        ({"phone_number": "+1555"}, 21421),
        ({"phone_number": "+15005550001"}, 21421),
        ({"phone_number": "+15005550000"}, 21422),
        ({"phone_number": "+12025550100"}, 21422),
        ({"area_code": "533"}, 21452),
        ({"area_code": "12"}, 21452),
        ({"area_code": "202", "sms_method": "PUT"}, 20001),
        ({"area_code": "202", "sms_url": "example.com"}, 20001),
        ({"area_code": "202", "sms_fallback_url": "https://example.com/f"}, 21406),
    ],
)
def test_what_cannot_be_bought(world: World, fields: dict[str, str], code: int) -> None:
    before = world.snapshot()
    assert code_of(lambda: world.perform(BuyNumber(account=ACCOUNT, **fields))) == code  # type: ignore[arg-type]
    assert world.snapshot() == before


def test_an_area_can_be_sold_out(world: World) -> None:
    for _ in range(98):
        world.perform(BuyNumber(account=ACCOUNT, area_code="202"))
    assert code_of(lambda: world.perform(BuyNumber(account=ACCOUNT, area_code="202"))) == 21452


def test_a_number_can_be_changed_and_given_back(world: World, number: PhoneNumber) -> None:
    changed = world.perform(
        UpdateNumber(
            account=ACCOUNT,
            number=number.sid,
            friendly_name="",
            sms_url="https://example.com/sms",
            sms_method="GET",
            sms_fallback_url="https://example.com/f",
            sms_application_sid="AP" + "0" * 32,
        )
    )
    assert (changed.sms_url, changed.sms_method) == ("https://example.com/sms", "GET")
    assert changed.friendly_name == ""
    changed = world.perform(
        UpdateNumber(account=ACCOUNT, number=number.sid, sms_fallback_url="https://example.com/g")
    )
    assert changed.sms_fallback_url == "https://example.com/g"
    wish = UpdateNumber(
        account=ACCOUNT, number=number.sid, sms_url="", sms_fallback_url="https://example.com/h"
    )
    assert code_of(lambda: world.perform(wish)) == 21406

    world.perform(ReleaseNumber(account=ACCOUNT, number=number.sid))
    assert (
        code_of(lambda: world.perform(ReleaseNumber(account=ACCOUNT, number=number.sid))) == 20404
    )
    assert world[PhoneNumbers].at("+12025550110") is None


def test_short_codes_and_channel_senders_have_settings_too(
    world: World, number: PhoneNumber
) -> None:
    short_code = add_number(world, ACCOUNT, "12345")
    whatsapp = world[PhoneNumbers].at("whatsapp:+14155238886")
    assert whatsapp is not None
    url = "https://example.com/sms"
    changed = world.perform(UpdateShortCode(account=ACCOUNT, number=short_code.sid, sms_url=url))
    assert changed.sms_url == url
    changed = world.perform(
        UpdateChannelSender(account=ACCOUNT, number=whatsapp.sid, webhook={"callback_url": url})
    )
    assert changed.sms_url == url
    for wrong in (
        UpdateShortCode(account=ACCOUNT, number=number.sid),
        UpdateChannelSender(account=ACCOUNT, number=number.sid),
        UpdateNumber(account=ACCOUNT, number=short_code.sid),
    ):
        assert code_of(partial(world.perform, wrong)) == 20404
    codes = number_listing.list_short_codes(world, account=ACCOUNT, short_code="234")
    assert [it.sid for it in codes] == [short_code.sid]


def test_numbers_are_listed_by_their_kind(world: World, number: PhoneNumber) -> None:
    toll_free = world.perform(BuyNumber(account=ACCOUNT, phone_number="+18005550100"))
    rows = number_listing.list_toll_free_numbers(world, account=ACCOUNT)
    assert [it.sid for it in rows] == [toll_free.sid]
    assert number.sid in {
        it.sid for it in number_listing.list_local_numbers(world, account=ACCOUNT)
    }


def test_numbers_are_listed_newest_first_and_found_by_a_part(
    world: World, number: PhoneNumber
) -> None:
    def found(**filters: str) -> list[str]:
        return [it.address for it in list_numbers(world, account=ACCOUNT, **filters)]

    assert found() == ["+12025550110", "+12025550101", "+12025550100"]
    assert found(phone_number="0110") == ["+12025550110"]
    assert found(phone_number="+1202*55011*") == ["+12025550110"]
    assert found(phone_number="99") == []
    assert found(friendly_name="+12025550100") == ["+12025550100"]
    assert code_of(lambda: fetch_number(world, account=STRANGER, number=number.sid)) == 20404


def test_numbers_are_bought_by_type(world: World) -> None:
    local = world.perform(BuyLocalNumber(account=ACCOUNT, phone_number="+12025550110"))
    mobile = world.perform(BuyMobileNumber(account=ACCOUNT, phone_number="+447700900123"))
    free = world.perform(BuyTollFreeNumber(account=ACCOUNT, phone_number="+18005550100"))
    assert (local.mobile, mobile.mobile, free.kind) == (False, True, "toll-free")
    assert local.sid in {it.sid for it in number_listing.list_local_numbers(world, account=ACCOUNT)}
    assert mobile.sid not in {
        it.sid for it in number_listing.list_local_numbers(world, account=ACCOUNT)
    }
    assert [it.sid for it in number_listing.list_mobile_numbers(world, account=ACCOUNT)] == [
        mobile.sid
    ]
    assert [it.sid for it in number_listing.list_toll_free_numbers(world, account=ACCOUNT)] == [
        free.sid
    ]
    assert list(number_listing.list_numbers(world, account=ACCOUNT, beta=True)) == []
    assert list(number_listing.list_numbers(world, account=ACCOUNT, origin="hosted")) == []
    assert len(list(number_listing.list_numbers(world, account=ACCOUNT, origin="twilio"))) == 5
    for wish in (
        BuyLocalNumber(account=ACCOUNT, phone_number="+18005550101"),
        BuyMobileNumber(account=ACCOUNT, phone_number="+18005550101"),
        BuyTollFreeNumber(account=ACCOUNT, phone_number="+12025550111"),
    ):
        assert code_of(partial(world.perform, wish)) == 21421


def test_names_for_destinations_are_listed_apart(world: World, service: MessagingService) -> None:
    def add(name: str, country: str | None = None) -> AlphaSender:
        sender = world.perform(
            AddDestinationAlphaSender(
                account=ACCOUNT,
                messaging_service=service.sid,
                alpha_sender=name,
                iso_country_code=country,
            )
        )
        assert isinstance(sender, AlphaSender)
        return sender

    def sids(**filters: str) -> list[str]:
        rows = list_destination_alpha_senders(
            world, account=ACCOUNT, messaging_service=service.sid, **filters
        )
        return [it.sid for it in rows]

    everywhere, france = add("ACME"), add("ACME-FR", "fr")
    assert (everywhere.country, france.country) == (None, "FR")
    assert sids() == [everywhere.sid, france.sid]
    assert sids(iso_country_code="FR") == [france.sid]
    assert list(list_alpha_senders(world, account=ACCOUNT, messaging_service=service.sid)) == []
    for country in ("FRA", "F1"):
        assert code_of(partial(add, "ACME", country)) == 20001
    world.perform(
        RemoveDestinationAlphaSender(
            account=ACCOUNT, messaging_service=service.sid, alpha_sender=france.sid
        )
    )
    assert sids() == [everywhere.sid]
    wrong = partial(
        fetch_destination_alpha_sender, world, account=ACCOUNT, messaging_service=service.sid
    )
    assert code_of(partial(wrong, alpha_sender=france.sid)) == 20404


def test_an_area_begins_with_its_first_fictional_number(world: World) -> None:
    first = world.perform(BuyNumber(account=ACCOUNT, area_code="303"))
    assert first.address == "+13035550100"
