"""Handsets by the control API: had, switched and read."""

from emulator.core import handset_switches
from emulator.core.channels import bare, kept
from emulator.core.handset_switches import (
    ChangeHandset,
    ReadItem,
    ReadThread,
    RemoveHandset,
    UpsertHandset,
)
from emulator.core.handsets import InboxItem
from emulator.inbox import look
from emulator.inbox.filters import Filter, Wanted
from emulator.wire.controls import NOTHING, Control, Controls, Mistaken, Reply, json_reply


class Reading(Filter):
    """Which messages of a phone are to be shown: the newest `limit` of those after `since`."""

    since: int = 0
    limit: int | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/handsets")
    async def list_handsets(control: Control) -> Reply:
        world = control.hosted.world
        held = world.handsets.all(world.handsets.in_order, "")
        return json_reply({"handsets": [look.handset(world, each) for each in held]})

    @controls.on("GET", "/handsets/{address}")
    async def show_handset(control: Control) -> Reply:
        world = control.hosted.world
        found = handset_switches.find(world, control.said["address"])
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
    wish = control.query(Reading)
    if wish.limit is not None and wish.limit < 1:
        raise Mistaken(f"query limit: expected 1 or more, not {wish.limit}")
    world = control.hosted.world
    wanted = Wanted(wish, world.numbering)
    items = world.inbox_items
    address = bare(kept(world.numbering, control.said["address"]))
    shown: list[InboxItem] = []
    for seq, sid in items.by_handset.of(address).downward():
        if seq <= wish.since or len(shown) == wish.limit:
            break
        if wanted(items[sid]):
            shown.append(items[sid])
    shown.reverse()
    return {
        "items": [look.item(world, item) for item in shown],
        "next_seq": shown[-1].seq if shown else wish.since,
    }
