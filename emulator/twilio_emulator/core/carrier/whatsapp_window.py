"""WhatsApp's rules: the 24 hours after a user wrote, and the sandbox that has to be joined.

The rules of this file (https://www.twilio.com/docs/whatsapp/key-concepts, .../whatsapp/sandbox):

- The window opens with every inbound message to a sender and lasts 24 hours from the last. Within
  it anything may be sent, outside approved templates only, and of those no lists and no places.
- A template that WhatsApp has taken back is refused at any time, and so is an approved one with a
  variable without a value, and one that was never approved of a type that has to be.
- At the first contact of a phone and a sender the phone counts as having written, so that a first
  message arrives.
- A sender that is a sandbox reaches who has joined it, for three days at a time.
"""

import re
from datetime import datetime, timedelta

from twilio_emulator.core.content import templates
from twilio_emulator.core.content.content_types import NEEDS_APPROVAL
from twilio_emulator.core.content.templates import ApprovalStatus, Contents
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Phone
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.core.senders.resources import PhoneNumber, PhoneNumbers
from twilio_emulator.core.simulation import settings
from twilio_emulator.core.texts.text import Text

OPEN_FOR = timedelta(hours=24)
JOINED_FOR = timedelta(days=3)

IN_SESSION = frozenset({"twilio/list-picker", "twilio/location"})
TAKEN_BACK = {
    ApprovalStatus.REJECTED: 63040,
    ApprovalStatus.PAUSED: 63041,
    ApprovalStatus.DISABLED: 63042,
}

VARIABLES_MISSING = 63028
UNKNOWN_TEMPLATE = 63027
"""What a type that has to be approved fails with within the window: decided, since WhatsApp knows
no template that it was not shown. Outside it fails as every message there does."""

_JOIN = re.compile(r"join\s+(\S+)", re.IGNORECASE)


@record
class Window:
    """What a phone and a WhatsApp sender have with each other; the instants are when it ends."""

    handset: str
    sender: str
    open_until: datetime | None = None
    joined_until: datetime | None = None

    @property
    def sid(self) -> str:
        return _key(self.handset, self.sender)


class Windows(Table[Window]):
    """Windows, in the order in which phones and senders had their first contact."""

    def __init__(self) -> None:
        super().__init__(Window)


@event
class WindowChanged:
    """A window was opened or closed by hand, or a phone joined or left a sandbox."""

    window: Window


@command
class ChangeWindow:
    """Say until when a phone's window with a sender is open; a past instant closes it."""

    handset: str
    sender: str
    open_until: datetime

    def apply(self, world: World) -> Window:
        window = world[Windows].put(
            replace(between(world, self.handset, self.sender), open_until=self.open_until)
        )
        world.tell(WindowChanged(window=window))
        return window


def between(world: World, handset: str, sender: str) -> Window:
    """What a phone and a sender have; nothing yet when they never had contact."""
    return world[Windows].get(_key(bare(handset), sender)) or Window(
        handset=bare(handset), sender=sender
    )


def open_window(world: World, handset: str, sender: str) -> Window:
    """The phone wrote to the sender."""
    return world[Windows].put(
        replace(between(world, handset, sender), open_until=world.now + OPEN_FOR)
    )


def refusal(world: World, text: Text, handset: Phone) -> int | None:
    """The code with which WhatsApp refuses a text, if it does."""
    if text.channel not in handset.channels:
        return 63003
    if text.sender in handset.blocked_senders:
        return 63014
    sender = text.sender or ""
    number = world[PhoneNumbers].at(sender)
    window = between(world, handset.address, sender)
    if number is not None and number.sandbox_code and not _is(window.joined_until, world.now):
        return 63015
    if window.open_until is None:
        window = open_window(world, handset.address, sender)
    if (taken_back := _taken_back(world, text)) is not None:
        return taken_back
    if not settings.settings(world).whatsapp_window:
        return None
    if _is(window.open_until, world.now):
        return _unknown(world, text)
    return None if _may_begin(world, text) else 63016


def _taken_back(world: World, text: Text) -> int | None:
    content = world[Contents].get(text.content_sid)
    if content is None:
        return None
    approved = content.approval.status is ApprovalStatus.APPROVED
    if approved and text.content is not None and templates.is_open(text.content):
        return VARIABLES_MISSING
    return TAKEN_BACK.get(content.approval.status)


def _unknown(world: World, text: Text) -> int | None:
    """The code of a template that WhatsApp should know by now, and does not."""
    if text.content is None or text.content.type not in NEEDS_APPROVAL:
        return None
    content = world[Contents].get(text.content_sid)
    approved = content is None or content.approval.status is ApprovalStatus.APPROVED
    return None if approved else UNKNOWN_TEMPLATE


def _may_begin(world: World, text: Text) -> bool:
    """Whether a text may be the first of a conversation: an approved template may, and so may
    Verify's own."""
    if text.verification_attempt_sid is not None:
        return True
    content = world[Contents].get(text.content_sid)
    return (
        content is not None
        and content.approval.status is ApprovalStatus.APPROVED
        and (text.content is None or text.content.type not in IN_SESSION)
    )


def hear(world: World, number: PhoneNumber, sender: str, body: str) -> str | None:
    """What a sandbox answers to a phone that joins or leaves; None for any other message."""
    if not number.sandbox_code:
        return None
    found = _JOIN.fullmatch(body.strip())
    if found is not None and found[1].lower() == number.sandbox_code.lower():
        _join(world, sender, number.address, world.now + JOINED_FOR)
        return JOINED.format(number=sender)
    if body.strip().lower() == "stop":
        _join(world, sender, number.address, None)
        return LEFT
    return None


JOINED = (
    "*Twilio Sandbox*: ✅ You are all set! The sandbox can now send/receive messages from "
    "{number}. Reply ```stop``` to leave the sandbox any time."
)
LEFT = "*Twilio Sandbox*: You have left the sandbox. Reply with the join code to join again."


def _join(world: World, handset: str, sender: str, until: datetime | None) -> None:
    window = world[Windows].put(replace(between(world, handset, sender), joined_until=until))
    world.tell(WindowChanged(window=window))


def _is(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until


def _key(handset: str, sender: str) -> str:
    return f"{handset}/{sender}"
