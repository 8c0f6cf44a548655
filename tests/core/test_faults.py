from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.accounts.debugger_alerts import AlertRaised
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.senders.number_orders import BuyNumber
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers
from twilio_emulator.core.simulation.faults import (
    AddFault,
    FaultHappened,
    RemoveFaults,
    SpendFault,
    for_connection,
    for_request,
)
from twilio_emulator.core.simulation.resources import (
    ApiError,
    Delay,
    Fault,
    Final,
    Match,
    SocketFault,
)
from twilio_emulator.core.simulation.settings import CarrierChanged, ChangeCarrier, settings
from twilio_emulator.core.texts.text import Text, Texts, TextStatusChanged

ACCOUNT = "AC00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"
BOB = "+12025550198"
SERVICE = "MG00000000000000000000000000000001"
Send = Callable[..., Text]
Advance = Callable[..., None]


def end(world: World, advance: Advance, text: Text) -> tuple[str, int | None]:
    advance(hours=1)
    ended = world[Texts][text.sid]
    return str(ended.status), ended.error_code


@pytest.mark.parametrize(
    ("match", "hits"),
    [
        (Match(), True),
        (Match(to=ANN, sender=NUMBER, channel="sms", body="Hello", direction="outbound"), True),
        (Match(to="+1202555*"), True),
        (Match(body="regex:^H.*o$"), True),
        (Match(to=BOB), False),
        (Match(to="+44*"), False),
        (Match(body="regex:code"), False),
        (Match(channel="whatsapp"), False),
        (Match(service=SERVICE), False),
        (Match(direction="inbound"), False),
    ],
)
def test_a_rule_takes_hold_of_what_it_matches(
    world: World, send: Send, advance: Advance, match: Match, hits: bool
) -> None:
    world.perform(AddFault(match=match, do=Fault(final=Final(status="failed", error_code=30001))))
    expected = ("failed", 30001) if hits else ("delivered", None)
    assert end(world, advance, send()) == expected


def test_a_rule_for_a_service_matches_its_texts(world: World, send: Send, advance: Advance) -> None:
    world.perform(AddFault(match=Match(service=SERVICE), do=Fault(final=Final(status="failed"))))
    assert end(world, advance, send(messaging_service_sid=SERVICE)) == ("failed", 30008)


def test_the_first_rule_wins_and_counts_down(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    first = world.perform(
        AddFault(do=Fault(final=Final(status="undelivered", error_code=30007)), times=2)
    )
    world.perform(AddFault(do=Fault(final=Final(status="undelivered"))))
    assert [end(world, advance, send())[1] for _ in range(3)] == [30007, 30007, 30008]
    assert [(event.rule.sid, event.rule.times) for event in told.of(FaultHappened)][:2] == [
        (first.sid, 1),
        (first.sid, 0),
    ]
    world.perform(RemoveFaults())
    assert end(world, advance, send()) == ("delivered", None)


def test_one_rule_can_be_removed(world: World, send: Send, advance: Advance) -> None:
    rule = world.perform(AddFault(do=Fault(final=Final(status="failed"))))
    world.perform(RemoveFaults(rule="FR" + "0" * 32))
    assert end(world, advance, send()) == ("failed", 30008)
    world.perform(RemoveFaults(rule=rule.sid))
    assert end(world, advance, send()) == ("delivered", None)


def test_a_text_may_be_made_to_end_well(world: World, send: Send, advance: Advance) -> None:
    world.perform(AddFault(do=Fault(final=Final(status="sent")), times=1))
    assert end(world, advance, send()) == ("sent", None)
    world.perform(ChangeCarrier(filters=("Hello",)))
    world.perform(AddFault(do=Fault(final=Final(status="delivered")), times=1))
    assert end(world, advance, send()) == ("delivered", None)
    assert end(world, advance, send()) == ("undelivered", 30007)


def test_a_fault_reaches_texts_between_numbers_too(
    world: World, send: Send, advance: Advance
) -> None:
    world.perform(AddFault(do=Fault(final=Final(status="undelivered", error_code=30003))))
    assert end(world, advance, send(to="+12025550101")) == ("undelivered", 30003)


def test_a_stage_can_take_longer(world: World, told: Told, send: Send, advance: Advance) -> None:
    world.perform(AddFault(do=Fault(delay=Delay(stage="sending", ms=1000))))
    text = send()
    advance(milliseconds=1024)
    assert world[Texts][text.sid].status == "sending"
    advance(milliseconds=1)
    assert world[Texts][text.sid].status == "sent"


def test_a_fault_of_callbacks_is_told_with_the_text(world: World, send: Send) -> None:
    world.perform(AddFault(do=Fault(drop_callback=True, corrupt_signature=True)))
    text = send()
    assert text.fault is not None
    assert text.fault.drop_callback
    assert text.fault.corrupt_signature


def test_an_inbound_text_has_its_faults(world: World) -> None:
    world.perform(AddFault(match=Match(direction="inbound"), do=Fault(webhook_timeout=True)))
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
    assert text.fault == Fault(webhook_timeout=True)


def test_a_rule_for_requests_leaves_texts_alone(world: World, send: Send, advance: Advance) -> None:
    error = ApiError(status=429, code=20429)
    rule = world.perform(
        AddFault(match=Match(to="+1*", channel="sms"), do=Fault(api_error=error), times=1)
    )
    assert end(world, advance, send()) == ("delivered", None)

    found = for_request(world, to=ANN, sender=NUMBER, body="Hello", service=None)
    assert found == rule
    assert for_request(world, to=None, sender=None, body=None, service=None) is None
    world.perform(SpendFault(rule=rule.sid))
    assert for_request(world, to=ANN, sender=NUMBER, body="Hello", service=None) is None


def test_a_rule_for_texts_leaves_requests_alone(world: World) -> None:
    world.perform(AddFault(do=Fault(hold=True)))
    assert for_request(world, to=ANN, sender=NUMBER, body="Hello", service=None) is None


def test_a_pattern_has_to_be_one(world: World) -> None:
    with pytest.raises(Refused, match="a pattern"):
        world.perform(AddFault(match=Match(body="regex:("), do=Fault(hold=True)))
    with pytest.raises(Refused, match="a pattern"):
        world.perform(ChangeCarrier(filters=("(",)))


def test_the_carrier_can_be_changed(world: World, told: Told) -> None:
    changed = world.perform(ChangeCarrier(retry_window=60))
    assert (changed.retry_window, changed.auto_provision) == (60, True)
    assert world.perform(ChangeCarrier(auto_provision=False)).retry_window == 60
    assert told.of(CarrierChanged)[0].carrier == changed
    assert settings(world).sid == "carrier"
    with pytest.raises(Refused, match="profile is one of ideal, realistic"):
        world.perform(ChangeCarrier(profile="perfect"))


def test_a_filter_refuses_by_what_a_text_says(world: World, send: Send, advance: Advance) -> None:
    world.perform(ChangeCarrier(filters=("bit\\.ly", "(?i)casino")))
    assert end(world, advance, send(body="Visit the CASINO")) == ("undelivered", 30007)
    assert end(world, advance, send(body="Hello")) == ("delivered", None)


@pytest.mark.parametrize(
    ("to", "ending"),
    [
        ("+15005530003", ("undelivered", 30003)),
        ("+15005530001", ("failed", 30001)),
        ("+15005512345", ("delivered", None)),
    ],
)
def test_magic_recipients_end_in_their_code_when_they_are_on(
    world: World, send: Send, advance: Advance, to: str, ending: tuple[str, int | None]
) -> None:
    assert end(world, advance, send(to=to)) == ("delivered", None)
    world.perform(ChangeCarrier(magic_numbers_on_live=True))
    assert end(world, advance, send(to=to)) == ending


def test_a_carrier_without_reports_leaves_texts_sent(
    world: World, send: Send, advance: Advance
) -> None:
    world.perform(ChangeCarrier(profile="no-dlr"))
    assert end(world, advance, send()) == ("sent", None)
    assert len(world[InboxItems]) == 1


def test_the_strict_american_carrier_wants_registration(
    world: World, send: Send, advance: Advance
) -> None:
    world.perform(ChangeCarrier(profile="strict-us"))
    assert end(world, advance, send()) == ("undelivered", 30034)
    assert end(world, advance, send(to="+447700900123")) == ("delivered", None)

    toll_free = world.perform(BuyNumber(account=ACCOUNT, phone_number="+18005550100"))
    assert end(world, advance, send(from_="+18005550100")) == ("undelivered", 30032)
    world[PhoneNumbers].put(replace(toll_free, verified=True))
    assert end(world, advance, send(from_="+18005550100")) == ("delivered", None)

    service = world[MessagingServices][SERVICE]
    world[MessagingServices].put(replace(service, us_app_to_person_registered=True))
    assert end(world, advance, send(messaging_service_sid=SERVICE)) == ("delivered", None)

    world.perform(ChangeCarrier(any_sender=True))
    assert end(world, advance, send(from_="+12025550123")) == ("delivered", None)


def test_the_flaky_carrier_is_slow_and_repeats_itself_the_same_way_every_time(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(ChangeCarrier(profile="flaky"))
    texts = [send(body=str(number)) for number in range(40)]
    faults = [text.fault for text in texts]
    assert any(fault and fault.duplicate_callback for fault in faults)
    assert any(fault and fault.reorder_callbacks for fault in faults)
    assert not all(fault and fault.duplicate_callback for fault in faults)
    advance(minutes=1)
    ended = {str(world[Texts][text.sid].status) for text in texts}
    assert ended == {"delivered", "sent"}
    advance(minutes=10)
    assert {str(world[Texts][text.sid].status) for text in texts} == {"delivered"}
    assert len(told.of(TextStatusChanged)) == 3 * len(texts)


def test_the_rule_of_a_connection_is_the_first_that_is_about_it(world: World) -> None:
    late = Fault(socket=SocketFault(delay_ms=5))
    for match in (Match(identity="alice"), Match(identity="b*"), Match(service="IS9")):
        world.perform(AddFault(match=match, do=late))
    world.perform(AddFault(do=Fault(hold=True)))
    found = for_connection(world, identity="bob", service="IS1")
    assert found is not None
    assert found.match == Match(identity="b*")
    assert for_connection(world, identity="carol", service="IS1") is None


THREE_PARTS = "a" * 153 + "b" * 153 + "c" * 10


@pytest.mark.parametrize(
    ("body", "part", "shown"),
    [
        (THREE_PARTS, 2, "a" * 153 + "[...]" + "c" * 10),
        (THREE_PARTS, 3, "a" * 153 + "b" * 153 + "[...]"),
        (THREE_PARTS, 4, THREE_PARTS),
        ("Hello", 1, "Hello"),
    ],
)
def test_a_phone_shows_what_is_left_when_a_segment_is_lost(
    world: World, send: Send, advance: Advance, body: str, part: int, shown: str
) -> None:
    world.perform(AddFault(do=Fault(segment_loss=part)))
    text = send(body=body)
    assert end(world, advance, text) == ("delivered", None)
    assert world[InboxItems][text.sid].body == shown
    assert world[Texts][text.sid].body == body


def test_what_has_no_segments_loses_none(world: World, send: Send, advance: Advance) -> None:
    world.perform(AddFault(do=Fault(segment_loss=1)))
    text = send(body=THREE_PARTS, to=f"whatsapp:{ANN}", from_="whatsapp:+14155238886")
    assert end(world, advance, text) == ("delivered", None)
    assert world[InboxItems][text.sid].body == THREE_PARTS


def test_a_segment_that_does_not_come_in_is_an_alert(world: World, told: Told) -> None:
    world.perform(AddFault(do=Fault(segment_loss=1), times=1))
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, body=THREE_PARTS))
    assert (text.body, text.num_segments) == ("[...]" + "b" * 153 + "c" * 10, 3)
    assert world[InboxItems][text.sid].body == THREE_PARTS
    (event,) = told.of(AlertRaised)
    alert = event.alert
    assert (alert.error_code, alert.resource_sid, alert.log_level) == (30009, text.sid, "warning")
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body=THREE_PARTS))
    assert len(told.of(AlertRaised)) == 1
