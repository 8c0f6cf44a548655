from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.carrier.delivery_reports import ReleaseReceipts, SetReceipt
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.inbox import InboxItems, ItemState
from twilio_emulator.core.senders.resources import MessagingServices
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import Fault, Match
from twilio_emulator.core.texts.text import Text, Texts, TextStatusChanged

NUMBER = "+12025550100"
ANN = "+12025550199"
SERVICE = "MG00000000000000000000000000000001"
Send = Callable[..., Text]
Advance = Callable[..., None]


@pytest.fixture
def hold(world: World) -> None:
    """The carrier holds every receipt."""
    world.perform(AddFault(do=Fault(hold=True)))


def statuses(told: Told) -> list[str]:
    return [str(changed.text.status) for changed in told.of(TextStatusChanged)]


@pytest.mark.parametrize(
    ("status", "code", "wanted"),
    [
        ("delivered", None, None),
        ("undelivered", 30003, 30003),
        ("undelivered", None, 30008),
        ("failed", 30001, 30001),
        ("read", None, None),
    ],
)
@pytest.mark.usefixtures("hold")
def test_a_held_text_gets_the_report_that_is_given(
    world: World,
    send: Send,
    advance: Advance,
    status: str,
    code: int | None,
    wanted: int | None,
) -> None:
    text = send()
    advance(hours=1)
    held = world[Texts][text.sid]
    assert (held.status, held.held) == ("sent", True)

    settled = world.perform(SetReceipt(text=text.sid, status=status, error_code=code))

    assert (settled.status, settled.error_code, settled.held) == (status, wanted, False)
    assert world[InboxItems][text.sid].state is (
        ItemState.READ if status == "read" else ItemState.DISPLAYED
    )


def test_a_report_takes_a_text_through_what_lies_before(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send(from_=None, messaging_service_sid=SERVICE)
    settled = world.perform(SetReceipt(text=text.sid, status="delivered"))
    assert settled.sender == NUMBER
    assert statuses(told) == ["queued", "sending", "sent", "delivered"]
    advance(hours=1)
    assert len(told.of(TextStatusChanged)) == 4


def test_a_report_may_be_that_it_was_sent(world: World, told: Told, send: Send) -> None:
    text = send()
    assert world.perform(SetReceipt(text=text.sid, status="sent")).status == "sent"
    assert statuses(told) == ["sending", "sent"]


def test_a_text_may_fail_on_the_way_to_its_report(world: World, send: Send) -> None:
    text = send(from_=None, messaging_service_sid=SERVICE)
    world[MessagingServices].remove(SERVICE)
    settled = world.perform(SetReceipt(text=text.sid, status="delivered"))
    assert (settled.status, settled.error_code) == ("failed", 21703)


def test_a_report_may_come_later(world: World, told: Told, send: Send, advance: Advance) -> None:
    text = send()
    world.perform(SetReceipt(text=text.sid, status="undelivered", error_code=30004, after_ms=5000))
    advance(seconds=4)
    assert statuses(told) == []
    advance(seconds=1)
    assert statuses(told) == ["sending", "sent", "undelivered"]


def test_a_pending_text_that_is_refused_never_arrives(
    world: World, send: Send, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, network="airplane"))
    text = send()
    advance(seconds=1)
    world.perform(SetReceipt(text=text.sid, status="undelivered", error_code=30003))
    assert world[InboxItems][text.sid].state is ItemState.EXPIRED


def test_what_cannot_be_reported(world: World, send: Send, advance: Advance) -> None:
    text = send()
    received = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
    advance(seconds=1)
    for report, code in [
        (SetReceipt(text=text.sid, status="lost"), 20001),
        (SetReceipt(text=text.sid, status="undelivered"), 20409),
        (SetReceipt(text=received.sid, status="delivered"), 20404),
        (SetReceipt(text="SM" + "0" * 32, status="delivered"), 20404),
    ]:
        with pytest.raises(Refused) as refused:
            world.perform(report)
        assert refused.value.code == code


@pytest.mark.usefixtures("hold")
def test_held_receipts_are_released_together(world: World, send: Send, advance: Advance) -> None:
    one, two = send(body="one"), send(body="two")
    advance(seconds=1)
    released = world.perform(
        ReleaseReceipts(match=Match(body="one"), status="undelivered", error_code=30004)
    )
    assert [text.sid for text in released] == [one.sid]
    assert world[Texts][two.sid].held
    world.perform(ReleaseReceipts())
    assert world[Texts][two.sid].status == "delivered"
