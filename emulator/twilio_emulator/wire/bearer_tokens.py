"""Bearer tokens: what an OAuth client gets for its secret, and shows with requests from then on.

The rules of this file (https://www.twilio.com/docs/iam/oauth-apps/oauth-access-token):

- A token is a JWT that names the account it acts for: `act.sub`, and `urn:tw:iam_ctx` with the same
  (seen in the code of public apps, which read the account from there).
- Twilio's libraries look at `exp` to know when they need another one, so `iat` and `exp` are the
  machine's time. When it ends is decided by the account's clock, which `CLOCK_EXPIRY` is of.
- A token that is malformed, forged or ended is no way to authenticate
  (https://www.twilio.com/docs/api/errors/20003); the log says which.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from twilio_emulator.core.kernel.refusals import AUTHENTICATE, Refusal, Refused
from twilio_emulator.wire import access_tokens
from twilio_emulator.wire.access_tokens import TokenRefused

LIFE = 3600
"""Seconds that a token is good for."""

CLOCK_EXPIRY = "twilio_emulator_exp"
"""The claim of ours that says when a token ends, in seconds since 1970 on its account's clock."""

# The pages of these errors name no status; 401 is what RFC 6749 has for an invalid client.
NO_CLIENT_ID = Refusal(321402, 400, "Empty client_id")
INVALID_GRANT_TYPE = Refusal(321403, 400, "Invalid grant_type")
INVALID_CLIENT = Refusal(322402, 401, "Invalid credentials")
INVALID_TOKEN_REQUEST = Refusal(322403, 400, "Bad Request")

ISSUER = "https://oauth.twilio.com"
_ACTOR = "trn:us1:iam:account:"

FindSecret = Callable[[str], str | None]
"""From an account's sid to the secret of its OAuth client."""


class Bearer(NamedTuple):
    """What a good token says: for which account it acts, and until when on that one's clock."""

    account_sid: str
    expires: float


def mint(
    *, account_sid: str, client_id: str, secret: str, now: float, at: datetime, serial: str
) -> str:
    """A token for an account.

    Args:
        secret: of the client, from which comes what signs it.
        now: the machine's time, in seconds since 1970.
        at: the time on the account's clock.
        serial: differs for every token of one client made in one second.
    """
    actor = _ACTOR + account_sid
    claims = {
        "iss": ISSUER,
        "sub": client_id,
        "jti": f"{client_id}-{int(now)}-{serial}",
        "iat": int(now),
        "exp": int(now) + LIFE,
        "act": {"sub": actor},
        "urn:tw:iam_ctx": actor,
        CLOCK_EXPIRY: (at + timedelta(seconds=LIFE)).timestamp(),
    }
    return access_tokens.jws().encode(
        msgspec.json.encode(claims), _key(secret), access_tokens.ALGORITHM
    )


def read(token: str, find_secret: FindSecret) -> Bearer:
    """What a token says, once it is known to be one of ours.

    Raises:
        Refused: 20003 it is not.
    """
    try:
        header, claims, signed, signature = access_tokens.taken_apart(token)
    except TokenRefused as refused:
        raise not_good(refused.reason) from None
    act = claims.get("act")
    actor = act.get("sub") if isinstance(act, dict) else None
    expires = claims.get(CLOCK_EXPIRY)
    if not isinstance(actor, str) or not isinstance(expires, float):
        raise not_good("it is not a token that we made")
    account_sid = actor.removeprefix(_ACTOR)
    secret = find_secret(account_sid)
    good = secret is not None and header.get("alg") == access_tokens.ALGORITHM
    if secret is None or not good or not access_tokens.is_signed(signed, signature, _key(secret)):
        raise not_good(f"the OAuth client of {account_sid} gives another signature")
    return Bearer(account_sid, expires)


def _key(secret: str) -> str:
    """What signs: any secret makes one."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def check(expires: float, now: datetime) -> None:
    """Look at when a token ends.

    Raises:
        Refused: 20003 it has.
    """
    late = now.timestamp() - expires
    if late >= 0:
        raise not_good(f"it ended {late:.0f} seconds ago")


def not_good(reason: str | None) -> Refused:
    """The refusal of a token."""
    refused = Refused(AUTHENTICATE)
    refused.reason = f"the bearer token: {reason}"
    return refused
