"""The journal of an account by the control API: what went on, in order, and live as it happens.

The rules of this file:

- One counter numbers requests, commands, refusals, events and webhooks, so what caused what can be
  read off the order. It is the cursor of both calls.
- The log is a ring: what fell out before it was read is counted, never passed over in silence.
  Clearing it is counted, too, and readers of the stream are told. The commands are kept elsewhere:
  what was cleared can still be recorded and restored.
- Whichever part of it is read, it is in order, and says where the next part is.
- Secrets are not shown: neither the command that opens an account nor what came of it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from itertools import islice, takewhile
from typing import Any, Literal, NotRequired, TypedDict, cast
from urllib.parse import parse_qsl

import msgspec

from twilio_emulator.control.events import EVENT, HINT, WEBHOOK, Vocabulary, concerns
from twilio_emulator.control.listing import More, check_limit, following, lacking
from twilio_emulator.control.parameters import choose
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import (
    NOTHING,
    Control,
    Controls,
    Fields,
    Mistaken,
    Reply,
    Whole,
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


class NumberedEntry(TypedDict):
    """One thing that went on.

    Attributes:
        seq: its number, which only grows.
        at: what the account's clock showed.
    """

    seq: int
    at: str


class RequestEntry(NumberedEntry):
    """A request to Twilio's API, and what was answered.

    Attributes:
        sid: of the request (RQ).
        product: the first label of its host, such as `api`.
        path: without what belongs to the host.
        status: of the answer.
        code: Twilio's, when it was refused.
        form: what it posted: pairs of a form, or JSON.
        answer: JSON, of a request that may have changed something.
        hints: what of it was passed over that may have been meant.
    """

    kind: Literal["request"]
    sid: str
    method: str
    product: str
    path: str
    status: int
    code: NotRequired[int]
    message: NotRequired[str]
    form: NotRequired[Any]
    answer: NotRequired[Any]
    hints: NotRequired[list[str]]


class CommandEntry(NumberedEntry):
    """A wish to change something.

    Attributes:
        command: its name.
        origin: who wished it, when that was no request.
        fields: what it says; those with their usual value are left out.
    """

    kind: Literal["command"]
    command: str
    origin: NotRequired[dict[str, Any]]
    fields: dict[str, Any]


class RefusedEntry(NumberedEntry):
    """A command that was refused.

    Attributes:
        command_seq: which one.
        code: Twilio's.
        reason: what Twilio does not say.
    """

    kind: Literal["refused"]
    command_seq: int
    code: int
    message: str
    reason: NotRequired[str]


class EventEntry(NumberedEntry):
    """Something that happened.

    Attributes:
        event: its name.
        fields: what it is about, as it was then.
    """

    kind: Literal["event"]
    event: str
    fields: dict[str, Any]


class WebhookEntry(NumberedEntry):
    """A request to the app and what came of it.

    Attributes:
        event: such as `onMessageAdded`.
        subject: sid of the message or the conversation.
        attempt: 1 for the first, 2 for the first retry.
        connected_to: where else it was sent than its URL says.
        headers: pairs, as they were sent.
        signed: what `X-Twilio-Signature` was computed from.
        status: of the answer, when there was one.
        answer_headers: pairs, as they came.
        milliseconds: how long it took, by the machine.
        outcome: what came of it, in words.
        dropped: that the end of the answer is not kept, and how to keep more.
    """

    kind: Literal["webhook"]
    event: str
    subject: str
    account_sid: str
    product: str
    attempt: int
    method: str
    url: str
    connected_to: str | None
    headers: list[tuple[str, str]]
    body: str
    signed: str
    status: int | None
    answer_headers: list[tuple[str, str]]
    answer_body: str
    milliseconds: int
    outcome: str
    dropped: NotRequired[str]


class DecisionEntry(NumberedEntry):
    """Whether something fires a webhook.

    Attributes:
        event: such as `onMessageAdded`.
        subject: sid of the message or the conversation.
        setting: which one decided.
        url: what it names.
        sent: whether a request follows.
        because: why, in words.
    """

    kind: Literal["webhook-decision"]
    event: str
    subject: str
    setting: str
    url: str | None
    sent: bool
    because: str


class HintEntry(NumberedEntry):
    """Why an app was told nothing, and what would change that.

    Attributes:
        cause: which of the reasons, such as `no-sms-url`.
        about: the number, service, webhook or account whose setting it is.
        subject: sid of the message or the conversation of which nobody was told.
        words: what is the case, and what would change it.
    """

    kind: Literal["hint"]
    cause: str
    about: str
    subject: str
    words: str


class ReplyEntry(NumberedEntry):
    """What was understood of the TwiML that an app answered.

    Attributes:
        subject: sid of the text that was answered.
        url: what was asked.
        verbs: each with its name and what it says, in order.
    """

    kind: Literal["webhook-reply"]
    subject: str
    url: str
    verbs: list[dict[str, Any]]


class VerdictEntry(NumberedEntry):
    """What became of a command about which a pre-event webhook was asked.

    Attributes:
        subject: sid of the conversation.
        outcome: what the answer was taken to say.
    """

    kind: Literal["webhook-verdict"]
    event: str
    subject: str
    outcome: str


class ConnectionEntry(NumberedEntry):
    """A client SDK connected or went, or was refused.

    Attributes:
        connection: its id, unless it was refused.
        code: of the refusal, with its message and what was wrong with the token.
    """

    kind: Literal["connection"]
    state: str
    connection: NotRequired[str]
    identity: NotRequired[str]
    service_sid: NotRequired[str]
    code: NotRequired[int]
    message: NotRequired[str]
    reason: NotRequired[str | None]


class NoteEntry(NumberedEntry):
    """A note of ours: about a restart, or about what we call ourselves."""

    kind: Literal["restored", "public url"]
    message: str


AnyEntry = (
    RequestEntry
    | CommandEntry
    | RefusedEntry
    | EventEntry
    | WebhookEntry
    | DecisionEntry
    | HintEntry
    | ReplyEntry
    | VerdictEntry
    | ConnectionEntry
    | NoteEntry
)

KINDS = (
    *("request", "command", "refused", "event", "webhook", "webhook-decision", "webhook-reply"),
    *("webhook-verdict", "hint", "connection", "restored", "public url"),
)
"""Every kind of entry that there is."""


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


def look(entry: LogEntry, vocabulary: Vocabulary) -> AnyEntry:
    """An entry as plain data, without secrets."""
    shown = {
        "seq": entry.number,
        "at": write_instant(entry.at),
        "kind": entry.kind,
        **_content(entry.content, vocabulary.secrets),
    }
    return cast(AnyEntry, shown)


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
