"""What the carrier does with each text: how long it takes, what stops it, what becomes of it.

The rules of this file:

- A code of Twilio's error dictionary says how a text ends. Those that stop a text before it leaves
  Twilio make it `failed`, those that meet it at the other end `undelivered`.
- A fault that was bound to a text wins over everything else, then a magic recipient, then the
  phone.
- Randomness comes from the world's dice alone; the `ideal` profile rolls none.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from twilio_emulator.core.accounts.accounts import Accounts, AccountStatus
from twilio_emulator.core.carrier import message_loops, opt_outs, whatsapp_window
from twilio_emulator.core.content import template_texts
from twilio_emulator.core.kernel.clock import milliseconds, seconds
from twilio_emulator.core.kernel.patterns import is_in
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import (
    RETRY,
    Handsets,
    LineType,
    Phone,
    Reports,
    must_be_tried,
    takes_texts,
)
from twilio_emulator.core.senders.addresses import Channel, bare
from twilio_emulator.core.senders.refusals import LATER, NEVER_LEFT
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers, SenderKind
from twilio_emulator.core.simulation.faults import spend
from twilio_emulator.core.simulation.patterns import matches
from twilio_emulator.core.simulation.resources import Fault, FaultRule, FaultRules, Final, Match
from twilio_emulator.core.simulation.settings import profile, settings
from twilio_emulator.core.texts.text import Text, TextStatus

LATE = 600_000
"""Milliseconds that a late delivery report of the flaky carrier takes more."""

MAGIC = "+150055"
"""Recipients that end in an error code: +15005530003 fails with 30003, when they are on."""

UNKNOWN = 30008
BODY_LIMIT = 1600


def for_text(world: World, text: Text) -> FaultRule | None:
    """The rule that takes hold of a text."""
    for rule in world[FaultRules].all(world[FaultRules].in_order, ""):
        if rule.do.api_error is None and rule.do.socket is None and is_for(world, rule.match, text):
            return rule
    return None


def is_for(world: World, match: Match, text: Text) -> bool:
    """Whether a text is one of those that are meant."""
    return (
        matches(world, match.to, text.to)
        and matches(world, match.sender, text.sender)
        and matches(world, match.channel, text.channel)
        and matches(world, match.body, text.body)
        and matches(world, match.service, text.messaging_service_sid)
        and matches(
            world, match.direction, "inbound" if text.direction == "inbound" else "outbound"
        )
    )


def delay(world: World, text: Text) -> timedelta:
    """How long a text stays in its status."""
    nature = profile(world)
    shortest, longest = getattr(nature, text.status)
    ms = shortest if shortest == longest else world.dice.randint(shortest, longest)
    if nature.late and text.status is TextStatus.SENT and world.dice.random() < nature.late:
        ms += LATE
    fault = text.fault
    if fault is not None and fault.delay is not None and fault.delay.stage == text.status:
        ms += fault.delay.ms
    return milliseconds(ms)


def fault_of(world: World, text: Text) -> Fault | None:
    """What goes wrong with a new text: by a rule, else because the carrier is flaky."""
    rule = for_text(world, text)
    if rule is not None:
        return spend(world, rule)
    nature = profile(world)
    if not nature.duplicates and not nature.reordered:
        return None
    return Fault(
        duplicate_callback=world.dice.random() < nature.duplicates,
        reorder_callbacks=world.dice.random() < nature.reordered,
    )


def magic_code(world: World, to: str) -> int | None:
    """The error code in a magic recipient, when those are on."""
    if not to.startswith(MAGIC) or not settings(world).magic_numbers_on_live:
        return None
    digits = to[len(MAGIC) :]
    return int(digits) if len(digits) == 5 and int(digits) in LATER else None


def obstacle(world: World, text: Text) -> int | None:
    """The code with which a text fails before it leaves Twilio; None when its way is free."""
    if text.fault is not None and text.fault.final is not None:
        if text.fault.final.status == TextStatus.FAILED:
            return text.fault.final.error_code or UNKNOWN
        return None
    if (code := magic_code(world, text.to)) in NEVER_LEFT:
        return code
    if world[Accounts][text.account_sid].status is not AccountStatus.ACTIVE:
        return 30002
    if len(text.body) > BODY_LIMIT:
        return 21617
    if text.content is not None and template_texts.is_too_long(text.content):
        return 63021
    if world.now >= expiry(text):
        return 30036
    if message_loops.goes_round(world, text):
        return 30039
    if settings(world).opt_outs and opt_outs.is_blocked(
        world, text.to, text.sender, text.messaging_service_sid
    ):
        return 21610
    return None


def expiry(text: Text) -> datetime:
    """Until when a text may wait in Twilio's queue."""
    return (text.send_at or text.date_created) + seconds(text.validity_period)


class Fate(StrEnum):
    """What becomes of a text at its phone, when no code says that it ends badly."""

    DELIVERED = "delivered"
    WAITS = "waits"
    HELD = "held"
    UNREPORTED = "unreported"


def appointed(world: World, text: Text) -> Fate | int | None:
    """How a text is made to end, by a fault or by its magic recipient; None when it is not."""
    if text.fault is not None and text.fault.final is not None:
        return _final(text.fault.final)
    return magic_code(world, text.to)


def at_phone(world: World, text: Text, handset: Phone | None) -> Fate | int:
    """What becomes of a text at a phone: a fate, or the code with which it is refused.

    Args:
        handset: the recipient's; None when there is none and none may be made.
    """
    if handset is None:
        return unknown_subscriber(text)
    refused = (
        whatsapp_window.refusal(world, text, handset)
        if text.channel is Channel.WHATSAPP
        else _refusal(world, text, handset)
    )
    if refused is not None:
        return refused
    if not takes_texts(world, handset):
        return Fate.WAITS if world.now < gives_up(world, text) else 30003
    if handset.receipts is Reports.HOLD or (text.fault is not None and text.fault.hold):
        return Fate.HELD
    if handset.receipts is Reports.NONE or not profile(world).reports:
        return Fate.UNREPORTED
    return Fate.DELIVERED


def unknown_subscriber(text: Text) -> int:
    """The code with which a text ends whose phone there is not, or no more."""
    return 63003 if text.channel is Channel.WHATSAPP else 30005


def gives_up(world: World, text: Text) -> datetime:
    """Until when the carrier tries to reach a phone that is off."""
    return (text.date_sent or text.date_created) + seconds(settings(world).retry_window)


def next_try(world: World, text: Text) -> datetime:
    """When the carrier looks again for a phone that it could not reach."""
    handset = world[Handsets][bare(text.to)]
    last = gives_up(world, text)
    return min(world.now + RETRY, last) if must_be_tried(handset) else last


def _final(final: Final) -> Fate | int:
    if final.status == TextStatus.UNDELIVERED:
        return final.error_code or UNKNOWN
    return Fate.UNREPORTED if final.status == TextStatus.SENT else Fate.DELIVERED


def _refusal(world: World, text: Text, handset: Phone) -> int | None:
    if handset.line_type is LineType.LANDLINE or Channel.SMS not in handset.channels:
        return 30006
    if text.sender in handset.blocked_senders:
        return 30004
    if any(is_in(world.compile_pattern, pattern, text.body) for pattern in settings(world).filters):
        return 30007
    if profile(world).registration and world.numbering.country(text.to) == "US":
        return _unregistered(world, text)
    return None


def _unregistered(world: World, text: Text) -> int | None:
    """The United States want long codes registered and toll-free numbers verified."""
    number = world[PhoneNumbers].at(text.sender or "")
    if number is None:
        return None
    if number.kind is SenderKind.TOLL_FREE:
        return None if number.verified else 30032
    service = world[MessagingServices].get(text.messaging_service_sid)
    registered = service is not None and service.us_app_to_person_registered
    return 30034 if number.kind is SenderKind.LONG_CODE and not registered else None
