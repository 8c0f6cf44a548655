"""Delivery receipts by the control API: given by hand, one at a time or all that are held."""

from msgspec import field

from twilio_emulator.control.phones import look
from twilio_emulator.control.routes import Control, Controls, Fields, Reply, Whole, json_reply
from twilio_emulator.core.carrier.delivery_reports import ReleaseReceipts, SetReceipt
from twilio_emulator.core.simulation.resources import Match


class Matching(Fields):
    """Which texts are meant; what is not given matches all. A pattern may end in `*`."""

    to: str | None = None
    sender: str | None = field(name="from", default=None)
    channel: str | None = None
    body: str | None = None
    service: str | None = None
    direction: str | None = None

    def match(self) -> Match:
        """The same for the core."""
        return Match(
            to=self.to,
            sender=self.sender,
            channel=self.channel,
            body=self.body,
            service=self.service,
            direction=self.direction,
        )


class Releasing(Fields):
    """Which held texts get which report."""

    match: Matching = field(default_factory=Matching)
    status: str = field(name="as", default="delivered")
    error_code: Whole | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("POST", "/messages/{message}/receipt")
    async def give(control: Control) -> Reply:
        wish = control.command(SetReceipt, text=control.said["message"])
        text = await control.hosted.gate.perform(wish)
        return json_reply(look.text(text))

    @controls.on("POST", "/receipts/release")
    async def release(control: Control) -> Reply:
        wish = control.body(Releasing)
        released = await control.hosted.gate.perform(
            ReleaseReceipts(
                match=wish.match.match(), status=wish.status, error_code=wish.error_code
            )
        )
        return json_reply({"messages": [look.text(text) for text in released]})
