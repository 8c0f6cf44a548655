"""What only an account's auth token, its OAuth client or a main API key may do: accounts, keys and
auth tokens.

A standard key, as every key that is made by request, is told to authenticate
(https://www.twilio.com/docs/iam/api-keys).
"""

from twilio_emulator.core.accounts.accounts import ApiKeys
from twilio_emulator.core.kernel.refusals import AUTHENTICATE, Refused
from twilio_emulator.wire import requests
from twilio_emulator.wire.calls import Answer, Call, Work


def owners_only(work: Work) -> Work:
    """The same work, for owners alone."""

    async def checked(call: Call) -> Answer:
        _check(call)
        return await work(call)

    return checked


def _check(call: Call) -> None:
    """Raises:
    Refused: 20003 a standard key asks.
    """
    key = call.world[ApiKeys].get(requests.user(call.headers.get(b"authorization")))
    if key is not None and not key.main:
        raise Refused(AUTHENTICATE)
