"""Which entries of an account's log are about one thing, by its sid.

The rules of this file:

- An entry is about a thing when it holds its record, or one that names it; a webhook also when its
  body or URL says the sid; a request when its path does.
- What is written down right before the event in which a thing came into being is the command that
  made it, and the request to create it is the next one that was answered.
- A text that was answered in TwiML is followed by the answer as it came into being.
- Whether a webhook was fired is decided when an event is heard, so the decisions stand right behind
  it.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from twilio_emulator.core.conversations.messages import MessageAdded, PostMessage
from twilio_emulator.core.kernel.journal import Log, LogEntry, Written
from twilio_emulator.core.kernel.world import Happened, Source
from twilio_emulator.core.messaging.inbound import ReplyToText
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.phones.inbox import HandsetSent
from twilio_emulator.core.texts.text import TextCreated
from twilio_emulator.wire.request_log import Requested

BEGINNINGS = (TextCreated, MessageAdded, HandsetSent)
NAMES = ("sid", "text_sid", "message_sid", "conversation_sid", "resource_sid")


def entries(log: Log, sid: str) -> Iterator[LogEntry]:
    """What the log still holds about a thing, oldest first."""
    command: LogEntry | None = None
    heard = created = replying = False
    for entry in log.after(log.dropped):
        content: Any = entry.content
        if isinstance(content, Written):
            command, heard = entry, False
            replying = isinstance(content.command, ReplyToText) and content.command.text == sid
            if _says(content.command, sid):
                yield entry
                command = None
        elif isinstance(content, Happened):
            heard = _holds(content.event, sid)
            if heard and command is not None and isinstance(content.event, BEGINNINGS):
                yield command
                created = _is_by_request(command)
                command = None
            if heard or (replying and isinstance(content.event, TextCreated)):
                yield entry
        elif isinstance(content, Requested):
            if sid in content.path or (created and _creates(content)):
                created = False
                yield entry
        elif _is_webhook(content, sid) or (heard and hasattr(content, "because")):
            yield entry


def _says(command: Any, sid: str) -> bool:
    return any(getattr(command, field.name) == sid for field in fields(command))


def _holds(event: Any, sid: str) -> bool:
    held = (getattr(event, field.name) for field in fields(event))
    return any(getattr(record, name, None) == sid for record in held for name in NAMES)


def _is_by_request(entry: LogEntry) -> bool:
    """Whether it was Twilio's REST API that made something."""
    written: Any = entry.content
    return isinstance(written.command, CreateText | PostMessage) and (
        written.origin.source is Source.API
    )


def _creates(request: Requested) -> bool:
    return request.method == "POST" and request.path.endswith(("/Messages", "/Messages.json"))


def _is_webhook(content: Any, sid: str) -> bool:
    return (
        getattr(content, "subject", None) == sid
        or sid in getattr(content, "body", "")
        or sid in (getattr(content, "url", "") or "")
    )
