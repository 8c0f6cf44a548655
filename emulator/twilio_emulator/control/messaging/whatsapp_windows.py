"""WhatsApp's windows by the control API: until when a phone and a sender may say anything."""

from datetime import datetime, timedelta
from typing import TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.parameters import written
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.core.carrier import handset_commands
from twilio_emulator.core.carrier.whatsapp_window import OPEN_FOR, ChangeWindow, Window, Windows
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import kept
from twilio_emulator.core.senders.resources import PhoneNumbers

A_MOMENT = timedelta(milliseconds=1)


class NewWindow(Fields):
    """Whether a window is open; one of the two is said.

    Attributes:
        open: whether it is, for 24 hours from now.
        open_until: an instant, in ISO 8601.
    """

    open: bool | None = None
    open_until: str | None = None


class ShownWindow(TypedDict):
    """Until when a phone and a sender may say anything on WhatsApp.

    Attributes:
        handset: the phone's address.
        sender: the account's.
        joined_until: until when the phone has joined a sandbox.
    """

    handset: str
    sender: str
    open: bool
    open_until: str | None
    joined_until: str | None


class WindowList(TypedDict):
    """Every window that was opened."""

    windows: list[ShownWindow]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("whatsapp", "WhatsApp's windows, in which a business may write freely.")

    @controls.on(
        "GET",
        "/whatsapp/windows",
        "list_windows",
        "Until when phones and senders may say anything on WhatsApp.",
        gives=WindowList,
    )
    async def list_windows(control: Control) -> Reply:
        world = control.hosted.world
        return json_reply({"windows": [_look(world, each) for each in world[Windows]]})

    @controls.on(
        "PATCH",
        "/whatsapp/windows/{address}/{sender}",
        "change_window",
        "Opens or closes the window between a phone and a sender.",
        places={
            "address": Place(words="The phone's number.", example="+12025550199"),
            "sender": Place(words="The account's WhatsApp sender.", example="+14155238886"),
        },
        body=NewWindow,
        gives=ShownWindow,
        examples=({"open": True}, {"open_until": "2026-01-05T12:00:00Z"}),
    )
    async def change(control: Control) -> Reply:
        wish, world = control.body(NewWindow), control.hosted.world
        handset = handset_commands.find(world, control.said["address"])
        command = ChangeWindow(
            handset=handset.address,
            sender=_sender(world, control.said["sender"]),
            open_until=_until(wish, world.clock.now()),
        )
        return json_reply(_look(world, await control.hosted.gate.perform(command)))


def _sender(world: World, said: str) -> str:
    address = kept(world.numbering, said)
    address = address if ":" in address else f"whatsapp:{address}"
    if world[PhoneNumbers].at(address) is None:
        raise Mistaken(f"path sender: {address} is no sender of the account", 404)
    return address


def _until(wish: NewWindow, now: datetime) -> datetime:
    if (wish.open is None) == (wish.open_until is None):
        raise Mistaken("body: expected either open or open_until")
    if wish.open_until is None:
        return now + OPEN_FOR if wish.open else now - A_MOMENT
    try:
        return parameters.instant(wish.open_until, INVALID_PARAMETER)
    except Refused:
        raise Mistaken(
            f"body open_until: expected an ISO 8601 instant, not {wish.open_until!r}"
        ) from None


def _look(world: World, it: Window) -> ShownWindow:
    return {
        "handset": it.handset,
        "sender": it.sender,
        "open": it.open_until is not None and world.clock.now() < it.open_until,
        "open_until": written(it.open_until),
        "joined_until": written(it.joined_until),
    }
