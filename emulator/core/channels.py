"""Addresses and the channels they belong to.

An address is E.164, a short code or a sender name for SMS and MMS; every other channel puts its
name in front: `whatsapp:+12025550123` (https://www.twilio.com/docs/messaging/channels).
"""

import re
from enum import StrEnum


class Channel(StrEnum):
    """What carries a text."""

    SMS = "sms"
    MMS = "mms"
    WHATSAPP = "whatsapp"
    RCS = "rcs"
    MESSENGER = "messenger"


PREFIXED = frozenset({Channel.WHATSAPP, Channel.RCS, Channel.MESSENGER})

_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 \-]{1,11}")


def channel_of(address: str) -> Channel:
    """The channel that an address names, in any case; SMS when it names none that there is."""
    prefix, colon, _ = address.partition(":")
    return Channel(prefix.lower()) if colon and prefix.lower() in PREFIXED else Channel.SMS


def bare(address: str) -> str:
    """`address` without its channel: the subscriber."""
    prefix, colon, rest = address.partition(":")
    return rest if colon and prefix.lower() in PREFIXED else address


def on_channel(channel: Channel, subscriber: str) -> str:
    """The address of a subscriber on a channel."""
    return f"{channel}:{subscriber}" if channel in PREFIXED else subscriber


def is_short_code(address: str) -> bool:
    return _SHORT_CODE.fullmatch(address) is not None


def is_sender_name(address: str) -> bool:
    """Whether it could be an alphanumeric sender id: at most 11 characters, a letter among them."""
    return _SENDER_NAME.fullmatch(address) is not None
