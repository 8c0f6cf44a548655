"""Entities: the people of a Verify service, to whom their factors belong.

The rules of this file (https://www.twilio.com/docs/verify/api/entity):

- An entity is found by its identity, in any case, and by its sid. What was given is shown.
- A factor for an identity that is not known makes its entity.
"""

import re
from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import services
from twilio_emulator.core.verify.factor_errors import (
    ENTITY_EXISTS,
    INVALID_PARAM,
    INVALID_REQUEST,
)
from twilio_emulator.core.verify.resources import VerifyService, VerifyServiceChanged

_IDENTITY = re.compile("[A-Za-z0-9-]{8,64}")


@record
class Entity:
    """Somebody who has factors (YE).

    Attributes:
        factors_since: when the day began in which `factors_made` factors were made for them.
    """

    sid: str
    account_sid: str
    service_sid: str
    identity: str
    factors_since: datetime | None = None
    factors_made: int = 0
    date_created: datetime
    date_updated: datetime
    serial: int


class Entities(Table[Entity]):
    """Entities, by service and by identity."""

    refers = (("account_sid", "accounts"), ("service_sid", "verify_services"))

    def __init__(self) -> None:
        self.by_service: Ordered[Entity] = Ordered(lambda it: it.service_sid, lambda it: it.serial)
        self.by_identity: Unique[Entity] = Unique(
            lambda it: (it.service_sid, it.identity.casefold())
        )
        super().__init__(Entity, self.by_service, self.by_identity)


@event
class EntityAdded:
    """There is a new entity."""

    entity: Entity


@event
class EntityRemoved:
    """An entity is gone, and what it had goes with it."""

    entity: Entity


def look_up(world: World, service_sid: str, name: str) -> Entity | None:
    """The entity of a service with this identity or sid, if there is one."""
    table = world[Entities]
    entity = table.found(table.by_identity, (service_sid, name.casefold())) or table.get(name)
    return entity if entity is not None and entity.service_sid == service_sid else None


def find_entity(world: World, account: str, service: str, name: str) -> Entity:
    """The entity of an account's service with this identity or sid.

    Raises:
        Refused: 20404.
    """
    entity = look_up(
        world, services.fetch_verify_service(world, account=account, service=service).sid, name
    )
    if entity is None:
        raise Refused(NOT_FOUND)
    return entity


def fetch_entity(world: World, *, account: str, service: str, entity: str) -> Entity:
    """The entity of an account's service with this identity or sid.

    Raises:
        Refused: 20404.
    """
    return find_entity(world, account, service, entity)


def list_entities(world: World, *, account: str, service: str) -> Rows[Entity]:
    """The newest first.

    Raises:
        Refused: 20404 no such service.
    """
    table = world[Entities]
    sid = services.fetch_verify_service(world, account=account, service=service).sid
    return Rows(table, table.by_service, sid, downward=True)


def read_identity(identity: str | None) -> str:
    """An identity that somebody may have.

    Raises:
        Refused: 60300 none is given, 60306 it is none.
    """
    if not identity:
        raise Refused(INVALID_PARAM)
    if not _IDENTITY.fullmatch(identity):
        raise Refused(INVALID_REQUEST)
    return identity


def keep(world: World, service: VerifyService, identity: str) -> Entity:
    """A new entity, whose identity nobody has there."""
    entity = world[Entities].put(
        Entity(
            sid=world.sids.new("YE"),
            account_sid=service.account_sid,
            service_sid=service.sid,
            identity=identity,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
    world.tell(EntityAdded(entity=entity))
    return entity


@command
class AddEntity:
    """Know somebody."""

    account: str
    service: str
    identity: str | None = None

    def apply(self, world: World) -> Entity:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        identity = read_identity(self.identity)
        if look_up(world, service.sid, identity) is not None:
            raise Refused(ENTITY_EXISTS)
        return keep(world, service, identity)


@command
class RemoveEntity:
    """Forget somebody, with their factors and challenges."""

    account: str
    service: str
    entity: str

    def apply(self, world: World) -> None:
        _remove(world, find_entity(world, self.account, self.service, self.entity))


def service_changed(world: World, event: VerifyServiceChanged) -> None:
    """The entities of a service go with it."""
    if event.service is None:
        for entity in world[Entities].all(world[Entities].by_service, event.sid):
            _remove(world, entity)


def _remove(world: World, entity: Entity) -> None:
    world[Entities].remove(entity.sid)
    world.tell(EntityRemoved(entity=entity))
