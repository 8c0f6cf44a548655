"""Delivery reports given by hand: what a test or a person says became of a text.

The rules of this file:

- A report takes a text through every step that lies before what it says, so that its sender hears
  the same as from a carrier. What the lifecycle does not know is refused.
- A report may come later: then it is a timer like any other, and the last one that was said counts.
"""

from dataclasses import astuple
from datetime import timedelta

from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.carrier.outcomes import UNKNOWN, is_for
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.inbox import expire, read, show
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.simulation.choices import MOST_MS, choose, within
from twilio_emulator.core.simulation.fault_checks import LATE_CODES, check_match
from twilio_emulator.core.simulation.patterns import check_pattern
from twilio_emulator.core.simulation.resources import EVERYTHING, Match
from twilio_emulator.core.texts.text import Direction, Text, Texts, TextStatus, TextStep, can, move

LAST_STEPS = {
    TextStatus.SENT: TextStep.HAND_OVER,
    TextStatus.DELIVERED: TextStep.DELIVER,
    TextStatus.UNDELIVERED: TextStep.BOUNCE,
    TextStatus.FAILED: TextStep.FAIL,
    TextStatus.READ: TextStep.READ,
}
"""What can be reported, and the step that makes it true."""

FORWARD = {
    TextStatus.ACCEPTED: TextStep.QUEUE,
    TextStatus.QUEUED: TextStep.TRANSMIT,
    TextStatus.SENDING: TextStep.HAND_OVER,
}
"""The step that brings a text nearer to its phone."""


@command
class SetReceipt:
    """Say what became of a text, at once or after some milliseconds.

    Attributes:
        status: what is reported.
        error_code: Twilio's, when it is bad.
        after_ms: milliseconds of the clock; at once unless given.
    """

    text: str
    status: str
    error_code: int | None = None
    after_ms: int | None = None

    def apply(self, world: World) -> Text:
        text = world[Texts].get(self.text)
        if text is None or text.direction is Direction.INBOUND:
            raise Refused(refusals.NO_SUCH_TEXT, text=self.text)
        check(self.status, self.error_code)
        within("after_ms", self.after_ms, 0, MOST_MS)
        if self.after_ms:
            due = world.now + timedelta(milliseconds=self.after_ms)
            later = SetReceipt(text=self.text, status=self.status, error_code=self.error_code)
            world.timers.set(text.sid, due, later)
            return text
        return report(world, text, TextStatus(self.status), self.error_code)


@command
class ReleaseReceipts:
    """Give all held texts that match the report that they wait for."""

    match: Match = EVERYTHING
    status: str = "delivered"
    error_code: int | None = None

    def apply(self, world: World) -> tuple[Text, ...]:
        for pattern in astuple(self.match):
            check_pattern(world, "match", pattern)
        check_match(self.match)
        check(self.status, self.error_code)
        held = [
            text
            for text in world[Texts].all(world[Texts].held, "")
            if is_for(world, self.match, text)
        ]
        return tuple(
            SetReceipt(text=text.sid, status=self.status, error_code=self.error_code).apply(world)
            for text in held
        )


def check(status: str, error_code: int | None) -> None:
    """Raises:
    Refused: 20001 the carrier reports no such status or error.
    """
    choose("status", status, LAST_STEPS)
    if error_code:  # carriers write 0 for no error
        choose("error_code", error_code, sorted(LATE_CODES))


def report(world: World, text: Text, status: TextStatus, error_code: int | None) -> Text:
    """Take a text to `status`; it may fail on the way, for want of a sender.

    Raises:
        Refused: 20409 it cannot get there from where it is.
    """
    last = LAST_STEPS[status]
    if not can(text, last) and text.status not in FORWARD:
        raise Refused(refusals.NOT_NOW, status=text.status, wanted=status)
    while not can(text, last):
        if text.status is TextStatus.ACCEPTED:
            text = delivery.queue(world, text)
        elif text.status in FORWARD:
            text = move(world, text, FORWARD[text.status])
        else:
            return text
    if last is TextStep.DELIVER:
        return delivery.deliver(world, text)
    if last is TextStep.READ:
        read(world, show(world, text))
        return move(world, text, last)
    if last is TextStep.HAND_OVER:
        return move(world, text, last)
    expire(world, text)
    return move(world, text, last, error_code=error_code or UNKNOWN)
