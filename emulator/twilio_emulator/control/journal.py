"""The journal of an account by the control API: what went on, in order, and live as it happens.

The rules of this file:

- One counter numbers requests, commands, refusals, events and webhooks, so what caused what can be
  read off the order. It is the cursor of both calls.
- The log is a ring: what fell out before it was read is counted, never passed over in silence.
  Clearing it is counted, too, and readers of the stream are told. The commands are kept elsewhere:
  what was cleared can still be recorded and restored.
- Whichever part of it is read, it is in order, and says where the next part is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import islice, takewhile

import msgspec

from twilio_emulator.control.events import EVENT, HINT, WEBHOOK, Vocabulary, concerns
from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply
from twilio_emulator.control.journal_entries import KINDS, AnyEntry, look
from twilio_emulator.control.listing import More, check_limit, following, lacking
from twilio_emulator.control.parameters import choose
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import Control, Controls, Fields, Whole
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.journal import LogEntry
from twilio_emulator.core.senders.addresses import bare, spelled
from twilio_emulator.runtime.hosted import Hosted

HEARTBEAT = 15.0
"""Seconds of silence after which a comment shows that the stream is alive."""


class JournalRange(Fields):
    """Which part of the journal, and which kinds of entries.

    Without `newest` and `before` it is the first `limit` after an entry. With `before` it is the
    last `limit` before one; with `newest` it is so many, whatever `limit` is.

    Attributes:
        after: the entry behind which it begins, by its `seq`.
        before: the entry before which it ends.
        limit: at most so many.
        newest: the last so many.
        kinds: of entries, with commas; all unless given.
    """

    after: Whole = 0
    before: Whole | None = None
    limit: Whole = 1000
    newest: Whole | None = None
    kinds: str = ""


class Following(Fields):
    """Which events somebody wants to hear of, from where on.

    Attributes:
        types: of events, with commas, such as `handset.received`; `*` is everything. Events,
            webhooks and hints unless given.
        handset: only what is about the phone with this number.
        after: the entry of the journal behind which to begin; what is new from now unless given.
    """

    types: str = ""
    handset: str | None = None
    after: Whole | None = None


class JournalPart(More):
    """A part of the journal, in order.

    Attributes:
        next_seq: the last that was looked at: `after` for what comes then.
        dropped: how many fell out before somebody read them.
    """

    entries: list[AnyEntry]
    next_seq: int
    dropped: int


def declare(controls: Controls, vocabulary: Vocabulary) -> None:
    """Declare the calls of this file."""
    controls.group("journal", "What went on, in order, and why a call was refused.")
    controls.group("events", "What happens, as it happens.")

    @controls.on(
        "GET",
        "/journal",
        "read_journal",
        "Every request, command, event and webhook in order, with why a call was refused.",
        query=JournalRange,
        gives=JournalPart,
        examples=({"after": 0, "limit": 3}, {"newest": 2, "kinds": "request,webhook"}),
    )
    async def read(control: Control) -> Reply:
        wish = control.query(JournalRange)
        check_limit(wish.limit)
        log = control.hosted.gate.log
        shown, more = part(control, wish)
        return listed(
            "entries",
            shown,
            lambda entry: look(entry, vocabulary),
            {
                "next_seq": shown[-1].number if shown else max(wish.after, log.dropped),
                "dropped": max(0, log.dropped - wish.after),
                **more,
                **lacking(None if is_cut(wish, more) else log.lacks(wish.after)),
            },
        )

    @controls.on(
        "DELETE",
        "/journal",
        "clear_journal",
        "Forgets what went on; what is stored stays as it is, and numbers go on.",
    )
    async def clear(control: Control) -> Reply:
        control.hosted.gate.log.clear()
        return NOTHING

    @controls.on(
        "GET",
        "/events",
        "follow_events",
        "What happens, as it happens: server-sent events, resumable by `Last-Event-ID`.",
        query=Following,
        gives="text/event-stream",
        examples=({"types": "handset.received,webhook.failed", "handset": "+12025550199"},),
    )
    async def follow(control: Control) -> Reply:
        wish = control.query(Following)
        log = control.hosted.gate.log
        since = wish.after
        last = control.headers.get(b"last-event-id", b"")
        if last:
            since = parameters.count(last.decode("latin-1"))
            if since is None:
                raise Mistaken("header Last-Event-ID: expected a number, as events have it")
        if since is None:
            since = log.number
        if since > log.number:  # of another run: everything of this one is new
            since = 0
        return Reply(
            content_type=b"text/event-stream",
            pieces=stream(control.hosted, since, wanted(wish, vocabulary), vocabulary),
        )


def is_cut(wish: JournalRange, more: More) -> bool:
    """Whether there is more before what is shown, so that its beginning is not looked at yet."""
    return bool(more) and (wish.newest is not None or wish.before is not None)


def part(control: Control, wish: JournalRange) -> tuple[list[LogEntry], More]:
    """A part of the log in order, and how it says that there is more that way.

    Raises:
        Mistaken: a kind or a number is none.
    """
    log = control.hosted.gate.log
    kinds = frozenset(filter(None, wish.kinds.split(",")))
    for kind in kinds:
        choose("query kinds", kind, KINDS)

    def is_wanted(entry: LogEntry) -> bool:
        return not kinds or entry.kind in kinds

    if wish.newest is None and wish.before is None:
        found = list(islice(filter(is_wanted, log.after(wish.after)), wish.limit + 1))
        shown = found[: wish.limit]
        if len(found) == len(shown):
            return shown, {}
        return shown, following(control, after=shown[-1].number)
    count = wish.limit if wish.newest is None else wish.newest
    if count < 0:
        raise Mistaken(f"query newest: expected 0 or more, not {count}")
    before = log.number + 1 if wish.before is None else wish.before
    held = takewhile(lambda entry: entry.number > wish.after, log.before(before))
    found = list(islice(filter(is_wanted, held), count + 1))
    shown = found[:count]
    if len(found) == len(shown):
        return shown[::-1], {}
    first = shown[-1].number if shown else before
    return shown[::-1], following(control, before=first)


def wanted(wish: Following, vocabulary: Vocabulary) -> Callable[[LogEntry], bool]:
    """Whether an entry is one that the caller wants to hear of.

    Without types these are all events, webhooks and hints, but not what led to them; `*` is
    everything.

    Raises:
        Mistaken: nothing is called like one of the types.
    """
    types = frozenset(filter(None, wish.types.split(",")))
    for each in types:
        choose("query types", each, ("*", *vocabulary.names, *KINDS))
    handset = wish.handset and bare(spelled(wish.handset))

    def wants(entry: LogEntry) -> bool:
        if types and "*" not in types and vocabulary.name_of(entry) not in types:
            return False
        if not types and entry.kind not in (EVENT, WEBHOOK, HINT):
            return False
        return handset is None or concerns(entry, handset)

    return wants


async def stream(
    hosted: Hosted,
    since: int,
    wants: Callable[[LogEntry], bool],
    vocabulary: Vocabulary,
) -> AsyncIterator[bytes]:
    """Server-sent events from entry `since` on, until the account is closed."""
    log, news = hosted.gate.log, hosted.news
    cleared = log.cleared
    yield b"retry: 1000\n\n"
    while not news.over:
        if cleared != log.cleared:
            cleared, since = log.cleared, max(since, log.dropped)
            yield _event(since, "cleared", {})
            continue
        if since == log.number:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await news.wait()
            except TimeoutError:
                yield b": still here\n\n"
            continue
        if since < log.dropped:
            lost = {"count": log.dropped - since, **lacking(log.lacks(since))}
            yield _event(log.dropped, "dropped", lost)
            since = log.dropped
        entries = list(log.after(since))
        since = log.number
        for entry in filter(wants, entries):
            yield _event(entry.number, vocabulary.name_of(entry), look(entry, vocabulary))


def _event(number: int, name: str, content: object) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (
        number,
        name.encode(),
        msgspec.json.encode(content),
    )
