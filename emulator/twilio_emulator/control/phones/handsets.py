"""Handsets by the control API: had, switched and read."""

from collections.abc import Iterable, Iterator

from twilio_emulator.control.exchange import NOTHING, Reply, json_reply
from twilio_emulator.control.listing import More, Paged, downward, newest, place_of, take
from twilio_emulator.control.phones import look
from twilio_emulator.control.phones.filters import Filter, MessageMatcher
from twilio_emulator.control.phones.places import ITEM, PHONE
from twilio_emulator.control.routes import Control, Controls, Place, Whole
from twilio_emulator.core.carrier import handset_commands
from twilio_emulator.core.carrier.handset_commands import (
    CHOICES,
    ChangeHandset,
    ReadItem,
    ReadThread,
    RemoveHandset,
    UpsertHandset,
)
from twilio_emulator.core.messaging.clearing import ClearInbox, RemoveHandsets
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import InboxItem, InboxItems
from twilio_emulator.core.senders.addresses import Channel, bare, kept


class MessageRange(Filter):
    """Which messages of a phone.

    Attributes:
        since: the `seq` behind which they begin.
        before: the `seq` before which they end.
    """

    since: Whole = 0
    before: Whole | None = None


class NewestMessages(MessageRange):
    """Which of these are to be shown.

    Attributes:
        limit: the newest so many.
    """

    limit: Whole | None = None


class HandsetList(More):
    """Phones, in the order in which they came."""

    handsets: list[look.ShownHandset]


class ShownInbox(More):
    """What a phone holds, oldest first.

    Attributes:
        next_seq: the `seq` of the last of these: `since` for what comes then.
    """

    items: list[look.ShownItem]
    next_seq: int


SETTINGS: dict[str, Iterable[object]] = {**CHOICES, "channels": Channel}


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("handsets", "Phones: what is on them, and what somebody does with them.")
    _declare_phones(controls)
    _declare_inboxes(controls)


def _declare_phones(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/handsets",
        "list_handsets",
        "Every phone with its newest message, in the order in which they came.",
        query=Paged,
        gives=HandsetList,
        examples=({}, {"limit": 10}),
    )
    async def list_handsets(control: Control) -> Reply:
        wish, world = control.query(Paged), control.hosted.world
        places = world[Handsets].in_order.of("").upward(place_of(wish.cursor))
        held, more = take(control, places, world[Handsets].__getitem__, wish.limit)
        return json_reply({"handsets": [look.handset(world, each) for each in held], **more})

    @controls.on(
        "DELETE",
        "/handsets",
        "remove_handsets",
        "Throws all phones away, with all that they hold.",
    )
    async def remove_handsets(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveHandsets())
        return NOTHING

    @controls.on(
        "GET",
        "/handsets/{address}",
        "show_handset",
        "One phone.",
        places=PHONE,
        gives=look.ShownHandset,
    )
    async def show_handset(control: Control) -> Reply:
        world = control.hosted.world
        found = handset_commands.find(world, control.said["address"])
        return json_reply(look.handset(world, found))

    @controls.on(
        "PUT",
        "/handsets/{address}",
        "have_handset",
        "Has a phone with these settings; of one that there is, the others stay as they are.",
        places=PHONE,
        body=UpsertHandset,
        without=("address",),
        choices=SETTINGS,
        gives=look.ShownHandset,
        examples=({"label": "Ann", "profile_name": "Ann Lee"}, {"receipts": "hold"}),
    )
    async def have_handset(control: Control) -> Reply:
        wish = control.command(UpsertHandset, address=control.said["address"])
        changed = await control.hosted.gate.perform(wish)
        return json_reply(look.handset(control.hosted.world, changed))

    @controls.on(
        "PATCH",
        "/handsets/{address}",
        "change_handset",
        "Switches a phone that there is: off, into airplane mode, full, and the like.",
        places=PHONE,
        body=ChangeHandset,
        without=("address",),
        choices=SETTINGS,
        gives=look.ShownHandset,
        examples=(
            {"network": "airplane"},
            {"power": "off"},
            {"channels": ["sms"]},
            {"sim_swapped": "yesterday", "call_forwarding": True},
            {"person": {"first_name": "Ann", "last_name": "Lee", "postal_code": "94105"}},
        ),
    )
    async def change_handset(control: Control) -> Reply:
        wish = control.command(ChangeHandset, address=control.said["address"])
        changed = await control.hosted.gate.perform(wish)
        return json_reply(look.handset(control.hosted.world, changed))

    @controls.on(
        "DELETE",
        "/handsets/{address}",
        "remove_handset",
        "Throws a phone away, with all that it holds; what is sent to it waits no longer.",
        places=PHONE,
    )
    async def remove_handset(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveHandset(address=control.said["address"]))
        return NOTHING


def _declare_inboxes(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/handsets/{address}/messages",
        "read_inbox",
        "What a phone holds, oldest first: what came to it and what was written on it.",
        places=PHONE,
        query=NewestMessages,
        gives=ShownInbox,
        examples=({"limit": 1}, {"direction": "to_handset", "contains": "code"}),
    )
    async def read_inbox(control: Control) -> Reply:
        return json_reply(_inbox(control))

    @controls.on(
        "DELETE",
        "/handsets/{address}/messages",
        "clear_inbox",
        "Deletes messages on a phone, as its owner does: all, or those that fit.",
        places=PHONE,
        query=MessageRange,
        examples=({}, {"contains": "code"}),
    )
    async def clear_inbox(control: Control) -> Reply:
        wish, sids = control.query(MessageRange), None
        if control.parameters:
            sids = tuple(each.sid for each in _held(control, wish))
        wanted = ClearInbox(address=control.said["address"], items=sids)
        await control.hosted.gate.perform(wanted)
        return NOTHING

    @controls.on(
        "POST",
        "/handsets/{address}/messages/{item}/read",
        "read_item",
        "Reads a message on a phone, which its sender learns on WhatsApp.",
        places=PHONE | ITEM,
        gives=look.ShownItem,
    )
    async def read_item(control: Control) -> Reply:
        wish = ReadItem(address=control.said["address"], item=control.said["item"])
        item = await control.hosted.gate.perform(wish)
        return json_reply(look.item(control.hosted.world, item))

    @controls.on(
        "POST",
        "/handsets/{address}/threads/{peer}/read",
        "read_thread",
        "Reads everything on a phone that is from one number.",
        places=PHONE | {"peer": Place(words="Who wrote it.", example="+12025550100")},
    )
    async def read_thread(control: Control) -> Reply:
        wish = ReadThread(address=control.said["address"], peer=control.said["peer"])
        await control.hosted.gate.perform(wish)
        return NOTHING


def _inbox(control: Control) -> ShownInbox:
    wish, world = control.query(NewestMessages), control.hosted.world
    shown, below = newest(control, _held(control, wish), wish.limit, wish.since)
    return {"items": [look.item(world, item) for item in shown], **below}


def _held(control: Control, wish: MessageRange) -> Iterator[InboxItem]:
    """What is asked for of what a phone holds, newest first."""
    world = control.hosted.world
    wanted, items = MessageMatcher(wish, world.numbering), world[InboxItems]
    address = bare(kept(world.numbering, control.said["address"]))
    ranks = items.by_handset.of(address)
    yield from filter(wanted, downward(ranks, items.__getitem__, wish.since, wish.before))
