"""The clock of an account by the control API: read, frozen, set, advanced."""

import asyncio
from datetime import datetime, timedelta

from twilio_emulator.control.parameters import read_duration, read_moment
from twilio_emulator.control.routes import Control, Controls, Fields, Mistaken, Reply, json_reply
from twilio_emulator.core.kernel.clock import LAST, Clock
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.runtime.accounts import Hosted
from twilio_emulator.settings import InvalidSetting, clock_rate

LONGEST = 60.0
"""Seconds of the machine's that moving a clock takes at most, with the webhooks on the way."""


class ClockWish(Fields):
    """What the clock shall do; `settle` waits for the webhooks of what falls due on the way."""

    mode: str | None = None
    now: str | None = None
    advance: float | str | None = None
    settle: bool = True


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/clock")
    async def show(control: Control) -> Reply:
        return json_reply(look(control.hosted))

    @controls.on("POST", "/clock")
    async def change(control: Control) -> Reply:
        wish = control.body(ClockWish)
        hosted = control.hosted
        rate, by, target = _read(wish, hosted)
        if rate is not None:
            hosted.pace.set_rate(rate)
        try:
            async with asyncio.timeout(LONGEST):
                if by is not None:
                    await hosted.pace.advance(by, settle=wish.settle)
                if target is not None:
                    await hosted.pace.move_to(target, settle=wish.settle)
        except TimeoutError:
            raise Mistaken(
                f"the clock is at {write_instant(hosted.world.clock.now())} and moves no further: "
                f"what falls due on the way is not over after {LONGEST:g} seconds",
                408,
            ) from None
        return json_reply(look(hosted))


def _read(
    wish: ClockWish, hosted: Hosted
) -> tuple[float | None, timedelta | None, datetime | None]:
    """How fast, how much further, and until when the clock shall run; None is not said."""
    rate = by = target = None
    if wish.mode is not None:
        try:
            rate = clock_rate(wish.mode)
        except InvalidSetting as wrong:
            raise Mistaken(f"body mode: {wrong.complaint}") from None
    if wish.advance is not None:
        by = read_duration("body advance", wish.advance)
        if by > LAST - hosted.world.clock.now():
            raise Mistaken(f"body advance: expected less, since clocks end in {LAST.year}")
    if wish.now is not None:
        target = read_moment("body now", wish.now)
        if by is not None:
            raise Mistaken("body: expected now or advance, not both")
        if target < hosted.world.now:
            earliest = write_instant(hosted.world.now)
            raise Mistaken(f"body now: expected {earliest} or later, since no clock runs back")
    return rate, by, target


def look(hosted: Hosted) -> dict[str, object]:
    """The clock, when the next timer is due, and how long webhooks under way still wait, in s."""
    clock = hosted.world.clock
    due = hosted.world.timers.next_due()
    return {
        "mode": mode(clock),
        "now": write_instant(clock.now()),
        "next_due": due and write_instant(due),
        "next_limit": hosted.pace.limit(),
    }


def mode(clock: Clock) -> str:
    """`real`, `frozen` or `xN`."""
    if clock.rate == 1:
        return "real"
    return f"x{clock.rate:g}" if clock.rate else "frozen"
