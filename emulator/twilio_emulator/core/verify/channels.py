"""The channels that a code can go by, as requests name them.

The rules of this file:

- Which channels a service has switched on from the start is decided, since Twilio asks for access
  or a configuration of its own for some: https://www.twilio.com/docs/verify/api/verification.
"""

from enum import StrEnum


class VerifyChannel(StrEnum):
    """What `Channel` may say, in Twilio's words. There is no `voice`."""

    SMS = "sms"
    CALL = "call"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    SNA = "sna"
    AUTO = "auto"
    RCS = "rcs"


SWITCHED_ON = ("sms", "call", "email", "whatsapp")
"""Decided: what works at once with a new service."""

BY_ACCESS = frozenset({VerifyChannel.SNA, VerifyChannel.AUTO})
"""What an account without access cannot name at all: 60200, and not 60223."""

TO_NUMBERS = frozenset(VerifyChannel) - {VerifyChannel.EMAIL}

IN_LANGUAGES = TO_NUMBERS - {VerifyChannel.SNA}
"""What says something in a language, or may once it has chosen; e-mail has the customer's template,
and the network no words (https://www.twilio.com/docs/verify/supported-languages)."""

ATTEMPT_CHANNELS = {VerifyChannel.RCS: "rbm"}
"""What attempts call a channel, where it is another word."""


def attempt_channel(channel: VerifyChannel) -> str:
    """The channel as attempts have it."""
    return ATTEMPT_CHANNELS.get(channel, str(channel))
