"""The journal of an account by the control API: what went on, in order, and live as it happens.

The rules of this file:

- One counter numbers requests, commands, refusals, events and webhooks, so what caused what can be
  read off the order. It is the cursor of both calls.
- The log is a ring: what fell out before somebody read it is counted, never passed over in silence.
  So it is when it is cleared, which whoever reads along is told. The commands are kept elsewhere:
  what was cleared can still be recorded and restored.
- Whichever part of it is read, it is in order, and says where the next part is.
- Secrets are not shown: neither the command that opens an account nor what came of it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from itertools import islice, takewhile
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from twilio_emulator.control.events import EVENT, HINT, WEBHOOK, Vocabulary, concerns
from twilio_emulator.control.listing import check_limit, following
from twilio_emulator.control.routes import (
    NOTHING,
    Control,
    Controls,
    Fields,
    Mistaken,
    Reply,
    Whole,
    json_reply,
)
from twilio_emulator.core.kernel import outside, parameters
from twilio_emulator.core.kernel.journal import LogEntry, Turned, Written
from twilio_emulator.core.kernel.outside import NotJson
from twilio_emulator.core.kernel.records import Plain, plain, write_instant
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.senders.addresses import bare, spelled
from twilio_emulator.runtime.accounts import Hosted
from twilio_emulator.wire.errors import four_keys
from twilio_emulator.wire.request_log import Requested
from twilio_emulator.wire.spelling import snake

HEARTBEAT = 15.0
"""Seconds of silence after which a comment shows that the stream is alive."""

HIDDEN = "(not shown)"

DEEPEST_SHOWN = 2 * outside.DEEPEST
"""Levels of JSON that is shown as such: an answer holds what a request may."""


class JournalRange(Fields):
    """Which part of the journal, and which kinds of entries, with commas; all unless given.

    Without `newest` and `before` it is the first `limit` after an entry. With `before` it is the
    last `limit` before one; with `newest` it is so many, whatever `limit` is.
    """

    after: Whole = 0
    before: Whole | None = None
    limit: Whole = 1000
    newest: Whole | None = None
    kinds: str = ""


class Following(Fields):
    """Which events somebody wants to hear of, from where on."""

    types: str = ""
    handset: str | None = None
    after: Whole | None = None


def declare(controls: Controls, vocabulary: Vocabulary) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/journal")
    async def read(control: Control) -> Reply:
        wish = control.query(JournalRange)
        check_limit(wish.limit)
        log = control.hosted.gate.log
        shown, more = part(control, wish)
        return json_reply(
            {
                "entries": [look(entry, vocabulary) for entry in shown],
                "next_seq": shown[-1].number if shown else max(wish.after, log.dropped),
                "dropped": max(0, log.dropped - wish.after),
                **more,
            }
        )

    @controls.on("DELETE", "/journal")
    async def clear(control: Control) -> Reply:
        control.hosted.gate.log.clear()
        return NOTHING

    @controls.on("GET", "/events")
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


def part(control: Control, wish: JournalRange) -> tuple[list[LogEntry], dict[str, str]]:
    """A part of the log in order, and how it says that there is more that way."""
    log = control.hosted.gate.log
    kinds = frozenset(filter(None, wish.kinds.split(",")))

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
    """Whether an entry is one that somebody wants to hear of.

    Without types these are all events, webhooks and hints, but not what led to them; `*` is
    everything.
    """
    types = frozenset(filter(None, wish.types.split(",")))
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
            yield _event(log.dropped, "dropped", {"count": log.dropped - since})
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


def look(entry: LogEntry, vocabulary: Vocabulary) -> dict[str, Plain]:
    """An entry as plain data, without secrets."""
    return {
        "seq": entry.number,
        "at": write_instant(entry.at),
        "kind": entry.kind,
        **_content(entry.content, vocabulary.secrets),
    }


def _content(content: Any, secrets: frozenset[str]) -> dict[str, Plain]:
    if isinstance(content, Written):
        fields = content.plain()
        shown: dict[str, Plain] = {"command": fields.pop("command")}
        del fields["at"]
        with contextlib.suppress(KeyError):
            shown["origin"] = fields.pop("origin")
        return {**shown, "fields": _without_secrets(fields, secrets)}
    if isinstance(content, Happened):
        return {
            "event": type(content.event).__name__,
            "fields": _without_secrets(plain(content.event), secrets),
        }
    if isinstance(content, Requested):
        return _request(content, secrets)
    if isinstance(content, Turned):
        said: dict[str, Plain] = {
            "command_seq": content.command,
            "code": content.code,
            "message": content.message,
        }
        return said | ({"reason": content.reason} if content.reason else {})
    shown_as = _without_secrets(plain(content), secrets)
    return shown_as if isinstance(shown_as, dict) else {"content": shown_as}


def _request(it: Requested, secrets: frozenset[str]) -> dict[str, Plain]:
    """A request with what it posted: pairs of a form, or JSON; and what was answered."""
    shown: dict[str, Plain] = {
        name: value
        for name, value in it._asdict().items()
        if value is not None and not isinstance(value, bytes | tuple)
    }
    for name, content in (("form", it.form), ("answer", it.answer)):
        if content:
            shown[name] = _without_secrets(_read(content, secrets), secrets)
    if it.hints:
        shown["hints"] = list(it.hints)
    if it.code is not None and it.method == "POST" and it.sid.startswith("RQ"):
        shown["answer"] = plain(four_keys(it.code, it.message or "", it.status))
    return shown


def _read(content: bytes, secrets: frozenset[str]) -> Plain:
    """JSON, else the pairs of a form; something else, such as a picture, is left out."""
    try:
        return outside.json_value(content, DEEPEST_SHOWN)
    except NotJson:
        pass
    try:
        pairs = parse_qsl(content.decode(), keep_blank_values=True)
    except UnicodeDecodeError:
        return None
    return [[name, HIDDEN if snake(name) in secrets else value] for name, value in pairs]


def _without_secrets(written: Plain, secrets: frozenset[str]) -> Plain:
    if isinstance(written, dict):
        return {
            name: HIDDEN if name in secrets else _without_secrets(value, secrets)
            for name, value in written.items()
        }
    if isinstance(written, list):
        return [_without_secrets(item, secrets) for item in written]
    return written
