"""Silent network authentication: a phone opens an address over its mobile network, and no code is
sent.

The rules of this file (https://www.twilio.com/docs/verify/sna):

- The address is good for one opening, as long as the verification lasts. What it was opened with
  decides; the check asks for the outcome, and needs no code.
- Decided: which error says what of a phone. The dictionary has the codes, and no page says when.
- Decided: who opens it is known only when a phone of ours does. A bare request is taken for the
  right phone on its mobile network, but with the `strict-us` carrier for none that is known.
- A check before it was opened notes 60519, until there is an outcome.
"""

from enum import StrEnum
from typing import Protocol

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Handsets, Network, Phone, Power
from twilio_emulator.core.senders.addresses import bare, kept
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.settings import profile
from twilio_emulator.core.verify import attempts, errors
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import (
    LIVE,
    Attempt,
    SnaError,
    Verification,
    Verifications,
    VerifyAttempts,
    VerifyServiceChanged,
)
from twilio_emulator.core.verify.wishes import SendWish

MISMATCH = 60500
PENDING = 60519
URL_FAILED = 60520
NO_CARRIER = 60531
BROKEN = 60005
"""Of a fault that names no code of its own."""

PATH = "/_emulator/v1/sna/{token}"


class Over(StrEnum):
    """What a phone opens an address over."""

    MOBILE = "mobile"
    WIFI = "wifi"


class ClientProof(Protocol):
    """What somebody who checks shows."""

    @property
    def sna_client_token(self) -> str | None: ...


@record
class SnaLink:
    """An address for a phone to open, by its token.

    Attributes:
        wants_token: whether who opens it gets a token that the check has to have.
        opened: whether somebody did.
        client_token: the token that was given out.
        proven: whether it was the right phone.
    """

    sid: str
    service_sid: str
    verification_sid: str
    attempt_sid: str
    wants_token: bool = False
    opened: bool = False
    proven: bool = False
    client_token: str | None = None
    serial: int


class SnaLinks(Table[SnaLink]):
    """Addresses by token, by service and by verification."""

    refers = (("service_sid", "verify_services"), ("verification_sid", "verifications"))

    def __init__(self) -> None:
        self.by_service: Ordered[SnaLink] = Ordered(lambda it: it.service_sid, _serial)
        self.by_verification: Ordered[SnaLink] = Ordered(lambda it: it.verification_sid, _serial)
        super().__init__(SnaLink, self.by_service, self.by_verification)


def _serial(it: SnaLink) -> int:
    return it.serial


@record
class SnaOutcome:
    """What became of an opening: an error of Twilio's, or none; and the token, if one is wanted."""

    error_code: int | None = None
    sna_client_token: str | None = None


@event
class SnaLinkOpened:
    """Somebody opened an address of silent network authentication."""

    verification: Verification
    error_code: int | None


def send_sna(world: World, verification: Verification, attempt: Attempt, wish: SendWish) -> None:
    """Make an address for the phone; nothing is sent to it."""
    asked = wish.asked.enable_sna_client_token
    link = world[SnaLinks].put(
        SnaLink(
            sid=world.sids.new(""),
            service_sid=verification.service_sid,
            verification_sid=verification.sid,
            attempt_sid=attempt.sid,
            wants_token=bool(asked) and errors.flag("EnableSnaClientToken", str(asked)),
            serial=world.serial(),
        )
    )
    url = PATH.format(token=link.sid)
    world[Verifications].put(replace(world[Verifications][verification.sid], sna_url=url))


@command
class OpenSnaLink:
    """Open an address of silent network authentication.

    Attributes:
        token: the end of its path.
        handset: the number of the phone that does, or none when nobody knows who does.
        over: what it is opened over.

    Raises:
        Refused: 20404 there never was such an address.
    """

    token: str
    handset: str | None = None
    over: Over = Over.MOBILE

    def apply(self, world: World) -> SnaOutcome:
        link = world[SnaLinks].get(self.token)
        if link is None:
            raise Refused(errors.NO_SUCH_LINK)
        verification = world[Verifications][link.verification_sid]
        code = self._error(world, link, verification)
        if link.opened:
            return _told(world, verification, SnaOutcome(error_code=code))
        token = world.sids.new("") if link.wants_token and code is None else None
        link = world[SnaLinks].put(
            replace(link, opened=True, proven=code is None, client_token=token)
        )
        verification = _noted(world, verification, link.attempt_sid, code)
        _note_attempt(world, link, code)
        return _told(world, verification, SnaOutcome(error_code=code, sna_client_token=token))

    def _error(self, world: World, link: SnaLink, verification: Verification) -> int | None:
        """Why it does not show that it is the right phone."""
        latest = newest_link(world, verification).sid
        if link.opened or verification.status not in LIVE or link.sid != latest:
            return URL_FAILED
        rule = faults.for_channel(world, VerifyChannel.SNA, verification.to)
        if rule is not None:
            final = faults.spend(world, rule).final
            return (final and final.error_code) or BROKEN
        if self.handset is None and profile(world).registration:
            return NO_CARRIER
        opener = verification.to
        if self.handset is not None:
            opener = bare(kept(world.numbering, self.handset))
        phone = world[Handsets].get(opener)
        if self.over is Over.WIFI or (phone is not None and not _has_mobile_data(phone)):
            return NO_CARRIER
        return None if opener == verification.to else MISMATCH


def forget(world: World, changed: VerifyServiceChanged) -> None:
    """The addresses of a service that is closed go with it."""
    if changed.service is None:
        for link in world[SnaLinks].all(world[SnaLinks].by_service, changed.sid):
            world[SnaLinks].remove(link.sid)


def newest_link(world: World, verification: Verification) -> SnaLink:
    """The address that counts."""
    links = world[SnaLinks]
    (_, sid) = next(links.by_verification.of(verification.sid).downward())
    return links[sid]


def prove(world: World, verification: Verification, check: ClientProof) -> bool:
    """Whether the right phone opened the newest address of a verification; it keeps why not."""
    link = newest_link(world, verification)
    if not link.opened:
        _noted(world, verification, link.attempt_sid, PENDING)
        return False
    if link.client_token is not None and check.sna_client_token != link.client_token:
        return False
    return link.proven


def _has_mobile_data(phone: Phone) -> bool:
    return phone.power is Power.ON and phone.network is not Network.AIRPLANE


def _noted(
    world: World, verification: Verification, attempt_sid: str, code: int | None
) -> Verification:
    """Keep the newest error of an attempt, or that it has none any more."""
    others = tuple(each for each in verification.sna_errors if each.attempt_sid != attempt_sid)
    mine = () if code is None else (SnaError(attempt_sid=attempt_sid, code=code),)
    kept_errors = others + mine
    return world[Verifications].put(replace(verification, sna_errors=kept_errors))


def _note_attempt(world: World, link: SnaLink, code: int | None) -> None:
    attempts.changed(world, world[VerifyAttempts][link.attempt_sid], error_code=code)


def _told(world: World, verification: Verification, outcome: SnaOutcome) -> SnaOutcome:
    world.tell(SnaLinkOpened(verification=verification, error_code=outcome.error_code))
    return outcome
