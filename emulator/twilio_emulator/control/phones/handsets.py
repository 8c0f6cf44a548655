"""Handsets by the control API: had, switched and read."""

from collections.abc import Iterator

from twilio_emulator.control.listing import Paged, check_limit, following, place_of, take
from twilio_emulator.control.phones import look
from twilio_emulator.control.phones.filters import Filter, MessageMatcher
from twilio_emulator.control.routes import NOTHING, Control, Controls, Reply, Whole, json_reply
from twilio_emulator.core.carrier import handset_commands
from twilio_emulator.core.carrier.handset_commands import (
    ChangeHandset,
    ReadItem,
    ReadThread,
    RemoveHandset,
    UpsertHandset,
)
from twilio_emulator.core.messaging.clearing import ClearInbox, RemoveHandsets
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import InboxItem, InboxItems
from twilio_emulator.core.senders.addresses import bare, kept


class MessageRange(Filter):
    """Which messages of a phone: those after `since`, and before `before`."""

    since: Whole = 0
    before: Whole | None = None


class NewestMessages(MessageRange):
    """Which of these are to be shown: the newest `limit`."""

    limit: Whole | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/handsets")
    async def list_handsets(control: Control) -> Reply:
        wish, world = control.query(Paged), control.hosted.world
        places = world[Handsets].in_order.of("").upward(place_of(wish.cursor))
        held, more = take(control, places, world[Handsets].__getitem__, wish.limit)
        return json_reply({"handsets": [look.handset(world, each) for each in held], **more})

    @controls.on("DELETE", "/handsets")
    async def remove_handsets(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveHandsets())
        return NOTHING

    @controls.on("GET", "/handsets/{address}")
    async def show_handset(control: Control) -> Reply:
        world = control.hosted.world
        found = handset_commands.find(world, control.said["address"])
        return json_reply(look.handset(world, found))

    @controls.on("PUT", "/handsets/{address}")
    async def have_handset(control: Control) -> Reply:
        wish = control.command(UpsertHandset, address=control.said["address"])
        changed = await control.hosted.gate.perform(wish)
        return json_reply(look.handset(control.hosted.world, changed))

    @controls.on("PATCH", "/handsets/{address}")
    async def change_handset(control: Control) -> Reply:
        wish = control.command(ChangeHandset, address=control.said["address"])
        changed = await control.hosted.gate.perform(wish)
        return json_reply(look.handset(control.hosted.world, changed))

    @controls.on("DELETE", "/handsets/{address}")
    async def remove_handset(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveHandset(address=control.said["address"]))
        return NOTHING

    @controls.on("GET", "/handsets/{address}/messages")
    async def read_inbox(control: Control) -> Reply:
        return json_reply(_inbox(control))

    @controls.on("DELETE", "/handsets/{address}/messages")
    async def clear_inbox(control: Control) -> Reply:
        wish, sids = control.query(MessageRange), None
        if control.parameters:
            sids = tuple(each.sid for each in _held(control, wish))
        wanted = ClearInbox(address=control.said["address"], items=sids)
        await control.hosted.gate.perform(wanted)
        return NOTHING

    @controls.on("POST", "/handsets/{address}/messages/{item}/read")
    async def read_item(control: Control) -> Reply:
        wish = ReadItem(address=control.said["address"], item=control.said["item"])
        item = await control.hosted.gate.perform(wish)
        return json_reply(look.item(control.hosted.world, item))

    @controls.on("POST", "/handsets/{address}/threads/{peer}/read")
    async def read_thread(control: Control) -> Reply:
        wish = ReadThread(address=control.said["address"], peer=control.said["peer"])
        await control.hosted.gate.perform(wish)
        return NOTHING


def _inbox(control: Control) -> dict[str, object]:
    wish, more = control.query(NewestMessages), dict[str, str]()
    check_limit(wish.limit)
    world = control.hosted.world
    shown: list[InboxItem] = []
    for item in _held(control, wish):
        if len(shown) == wish.limit:
            more = following(control, before=shown[-1].seq)
            break
        shown.append(item)
    shown.reverse()
    return {
        "items": [look.item(world, item) for item in shown],
        "next_seq": shown[-1].seq if shown else wish.since,
        **more,
    }


def _held(control: Control, wish: MessageRange) -> Iterator[InboxItem]:
    """What is asked for of what a phone holds, newest first."""
    world = control.hosted.world
    wanted, items = MessageMatcher(wish, world.numbering), world[InboxItems]
    address = bare(kept(world.numbering, control.said["address"]))
    held = items.by_handset.of(address)
    for seq, sid in held.downward(None if wish.before is None else (wish.before, "")):
        if seq <= wish.since:
            return
        if wanted(items[sid]):
            yield items[sid]
