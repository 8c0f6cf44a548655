"""Delivery receipts by the control API: given by hand, one at a time or all that are held."""

from typing import TypedDict

from msgspec import field

from twilio_emulator.control.exchange import Reply, json_reply
from twilio_emulator.control.phones import look
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.carrier.delivery_reports import LAST_STEPS, ReleaseReceipts, SetReceipt
from twilio_emulator.core.simulation.resources import Match


class Matching(Fields):
    """Which texts are meant; what is not given matches all. A pattern may end in `*`, or begin with
    `regex:`.

    Attributes:
        to: whom they are to.
        sender: whom they are from.
        channel: what carries them, such as `sms` or `whatsapp`.
        body: the words.
        service: the messaging service (MG), or the conversation service (IS) of a client SDK.
        direction: `inbound` or `outbound`.
    """

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
    """Which held texts get which report.

    Attributes:
        match: which texts; all unless given.
        status: what is reported.
        error_code: Twilio's, when it is bad.
    """

    match: Matching = field(default_factory=Matching)
    status: str = field(name="as", default="delivered")
    error_code: Whole | None = None


class Released(TypedDict):
    """The texts that were reported."""

    messages: list[look.SentText]


REPORTS = tuple(map(str, LAST_STEPS))


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("receipts", "Delivery receipts that the carrier holds back.")

    @controls.on(
        "POST",
        "/messages/{message}/receipt",
        "give_receipt",
        "Says what became of a text, at once or after some milliseconds.",
        places={"message": Place(words="The sid of a text (SM, MM).", example="SM" + "3" * 32)},
        body=SetReceipt,
        without=("text",),
        choices={"status": REPORTS},
        gives=look.SentText,
        otherwise={409: "The text has come too far for that."},
        examples=({"status": "delivered"}, {"status": "undelivered", "error_code": 30003}),
    )
    async def give(control: Control) -> Reply:
        wish = control.command(SetReceipt, text=control.said["message"])
        text = await control.hosted.gate.perform(wish)
        return json_reply(look.text(text))

    @controls.on(
        "POST",
        "/receipts/release",
        "release_receipts",
        "Gives all held texts that fit the report that they wait for.",
        body=Releasing,
        choices={"as": REPORTS},
        gives=Released,
        otherwise={409: "A text has come too far for that."},
        examples=({}, {"as": "undelivered", "error_code": 30005, "match": {"to": "+1202*"}}),
    )
    async def release(control: Control) -> Reply:
        wish = control.body(Releasing)
        released = await control.hosted.gate.perform(
            ReleaseReceipts(
                match=wish.match.match(), status=wish.status, error_code=wish.error_code
            )
        )
        return json_reply({"messages": [look.text(text) for text in released]})
