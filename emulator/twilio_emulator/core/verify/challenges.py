"""Challenges: a factor is asked to prove, once more, who somebody is.

The rules of this file (https://www.twilio.com/docs/verify/api/challenge):

- A challenge is pending until it is approved, denied or expires; then it stays as it is
  (`LIFECYCLE`). It expires by the account's clock.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import Plain, command, event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import entities
from twilio_emulator.core.verify.factor_errors import (
    CHALLENGE_EXPIRED,
    CHALLENGE_RESPONDED,
    INVALID_REQUEST,
)
from twilio_emulator.core.verify.factors import (
    Factor,
    FactorRemoved,
    FactorType,
)
from twilio_emulator.core.verify.resources import VerifyService, VerifyServiceChanged


class ChallengeStatus(StrEnum):
    """Where a challenge is in its life."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"


class ChallengeStep(StrEnum):
    """What happens to a challenge."""

    APPROVE = "approved"
    DENY = "denied"
    EXPIRE = "expired"


LIFECYCLE = {
    (ChallengeStatus.PENDING, ChallengeStep.APPROVE): ChallengeStatus.APPROVED,
    (ChallengeStatus.PENDING, ChallengeStep.DENY): ChallengeStatus.DENIED,
    (ChallengeStatus.PENDING, ChallengeStep.EXPIRE): ChallengeStatus.EXPIRED,
}

ANSWERED = {
    ChallengeStatus.APPROVED: CHALLENGE_RESPONDED,
    ChallengeStatus.DENIED: CHALLENGE_RESPONDED,
    ChallengeStatus.EXPIRED: CHALLENGE_EXPIRED,
}


@record
class DetailField:
    """Something that a device shows with a challenge."""

    label: str
    value: str


@record
class Challenge:
    """A question to a factor (YC).

    One that anybody's passkey may answer belongs to nobody until it is answered.

    Attributes:
        message: what a device asks its owner; None for factors without one.
        fields: what it shows besides.
        dated: whether it shows when the challenge was made.
        hidden_details: JSON of an object that the app alone sees.
        metadata: JSON of an object that the device left.
        attempts: wrong codes so far.
        notifications: how often the device was told of it again.
        any_factor: whether any passkey of the entity may answer, besides the factor's.
    """

    sid: str
    account_sid: str
    service_sid: str
    entity_sid: str | None = None
    identity: str | None = None
    factor_sid: str | None = None
    factor_type: FactorType
    status: ChallengeStatus = ChallengeStatus.PENDING
    message: str | None = None
    fields: tuple[DetailField, ...] = ()
    dated: bool = False
    hidden_details: str | None = None
    metadata: str | None = None
    attempts: int = 0
    notifications: int = 0
    any_factor: bool = False
    date_created: datetime
    date_updated: datetime
    date_responded: datetime | None = None
    expiration_date: datetime
    serial: int


class Challenges(Table[Challenge]):
    """Challenges by entity and by service, in the order in which they came; and by factor and
    time."""

    refers = (("account_sid", "accounts"), ("service_sid", "verify_services"))

    def __init__(self) -> None:
        self.by_entity: Ordered[Challenge] = Ordered(lambda it: it.entity_sid, lambda it: it.serial)
        self.by_factor: Ordered[Challenge] = Ordered(
            lambda it: it.factor_sid, lambda it: parameters.milliseconds(it.date_created)
        )
        self.of_nobody: Ordered[Challenge] = Ordered(
            lambda it: it.service_sid if it.entity_sid is None else None, lambda it: it.serial
        )
        super().__init__(
            Challenge,
            self.by_entity,
            self.by_factor,
            self.of_nobody,
            by=("entity_sid", "factor_sid", "service_sid", "date_created", "serial"),
        )


@event
class ChallengeCreated:
    """A factor is asked."""

    challenge: Challenge


@event
class ChallengeUpdated:
    """A challenge is another in something; a wrong code is one, too."""

    challenge: Challenge


@event
class ChallengeApproved:
    """Somebody has proved who they are."""

    challenge: Challenge


@event
class ChallengeDenied:
    """Somebody said that it was not they."""

    challenge: Challenge


@event
class ChallengeExpired:
    """Nobody answered in time."""

    challenge: Challenge


TOLD: Mapping[ChallengeStep, type[ChallengeApproved | ChallengeDenied | ChallengeExpired]] = {
    ChallengeStep.APPROVE: ChallengeApproved,
    ChallengeStep.DENY: ChallengeDenied,
    ChallengeStep.EXPIRE: ChallengeExpired,
}


def fetch_challenge(
    world: World, *, account: str, service: str, entity: str, challenge: str
) -> Challenge:
    """The challenge of an entity with this sid.

    Raises:
        Refused: 20404.
    """
    owner = entities.find_entity(world, account, service, entity)
    found = world[Challenges].get(challenge)
    if found is None or found.entity_sid != owner.sid:
        raise Refused(NOT_FOUND)
    return found


def list_challenges(
    world: World,
    *,
    account: str,
    service: str,
    entity: str,
    factor_sid: str | None = None,
    status: str | None = None,
    order: str | None = None,
) -> Rows[Challenge]:
    """The oldest first, unless `order` is `desc`; of one factor only, or in one state.

    Raises:
        Refused: 20404 no such service or entity, 60306 there is no such state or order.
    """
    owner = entities.find_entity(world, account, service, entity)
    wanted = status.lower() if status else None
    if (order or "asc").lower() not in ("asc", "desc") or (
        wanted is not None and wanted not in set(ChallengeStatus)
    ):
        raise Refused(INVALID_REQUEST)
    return Rows(
        world[Challenges],
        world[Challenges].by_entity,
        owner.sid,
        downward=(order or "").lower() == "desc",
        keep=lambda it: (
            (not factor_sid or it.factor_sid == factor_sid) and wanted in (None, it.status)
        ),
    )


def details(challenge: Challenge) -> dict[str, Plain] | None:
    """What a device shows of a challenge; None when it shows nothing."""
    if challenge.message is None:
        return None
    shown: dict[str, Plain] = {
        "message": challenge.message,
        "fields": [{"label": each.label, "value": each.value} for each in challenge.fields],
    }
    if challenge.dated:
        shown["date"] = instant(challenge.date_created)
    return shown


def hidden_details(challenge: Challenge) -> Plain:
    """What the app alone sees of a challenge."""
    said = challenge.hidden_details
    return None if said is None else parameters.json_object(said)


def instant(at: datetime) -> str:
    """As answers show it: `2026-01-05T09:00:00Z`."""
    return at.isoformat()[:19] + "Z"


def signed(challenge: Challenge) -> dict[str, Plain]:
    """What the device that answers a challenge has to sign: `push_factors.SIGNED`."""
    return {
        "sid": challenge.sid,
        "account_sid": challenge.account_sid,
        "service_sid": challenge.service_sid,
        "entity_sid": challenge.entity_sid,
        "identity": challenge.identity,
        "factor_sid": challenge.factor_sid,
        "date_created": instant(challenge.date_created),
        "expiration_date": instant(challenge.expiration_date),
        "details": details(challenge),
        "hidden_details": hidden_details(challenge),
    }


@record
class WantedChallenge:
    """What is asked, and for how long."""

    factor_type: FactorType
    factor: Factor | None = None
    expiration_date: datetime
    message: str | None = None
    fields: tuple[DetailField, ...] = ()
    hidden_details: str | None = None
    any_factor: bool = False


def keep(world: World, service: VerifyService, wanted: WantedChallenge) -> Challenge:
    """A new challenge, of a factor or of anybody's passkey; nothing is told of it yet."""
    factor = wanted.factor
    challenge = world[Challenges].put(
        Challenge(
            sid=world.sids.new("YC"),
            account_sid=service.account_sid,
            service_sid=service.sid,
            entity_sid=None if factor is None else factor.entity_sid,
            identity=None if factor is None else factor.identity,
            factor_sid=None if factor is None else factor.sid,
            factor_type=wanted.factor_type,
            message=wanted.message,
            fields=wanted.fields,
            dated=service.push_include_date,
            hidden_details=wanted.hidden_details,
            any_factor=wanted.any_factor,
            date_created=world.now,
            date_updated=world.now,
            expiration_date=wanted.expiration_date,
            serial=world.serial(),
        )
    )
    world.timers.set(
        challenge.sid, challenge.expiration_date, ExpireChallenge(challenge=challenge.sid)
    )
    world.tell(ChallengeCreated(challenge=challenge))
    return challenge


def put(world: World, challenge: Challenge) -> Challenge:
    """Keep a challenge that is another in something, and tell it."""
    challenge = world[Challenges].put(replace(challenge, date_updated=world.now))
    world.tell(ChallengeUpdated(challenge=challenge))
    return challenge


def check_pending(challenge: Challenge) -> None:
    """Raises:
    Refused: 60322 it was answered, 60323 it has expired.
    """
    refusal = ANSWERED.get(challenge.status)
    if refusal is not None:
        raise Refused(refusal)


def take_step(world: World, challenge: Challenge, step: ChallengeStep) -> Challenge:
    """A challenge that is pending goes on in its life."""
    expires = step is ChallengeStep.EXPIRE
    challenge = world[Challenges].put(
        replace(
            challenge,
            status=LIFECYCLE[challenge.status, step],
            date_updated=world.now,
            date_responded=None if expires else world.now,
        )
    )
    if not expires:
        world.timers.cancel(challenge.sid)
    world.tell(TOLD[step](challenge=challenge))
    return challenge


@command
class ExpireChallenge:
    """Nobody has answered in time; nothing happens when somebody did."""

    challenge: str

    def apply(self, world: World) -> None:
        challenge = world[Challenges].get(self.challenge)
        if challenge is not None and challenge.status is ChallengeStatus.PENDING:
            take_step(world, challenge, ChallengeStep.EXPIRE)


def factor_removed(world: World, event: FactorRemoved) -> None:
    """The challenges of a factor go with it."""
    for challenge in world[Challenges].all(world[Challenges].by_factor, event.factor.sid):
        _remove(world, challenge)


def service_changed(world: World, event: VerifyServiceChanged) -> None:
    """The challenges of a service that belong to nobody go with it."""
    if event.service is None:
        for challenge in world[Challenges].all(world[Challenges].of_nobody, event.sid):
            _remove(world, challenge)


def _remove(world: World, challenge: Challenge) -> None:
    world.timers.cancel(challenge.sid)
    world[Challenges].remove(challenge.sid)
