"""WhatsApp's windows by the control API: until when a phone and a sender may say anything."""

from datetime import datetime, timedelta

from twilio_emulator.control.routes import Control, Controls, Fields, Mistaken, Reply, json_reply
from twilio_emulator.core.carrier import handset_commands
from twilio_emulator.core.carrier.whatsapp_window import OPEN_FOR, ChangeWindow, Window, Windows
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import kept
from twilio_emulator.core.senders.resources import PhoneNumbers

A_MOMENT = timedelta(milliseconds=1)


class NewWindow(Fields):
    """Whether it is open, for 24 hours from now; or until when."""

    open: bool | None = None
    open_until: str | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/whatsapp/windows")
    async def list_windows(control: Control) -> Reply:
        world = control.hosted.world
        return json_reply({"windows": [_look(world, each) for each in world[Windows]]})

    @controls.on("PATCH", "/whatsapp/windows/{address}/{sender}")
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


def _look(world: World, it: Window) -> dict[str, object]:
    return {
        "handset": it.handset,
        "sender": it.sender,
        "open": it.open_until is not None and world.clock.now() < it.open_until,
        "open_until": it.open_until and write_instant(it.open_until),
        "joined_until": it.joined_until and write_instant(it.joined_until),
    }
