"""Numbers that Twilio publishes, or that we have decided on, and that other tests go by name."""

from datetime import timedelta

import pytest

from twilio_emulator.core.carrier import message_loops, outcomes, whatsapp_window
from twilio_emulator.core.conversations import address_configurations as addresses
from twilio_emulator.core.conversations import group_mms, media, user_conversations
from twilio_emulator.core.kernel import keeping, parameters
from twilio_emulator.core.senders import available_numbers, number_listing
from twilio_emulator.core.simulation import fault_checks, settings
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.webhooks.http import client, connection_overrides, exchange
from twilio_emulator.webhooks.messaging import reply_session, twiml
from twilio_emulator.wire import access_tokens, bearer_tokens, operations, pages_2010


def test_numbers_of_conversations() -> None:
    assert (group_mms.SMALLEST, group_mms.LARGEST) == (3, 10)
    assert addresses.MOST_RETRIES == 3
    assert timedelta(minutes=5) == media.UNSENT_FOR
    assert user_conversations.MOST_UNREAD == 1000


def test_numbers_of_messaging() -> None:
    assert (15, timedelta(seconds=30)) == (message_loops.TURNS, message_loops.WITHIN)
    assert timedelta(hours=24) == whatsapp_window.OPEN_FOR
    assert timedelta(days=3) == whatsapp_window.JOINED_FOR
    assert (text_media.LARGEST_IMAGE, text_media.LARGEST_OTHER) == (5 * 1024**2, 500 * 1024)
    assert text_media.LARGEST_FROM_WHATSAPP == 16 * 1024**2
    assert (available_numbers.USUAL, available_numbers.MOST) == (30, 1000)
    assert (pages_2010.PAGE_SIZE, pages_2010.LARGEST_PAGE) == (50, 1000)


def test_numbers_of_webhooks() -> None:
    assert (client.REDIRECTS, connection_overrides.MOST_RETRIES) == (10, 5)
    assert connection_overrides.SHORTEST == 100
    assert (exchange.HEAD_READ, exchange.BODY_READ, exchange.BODY_SHOWN) == (65536, 1024**2, 4096)
    assert (reply_session.DOCUMENTS, reply_session.REPLIES) == (50, 10)
    assert (reply_session.MEDIA, reply_session.LONGEST_BODY) == (10, 1600)
    assert twiml.LARGEST == 64 * 1024


def test_numbers_of_tokens_and_requests() -> None:
    assert (access_tokens.LONGEST_LIFE, bearer_tokens.LIFE) == (86_400, 3600)
    assert operations.LARGEST_BODY == 16 * 1024**2
    assert timedelta(days=36_500) == parameters.LONGEST


def test_numbers_of_the_carrier_and_the_journal() -> None:
    assert (settings.LEAST_RATE, settings.MOST_RATE) == (0.001, 1_000_000)
    assert (timedelta(minutes=1), 600_000) == (outcomes.RETRY, outcomes.LATE)
    assert (range(400, 600), 10) == (fault_checks.API_STATUSES, fault_checks.MOST_PARTS)
    assert (fault_checks.MOST, fault_checks.MOST_SOCKET_MS) == (1_000_000, 600_000)
    assert (
        keeping.Keep(
            log=keeping.Room(10_000, 32_000_000),
            commands=keeping.Room(10_000, 16_000_000),
            alerts=keeping.Room(1_000, 8_000_000),
            bodies=16_384,
        )
        == keeping.DEFAULTS
    )


def test_how_long_each_step_of_a_text_takes() -> None:
    realistic = settings.PROFILES["realistic"]
    assert (realistic.accepted, realistic.queued) == ((50, 200), (100, 500))
    assert (realistic.sending, realistic.sent) == ((300, 3000), (500, 3000))
    flaky = settings.PROFILES["flaky"]
    assert (flaky.accepted, flaky.queued) == ((50, 1000), (100, 2000))
    assert (flaky.sending, flaky.sent) == ((300, 10_000), (500, 10_000))
    assert (flaky.late, flaky.duplicates, flaky.reordered) == (0.1, 0.1, 0.1)


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [("+1202", True), ("0100", True), ("555*1", True), ("1000", False), ("5551", False)],
)
def test_where_a_pattern_fits(pattern: str, fits: bool) -> None:
    assert number_listing.contains("+12025550100", pattern) is fits
