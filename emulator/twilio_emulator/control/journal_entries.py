"""What an entry of the journal looks like to those who read it, by kind.

Secrets are not shown: neither the command that opens an account nor what came of it.
"""

import contextlib
from typing import Any, Literal, NotRequired, TypedDict, cast
from urllib.parse import parse_qsl

from twilio_emulator.control.events import Vocabulary
from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.journal import LogEntry, Turned, Written
from twilio_emulator.core.kernel.outside import NotJson
from twilio_emulator.core.kernel.records import Plain, plain, write_instant
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.wire.errors import four_keys
from twilio_emulator.wire.request_log import Requested
from twilio_emulator.wire.spelling import snake

HIDDEN = "(not shown)"

WITH_SECRET = "otpauth://"
"""How an URI begins that an authenticator app reads: its secret is in it."""

DEEPEST_SHOWN = 2 * outside.DEEPEST
"""Levels of JSON that is shown as such: an answer holds what a request may."""


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


class SubscriptionEntry(NumberedEntry):
    """A client of Sync opened an object, or left it and is still connected.

    Attributes:
        state: `watching` or `left`.
        object_sid: of the document, list, map or stream.
    """

    kind: Literal["subscription"]
    state: str
    identity: str
    service_sid: str
    object_sid: str


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
    | SubscriptionEntry
    | NoteEntry
)

KINDS = (
    *("request", "command", "refused", "event", "webhook", "webhook-decision", "webhook-reply"),
    *("webhook-verdict", "hint", "connection", "subscription", "restored", "public url"),
)
"""Every kind of entry that there is."""


ONE_TIME_CODE = "one_time_code"

OF_CODES = frozenset({"body", "content"})
"""What says a one-time code too, of a text, on a phone, or of an attempt of Verify."""

WITH_CODES = (ONE_TIME_CODE, "verification_sid")
"""By these a record is known whose words say a one-time code."""


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
    """The same without what is secret. A number is none: errors have a `code` too."""
    if isinstance(written, dict):
        coded = any(name in written for name in WITH_CODES)
        hidden = secrets | OF_CODES if coded else secrets
        return {
            name: HIDDEN
            if name in hidden and not isinstance(value, int)
            else _without_secrets(value, secrets)
            for name, value in written.items()
        }
    if isinstance(written, list):
        return [_without_secrets(item, secrets) for item in written]
    if isinstance(written, str) and written.startswith(WITH_SECRET):
        return HIDDEN
    return written
