"""Factors: what somebody has that proves who they are, what is kept of it, and how it ends.

The rules of this file (https://www.twilio.com/docs/verify/api/factor):

- A factor is `unverified` until its first proof, and `verified` ever after.
- Decided: challenges go with their factor.
"""

import json
from datetime import datetime, timedelta
from enum import StrEnum

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.verify import entities, totp
from twilio_emulator.core.verify.entities import Entities, Entity, EntityRemoved
from twilio_emulator.core.verify.factor_errors import (
    FACTOR_EXISTS,
    FACTORS_REACHED,
    INVALID_PARAM,
    INVALID_REQUEST,
    TOO_MANY_FACTORS,
)
from twilio_emulator.core.verify.passkey_options import PasskeyConfig
from twilio_emulator.core.verify.push_factors import PushConfig
from twilio_emulator.core.verify.totp import TotpConfig
from twilio_emulator.core.verify.webhooks import VerifyWebhook, webhooks_of

NAME_LIMIT = 64
TEXTS_LIMIT = 1024
"""Characters of JSON that an app or a device leaves."""

A_DAY = timedelta(hours=24)
MADE_A_DAY = 100
"""Factors of one entity. Decided: the day begins with the first of them."""


class FactorType(StrEnum):
    """What sort of proof it is."""

    PUSH = "push"
    TOTP = "totp"
    PASSKEYS = "passkeys"


MOST = {FactorType.PUSH: 20, FactorType.TOTP: 100}
"""Factors that an entity has at most, of a type."""


class FactorStatus(StrEnum):
    """Whether it has been proved once."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"


@record
class Factor:
    """Something that proves who somebody is (YF).

    Attributes:
        totp: how its codes are made, for a TOTP factor.
        push: its device, for a push factor.
        passkey: its passkey, for a factor that is one.
        metadata: JSON of an object.
        attempts: wrong proofs so far.
    """

    sid: str
    account_sid: str
    service_sid: str
    entity_sid: str
    identity: str
    friendly_name: str
    factor_type: FactorType
    status: FactorStatus = FactorStatus.UNVERIFIED
    totp: TotpConfig | None = None
    push: PushConfig | None = None
    passkey: PasskeyConfig | None = None
    metadata: str | None = None
    attempts: int = 0
    date_created: datetime
    date_updated: datetime
    serial: int

    @property
    def passkey_id(self) -> tuple[str, str] | None:
        """The service, and what the passkey is called there."""
        if self.passkey is None or self.passkey.credential_id is None:
            return None
        return self.service_sid, self.passkey.credential_id

    @property
    def binding(self) -> tuple[str, str] | None:
        """Whose it is, and what no other factor of theirs has: its secret or its key."""
        if self.totp is not None:
            return self.entity_sid, self.totp.secret
        return None if self.push is None else (self.entity_sid, self.push.public_key)


class Factors(Table[Factor]):
    """Factors by account and by entity, of each type too; by what binds them, by credential and by
    passkey."""

    refers = (("account_sid", "accounts"), ("entity_sid", "entities"))

    def __init__(self) -> None:
        self.by_account: Ordered[Factor] = Ordered(lambda it: it.account_sid, lambda it: it.serial)
        self.by_entity: Ordered[Factor] = Ordered(lambda it: it.entity_sid, lambda it: it.serial)
        self.by_type: Ordered[Factor] = Ordered(
            lambda it: (it.entity_sid, it.factor_type), lambda it: it.serial
        )
        self.by_binding: Unique[Factor] = Unique(lambda it: it.binding)
        self.by_credential: Unique[Factor] = Unique(
            lambda it: None if it.push is None else it.push.credential_sid
        )
        self.by_passkey: Unique[Factor] = Unique(lambda it: it.passkey_id)
        super().__init__(
            Factor,
            self.by_account,
            self.by_entity,
            self.by_type,
            self.by_binding,
            self.by_credential,
            self.by_passkey,
        )


@event
class FactorAdded:
    """There is a new factor, which may not be challenged yet."""

    factor: Factor


@event
class FactorVerified:
    """A factor was proved, and may be challenged from now on."""

    factor: Factor


@event
class FactorUpdated:
    """A factor is another in something; a wrong proof of it is one, too."""

    factor: Factor


@event
class FactorRemoved:
    """A factor is gone, and its challenges go with it.

    Its service may go too, and with it the webhooks that still have to hear of this.
    """

    factor: Factor
    webhooks: tuple[VerifyWebhook, ...]


def find_factor(world: World, entity: Entity, sid: str) -> Factor:
    """The factor of an entity with this sid.

    Raises:
        Refused: 20404.
    """
    factor = world[Factors].get(sid)
    if factor is None or factor.entity_sid != entity.sid:
        raise Refused(NOT_FOUND)
    return factor


def fetch_factor(world: World, *, account: str, service: str, entity: str, factor: str) -> Factor:
    """The factor of an entity with this sid.

    Raises:
        Refused: 20404.
    """
    return find_factor(world, entities.find_entity(world, account, service, entity), factor)


def list_factors(world: World, *, account: str, service: str, entity: str) -> Rows[Factor]:
    """The newest first.

    Raises:
        Refused: 20404 no such service or entity.
    """
    found = entities.find_entity(world, account, service, entity)
    return Rows(world[Factors], world[Factors].by_entity, found.sid, downward=True)


def read_name(name: str | None) -> str:
    """What a factor is called.

    Raises:
        Refused: 60300 it is not given, 60306 it is too long.
    """
    if not name:
        raise Refused(INVALID_PARAM)
    if len(name) > NAME_LIMIT:
        raise Refused(INVALID_REQUEST)
    return name


def read_texts(text: str | None) -> str | None:
    """JSON of an object in which there are texts only, as it is kept; None when nothing is given.

    Raises:
        Refused: 60306 it is none, or too long.
    """
    if not text:
        return None
    said = parameters.json_object(text)
    if (
        said is None
        or len(text) > TEXTS_LIMIT
        or not all(isinstance(each, str) for each in said.values())
    ):
        raise Refused(INVALID_REQUEST)
    return json.dumps(said, ensure_ascii=False)


@record
class WantedFactor:
    """A factor that is to be, with all that is its own."""

    friendly_name: str
    factor_type: FactorType
    totp: TotpConfig | None = None
    push: PushConfig | None = None
    passkey: PasskeyConfig | None = None
    metadata: str | None = None


def check_room(world: World, entity: Entity | None, kind: FactorType, secret: str | None) -> None:
    """Whether an entity, None for one that is new, may have one more factor of a type.

    Args:
        secret: what no other factor of theirs may have.

    Raises:
        Refused: 60317 they have this one, 60315 they have too many, 60326 too many were made.
    """
    if entity is None:
        return
    table = world[Factors]
    if secret is not None and table.by_binding.find((entity.sid, secret)) is not None:
        raise Refused(FACTOR_EXISTS)
    most = MOST.get(kind)
    if most is not None and len(table.by_type.of((entity.sid, kind))) >= most:
        raise Refused(FACTORS_REACHED, limit=str(most), type=kind)
    if _made_today(world, entity) >= MADE_A_DAY:
        raise Refused(TOO_MANY_FACTORS)


def _made_today(world: World, entity: Entity) -> int:
    since = entity.factors_since
    return 0 if since is None or world.now - since >= A_DAY else entity.factors_made


def keep(world: World, entity: Entity, wanted: WantedFactor) -> Factor:
    """A new factor of an entity, which `check_room` lets have it."""
    made = _made_today(world, entity)
    world[Entities].put(
        replace(
            entity,
            factors_made=made + 1,
            factors_since=entity.factors_since if made else world.now,
        )
    )
    factor = world[Factors].put(
        Factor(
            sid=world.sids.new("YF"),
            account_sid=entity.account_sid,
            service_sid=entity.service_sid,
            entity_sid=entity.sid,
            identity=entity.identity,
            friendly_name=wanted.friendly_name,
            factor_type=wanted.factor_type,
            totp=wanted.totp,
            push=wanted.push,
            passkey=wanted.passkey,
            metadata=wanted.metadata,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
    world.tell(FactorAdded(factor=factor))
    return factor


def put(world: World, factor: Factor) -> Factor:
    """Keep a factor that is another in something, and tell it."""
    factor = world[Factors].put(replace(factor, date_updated=world.now))
    world.tell(FactorUpdated(factor=factor))
    return factor


def verified(world: World, factor: Factor) -> Factor:
    """Keep that a factor has been proved, and tell it."""
    factor = replace(factor, status=FactorStatus.VERIFIED, date_updated=world.now)
    world[Factors].put(factor)
    world.tell(FactorVerified(factor=factor))
    return factor


def try_code(world: World, factor: Factor, config: TotpConfig, code: str) -> Factor | None:
    """A factor as it is when this code of it was accepted; None when it is not good now."""
    step = totp.accepted_step(config, code, world.now, reuse=settings(world).totp_reuse)
    return None if step is None else replace(factor, totp=replace(config, last_step=step))


def remove(world: World, factor: Factor) -> None:
    """Forget a factor, and tell it."""
    world[Factors].remove(factor.sid)
    world.tell(FactorRemoved(factor=factor, webhooks=webhooks_of(world, factor.service_sid)))


def entity_removed(world: World, event: EntityRemoved) -> None:
    """The factors of an entity go with it."""
    for factor in world[Factors].all(world[Factors].by_entity, event.entity.sid):
        remove(world, factor)
