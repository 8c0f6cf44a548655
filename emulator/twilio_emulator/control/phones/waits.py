"""Long polls of the control API: for what comes to one phone, or to any."""

from msgspec import field

from twilio_emulator.control.phones import look
from twilio_emulator.control.phones.filters import Filter, MessageMatcher
from twilio_emulator.control.phones.waiting import LONGEST, Wait
from twilio_emulator.control.routes import Control, Controls, Mistaken, Reply, Whole, json_reply
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.phones.inbox import Side


class Waiting(Filter):
    """What is waited for, and from where on it counts.

    `without` names messages that do not count, because an earlier wait has answered them.
    """

    after: str | None = None
    count: Whole = 1
    timeout: float = 10.0
    without: str = ""
    direction: Side | None = field(default=Side.TO_HANDSET)


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/handsets/{address}/messages/wait")
    async def wait_at_handset(control: Control) -> Reply:
        return await _wait(control, control.said["address"])

    @controls.on("GET", "/wait")
    async def wait_anywhere(control: Control) -> Reply:
        return await _wait(control, None)


async def _wait(control: Control, handset: str | None) -> Reply:
    wish = control.query(Waiting)
    world = control.hosted.world
    after = _cursor(wish.after, world.serials)
    if wish.count < 1:
        raise Mistaken(f"query count: expected 1 or more, not {wish.count}")
    if not 0 <= wish.timeout <= LONGEST:
        raise Mistaken(f"query timeout: expected 0 to {LONGEST:g} seconds, not {wish.timeout:g}")
    answered = frozenset(wish.without.split(","))
    wanted = MessageMatcher(wish, world.numbering, handset)
    nearby = MessageMatcher(Filter(to=wish.to, direction=wish.direction), world.numbering, handset)
    wait = Wait(
        control.hosted,
        wanted=lambda item: item.sid not in answered and wanted(item),
        nearby=lambda item: item.sid not in answered and nearby(item),
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


def _cursor(after: str | None, newest: int) -> int:
    if after == "now":
        return newest
    seq = parameters.count(after or "")
    if seq is None:
        given = "" if after is None else f", not {after[:20]}"
        raise Mistaken(f"query after: expected a seq, 0 for everything, or now{given}")
    return seq
