"""How Conversations v2 says no.

The rules of this file:

- Its errors have the four keys of all of Twilio's APIs. Decided: the codes, since none of its own
  are published; they are the general ones, as the sibling API Memory has them in its examples.
- A conflict says in a header which resource is in the way.
"""

from twilio_emulator.core.kernel.refusals import (
    CONFLICT,
    INVALID_PARAMETER,
    MISSING_PARAMETER,
    NOT_FOUND,
    Refusal,
    Refused,
)

CONFLICTING_ID = "X-Conflicting-Resource-Id"

CLOSED = Refusal(20409, 409, "Conversation {conversation} is CLOSED")
"""Decided: what comes to a closed conversation, or would open it again, is a conflict."""


def invalid(parameter: str, reason: str | None = None) -> Refused:
    """400: a parameter cannot be so; `reason` is for the log."""
    refused = Refused(INVALID_PARAMETER, parameter=parameter)
    refused.reason = reason
    return refused


def missing(parameter: str) -> Refused:
    """400: a parameter is needed."""
    return Refused(MISSING_PARAMETER, parameter=parameter)


def not_found() -> Refused:
    """404."""
    return Refused(NOT_FOUND)


def conflict(sid: str) -> Refused:
    """409: another resource is in the way."""
    return _with_id(Refused(CONFLICT), sid)


def closed(conversation: str) -> Refused:
    """409: the conversation is closed."""
    return _with_id(Refused(CLOSED, conversation=conversation), conversation)


def _with_id(refused: Refused, sid: str) -> Refused:
    refused.headers = ((CONFLICTING_ID, sid),)
    return refused
