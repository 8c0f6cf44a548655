"""Whose credentials came with a request, as everybody sees it who reads some."""

from collections.abc import Callable
from dataclasses import dataclass

from twilio_emulator.runtime.gate import Gate


@dataclass(frozen=True, slots=True)
class Login:
    """Whose credentials came with a request.

    Attributes:
        account_sid: the account's. With test credentials, too: it is they who rehearse.
        test_account_sid: what test credentials call it; None for live ones.
        identity: whose access token it was; None where it was none.
        service_sid: the one service that the access token is for.
        good: whether the secret that came with an OAuth client is its own.
        expires: when a bearer token ends, in seconds since 1970 on the account's clock.
        holder: sid of what the credentials are of, when that is neither an account nor a key but
            something that may do less, such as a device.
    """

    gate: Gate
    account_sid: str
    test_account_sid: str | None = None
    identity: str | None = None
    service_sid: str | None = None
    good: bool = True
    expires: float | None = None
    holder: str | None = None


FindGate = Callable[[str], Gate]
"""From an account, or the user of refused credentials, to the account that hears of it; the default
one for others."""

ReadHolder = Callable[[FindGate, str], Login]
"""From the password of a user that a product knows to a login with its holder; raises Refused."""
