"""Access tokens: with one, a device may make itself a push factor, once.

The rules of this file (https://www.twilio.com/docs/verify/api/access-token):

- A token is good for one factor of one identity, and for `ttl` seconds of the account's clock.
- Decided: its text. Twilio's is an encrypted JWT that nobody else reads; here, too, it has five
  parts, of which the fourth says whose it is.
"""

import base64
import json
from datetime import datetime, timedelta

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.sids import Stream
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import entities, factors, services
from twilio_emulator.core.verify.factor_commands import AddFactor
from twilio_emulator.core.verify.factor_errors import (
    INVALID_ACCESS_TOKEN,
    UNAUTHORIZED_FACTOR_CREATION,
)
from twilio_emulator.core.verify.factors import Factor, FactorType
from twilio_emulator.core.verify.resources import VerifyServiceChanged

TTLS = range(60, 301)
TTL = 60

_HEADER = {"alg": "dir", "cty": "twilio-fpa;v=1", "enc": "A256GCM", "typ": "JWT"}


@record
class FactorToken:
    """An access token (YK).

    Attributes:
        access_token: its text.
        used: whether a factor was made with it.
    """

    sid: str
    account_sid: str
    service_sid: str
    identity: str
    factor_friendly_name: str | None = None
    access_token: str
    ttl: int
    used: bool = False
    date_created: datetime
    serial: int


class FactorTokens(Table[FactorToken]):
    """Access tokens, by service."""

    refers = (("account_sid", "accounts"), ("service_sid", "verify_services"))

    def __init__(self) -> None:
        self.by_service: Ordered[FactorToken] = Ordered(
            lambda it: it.service_sid, lambda it: it.serial
        )
        super().__init__(FactorToken, self.by_service)


@event
class FactorTokenAdded:
    """Somebody's device may make itself a factor."""

    token: FactorToken


@event
class FactorTokenUsed:
    """A device has asked for a factor with a token."""

    token: FactorToken


def fetch_token(world: World, *, account: str, service: str, access_token: str) -> FactorToken:
    """The access token of a service with this sid.

    Raises:
        Refused: 20404.
    """
    found = services.fetch_verify_service(world, account=account, service=service)
    token = world[FactorTokens].get(access_token)
    if token is None or token.service_sid != found.sid:
        raise Refused(NOT_FOUND)
    return token


@command
class AddFactorToken:
    """Let somebody's device make itself a factor.

    Raises:
        Refused: 60305 something is missing or wrong.
    """

    account: str
    service: str
    identity: str | None = None
    factor_type: str | None = None
    factor_friendly_name: str | None = None
    ttl: str | None = None

    def apply(self, world: World) -> FactorToken:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        if (self.factor_type or "").lower() != FactorType.PUSH:
            raise Refused(INVALID_ACCESS_TOKEN)
        if self.ttl and parameters.count(self.ttl) not in TTLS:
            raise Refused(INVALID_ACCESS_TOKEN)
        try:
            identity = entities.read_identity(self.identity)
            if self.factor_friendly_name:
                factors.read_name(self.factor_friendly_name)
        except Refused:
            raise Refused(INVALID_ACCESS_TOKEN) from None
        sid = world.sids.new("YK")
        token = world[FactorTokens].put(
            FactorToken(
                sid=sid,
                account_sid=service.account_sid,
                service_sid=service.sid,
                identity=identity,
                factor_friendly_name=self.factor_friendly_name or None,
                access_token=_written(service.account_sid, sid, world.dice),
                ttl=int(self.ttl) if self.ttl else TTL,
                date_created=world.now,
                serial=world.serial(),
            )
        )
        world.tell(FactorTokenAdded(token=token))
        return token


@command
class AddFactorByToken(AddFactor):
    """Make oneself a push factor with an access token, as a device does.

    Attributes:
        token: sid of the access token.

    Raises:
        Refused: 60313 the token is for somebody else, was used or is too old; or as `AddFactor`.
    """

    token: str

    def apply(self, world: World) -> Factor:
        token = world[FactorTokens].get(self.token)
        if token is None or not _is_good(token, self, world.now):
            raise Refused(UNAUTHORIZED_FACTOR_CREATION)
        named = replace(self, friendly_name=self.friendly_name or token.factor_friendly_name)
        factor = AddFactor.apply(named, world)
        token = world[FactorTokens].put(replace(token, used=True))
        world.tell(FactorTokenUsed(token=token))
        return factor


def _is_good(token: FactorToken, wish: AddFactorByToken, at: datetime) -> bool:
    """Whether a factor may be made with a token."""
    return (
        not token.used
        and at < token.date_created + timedelta(seconds=token.ttl)
        and wish.service == token.service_sid
        and wish.entity.casefold() == token.identity.casefold()
        and (wish.factor_type or "").lower() == FactorType.PUSH
    )


def account_of(text: str) -> tuple[str, str] | None:
    """The account and the sid of a token, as its text says; None when it is no token."""
    parts = text.split(".")
    if len(parts) != 5:
        return None
    try:
        said = base64.urlsafe_b64decode(parts[3] + "=" * (-len(parts[3]) % 4)).decode()
    except ValueError:
        return None
    account_sid, _, sid = said.partition("/")
    return (account_sid, sid) if sid else None


def _written(account_sid: str, sid: str, dice: Stream) -> str:
    header = json.dumps(_HEADER, separators=(",", ":")).encode()
    drawn = bytes.fromhex(dice.hex())
    parts = (header, b"", drawn[:12], f"{account_sid}/{sid}".encode(), bytes.fromhex(dice.hex()))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def service_changed(world: World, event: VerifyServiceChanged) -> None:
    """The access tokens of a service go with it."""
    if event.service is None:
        table = world[FactorTokens]
        for token in table.all(table.by_service, event.sid):
            table.remove(token.sid)
