"""The clock of an account by the control API: read, frozen, set, advanced."""

import asyncio
from datetime import datetime, timedelta
from typing import TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.parameters import read_duration, read_moment, written
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.core.kernel.clock import LAST, Clock
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.settings import InvalidSetting, clock_rate

LONGEST = 60.0
"""Seconds of the machine's that moving a clock takes at most, with the webhooks on the way."""


class ClockWish(Fields):
    """What the clock shall do.

    Attributes:
        mode: `real`, `frozen`, or `xN` for one that runs N times as fast.
        now: the instant to move on to, in ISO 8601; no clock runs back.
        advance: how much further: seconds, or an ISO 8601 duration.
        settle: whether to wait for the webhooks of what falls due on the way.
    """

    mode: str | None = None
    now: str | None = None
    advance: float | str | None = None
    settle: bool = True


class ShownClock(TypedDict):
    """A clock.

    Attributes:
        mode: `real`, `frozen` or `xN`.
        now: what it shows.
        next_due: when something falls due next, unless nothing does.
        next_limit: seconds of the machine's that webhooks under way still wait at most.
    """

    mode: str
    now: str
    next_due: str | None
    next_limit: float | None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group(
        "clock", "What time it is for an account: real, frozen, faster, or moved on by a test."
    )

    @controls.on(
        "GET",
        "/clock",
        "show_clock",
        "What the clock shows, how fast it runs, and when something falls due next.",
        gives=ShownClock,
    )
    async def show(control: Control) -> Reply:
        return json_reply(look(control.hosted))

    @controls.on(
        "POST",
        "/clock",
        "change_clock",
        "Freezes the clock, lets it run, or moves it on: what falls due on the way happens in "
        "order, each at its own time.",
        body=ClockWish,
        gives=ShownClock,
        otherwise={408: f"What falls due on the way is not over after {LONGEST:g} seconds."},
        examples=(
            {"mode": "frozen"},
            {"advance": 90},
            {"advance": "PT25H", "settle": False},
            {"now": "2026-03-01T09:00:00Z"},
            {"mode": "x60"},
        ),
    )
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


def look(hosted: Hosted) -> ShownClock:
    """The clock, when the next timer is due, and how long webhooks under way still wait, in s."""
    clock = hosted.world.clock
    due = hosted.world.timers.next_due()
    return {
        "mode": mode(clock),
        "now": write_instant(clock.now()),
        "next_due": written(due),
        "next_limit": hosted.pace.limit(),
    }


def mode(clock: Clock) -> str:
    """`real`, `frozen` or `xN`."""
    if clock.rate == 1:
        return "real"
    return f"x{clock.rate:g}" if clock.rate else "frozen"
