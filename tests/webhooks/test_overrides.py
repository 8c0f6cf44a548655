import pytest

from twilio_emulator.webhooks.conversations.manner import CONVERSATIONS
from twilio_emulator.webhooks.http import failures
from twilio_emulator.webhooks.http.connection_overrides import (
    USUAL,
    Patience,
    read_overrides,
)
from twilio_emulator.webhooks.http.failures import Failure

URL = "https://example.com/sms"
REFUSED = failures.no_connection(5)
SILENT = failures.no_answer(15)
ERROR = failures.bad_status(500)


def test_without_a_fragment_twilios_own_values_hold() -> None:
    patience, wrong = read_overrides(URL)

    assert (patience.connect, patience.read, patience.total) == (5, 15, 15)
    assert (patience.retries, patience.retry_after) == (1, {"ct"})
    assert wrong == ()


def test_conversations_wait_for_five_seconds_and_try_once() -> None:
    patience = CONVERSATIONS.patience
    assert (patience.connect, patience.read, patience.total) == (5, 5, 5)
    assert (patience.retries, patience.retry_after) == (0, frozenset())


def test_a_fragment_says_other_values() -> None:
    patience, wrong = read_overrides(f"{URL}#ct=200&rt=300&tt=9000&rc=3&rp=5xx,RT&sni=n&e=dublin")

    assert patience == Patience(
        connect=0.2, read=0.3, total=9.0, retries=3, retry_after=frozenset({"5xx", "rt"})
    )
    assert wrong == ()


@pytest.mark.parametrize(
    "fragment", ["ct=100&rt=100&tt=100&rc=0", "ct=10000&rt=15000&tt=15000&rc=5"]
)
def test_what_can_just_be(fragment: str) -> None:
    patience, wrong = read_overrides(f"{URL}#{fragment}")

    limits = (patience.connect, patience.read, patience.total, patience.retries)
    assert limits in ((0.1, 0.1, 0.1, 0), (10, 15, 15, 5))
    assert wrong == ()


@pytest.mark.parametrize(
    ("fragment", "code"),
    [
        ("ct=99", 11240),
        ("ct=10001", 11240),
        ("rt=99", 11240),
        ("rt=15001", 11240),
        ("tt=99", 11240),
        ("tt=15001", 11240),
        ("rt=0005000", 11240),
        ("tt=soon", 11240),
        ("rc=6", 11240),
        ("rc=-1", 11240),
        ("rc=99999999999999999999", 11240),
        ("rp=sometimes", 11243),
    ],
)
def test_what_cannot_be_is_left_at_its_default(fragment: str, code: int) -> None:
    assert read_overrides(f"{URL}#{fragment}") == (USUAL, (code,))


@pytest.mark.parametrize(
    ("policies", "status", "failure", "again"),
    [
        ("ct", None, REFUSED, True),
        ("ct", None, SILENT, False),
        ("rt", None, SILENT, True),
        ("rt", None, REFUSED, False),
        ("ct,rt", 500, ERROR, False),
        ("5xx", 503, ERROR, True),
        ("5xx", 404, ERROR, False),
        ("4xx", 404, ERROR, True),
        ("all", 404, ERROR, True),
        ("all", None, SILENT, True),
        ("all", 200, None, False),
    ],
)
def test_what_is_tried_again(
    policies: str, status: int | None, failure: Failure | None, again: bool
) -> None:
    patience, _ = read_overrides(f"{URL}#rp={policies}")

    assert patience.tries_again(status, failure) is again


def test_nothing_takes_longer_than_the_emulator_waits() -> None:
    patience, _ = read_overrides(f"{URL}#ct=9000&tt=100")

    assert patience.within(0.5) == Patience(connect=0.5, read=0.5, total=0.1)
