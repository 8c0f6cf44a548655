from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.core.conftest import ACCOUNT, ANN, START
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import LineType
from twilio_emulator.core.texts.text import Text
from twilio_emulator.core.verify import attempts
from twilio_emulator.core.verify.attempts import AttemptsSummary
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.resources import Attempt, Verification, Verifications
from twilio_emulator.core.verify.services import FIRST_SERVICE, AddVerifyService

BOB = "+447700900123"

Advance = Callable[..., None]
Create = Callable[..., Verification]


def found(world: World, **fields: str) -> list[Attempt]:
    return list(attempts.list_attempts(world, account=ACCOUNT, **fields))


def only(world: World) -> Attempt:
    (attempt,) = found(world)
    return attempt


def test_an_attempt_follows_its_text(world: World, create: Create, advance: Advance) -> None:
    create()
    assert (only(world).message_status, attempts.price(only(world))) == ("queued", None)
    advance(seconds=1)
    it = only(world)
    assert (it.message_status, it.country, it.code_length, it.locale) == (
        "delivered",
        "US",
        6,
        "en",
    )
    assert attempts.price(it) == "0.005"
    assert it.date_updated > it.date_created


def test_an_attempt_says_why_it_failed(world: World, create: Create, advance: Advance) -> None:
    world.perform(UpsertHandset(address=ANN, line_type=LineType.LANDLINE))
    create()
    advance(seconds=5)
    assert only(world).message_status == "undelivered"
    assert only(world).error_code in (30003, 30005, 30006)


def test_the_latest_attempt_is_the_one_that_converts(world: World, create: Create) -> None:
    create()
    create()
    verification = next(iter(world[Verifications]))
    world.perform(
        CheckVerification(account=ACCOUNT, service=FIRST_SERVICE, to=ANN, code=verification.code)
    )
    later, earlier = found(world)
    assert (later.converted, later.status) == (True, "confirmed")
    assert (earlier.converted, earlier.status) == (False, "unconfirmed")
    assert found(world, status="CONVERTED") == [later]
    assert found(world, status="unconverted") == [earlier]
    summary = attempts.summarize(world, account=ACCOUNT)
    assert (summary.total, summary.converted, summary.unconverted) == (2, 1, 1)


def test_other_texts_are_no_attempts(world: World, send: Callable[..., Text]) -> None:
    send()
    assert found(world) == []


def test_an_attempt_expires(world: World, create: Create, advance: Advance) -> None:
    create()
    advance(minutes=10)
    assert only(world).status == "expired"


def test_attempts_are_filtered(world: World, create: Create, advance: Advance) -> None:
    other = world.perform(AddVerifyService(account=ACCOUNT, friendly_name="Other"))
    first = create()
    advance(minutes=1)
    second = create(to=BOB)
    advance(minutes=1)
    third = create(service=other.sid)
    one, two, three = reversed(found(world))
    assert (one.verification_sid, two.verification_sid, three.verification_sid) == (
        first.sid,
        second.sid,
        third.sid,
    )
    assert found(world, channel_data_to=ANN) == [three, one]
    assert found(world, country="gb") == [two]
    assert found(world, channel="SMS") == [three, two, one]
    assert found(world, channel="rbm") == []
    assert found(world, verify_service_sid=FIRST_SERVICE) == [two, one]
    assert found(world, verification_sid=second.sid) == [two]
    assert found(world, verification_sid=second.sid, verify_service_sid=other.sid) == []
    assert found(world, verification_sid=second.sid, channel_data_to=ANN) == []
    at = two.date_created.isoformat()
    assert found(world, date_created_after=at) == [three]
    assert found(world, date_created_before=at) == [one]
    late = (START + timedelta(days=1)).isoformat()
    assert found(world, date_created_after=late) == []
    assert found(world, date_created_before=late) == [three, two, one]
    count = attempts.summarize(world, account=ACCOUNT, destination_prefix="+44").total
    assert count == 1


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("date_created_after", "DateCreatedAfter"),
        ("date_created_before", "DateCreatedBefore"),
        ("channel", "Channel"),
        ("status", "Status"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(world: World, field: str, name: str) -> None:
    with pytest.raises(Refused) as caught:
        found(world, **{field: "nonsense"})
    assert (caught.value.code, caught.value.message) == (60200, f"Invalid parameter: {name}")


def test_an_attempt_is_of_one_account(world: World, create: Create) -> None:
    create()
    sub = world.perform(AddSubaccount(account=ACCOUNT, friendly_name="Sub"))
    assert attempts.fetch_attempt(world, account=ACCOUNT, attempt=only(world).sid) == only(world)
    with pytest.raises(Refused):
        attempts.fetch_attempt(world, account=sub.sid, attempt=only(world).sid)
    rows = attempts.list_attempts(world, account=sub.sid, channel_data_to=ANN)
    assert list(rows) == []


@pytest.mark.parametrize(
    ("total", "converted", "rate"),
    [(11, 9, "81.818181818"), (0, 0, "0"), (3, 2, "66.666666666"), (4, 4, "100"), (8, 1, "12.5")],
)
def test_a_rate_is_cut(total: int, converted: int, rate: str) -> None:
    assert AttemptsSummary(total=total, converted=converted).percentage == rate


def test_looking_draws_nothing(world: World, create: Create) -> None:
    create()
    before = world.snapshot()
    found(world, channel="sms")
    attempts.summarize(world, account=ACCOUNT)
    assert world.snapshot() == before
