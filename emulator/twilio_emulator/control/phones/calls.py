"""Calls to phones by the control API: answered, listened to and ended."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

from msgspec import field

from twilio_emulator.control.exchange import NOTHING, Mistake, Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, downward, newest
from twilio_emulator.control.phones.places import CALL, PHONE
from twilio_emulator.control.phones.waiting import Wait, check, cursor
from twilio_emulator.control.routes import Control, Controls, Fields, Whole
from twilio_emulator.core.carrier import handset_commands
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.call_resources import Asks, CallStatus, PhoneCall, PhoneCalls
from twilio_emulator.core.phones.calls import AnswerCall, ClearCalls, HangUp, PressDigits
from twilio_emulator.core.phones.handsets import Answering, Handsets


class CallFilter(Fields):
    """What a call has to be; what is not given does not matter.

    Attributes:
        caller: who calls.
        status: how far it is.
        contains: a part of what it said.
    """

    caller: str | None = field(name="from", default=None)
    status: CallStatus | None = None
    contains: str | None = None


class CallRange(CallFilter):
    """Which calls to a phone.

    Attributes:
        since: the `seq` behind which they begin.
        before: the `seq` before which they end.
    """

    since: Whole = 0
    before: Whole | None = None


class NewestCalls(CallRange):
    """Which of these are to be shown.

    Attributes:
        limit: the newest so many.
    """

    limit: Whole | None = None


class WaitingForCall(CallFilter):
    """What is waited for, and from where on it counts.

    Attributes:
        status: how far it is; unless given, a call counts when it is answered or over, or rings on
            a phone whose calls somebody has to answer.
        after: a `seq`: what changed behind it counts; `0` for everything, or `now`.
        count: how many are waited for.
        timeout: seconds of the machine's; a frozen clock first performs all that is due.
        without: ids of calls that do not count, with commas: those of earlier waits.
    """

    after: str | None = None
    count: Whole = 1
    timeout: float = 10.0
    without: str = ""


class Pressed(Fields):
    """What is pressed in a call.

    Attributes:
        digits: of `0` to `9`, `*` and `#`, one or more.
    """

    digits: str


_CallEnds = TypedDict("_CallEnds", {"id": str, "handset": str, "from": str, "to": str})


class ShownPhoneCall(_CallEnds):
    """A call to a phone.

    Attributes:
        from: who calls.
        status: how far it is, as Twilio says it.
        asks: what has to be pressed before it says what it is for.
        spoken: what has been said, sentence by sentence.
        body: the same in one.
        codes: the code that was spoken, undivided.
        language: of what is spoken, as a tag.
        send_digits: what the caller pressed when it was answered.
        pressed: what was pressed on the phone.
        error_code: Twilio's, when it failed.
        seq: a number that only grows, another with each change: a wait begins behind one.
    """

    status: CallStatus
    asks: Asks
    spoken: list[str]
    body: str
    codes: list[str]
    language: str | None
    send_digits: str | None
    pressed: str
    error_code: int | None
    date_created: str
    date_answered: str | None
    date_ended: str | None
    seq: int


class HandsetCalls(More):
    """Calls to a phone, in the order of their newest changes.

    Attributes:
        next_seq: the `seq` of the last of these: `since` for what comes then.
    """

    calls: list[ShownPhoneCall]
    next_seq: int


class CameAsCalls(TypedDict):
    """The calls that came.

    Attributes:
        next_seq: the `seq` of the last of these: `after` for the next wait.
    """

    calls: list[ShownPhoneCall]
    next_seq: int


class NobodyCalled(Mistake):
    """So many did not come in time.

    Attributes:
        calls: those that did.
        others: calls that are something else.
        next_seq: where to go on.
    """

    calls: list[ShownPhoneCall]
    others: list[ShownPhoneCall]
    next_seq: int


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    _declare_lists(controls)
    _declare_deeds(controls)


def _declare_lists(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/handsets/{address}/calls",
        "list_handset_calls",
        "Voice calls to a phone, that whose newest change is longest ago first.",
        places=PHONE,
        query=NewestCalls,
        gives=HandsetCalls,
        examples=({}, {"status": "completed", "limit": 1}),
    )
    async def list_handset_calls(control: Control) -> Reply:
        wish = control.query(NewestCalls)
        shown, below = newest(control, _held(control, wish), wish.limit, wish.since)
        return json_reply({"calls": list(map(look, shown)), **below})

    @controls.on(
        "DELETE",
        "/handsets/{address}/calls",
        "clear_handset_calls",
        "Deletes calls on a phone that are over: all, or those that fit.",
        places=PHONE,
        query=CallRange,
        examples=({}, {"status": "no-answer"}),
    )
    async def clear_handset_calls(control: Control) -> Reply:
        wish, sids = control.query(CallRange), None
        if control.parameters:
            sids = tuple(each.sid for each in _held(control, wish))
        await control.hosted.gate.perform(ClearCalls(address=control.said["address"], calls=sids))
        return NOTHING

    @controls.on(
        "GET",
        "/handsets/{address}/calls/wait",
        "wait_for_handset_call",
        "Waits until somebody has called a phone.",
        places=PHONE,
        query=WaitingForCall,
        gives=CameAsCalls,
        otherwise={408: NobodyCalled},
        examples=({"after": "0"},),
    )
    async def wait_for_handset_call(control: Control) -> Reply:
        return await _wait(control)


def _declare_deeds(controls: Controls) -> None:
    @controls.on(
        "POST",
        "/handsets/{address}/calls/{call}/answer",
        "answer_handset_call",
        "Answers a phone that rings.",
        places=PHONE | CALL,
        gives=ShownPhoneCall,
        otherwise={409: "It is over, or does not ring yet."},
    )
    async def answer_handset_call(control: Control) -> Reply:
        wish = AnswerCall(address=control.said["address"], call=control.said["call"])
        return json_reply(look(await control.hosted.gate.perform(wish)))

    @controls.on(
        "POST",
        "/handsets/{address}/calls/{call}/press",
        "press_digits_in_handset_call",
        "Presses digits in a call; a phone that rings still is answered first.",
        places=PHONE | CALL,
        body=Pressed,
        gives=ShownPhoneCall,
        otherwise={409: "It is over, or does not ring yet."},
        examples=({"digits": "1"},),
    )
    async def press_digits_in_handset_call(control: Control) -> Reply:
        wish = PressDigits(
            address=control.said["address"],
            call=control.said["call"],
            digits=control.body(Pressed).digits,
        )
        return json_reply(look(await control.hosted.gate.perform(wish)))

    @controls.on(
        "POST",
        "/handsets/{address}/calls/{call}/hang-up",
        "hang_up_handset_call",
        "Hangs up, or turns away a call that rings.",
        places=PHONE | CALL,
        gives=ShownPhoneCall,
    )
    async def hang_up_handset_call(control: Control) -> Reply:
        wish = HangUp(address=control.said["address"], call=control.said["call"])
        return json_reply(look(await control.hosted.gate.perform(wish)))


def look(it: PhoneCall) -> ShownPhoneCall:
    """A call as it is shown."""
    return {
        "id": it.sid,
        "handset": it.handset,
        "from": it.caller,
        "to": it.handset,
        "status": it.status,
        "asks": it.asks,
        "spoken": list(it.spoken),
        "body": " ".join(it.spoken),
        "codes": list(it.codes),
        "language": it.language,
        "send_digits": it.send_digits,
        "pressed": it.pressed,
        "error_code": it.error_code,
        "date_created": write_instant(it.date_created),
        "date_answered": _instant(it.date_answered),
        "date_ended": _instant(it.date_ended),
        "seq": it.seq,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else write_instant(at)


def _fits(it: PhoneCall, wish: CallFilter) -> bool:
    return (
        (wish.caller is None or it.caller == wish.caller)
        and (wish.status is None or it.status is wish.status)
        and (wish.contains is None or wish.contains in " ".join(it.spoken))
    )


def _held(control: Control, wish: CallRange) -> Iterator[PhoneCall]:
    """The calls to a phone that are asked for, newest change first."""
    world = control.hosted.world
    handset = handset_commands.find(world, control.said["address"])
    ranks = world[PhoneCalls].by_handset.of(handset.address)
    calls = downward(ranks, world[PhoneCalls].__getitem__, wish.since, wish.before)
    yield from (call for call in calls if _fits(call, wish))


async def _wait(control: Control) -> Reply:
    wish = control.query(WaitingForCall)
    world = control.hosted.world
    after = cursor(wish.after, world.serials)
    check(wish.count, wish.timeout)
    handset = handset_commands.subscriber(world, control.said["address"])
    answered = frozenset(wish.without.split(","))

    def is_here(call: PhoneCall) -> bool:
        return call.handset == handset and call.sid not in answered

    wait = Wait(
        control.hosted,
        world[PhoneCalls],
        wanted=lambda call: is_here(call) and _fits(call, wish) and _counts(world, call, wish),
        nearby=is_here,
        after=after,
        count=wish.count,
    )
    outcome = await wait.outcome(wish.timeout)
    calls = list(map(look, outcome.found))
    if len(calls) == wish.count:
        return json_reply({"calls": calls, "next_seq": outcome.found[-1].seq})
    others = list(map(look, outcome.others))
    raise Mistaken(
        f"{len(calls)} of {wish.count} came, and {len(others)} that are something else",
        408,
        {"calls": calls, "others": others, "next_seq": world.serials},
    )


def _counts(world: World, it: PhoneCall, wish: WaitingForCall) -> bool:
    """Whether a call is far enough to be worth anything to who waits for one."""
    if wish.status is not None:
        return True
    if it.status is CallStatus.RINGING:
        return world[Handsets][it.handset].calls is Answering.HOLD
    return it.status is not CallStatus.QUEUED
