from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.accounts.accounts import OpenAccount, open_account
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.alpha_senders import (
    AddAlphaSender,
    AddDestinationAlphaSender,
    RemoveAlphaSender,
)
from twilio_emulator.core.senders.messaging_services import (
    AddMessagingService,
    MessagingServiceChanged,
    PoolPhoneNumber,
    RemoveMessagingService,
    UnpoolNumber,
)
from twilio_emulator.core.senders.number_orders import BuyNumber, ReleaseNumber, UpdateNumber
from twilio_emulator.core.senders.resources import (
    AlphaSender,
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    add_number,
)
from twilio_emulator.core.senders.sender_selection import StickySenders
from twilio_emulator.core.texts.text import Text, Texts

ACCOUNT = "AC00000000000000000000000000000001"
SUB = "AC" + "5" * 32
ANN = "+12025550199"
Send = Callable[..., Text]
Advance = Callable[..., None]
Pool = Callable[..., PhoneNumber]
From = Callable[..., str | None]


@pytest.fixture
def service(world: World) -> str:
    """A messaging service with an empty pool."""
    made = world.perform(
        AddMessagingService(
            account=ACCOUNT, friendly_name="Pool", sticky_sender=False, area_code_geomatch=False
        )
    )
    return str(made.sid)


@pytest.fixture
def pool(world: World, service: str) -> Pool:
    """Put a number into the pool."""

    def pool(address: str, **changes: object) -> PhoneNumber:
        if address.startswith("+"):
            number = world.perform(BuyNumber(account=ACCOUNT, phone_number=address))
        else:
            number = add_number(world, ACCOUNT, address)
        world[PhoneNumbers].put(replace(number, **changes))
        return world[PhoneNumbers].put(
            replace(world[PhoneNumbers][number.sid], messaging_service_sid=service)
        )

    return pool


@pytest.fixture
def sender(world: World, service: str, send: Send, advance: Advance) -> From:
    """Who a text of the service comes from."""

    def sender(to: str = ANN, **fields: object) -> str | None:
        text = send(to=to, from_=None, messaging_service_sid=service, **fields)
        advance(milliseconds=5)
        chosen = world[Texts][text.sid]
        assert chosen.trace
        return chosen.sender

    return sender


def change(world: World, service: str, **changes: object) -> None:
    world[MessagingServices].put(replace(world[MessagingServices][service], **changes))


def test_equal_senders_take_turns(pool: Pool, sender: From) -> None:
    for line in ("0110", "0111", "0112"):
        pool(f"+1202555{line}")
    recipients = [f"+1202555012{digit}" for digit in range(4)]
    assert [sender(to) for to in recipients] == [
        "+12025550110",
        "+12025550111",
        "+12025550112",
        "+12025550110",
    ]


def test_whatsapp_recipients_take_whatsapp_senders_and_others_never(
    pool: Pool, sender: From
) -> None:
    pool("whatsapp:+14155550100")
    pool("+12025550110")
    assert sender() == "+12025550110"
    assert sender(f"whatsapp:{ANN}") == "whatsapp:+14155550100"


def test_a_recipient_keeps_its_sender_per_channel(
    world: World, service: str, pool: Pool, sender: From
) -> None:
    change(world, service, sticky_sender=True)
    pool("+12025550110")
    second = pool("+12025550111")
    pool("whatsapp:+14155550100")
    assert sender("+12025550120") == "+12025550110"
    assert sender() == "+12025550111"
    assert sender() == "+12025550111"
    assert sender(f"whatsapp:{ANN}") == "whatsapp:+14155550100"

    change(world, service, sticky_sender=False)
    assert sender("+12025550121") == "+12025550111"
    change(world, service, sticky_sender=True)
    assert sender("+12025550120") == "+12025550110"

    world.perform(UnpoolNumber(account=ACCOUNT, messaging_service=service, number=second.sid))
    assert sender() == "+12025550110"


def test_a_sender_that_comes_back_into_the_pool_is_nobodys_own(
    world: World, service: str, pool: Pool, sender: From
) -> None:
    change(world, service, sticky_sender=True)
    first, second = pool("+12025550110"), pool("+12025550111")
    assert sender() == first.address
    where = {"account": ACCOUNT, "messaging_service": service}
    world.perform(UnpoolNumber(**where, number=first.sid))
    world.perform(PoolPhoneNumber(**where, phone_number_sid=first.sid))
    assert sender() == second.address


Leave = Callable[[str, PhoneNumber, AlphaSender], object]


@pytest.mark.parametrize(
    ("leave", "stay"),
    [
        (lambda service, number, _: ReleaseNumber(account=ACCOUNT, number=number.sid), 1),
        (
            lambda service, number, _: UpdateNumber(
                account=ACCOUNT, number=number.sid, account_sid=SUB
            ),
            1,
        ),
        (
            lambda service, _, name: RemoveAlphaSender(
                account=ACCOUNT, messaging_service=service, alpha_sender=name.sid
            ),
            1,
        ),
        (lambda service, *_: RemoveMessagingService(account=ACCOUNT, messaging_service=service), 0),
    ],
)
def test_a_sender_that_leaves_the_pool_is_forgotten(
    world: World, told: Told, service: str, pool: Pool, sender: From, leave: Leave, stay: int
) -> None:
    open_account(world, SUB, ACCOUNT, OpenAccount())
    change(world, service, sticky_sender=True)
    number = pool("+12025550110")
    name = world.perform(
        AddAlphaSender(account=ACCOUNT, messaging_service=service, alpha_sender="ACME")
    )
    assert (sender(), sender("+447700900123")) == (number.address, "ACME")
    told.clear()
    world.perform(leave(service, number, name))  # type: ignore[arg-type]
    assert len(world[StickySenders]) == stay
    assert [each.sid for each in told.of(MessagingServiceChanged)] == [service]


def test_a_sender_of_the_recipients_country_replaces_a_foreign_one(
    world: World, service: str, pool: Pool, sender: From
) -> None:
    change(world, service, sticky_sender=True)
    pool("+12025550110")
    assert sender("+447700900123") == "+12025550110"
    pool("+447700900001")
    assert sender("+447700900123") == "+447700900001"


def test_the_country_decides_then_american_numbers_then_any(
    world: World, pool: Pool, sender: From
) -> None:
    foreign = pool("+491701234567")
    assert sender("+447700900123") == "+491701234567"
    pool("+12025550110")
    assert sender("+447700900123") == "+12025550110"
    pool("+447700900001")
    assert sender("+447700900123") == "+447700900001"
    world.perform(ReleaseNumber(account=ACCOUNT, number=foreign.sid))
    assert sender("+491701234568") == "+12025550110"


def test_types_are_preferred_in_their_order(
    world: World, service: str, pool: Pool, sender: From
) -> None:
    pool("+447700900001")
    world.perform(AddAlphaSender(account=ACCOUNT, messaging_service=service, alpha_sender="ACME"))
    assert sender("+447700900123") == "ACME"
    pool("12345", country="GB")
    assert sender("+447700900123") == "12345"
    assert sender(ANN) == "+447700900001"


def test_canada_prefers_toll_free(pool: Pool, sender: From) -> None:
    pool("+14165550110")
    pool("+18005550110")
    assert sender("+14165550199") == "+18005550110"
    assert sender(ANN) == "+18005550110"


def test_the_area_code_decides_at_last(
    world: World, service: str, pool: Pool, sender: From
) -> None:
    change(world, service, area_code_geomatch=True)
    pool("+14155550110")
    pool("+12025550110")
    assert sender() == "+12025550110"
    assert sender("+13035550199") == "+12025550110"
    assert sender("+13035550198") == "+14155550110"
    assert sender("+447700900123") == "+12025550110"


def test_media_want_a_sender_that_can(
    world: World, service: str, send: Send, advance: Advance, pool: Pool, sender: From
) -> None:
    pool("+12025550110", mms=False)
    pool("+12025550111", sms=False)
    assert sender(media_url=("https://example.com/a.png",)) == "+12025550111"
    assert sender() == "+12025550110"
    world.perform(AddAlphaSender(account=ACCOUNT, messaging_service=service, alpha_sender="ACME"))
    assert sender("+447700900123", media_url=("https://example.com/a.png",)) == "+12025550111"


def test_the_choice_says_how_it_was_made(
    world: World, service: str, send: Send, advance: Advance, pool: Pool
) -> None:
    pool("+12025550110")
    pool("+12025550111")
    pool("+18005550110")
    change(world, service, area_code_geomatch=True, sticky_sender=True)
    first = send(from_=None, messaging_service_sid=service)
    advance(seconds=1)
    assert world[Texts][first.sid].trace == (
        "3 of the pool can send sms to US",
        "3 in US",
        "2 in area code 202/771",
        "turn 1 of 2",
    )
    second = send(from_=None, messaging_service_sid=service)
    advance(seconds=1)
    assert world[Texts][second.sid].trace[-1] == "sticky: the recipient keeps its sender"


def test_nobody_to_choose_from_is_said_too(
    world: World, service: str, send: Send, advance: Advance, pool: Pool
) -> None:
    pool("55555", country="CA")
    text = send(from_=None, messaging_service_sid=service)
    advance(seconds=1)
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("failed", 21703)
    assert failed.trace == ("0 of the pool can send sms to US",)


def test_area_codes_that_share_a_place_are_one(
    world: World, service: str, pool: Pool, sender: From
) -> None:
    change(world, service, area_code_geomatch=True)
    pool("+13125550100")
    new_york = pool("+16465550100")
    for near in ("+12125550199", "+19175550199", "+13325550199"):
        assert sender(near) == new_york.address
    assert {sender("+14155550199"), sender("+14155550198")} == {"+13125550100", new_york.address}


def test_a_name_for_a_destination_goes_before_one_for_all(
    world: World, service: str, sender: From
) -> None:
    def name(kind: type[AddAlphaSender | AddDestinationAlphaSender], **fields: str) -> None:
        world.perform(kind(account=ACCOUNT, messaging_service=service, **fields))

    name(AddAlphaSender, alpha_sender="ACME")
    name(AddDestinationAlphaSender, alpha_sender="ACME-UK", iso_country_code="gb")
    assert sender("+447700900123") == "ACME-UK"
    assert sender("+4917604069000") == "ACME"
    name(AddDestinationAlphaSender, alpha_sender="ACME-ALL")
    assert {sender("+4917604069000"), sender("+4917604069001")} == {"ACME", "ACME-ALL"}
