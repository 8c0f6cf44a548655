"""Long polls of the control API for what becomes of an object of Sync."""

import json
from collections.abc import Callable
from typing import Any, TypedDict

from twilio_emulator.control.events import EVENT
from twilio_emulator.control.exchange import Mistake, Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.control.sync.look import (
    FindClients,
    ShownStreamMessage,
    ShownSyncItem,
    ShownSyncObject,
    sync_item,
    sync_object,
    watchers,
)
from twilio_emulator.control.sync.places import InSharedService, found, place, service_of
from twilio_emulator.control.until import check_timeout, until
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.sync import ends
from twilio_emulator.core.sync.resources import (
    StreamMessagePublished,
    SyncItem,
    SyncItems,
    SyncKind,
    SyncResource,
)

TOTAL = {"data": '{"total": 3}'}


class ForValue(InSharedService):
    """What a value has to be like, and how long that may take.

    Attributes:
        data: a JSON object with keys that it has to have, as JSON; any will do unless given.
        after: a revision: only a later one will do; any will do unless given.
        timeout: seconds of the machine's; a frozen clock first performs all that is due.
        service: the sid of a Sync service (IS); the account's default one unless given.
    """

    data: str | None = None
    after: str | None = None
    timeout: float = 10.0


class ForItem(ForValue):
    """What an item has to be like, and how long that may take.

    Attributes:
        item: its index or key; any item will do unless given.
    """

    item: str | None = None


class ForMessage(InSharedService):
    """What a message has to be like, and how long that may take.

    Attributes:
        data: a JSON object with keys that it has to have, as JSON; any will do unless given.
        after: an entry of the journal, by its `seq`: what was published behind it counts.
        timeout: seconds of the machine's; a frozen clock first performs all that is due.
        service: the sid of a Sync service (IS); the account's default one unless given.
    """

    data: str | None = None
    after: str = "0"
    timeout: float = 10.0


class NotSo(Mistake):
    """It did not become so in time.

    Attributes:
        object: what it is now; null when there is no such object.
    """

    object: ShownSyncObject | None


class NoSuchItem(Mistake):
    """No item became so in time.

    Attributes:
        items: the newest that there are, at most ten.
    """

    items: list[ShownSyncItem]


class NoSuchMessage(Mistake):
    """No such message came in time.

    Attributes:
        messages: what came instead.
    """

    messages: list[ShownStreamMessage]


class StreamMessages(TypedDict):
    """What was published in a stream.

    Attributes:
        next_seq: `after` for what comes then.
    """

    messages: list[ShownStreamMessage]
    next_seq: int


NEAREST = 10
"""Items that are shown instead of the one that did not come."""


def declare(controls: Controls, find: FindClients) -> None:
    """Declare the calls of this file."""

    @controls.on(
        "GET",
        "/sync/documents/{document}/wait",
        "wait_for_sync_document",
        "Waits until a document is there, and has such a value.",
        places=place(SyncKind.DOCUMENT),
        query=ForValue,
        gives=ShownSyncObject,
        otherwise={408: NotSo},
        examples=(TOTAL,),
    )
    async def wait_for_document(control: Control) -> Reply:
        wish = control.query(ForValue)
        fits, after = _fit(wish.data), _revision(wish.after)
        service = service_of(control, wish.service)
        check_timeout(wish.timeout)

        def look() -> SyncResource | None:
            return found(control, SyncKind.DOCUMENT, service)

        def holds() -> bool:
            it = look()
            return it is not None and it.last_event_id > after and fits(it.data)

        await until(control.hosted, holds, wish.timeout)
        it, world = look(), control.hosted.world
        shown = None if it is None else sync_object(world, it, watchers(find(control.hosted)))
        if holds():
            return json_reply(shown)
        raise Mistaken("it did not become so", 408, {"object": shown})

    for kind in (SyncKind.LIST, SyncKind.MAP):
        _declare_waiting_for_item(controls, kind)
    _declare_waiting_for_message(controls)


def _declare_waiting_for_item(controls: Controls, kind: SyncKind) -> None:
    @controls.on(
        "GET",
        f"/sync/{kind}s/{{{kind}}}/wait",
        f"wait_for_sync_{kind}_item",
        f"Waits until there is an item of a {kind} with such a value.",
        places=place(kind),
        query=ForItem,
        gives=ShownSyncItem,
        otherwise={408: NoSuchItem},
        examples=({"data": "{}"},),
    )
    async def wait_for_item(control: Control) -> Reply:
        wish = control.query(ForItem)
        fits, after = _fit(wish.data), _revision(wish.after)
        service = service_of(control, wish.service)
        check_timeout(wish.timeout)
        world = control.hosted.world
        seen: list[SyncItem] = []

        def holds() -> bool:
            nonlocal seen
            it, now = found(control, kind, service), world.clock.now()
            table = world[SyncItems]
            seen = [
                item
                for item in (table.all(table.by_collection, it.sid) if it is not None else ())
                if not ends.has_ended(item, now) and wish.item in (None, item.name)
            ]
            return any(_is(item) for item in seen)

        def _is(item: SyncItem) -> bool:
            return item.event_id > after and fits(item.data)

        await until(control.hosted, holds, wish.timeout)
        for item in seen:
            if _is(item):
                return json_reply(sync_item(item))
        newest = sorted(seen, key=lambda item: item.event_id)[-NEAREST:]
        raise Mistaken("no item became so", 408, {"items": list(map(sync_item, newest))})


def _declare_waiting_for_message(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/sync/streams/{stream}/wait",
        "wait_for_sync_message",
        "Waits until such a message is published in a stream; the journal knows the last ones.",
        places=place(SyncKind.STREAM),
        query=ForMessage,
        gives=StreamMessages,
        otherwise={408: NoSuchMessage},
        examples=({"after": "0", "data": "{}"},),
    )
    async def wait_for_message(control: Control) -> Reply:
        wish = control.query(ForMessage)
        fits, after = _fit(wish.data), parameters.count(wish.after)
        if after is None:
            raise Mistaken(f"query after: expected a seq, or 0 for everything, not {wish.after}")
        service = service_of(control, wish.service)
        check_timeout(wish.timeout)
        said, log = control.said[SyncKind.STREAM.value], control.hosted.gate.log
        came: list[ShownStreamMessage] = []
        met: list[ShownStreamMessage] = []

        def holds() -> bool:
            nonlocal after
            for entry in log.after(after or 0):
                after = entry.number
                message = _published(entry.kind, entry.content, service, said)
                if message is None:
                    continue
                by, published = message
                came.append(
                    {
                        "seq": entry.number,
                        "sid": published.sid,
                        "data": json.loads(published.data),
                        "identity": by,
                    }
                )
                if fits(published.data):
                    met.append(came[-1])
                    return True
            return bool(met)

        await until(control.hosted, holds, wish.timeout)
        if met:
            return json_reply({"messages": met, "next_seq": met[-1]["seq"]})
        raise Mistaken("no such message came", 408, {"messages": came[-NEAREST:]})


def _published(kind: str, content: object, service: str, said: str) -> Any:
    """Who published what, if that is what an entry of the journal says of a stream."""
    if kind != EVENT or not isinstance(content, Happened):
        return None
    event = content.event
    if not isinstance(event, StreamMessagePublished) or event.resource.service_sid != service:
        return None
    if said not in (event.resource.sid, event.resource.unique_name):
        return None
    return event.by.identity, event.message


def _fit(said: str | None) -> Callable[[str], bool]:
    """What tells whether a value has the keys that are said, and the same in them.

    Raises:
        Mistaken: that is no JSON object.
    """
    try:
        wanted = json.loads(said or "{}")
    except (ValueError, RecursionError):
        wanted = None
    if not isinstance(wanted, dict):
        raise Mistaken('query data: expected a JSON object such as {"total": 3}')
    return lambda data: holds_all(wanted, json.loads(data))


def holds_all(wanted: object, held: object) -> bool:
    """Whether a value is the one that is wanted; an object may have more keys."""
    if isinstance(wanted, dict):
        return isinstance(held, dict) and all(
            key in held and holds_all(value, held[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, bool) or isinstance(held, bool):
        return wanted is held
    return wanted == held


def _revision(said: str | None) -> int:
    """The id of the change that a revision comes from; -1 before all.

    Raises:
        Mistaken: it is none.
    """
    if said is None:
        return -1
    try:
        return int(said, 16)
    except ValueError:
        raise Mistaken(f"query after: expected a revision such as 1f, not {said[:20]!r}") from None
