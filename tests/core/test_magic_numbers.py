from collections.abc import Callable

import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.send import CreateText, rehearse
from twilio_emulator.core.senders.number_orders import BuyNumber
from twilio_emulator.core.senders.number_orders import rehearse as rehearse_number
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.text import Text

ACCOUNT = "AC00000000000000000000000000000001"
TEST_ACCOUNT = "AC0000000000000000000000000000000f"
GOOD = "+15005550006"
ANN = "+12025550199"
NUMBER = "+12025550100"
Send = Callable[..., Text]

REFUSED = [
    ("+15005550001", ANN, 21212),
    ("+15005550007", ANN, 21606),
    ("+15005550008", ANN, 21611),
    ("+15005550001", "+15005550002", 21212),
    (GOOD, "+15005550001", 21211),
    (GOOD, "+15005550002", 21612),
    (GOOD, "+15005550003", 21408),
    (GOOD, "+15005550004", 21610),
    (GOOD, "+15005550009", 21614),
    (GOOD, "+1555", 21211),
]


def wish(sender: str | None, to: str | None, body: str | None = "Hi") -> CreateText:
    return CreateText(account=ACCOUNT, from_=sender, to=to, body=body)


def test_a_rehearsal_looks_as_if_the_text_was_sent_and_changes_nothing(world: World) -> None:
    before = world.snapshot()
    text = rehearse(world, wish(GOOD, ANN, "a" * 161))
    assert (text.sender, text.to, text.status, text.num_segments) == (GOOD, ANN, "queued", 2)
    assert (text.sid[:2], len(text.sid), text.account_sid) == ("SM", 34, TEST_ACCOUNT)
    assert rehearse(world, wish(GOOD, ANN, "a" * 161)) == text
    assert rehearse(world, wish(GOOD, ANN)).sid != text.sid
    assert world.snapshot() == before


@pytest.mark.parametrize(
    ("sender", "to", "code"),
    [*REFUSED, (NUMBER, ANN, 21606), (None, ANN, 21603), (GOOD, None, 21604)],
)
def test_what_a_rehearsal_refuses(
    world: World, sender: str | None, to: str | None, code: int
) -> None:
    with pytest.raises(Refused) as refused:
        rehearse(world, wish(sender, to))
    assert refused.value.code == code


def test_a_service_does_not_work_in_a_rehearsal(world: World) -> None:
    service = "MG00000000000000000000000000000001"
    with pytest.raises(Refused) as refused:
        rehearse(
            world,
            CreateText(account=ACCOUNT, to=ANN, messaging_service_sid=service, body="Hi"),
        )
    assert refused.value.code == 21603


@pytest.mark.parametrize(("sender", "to", "code"), REFUSED)
def test_live_credentials_may_be_told_to_mind_magic_numbers(
    world: World, send: Send, sender: str, to: str, code: int
) -> None:
    with pytest.raises(Refused) as refused:
        send(from_=GOOD)
    assert refused.value.code == 21659

    world.perform(ChangeCarrier(magic_numbers_on_live=True))
    assert send(from_=GOOD).status == "queued"
    with pytest.raises(Refused) as refused:
        send(from_=sender, to=to)
    assert refused.value.code == code


def test_an_order_can_be_rehearsed(world: World) -> None:
    before = world.snapshot()
    order = BuyNumber(account=ACCOUNT, phone_number=GOOD, friendly_name="Mine")
    number = rehearse_number(world, order)
    assert (number.address, number.friendly_name, number.account_sid) == (
        GOOD,
        "Mine",
        TEST_ACCOUNT,
    )
    assert number.sid.startswith("PN")
    with pytest.raises(Refused) as refused:
        rehearse_number(world, BuyNumber(account=ACCOUNT, phone_number="+15005550000"))
    assert refused.value.code == 21422
    assert world.snapshot() == before
