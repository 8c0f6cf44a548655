from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, Told
from tests.core.refused import code
from twilio_emulator.core.carrier.caller_id_verification import (
    RequestValidation,
    ValidationEnded,
    is_verified,
)
from twilio_emulator.core.carrier.handset_commands import RemoveHandset, UpsertHandset
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import calls
from twilio_emulator.core.phones.call_resources import (
    Asks,
    CallAnswered,
    CallEnded,
    DigitsPressed,
    HandsetRang,
    PhoneCall,
    PhoneCalls,
)
from twilio_emulator.core.phones.calls import AnswerCall, ClearCalls, HangUp, PressDigits
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import Fault, Final, Match
from twilio_emulator.core.simulation.settings import ChangeCarrier

Advance = Callable[..., None]

CALLER = "+12025550111"
WORDS = "Your Shop verification code is: {{code}}"
SAID = "Your Shop verification code is: 4, 2, 4, 2"
PROMPT = "Press any key to hear your code."


@command
class Call:
    """Call a phone."""

    to: str = ANN
    asks: Asks = Asks.NOTHING

    def apply(self, world: World) -> PhoneCall | None:
        return calls.place(
            world,
            to=self.to,
            caller=CALLER,
            words=WORDS,
            asks=self.asks,
            greeting=PROMPT,
            one_time_code="4242",
        )


def newest(world: World) -> PhoneCall:
    (call,) = world[PhoneCalls]
    return call


def test_a_phone_rings_answers_by_itself_hears_the_words_twice_and_hangs_up(
    world: World, told: Told, advance: Advance
) -> None:
    call = world.perform(Call())
    assert call is not None
    assert (call.sid[:2], call.handset, call.caller, call.status) == ("CA", ANN, CALLER, "queued")
    advance(milliseconds=20)
    assert newest(world).status == "ringing"
    assert (newest(world).spoken, newest(world).codes) == ((), ())
    advance(milliseconds=80)
    answered = newest(world)
    assert answered.status == "in-progress"
    assert answered.spoken == (SAID, SAID)
    assert answered.codes == ("4242",)
    assert call.seq < answered.seq
    advance(seconds=15)
    ended = newest(world)
    assert (ended.status, ended.date_ended) == ("completed", world.now)
    happened = [type(each) for each in told if hasattr(each, "call")]
    assert happened == [HandsetRang, CallAnswered, CallEnded]


def test_a_code_is_told_once_a_key_was_pressed(world: World, told: Told, advance: Advance) -> None:
    world.perform(Call(asks=Asks.ANY_KEY))
    advance(seconds=1)
    assert (newest(world).spoken, newest(world).codes) == ((PROMPT,), ())
    wish = PressDigits(address=ANN, call=newest(world).sid, digits="1")
    heard = world.perform(wish)
    assert (heard.spoken, heard.codes, heard.pressed) == ((PROMPT, SAID, SAID), ("4242",), "1")
    assert world.perform(wish).pressed == "11"
    assert [each.call.satisfied for each in told.of(DigitsPressed)] == [True, True]
    advance(seconds=15)
    assert newest(world).status == "completed"


def test_a_call_in_which_nothing_is_pressed_ends_with_nothing_told(
    world: World, advance: Advance
) -> None:
    world.perform(Call(asks=Asks.ANY_KEY))
    advance(seconds=61)
    assert (newest(world).status, newest(world).codes) == ("completed", ())


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"power": "off"}, "no-answer"),
        ({"network": "airplane"}, "no-answer"),
        ({"calls": "busy"}, "busy"),
    ],
)
def test_a_phone_that_cannot_be_had(
    world: World, told: Told, advance: Advance, settings: dict[str, str], status: str
) -> None:
    world.perform(UpsertHandset(address=ANN, **settings))
    world.perform(Call())
    advance(seconds=1)
    assert newest(world).status == status
    assert newest(world).codes == ()
    assert not told.of(HandsetRang)


def test_a_phone_that_nobody_answers_rings_for_a_minute(world: World, advance: Advance) -> None:
    world.perform(UpsertHandset(address=ANN, calls="hold"))
    world.perform(Call())
    advance(seconds=60)
    assert newest(world).status == "ringing"
    advance(seconds=1)
    assert newest(world).status == "no-answer"


def test_a_call_is_answered_and_ended_by_hand(world: World, advance: Advance, told: Told) -> None:
    world.perform(UpsertHandset(address=ANN, calls="hold"))
    sid = getattr(world.perform(Call()), "sid", "")
    deeds: list[Any] = [
        AnswerCall(address=ANN, call=sid),
        PressDigits(address=ANN, call=sid, digits="1"),
    ]
    for deed in deeds:
        assert code(world, deed) == 20409
    advance(seconds=1)
    answered = world.perform(deeds[0])
    assert (answered.status, answered.codes) == ("in-progress", ("4242",))
    assert world.perform(deeds[0]) == answered
    assert world.perform(HangUp(address=ANN, call=sid)).status == "completed"
    assert world.perform(HangUp(address=ANN, call=sid)).status == "completed"
    assert len(told.of(CallEnded)) == 1
    for deed in deeds:
        assert code(world, deed) == 20409
    advance(minutes=2)
    assert newest(world).status == "completed"


def test_a_call_is_turned_away_and_one_that_rings_is_answered_by_a_key(
    world: World, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, calls="hold"))
    one = world.perform(Call(asks=Asks.ANY_KEY))
    two = world.perform(Call(asks=Asks.ANY_KEY))
    assert one is not None
    assert two is not None
    advance(seconds=1)
    assert world.perform(HangUp(address=ANN, call=one.sid)).status == "busy"
    heard = world.perform(PressDigits(address=ANN, call=two.sid, digits="#"))
    assert (heard.status, heard.codes) == ("in-progress", ("4242",))


@pytest.mark.parametrize("digits", ["", "a", "1 2", "+1"])
def test_what_is_no_digit_is_not_pressed(world: World, advance: Advance, digits: str) -> None:
    world.perform(Call())
    advance(milliseconds=100)
    assert code(world, PressDigits(address=ANN, call=newest(world).sid, digits=digits)) == 20001


def test_calls_that_there_are_not(world: World, advance: Advance) -> None:
    call = world.perform(Call())
    assert call is not None
    world.perform(UpsertHandset(address="+12025550198"))
    assert code(world, AnswerCall(address="+12025550198", call=call.sid)) == 20404
    assert code(world, AnswerCall(address="+12025550197", call=call.sid)) == 20404
    assert code(world, HangUp(address=ANN, call="CA0")) == 20404


def test_calls_are_deleted_that_are_over(world: World, advance: Advance) -> None:
    first = world.perform(Call())
    second = world.perform(Call())
    assert first is not None
    assert second is not None
    advance(minutes=1)
    third = world.perform(Call())
    assert third is not None
    world.perform(ClearCalls(address=ANN, calls=(first.sid, third.sid)))
    assert [each.sid for each in world[PhoneCalls]] == [second.sid, third.sid]
    world.perform(ClearCalls(address=ANN))
    assert [each.sid for each in world[PhoneCalls]] == [third.sid]


def test_calls_go_with_their_phone(world: World, told: Told, advance: Advance) -> None:
    world.perform(Call())
    advance(minutes=1)
    world.perform(Call())
    advance(seconds=1)
    world.perform(RemoveHandset(address=ANN))
    assert not len(world[PhoneCalls])
    assert [each.call.status for each in told.of(CallEnded)] == ["completed", "failed"]
    advance(minutes=1)


def test_a_number_that_no_phone_has_is_not_called_where_none_comes_by_itself(
    world: World, told: Told
) -> None:
    world.perform(ChangeCarrier(auto_provision=False))
    assert world.perform(Call()) is None
    assert not len(world[Handsets])
    validation = world.perform(RequestValidation(account=ACCOUNT, phone_number=ANN))
    assert told.of(ValidationEnded) == [ValidationEnded(validation=validation, caller_id=None)]


def test_a_fault_for_calls_ends_one(world: World, advance: Advance) -> None:
    fails = Fault(final=Final(status="failed", error_code=30005))
    for match in (
        Match(to=ANN),
        Match(channel="call", sender="+1999*"),
        Match(channel="call", to="+49*"),
        Match(channel="call", to=ANN, sender="+1202*"),
    ):
        world.perform(AddFault(match=match, do=fails, times=1))
    world.perform(AddFault(match=Match(channel="call"), do=Fault(hold=True)))
    world.perform(Call())
    advance(seconds=1)
    assert (newest(world).status, newest(world).error_code) == ("failed", 30005)
    world.perform(Call())
    advance(minutes=1)
    assert [each.status for each in world[PhoneCalls]] == ["failed", "completed"]


def test_a_flaky_carrier_takes_its_time(world: World, advance: Advance) -> None:
    world.perform(ChangeCarrier(profile="realistic"))
    world.perform(Call())
    advance(milliseconds=299)
    assert newest(world).status == "queued"
    advance(seconds=6)
    assert newest(world).status == "in-progress"


@pytest.mark.parametrize(("typed", "verified"), [("{}", True), ("1{}#", True), ("99", False)])
def test_the_code_of_a_verified_number_is_typed_in_by_hand(
    world: World, told: Told, advance: Advance, typed: str, verified: bool
) -> None:
    world.perform(UpsertHandset(address=ANN, calls="hold"))
    validation = world.perform(RequestValidation(account=ACCOUNT, phone_number=ANN))
    advance(seconds=1)
    assert newest(world).sid == validation.call_sid
    digits = typed.format(validation.validation_code)
    heard = world.perform(PressDigits(address=ANN, call=validation.call_sid, digits=digits))
    assert heard.codes == ()
    assert heard.is_told is verified
    advance(minutes=2)
    assert is_verified(world, ACCOUNT, ANN) is verified
    (ended,) = told.of(ValidationEnded)
    assert (ended.caller_id is not None) is verified
