"""How many replies go from one number to another: fifteen in thirty seconds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.webhooks.conftest import ANN, NUMBER, START
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.text import Channel, Direction, Text, TextStatus
from twilio_emulator.webhooks.messaging.reply_rates import ReplyRates

OTHER = "+12025550101"
HALF_A_MINUTE = timedelta(seconds=30)


def text(sender: str, to: str = NUMBER) -> Text:
    """A text that came in."""
    said: dict[str, Any] = {
        "sid": "SM1",
        "account_sid": "AC1",
        "messaging_service_sid": None,
        "direction": Direction.INBOUND,
        "channel": Channel.SMS,
        "status": TextStatus.RECEIVED,
        "sender": sender,
        "to": to,
        "body": "Hi",
        "num_segments": 1,
        "date_created": datetime(2026, 1, 5, tzinfo=UTC),
        "date_updated": datetime(2026, 1, 5, tzinfo=UTC),
        "serial": 1,
    }
    return Text(**said)


def test_fifteen_in_half_a_minute_from_number_to_number(world: World) -> None:
    rates = ReplyRates(world)
    assert [rates.take(text(OTHER)) for _ in range(16)] == [True] * 15 + [False]
    assert rates.take(text(NUMBER, OTHER))
    world.clock.set(START + HALF_A_MINUTE - timedelta(milliseconds=1))
    assert not rates.take(text(OTHER))
    world.clock.set(START + HALF_A_MINUTE)
    assert [rates.take(text(OTHER)) for _ in range(16)] == [True] * 15 + [False]


def test_a_phone_gets_as_many_as_the_carrier_says(world: World) -> None:
    rates = ReplyRates(world)
    assert all(rates.take(text(ANN)) for _ in range(50))
    world.perform(ChangeCarrier(reply_limit=2))
    assert [rates.take(text(ANN)) for _ in range(3)] == [True, True, False]


def test_pairs_that_are_quiet_again_are_forgotten(world: World) -> None:
    world.perform(ChangeCarrier(reply_limit=2))
    rates = ReplyRates(world)
    for line in range(5):
        rates.take(text(f"+1303555010{line}"))
    world.clock.set(START + HALF_A_MINUTE)
    for _ in range(5):
        rates.take(text(ANN))
    assert list(rates._sent) == [(NUMBER, ANN)]
