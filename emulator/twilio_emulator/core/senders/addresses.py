"""Addresses and the channels they belong to.

The rules of this file (https://www.twilio.com/docs/messaging/channels):

- An address is E.164, a short code or a sender name for SMS and MMS; every other channel puts its
  name in front: `whatsapp:+12025550123`.
- Code that is given an address reads it by `spelled` or by `numbered`, wherever it came from. In a
  form and in a query a bare `+` is a space, so that a space before a number was a plus.
"""

import re
from enum import StrEnum

from twilio_emulator.core.kernel.world import Numbering


class Channel(StrEnum):
    """What carries a text."""

    SMS = "sms"
    MMS = "mms"
    WHATSAPP = "whatsapp"
    RCS = "rcs"
    MESSENGER = "messenger"


PREFIXED = frozenset({Channel.WHATSAPP, Channel.RCS, Channel.MESSENGER})

_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_SENDER_NAME = re.compile(r"(?=[0-9 \-]{0,10}[A-Za-z])[A-Za-z0-9 \-]{1,11}")


def channel_of(address: str) -> Channel:
    """The channel that an address names, in any case; SMS when it names none that there is."""
    if ":" not in address:
        return Channel.SMS
    prefix = address.partition(":")[0].lower()
    return Channel(prefix) if prefix in PREFIXED else Channel.SMS


def bare(address: str) -> str:
    """`address` without its channel: the subscriber."""
    if ":" not in address:
        return address
    prefix, _, rest = address.partition(":")
    return rest if prefix.lower() in PREFIXED else address


def on_channel(channel: Channel, subscriber: str) -> str:
    """The address of a subscriber on a channel."""
    return f"{channel}:{subscriber}" if channel in PREFIXED else subscriber


def spelled(address: str) -> str:
    """An address as it was meant: with the plus that a form lost, and no other space around it."""
    if ":" not in address:
        return _meant(address)
    prefix, _, subscriber = address.partition(":")
    channel = prefix.strip().lower()
    if channel in PREFIXED:
        return f"{channel}:{_meant(subscriber)}"
    return _meant(address)


def numbered(numbering: Numbering, address: str, country: str | None = None) -> str | None:
    """The address of a number in its normal form, with its channel; None when it holds none.

    Args:
        country: ISO 3166 code; a number without a plus is one of its own form.
    """
    meant = spelled(address)
    subscriber = bare(meant)
    if country is None and not subscriber.startswith("+"):
        return None
    number = numbering.normal(subscriber, country)
    return None if number is None else on_channel(channel_of(meant), number)


def kept(numbering: Numbering, address: str) -> str:
    """An address as records have it: a number in its normal form, anything else as it was meant."""
    return numbered(numbering, address) or spelled(address)


def has_unknown_channel(address: str) -> bool:
    """Whether something stands before a colon that is no channel."""
    return ":" in address and channel_of(address) is Channel.SMS


def _meant(subscriber: str) -> str:
    text = subscriber.strip()
    if len(text) == len(subscriber):
        return text
    lost = subscriber[:1].isspace() and text[:1].isdigit() and not is_short_code(text)
    return f"+{text}" if lost else text


def is_short_code(address: str) -> bool:
    return _SHORT_CODE.fullmatch(address) is not None


def is_sender_name(address: str) -> bool:
    """Whether it could be an alphanumeric sender id: at most 11 characters, a letter among them."""
    return _SENDER_NAME.fullmatch(address) is not None
