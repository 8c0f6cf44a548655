"""Access tokens and grants: the socket, media uploads and the control API share them.

The rules of this file:

- A token is a JWT signed with the secret of an API key; what it opens stands in its grants
  (https://www.twilio.com/docs/iam/access-tokens).
- It is checked in this order: what it is, who signed it, when it is good, what for. Nothing it
  claims counts before its signature does.
- Its times are the machine's, since the app that signs knows no other clock. What is left of its
  life is handed to the caller, who lets it run out on the world's clock.
- One token may open several products, each in a service of its own. Which of them is wanted says
  whoever shows it; who does not say wants the first that it opens.
- A token of our own making is known by its `jti`: how much of its life is left is asked, and its
  own times count for no more than how long that may be.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from twilio_emulator.core.kernel.refusals import Refusal, Refused

if TYPE_CHECKING:
    from jwt import PyJWS

LONGEST_LIFE = 86_400
"""Seconds from issue to expiry that Twilio allows a token."""

LONGEST_ASKED = 10 * LONGEST_LIFE
"""Seconds that can be asked for here: a token may be made to be refused, as one that lives too long
for Twilio is."""

MANY_SECONDS = 1 << 53
"""What is this far from 1970 is no time, and would overflow."""

ALGORITHM = "HS256"
CONTENT_TYPE = "twilio-fpa;v=1"

NOT_A_TOKEN = Refusal(20101, 401, "Invalid Access Token")
WRONG_HEADER = Refusal(20102, 401, "Invalid Access Token header")
WRONG_ISSUER = Refusal(20103, 401, "Invalid Access Token issuer/subject")
EXPIRED = Refusal(20104, 401, "Access Token expired or expiration date invalid")
NOT_YET_VALID = Refusal(20105, 401, "Access Token not yet valid")
WRONG_GRANTS = Refusal(20106, 401, "Invalid Access Token grants")
WRONG_SIGNATURE = Refusal(20107, 401, "Invalid Access Token signature")

FindKey = Callable[[str], tuple[str, str] | None]
"""From an API key's sid to its account's sid and its secret."""


class GrantKind(StrEnum):
    """What a grant opens, as client SDKs call it; where none is named the first one counts."""

    CHAT = "ip_messaging"
    SYNC = "data_sync"


_NAMES = {
    # The second is the grant's name in the days of Programmable Chat; the newer one wins.
    GrantKind.CHAT: ("chat", "ip_messaging"),
    GrantKind.SYNC: ("data_sync",),
}
"""What tokens call the grants."""

FindService = Callable[[GrantKind, str, str], str | None]
"""The sid of a product's service, by the sid of its account and by how a token names it; None when
the account has no such service."""

LifeLeft = Callable[[str], float | None]
"""Seconds that a token of our own, by its `jti`, still lives; None when it is not one of ours."""


class TokenRefused(Refused):
    """An access token opens nothing.

    Args:
        refusal: which of Twilio's errors it is.
        reason: what is wrong with this token, for the log and the journal.
    """

    def __init__(self, refusal: Refusal, reason: str) -> None:
        super().__init__(refusal)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.code} {self.message}: {self.reason}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a good token says: who may use which service, for how long.

    Attributes:
        kind: what was wanted of it.
        services: the sid of the service of each product that it opens.
    """

    token_id: str
    account_sid: str
    key_sid: str
    identity: str
    kind: GrantKind
    services: Mapping[GrantKind, str]
    push_credential_sid: str | None
    region: str | None
    life: float
    """Seconds that the token is good for from now on."""

    @property
    def service_sid(self) -> str:
        """Of the service that was wanted."""
        return self.services[self.kind]


def read_token(
    token: str,
    find_key: FindKey,
    now: float,
    *,
    find_service: FindService = lambda kind, account_sid, service: service,
    life_left: LifeLeft = lambda token_id: None,
    wanted: GrantKind | None = None,
) -> Grant:
    """The grant of an access token.

    Args:
        token: the JWT as it came.
        find_key: looks an API key up.
        now: the machine's time, in seconds since 1970.
        find_service: finds the services that the token names.
        life_left: knows the tokens that we made ourselves.
        wanted: what it is to open; None for what it opens first.

    Raises:
        TokenRefused: with 20101 to 20107, after the pages of these errors.
    """
    header, claims, signed, signature = taken_apart(token)
    _check_header(header)
    key_sid, account_sid, secret = _signer(claims, find_key)
    if not is_signed(signed, signature, secret):
        raise TokenRefused(WRONG_SIGNATURE, f"the secret of {key_sid} gives another signature")
    token_id = _text(claims, "jti") or ""
    expires = _end(claims, now)
    life = life_left(token_id)
    if life is None:
        life = _life(claims, expires, now)
    if life <= 0:
        raise TokenRefused(EXPIRED, f"expired {-life:.0f} seconds ago")
    identity, grants = _grants(claims)
    found = {kind: grant for kind in GrantKind if (grant := _grant(grants, kind)) is not None}
    kind = wanted or next(iter(found), GrantKind.CHAT)
    named = _service(found.get(kind), kind)
    services = {
        each: sid
        for each, grant in found.items()
        if (said := _text(grant, "service_sid")) and (sid := find_service(each, account_sid, said))
    }
    if kind not in services:
        raise TokenRefused(WRONG_GRANTS, f"{account_sid} has no service {named}")
    return Grant(
        token_id=token_id,
        account_sid=account_sid,
        key_sid=key_sid,
        identity=identity,
        kind=kind,
        services=services,
        push_credential_sid=_text(found.get(GrantKind.CHAT, {}), "push_credential_sid"),
        region=_text(header, "twr"),
        life=life,
    )


def claimed_account(token: str) -> str:
    """The sid of the account that a token says it is for, unchecked; empty when it says none."""
    try:
        _, claims, _, _ = taken_apart(token)
    except TokenRefused:
        return ""
    return _text(claims, "sub") or ""


def token_id(key_sid: str, now: float, serial: str) -> str:
    """The `jti` of a token: as the helper libraries make it, and a serial that makes it unique."""
    return f"{key_sid}-{int(now)}-{serial}"


def mint_token(
    *,
    account_sid: str,
    key_sid: str,
    secret: str,
    identity: str,
    service_sid: str | None = None,
    sync_service_sid: str | None = None,
    ttl: int,
    now: float,
    serial: str,
    push_credential_sid: str | None = None,
) -> str:
    """An access token as Twilio's helper libraries make it.

    Args:
        service_sid: of a conversation service, for a chat grant.
        sync_service_sid: of a Sync service, for a Sync grant.
        ttl: seconds that it shall live; more than `LONGEST_LIFE` makes a token that is refused.
        now: the machine's time, in seconds since 1970.
        serial: differs for every token of one key made in one second.
    """
    grants: dict[str, object] = {"identity": identity}
    if service_sid is not None:
        chat = {"service_sid": service_sid}
        if push_credential_sid is not None:
            chat["push_credential_sid"] = push_credential_sid
        grants["chat"] = chat
    if sync_service_sid is not None:
        grants["data_sync"] = {"service_sid": sync_service_sid}
    issued = int(now)
    claims = {
        "jti": token_id(key_sid, now, serial),
        "iss": key_sid,
        "sub": account_sid,
        "iat": issued,
        "exp": issued + ttl,
        "grants": grants,
    }
    return jws().encode(
        msgspec.json.encode(claims), secret, ALGORITHM, headers={"cty": CONTENT_TYPE}
    )


@functools.cache
def jws() -> "PyJWS":
    """What signs and reads tokens."""
    # Late: jwt loads ssl, http.client and cryptography, which a start without tokens need not pay.
    from jwt import PyJWS
    from jwt.algorithms import HMACAlgorithm

    class AnyLength(HMACAlgorithm):
        """The secret is the account's own, which an app under test may have made short."""

        def check_key_length(self, key: bytes) -> None:
            return None

    jws = PyJWS(algorithms=[ALGORITHM])
    jws.unregister_algorithm(ALGORITHM)
    jws.register_algorithm(ALGORITHM, AnyLength(HMACAlgorithm.SHA256))
    return jws


def taken_apart(token: str) -> tuple[Mapping[str, object], Mapping[str, object], bytes, bytes]:
    """Header, claims, what was signed and the signature, none of them checked.

    Raises:
        TokenRefused: 20101 it is no token at all.
    """
    from jwt import PyJWTError

    try:
        parts = jws().decode_complete(token, options={"verify_signature": False})
        claims = msgspec.json.decode(parts["payload"])
    except (PyJWTError, msgspec.DecodeError, ValueError, RecursionError) as wrong:
        raise TokenRefused(NOT_A_TOKEN, f"not a JWT: {wrong}") from None
    if not isinstance(claims, dict):
        raise TokenRefused(NOT_A_TOKEN, "not a JWT: its payload is no JSON object")
    return parts["header"], claims, token.rpartition(".")[0].encode(), parts["signature"]


def _check_header(header: Mapping[str, object]) -> None:
    for name, expected in (("alg", ALGORITHM), ("typ", "JWT"), ("cty", CONTENT_TYPE)):
        if header.get(name) != expected:
            raise TokenRefused(WRONG_HEADER, f"{name} is {header.get(name)!r}, not {expected!r}")


def _signer(claims: Mapping[str, object], find_key: FindKey) -> tuple[str, str, str]:
    """The sid of the key, its account's and its secret."""
    key_sid = _text(claims, "iss")
    key = find_key(key_sid) if key_sid else None
    if key_sid is None or key is None:
        raise TokenRefused(WRONG_ISSUER, f"iss is {claims.get('iss')!r}, no API key")
    account_sid, secret = key
    if claims.get("sub") != account_sid:
        raise TokenRefused(
            WRONG_ISSUER, f"sub is {claims.get('sub')!r}, but {key_sid} is of {account_sid}"
        )
    return key_sid, account_sid, secret


def is_signed(signed: bytes, signature: bytes, secret: str) -> bool:
    """Whether a signature is the one that a secret makes."""
    from jwt import PyJWTError

    try:
        algorithm = jws().get_algorithm_by_name(ALGORITHM)
        return algorithm.verify(signed, algorithm.prepare_key(secret), signature)
    except PyJWTError:  # a secret that cannot be one, such as a PEM file
        return False


def _end(claims: Mapping[str, object], now: float) -> float:
    """When a token ends, in seconds since 1970. It may live for 24 hours, whoever made it."""
    if claims.get("exp") is None:
        raise TokenRefused(NOT_A_TOKEN, "it has no exp")
    expires = _number(claims, "exp")
    if expires is None:
        raise TokenRefused(EXPIRED, f"exp is {claims.get('exp')!r}, not a time")
    # The Python library writes nbf and no iat, the one for Node.js the other way round.
    times = (_number(claims, "iat"), _number(claims, "nbf"), now)
    begun = next(time for time in times if time is not None)
    if expires - begun > LONGEST_LIFE:
        raise TokenRefused(EXPIRED, "it lives for more than 24 hours")
    return expires


def _life(claims: Mapping[str, object], expires: float, now: float) -> float:
    """Seconds that are left by the token's own times."""
    starts = _number(claims, "nbf")
    if starts is not None and starts > now:
        raise TokenRefused(NOT_YET_VALID, f"good in {starts - now:.0f} seconds")
    return expires - now


def _grants(claims: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """Identity and grants."""
    grants = claims.get("grants")
    if not isinstance(grants, dict):
        raise TokenRefused(WRONG_GRANTS, "it has no grants")
    identity = _text(grants, "identity")
    if not identity:
        raise TokenRefused(WRONG_GRANTS, "its grants name no identity")
    return identity, grants


def _grant(grants: Mapping[str, object], kind: GrantKind) -> Mapping[str, object] | None:
    """The grant of a kind."""
    said = next((grants[name] for name in _NAMES[kind] if grants.get(name)), None)
    return said if isinstance(said, dict) else None


def _service(grant: Mapping[str, object] | None, kind: GrantKind) -> str:
    """How a grant names its service."""
    name = _NAMES[kind][0]
    if grant is None:
        raise TokenRefused(WRONG_GRANTS, f"it has no {name} grant")
    named = _text(grant, "service_sid")
    if not named:
        raise TokenRefused(WRONG_GRANTS, f"its {name} grant names no service_sid")
    return named


def _text(claims: Mapping[str, object], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) else None


def _number(claims: Mapping[str, object], name: str) -> float | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < MANY_SECONDS else None
