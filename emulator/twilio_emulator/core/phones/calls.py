"""Voice calls on phones: a phone rings, somebody answers, hears something and presses digits.

The rules of this file, which are ours, since what a network does before it says how a call ended is
nobody's to know:

- A phone that is off or out of reach, or a number that no phone has, ends the call at once. One
  that is engaged says so. Any other rings: it is answered by itself after the carrier's delay, or
  by hand, or not at all.
- A call that asks for digits says what it has to say when they were pressed, and no sooner.
- What is said holds `{{code}}` where a code is spoken digit by digit, so that only who listens
  hears it.
"""

from datetime import timedelta

from twilio_emulator.core.kernel.clock import milliseconds
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.call_resources import (
    LIVE,
    Asks,
    CallAnswered,
    CallEnded,
    CallsCleared,
    CallStatus,
    DigitsPressed,
    HandsetRang,
    PhoneCall,
    PhoneCalls,
)
from twilio_emulator.core.phones.handsets import Answering, Handsets, contact, rings
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import bare, kept
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.resources import Final
from twilio_emulator.core.simulation.settings import profile, settings

CALL = "call"
"""What a fault's `match.channel` says of calls."""

RINGS_FOR = timedelta(seconds=60)
"""How long a phone rings that nobody answers: as long as Twilio lets it by default
(https://www.twilio.com/docs/voice/api/call-resource)."""

LISTENS_FOR = timedelta(seconds=60)
"""Decided: how long a call waits for digits before it is over."""

SPEAKS_FOR = timedelta(seconds=15)
"""Decided: how long it takes to say something twice."""

DIGITS = frozenset("0123456789*#")


def place(
    world: World,
    *,
    to: str,
    caller: str,
    words: str,
    sid: str | None = None,
    asks: Asks = Asks.NOTHING,
    greeting: str = "",
    one_time_code: str | None = None,
    language: str | None = None,
    send_digits: str | None = None,
    after: timedelta | None = None,
    rings_for: int | None = None,
    about: str | None = None,
) -> PhoneCall | None:
    """Call a number, as `PhoneCall` explains it; `CallEnded` tells how that went.

    Args:
        sid: of the call; a new one unless given.
        after: how long until it is put through; the carrier's delay unless given.

    Returns:
        the call; None for a number that no phone has, when none comes into being by itself.
    """
    if world[Handsets].get(bare(to)) is None and not settings(world).auto_provision:
        return None
    call = world[PhoneCalls].put(
        PhoneCall(
            sid=sid or world.sids.new("CA"),
            handset=contact(world, to).address,
            caller=caller,
            asks=asks,
            greeting=greeting,
            words=words,
            one_time_code=one_time_code,
            language=language,
            send_digits=send_digits,
            rings_for=rings_for,
            about=about,
            date_created=world.now,
            seq=world.serial(),
        )
    )
    due = world.now + (_between(world, profile(world).sending) if after is None else after)
    world.timers.set(call.sid, due, PutThrough(call=call.sid))
    return call


@command
class PutThrough:
    """A call gets to its phone."""

    call: str

    def apply(self, world: World) -> None:
        call = world[PhoneCalls][self.call]
        handset = world[Handsets][call.handset]
        final = _final(world, call)
        if final is not None:
            _end(world, replace(call, error_code=final.error_code), CallStatus.FAILED)
        elif not rings(world, handset):
            _end(world, call, CallStatus.NO_ANSWER)
        elif handset.calls is Answering.BUSY:
            _end(world, call, CallStatus.BUSY)
        else:
            call = _change(world, replace(call, status=CallStatus.RINGING))
            world.tell(HandsetRang(call=call))
            if handset.calls is Answering.HOLD:
                _set(world, call, RINGS_FOR, EndCall(call=call.sid))
            else:
                span = profile(world).sent
                if call.rings_for is not None:
                    span = (call.rings_for, call.rings_for)
                _set(world, call, _between(world, span), PickUp(call=call.sid))


@command
class PickUp:
    """A phone answers by itself, and its owner types in the code that is asked for."""

    call: str

    def apply(self, world: World) -> None:
        call = _answer(world, world[PhoneCalls][self.call])
        if call.asks is Asks.CODE:
            _press(world, call, call.one_time_code or "")


@command
class EndCall:
    """Nobody answered for so long, or everything is said."""

    call: str

    def apply(self, world: World) -> None:
        _hang_up(world, world[PhoneCalls][self.call], CallStatus.NO_ANSWER)


@command
class AnswerCall:
    """Answer a phone that rings; one that is answered already stays so.

    Raises:
        Refused: 20404 there is no such call; 20409 it is over, or the phone does not ring yet.
    """

    address: str
    call: str

    def apply(self, world: World) -> PhoneCall:
        call = find_call(world, self.address, self.call)
        return call if call.status is CallStatus.IN_PROGRESS else _answer(world, call)


@command
class PressDigits:
    """Press digits in a call; a phone that rings still is answered first.

    Attributes:
        digits: of `0` to `9`, `*` and `#`, one or more.

    Raises:
        Refused: 20404 there is no such call; 20409 it is over; 20001 those are no digits.
    """

    address: str
    call: str
    digits: str

    def apply(self, world: World) -> PhoneCall:
        call = find_call(world, self.address, self.call)
        if not self.digits or not DIGITS.issuperset(self.digits):
            raise Refused(
                refusals.INVALID_SETTING,
                name="digits",
                choices="0 to 9, * and #",
                value=repr(self.digits[:20]),
            )
        if call.status is not CallStatus.IN_PROGRESS:
            call = _answer(world, call)
        return _press(world, call, self.digits)


@command
class HangUp:
    """Hang up, or turn away a call that rings; of a call that is over nothing changes.

    Raises:
        Refused: 20404 there is no such call.
    """

    address: str
    call: str

    def apply(self, world: World) -> PhoneCall:
        call = find_call(world, self.address, self.call)
        return _hang_up(world, call, CallStatus.BUSY) if call.status in LIVE else call


@command
class ClearCalls:
    """Delete calls on a phone that are over: those with these sids, or all.

    Raises:
        Refused: 20404 there is no such phone.
    """

    address: str
    calls: tuple[str, ...] | None = None

    def apply(self, world: World) -> None:
        handset = _subscriber(world, self.address)
        wanted = None if self.calls is None else frozenset(self.calls)
        for call in world[PhoneCalls].all(world[PhoneCalls].by_handset, handset):
            if call.status not in LIVE and (wanted is None or call.sid in wanted):
                world[PhoneCalls].remove(call.sid)
        world.tell(CallsCleared(handset=handset))


def forget(world: World, handset: str) -> None:
    """Have no calls of a phone that is thrown away; those that go on end as failed."""
    for call in world[PhoneCalls].all(world[PhoneCalls].by_handset, handset):
        if call.status in LIVE:
            _end(world, call, CallStatus.FAILED)
        world[PhoneCalls].remove(call.sid)


def find_call(world: World, address: str, sid: str) -> PhoneCall:
    """A call to a phone.

    Raises:
        Refused: 20404.
    """
    handset = _subscriber(world, address)
    call = world[PhoneCalls].get(sid)
    if call is None or call.handset != handset:
        raise Refused(refusals.NO_SUCH_CALL, handset=address, call=sid)
    return call


def _subscriber(world: World, address: str) -> str:
    found = world[Handsets].get(bare(kept(world.numbering, address)))
    if found is None:
        raise Refused(refusals.NO_SUCH_HANDSET, handset=address)
    return found.address


def _answer(world: World, call: PhoneCall) -> PhoneCall:
    """Answer a phone.

    Raises:
        Refused: 20409 it does not ring.
    """
    if call.status is not CallStatus.RINGING:
        raise Refused(refusals.DOES_NOT_RING, status=call.status)
    answered = replace(call, status=CallStatus.IN_PROGRESS, date_answered=world.now)
    call = _change(world, answered)
    wait = SPEAKS_FOR if call.asks is Asks.NOTHING else LISTENS_FOR
    _set(world, call, wait, EndCall(call=call.sid))
    world.tell(CallAnswered(call=call))
    return call


def _press(world: World, call: PhoneCall, digits: str) -> PhoneCall:
    pressed = call.pressed + digits
    is_first = not call.satisfied and (
        call.asks is Asks.ANY_KEY
        or (call.asks is Asks.CODE and pressed.rstrip("#").endswith(call.one_time_code or ""))
    )
    satisfied = call.satisfied or is_first
    call = _change(world, replace(call, pressed=pressed, satisfied=satisfied))
    world.tell(DigitsPressed(call=call))
    if is_first:
        _set(world, call, SPEAKS_FOR, EndCall(call=call.sid))
    return call


def _hang_up(world: World, call: PhoneCall, unanswered: CallStatus) -> PhoneCall:
    is_answered = call.status is CallStatus.IN_PROGRESS
    return _end(world, call, CallStatus.COMPLETED if is_answered else unanswered)


def _end(world: World, call: PhoneCall, status: CallStatus) -> PhoneCall:
    world.timers.cancel(call.sid)
    call = _change(world, replace(call, status=status, date_ended=world.now))
    world.tell(CallEnded(call=call))
    return call


def _change(world: World, call: PhoneCall) -> PhoneCall:
    return world[PhoneCalls].put(replace(call, seq=world.serial()))


def _set(
    world: World, call: PhoneCall, after: timedelta, then: PutThrough | PickUp | EndCall
) -> None:
    world.timers.set(call.sid, world.now + after, then)


def _final(world: World, call: PhoneCall) -> Final | None:
    """How a call is made to end, by the first rule for calls that fits."""
    rule = faults.for_channel(world, CALL, call.handset, call.caller)
    return None if rule is None else faults.spend(world, rule).final


def _between(world: World, span: tuple[int, int]) -> timedelta:
    shortest, longest = span
    return milliseconds(shortest if shortest == longest else world.dice.randint(shortest, longest))
