"""What events are called outside, and which handset they are about."""

from dataclasses import fields
from typing import Any

from twilio_emulator.core.accounts.debugger_alerts import AlertRaised
from twilio_emulator.core.carrier.opt_outs import OptOutChanged
from twilio_emulator.core.kernel.journal import LogEntry
from twilio_emulator.core.kernel.move_clock import ClockMoved
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.messaging.clearing import InboxCleared
from twilio_emulator.core.messaging.inbound import TextCaptured
from twilio_emulator.core.phones.handsets import (
    Handset,
    HandsetAdded,
    HandsetRemoved,
    HandsetUpdated,
)
from twilio_emulator.core.phones.inbox import HandsetRead, HandsetReceived, HandsetSent, InboxItem
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.core.texts.text import Text, TextCreated, TextStatusChanged

EVENT, WEBHOOK, HINT = "event", "webhook", "hint"
"""Kinds of entries that everybody hears of who does not say what they want."""

NAMES: dict[type, str] = {
    TextCreated: "message.accepted",
    TextStatusChanged: "message.status",
    HandsetReceived: "handset.received",
    HandsetSent: "handset.sent",
    HandsetRead: "handset.read",
    HandsetAdded: "handset.updated",
    HandsetUpdated: "handset.updated",
    HandsetRemoved: "handset.updated",
    InboxCleared: "handset.updated",
    OptOutChanged: "optout.changed",
    TextCaptured: "conversation.captured",
    AlertRaised: "debugger.alert",
    ClockMoved: "clock.advanced",
}
"""Events with a name of their own; any other is called as it is in the code."""


def name_of(entry: LogEntry) -> str:
    """The type of a server-sent event."""
    content = entry.content
    if isinstance(content, Happened):
        return NAMES.get(type(content.event), type(content.event).__name__)
    if entry.kind == WEBHOOK:
        status = getattr(content, "status", None)
        return "webhook.attempt" if status in range(200, 300) else "webhook.failed"
    return entry.kind


def concerns(entry: LogEntry, handset: str) -> bool:
    """Whether an entry is an event about this handset."""
    if not isinstance(entry.content, Happened):
        return False
    event: Any = entry.content.event
    return any(_is_about(getattr(event, each.name), handset) for each in fields(event))


def _is_about(thing: object, handset: str) -> bool:
    if isinstance(thing, Handset):
        return thing.address == handset
    if isinstance(thing, InboxItem):
        return thing.handset == handset
    return isinstance(thing, Text) and handset in (bare(thing.to), bare(thing.sender or ""))
