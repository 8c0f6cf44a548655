"""What events are called outside, and which handset they are about."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from twilio_emulator.core.kernel.journal import LogEntry
from twilio_emulator.core.kernel.records import EVENTS
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.phones.call_resources import PhoneCall
from twilio_emulator.core.phones.handsets import Phone
from twilio_emulator.core.phones.inbox import InboxItem
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.core.texts.text import Text

WEBHOOKS = ("webhook.attempt", "webhook.failed")
EVENT, WEBHOOK, HINT = "event", "webhook", "hint"
"""Kinds of entries that everybody hears of who does not say what they want."""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """How what happened is told outside.

    Attributes:
        events: events with a name of their own; any other is called as it is in the code.
        secrets: names of fields that are not shown.
    """

    events: Mapping[type, str]
    secrets: frozenset[str]

    @property
    def names(self) -> list[str]:
        """What events are called outside."""
        own = {kind.__name__ for kind in self.events}
        return sorted({*self.events.values(), *WEBHOOKS, *(EVENTS - own)})

    def name_of(self, entry: LogEntry) -> str:
        """The type of a server-sent event."""
        content = entry.content
        if isinstance(content, Happened):
            return self.events.get(type(content.event), type(content.event).__name__)
        if entry.kind == WEBHOOK:
            status = getattr(content, "status", None)
            return WEBHOOKS[0] if status in range(200, 300) else WEBHOOKS[1]
        return entry.kind


def concerns(entry: LogEntry, handset: str) -> bool:
    """Whether an entry is an event about this handset."""
    if not isinstance(entry.content, Happened):
        return False
    event: Any = entry.content.event
    return any(_is_about(getattr(event, each.name), handset) for each in fields(event))


def _is_about(thing: object, handset: str) -> bool:
    if isinstance(thing, Phone):
        return thing.address == handset
    if isinstance(thing, InboxItem | PhoneCall):
        return thing.handset == handset
    return isinstance(thing, Text) and handset in (bare(thing.to), bare(thing.sender or ""))
