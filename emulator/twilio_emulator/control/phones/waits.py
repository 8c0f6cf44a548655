"""Long polls of the control API: for what comes to one phone, or to any."""

from typing import TypedDict

from msgspec import field

from twilio_emulator.control.exchange import Mistake, Mistaken, Reply, json_reply
from twilio_emulator.control.phones import look
from twilio_emulator.control.phones.filters import Filter, MessageMatcher
from twilio_emulator.control.phones.places import PHONE
from twilio_emulator.control.phones.waiting import Wait, check, cursor
from twilio_emulator.control.routes import Control, Controls, Whole
from twilio_emulator.core.phones.inbox import InboxItems, Side


class Waiting(Filter):
    """What is waited for, and from where on it counts.

    Attributes:
        after: a `seq`: what came behind it counts; `0` for everything, or `now`.
        count: how many are waited for.
        timeout: seconds of the machine's; a frozen clock first performs all that is due.
        without: ids of messages that do not count, with commas: those of earlier waits.
        direction: to the phone, unless something else is said.
    """

    after: str | None = None
    count: Whole = 1
    timeout: float = 10.0
    without: str = ""
    direction: Side | None = field(default=Side.TO_HANDSET)


class ShownMessages(TypedDict):
    """What came.

    Attributes:
        next_seq: the `seq` of the last of these: `after` for the next wait.
    """

    items: list[look.ShownItem]
    next_seq: int


class DidNotCome(Mistake):
    """So many did not come in time.

    Attributes:
        items: those that did.
        others: what came that is something else.
        next_seq: where to go on.
    """

    items: list[look.ShownItem]
    others: list[look.ShownItem]
    next_seq: int


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("wait", "Waits until something has arrived on any phone.")

    @controls.on(
        "GET",
        "/handsets/{address}/messages/wait",
        "wait_for_message",
        "Waits until something has arrived on a phone.",
        places=PHONE,
        query=Waiting,
        gives=ShownMessages,
        otherwise={408: DidNotCome},
        examples=({"after": "0", "contains": "code"},),
    )
    async def wait_at_handset(control: Control) -> Reply:
        return await _wait(control, control.said["address"])

    @controls.on(
        "GET",
        "/wait",
        "wait_anywhere",
        "Waits until something has arrived on any phone.",
        query=Waiting,
        gives=ShownMessages,
        otherwise={408: DidNotCome},
        examples=({"after": "0", "count": 1},),
    )
    async def wait_anywhere(control: Control) -> Reply:
        return await _wait(control, None)


async def _wait(control: Control, handset: str | None) -> Reply:
    wish = control.query(Waiting)
    world = control.hosted.world
    after = cursor(wish.after, world.serials)
    check(wish.count, wish.timeout)
    answered = frozenset(wish.without.split(","))
    wanted = MessageMatcher(wish, world.numbering, handset)
    nearby = MessageMatcher(Filter(to=wish.to, direction=wish.direction), world.numbering, handset)
    wait = Wait(
        control.hosted,
        world[InboxItems],
        wanted=lambda item: item.arrived and item.sid not in answered and wanted(item),
        nearby=lambda item: item.arrived and item.sid not in answered and nearby(item),
        after=after,
        count=wish.count,
    )
    outcome = await wait.outcome(wish.timeout)
    items = [look.item(world, item) for item in outcome.found]
    if len(items) == wish.count:
        return json_reply({"items": items, "next_seq": outcome.found[-1].seq})
    others = [look.item(world, item) for item in outcome.others]
    raise Mistaken(
        f"{len(items)} of {wish.count} came, and {len(others)} that are something else",
        408,
        {"items": items, "others": others, "next_seq": world.serials},
    )
