"""Messaging services and what is in their pools.

The rules of this file (https://www.twilio.com/docs/messaging/services/api):

- A number is in one messaging service at most. Short codes and WhatsApp senders are numbers here,
  told apart by the prefix of their sids.
- A service without an URL for inbound texts leaves them to its numbers, unless it is told not to.
"""

from dataclasses import fields

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    FRIENDLY_NAME_NOT_PROVIDED,
    FRIENDLY_NAME_TOO_LONG,
    INVALID_PARAMETER,
    NOT_FOUND,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.resources import (
    CHANNEL_SENDERS,
    PHONES,
    SHORT_CODES,
    AlphaSenders,
    MessagingService,
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
    add_messaging_service,
)

LONGEST_VALIDITY = 36000


NAME_LIMIT = 64
POOL_LIMIT = 400
METHODS = ("GET", "POST")
SCANS = ("inherit", "enable", "disable")


@event
class MessagingServiceChanged:
    """A messaging service, or what is in its pool, is another; None when it is gone."""

    sid: str
    service: MessagingService | None


@event
class SenderLeftPool:
    """A number or a name is no longer in the pool of a messaging service."""

    service_sid: str
    sender_sid: str


@record
class MessagingServiceSettings:
    """What can be said of a messaging service."""

    friendly_name: str | None = None
    inbound_request_url: str | None = None
    inbound_method: str | None = None
    fallback_url: str | None = None
    fallback_method: str | None = None
    status_callback: str | None = None
    sticky_sender: bool | None = None
    mms_converter: bool | None = None
    smart_encoding: bool | None = None
    scan_message_content: str | None = None
    fallback_to_long_code: bool | None = None
    area_code_geomatch: bool | None = None
    validity_period: str | None = None
    synchronous_validation: bool | None = None
    usecase: str | None = None
    use_inbound_webhook_on_number: bool | None = None

    def changes(self) -> dict[str, object]:
        """What is given, in its proper type; an empty URL removes one.

        Raises:
            Refused: something given cannot be.
        """
        changes: dict[str, object] = {}
        for field in fields(MessagingServiceSettings):
            value = getattr(self, field.name)
            if value is not None:
                changes[field.name] = _read(field.name, value)
        if self.friendly_name == "":
            raise Refused(FRIENDLY_NAME_NOT_PROVIDED)
        if self.inbound_request_url and self.use_inbound_webhook_on_number is None:
            changes["use_inbound_webhook_on_number"] = False
        return changes


@command
class AddMessagingService(MessagingServiceSettings):
    """Open a messaging service."""

    account: str

    def apply(self, world: World) -> MessagingService:
        changes = self.changes()
        if self.friendly_name is None:
            raise Refused(FRIENDLY_NAME_NOT_PROVIDED)
        service = add_messaging_service(world, self.account, self.friendly_name)
        return _changed(world, replace(service, **changes))


@command
class UpdateMessagingService(MessagingServiceSettings):
    """Change a messaging service."""

    account: str
    messaging_service: str

    def apply(self, world: World) -> MessagingService:
        service = fetch_service(
            world, account=self.account, messaging_service=self.messaging_service
        )
        return _changed(world, replace(service, date_updated=world.now, **self.changes()))


@command
class RemoveMessagingService:
    """Close a messaging service; its numbers are free again, its names are gone."""

    account: str
    messaging_service: str

    def apply(self, world: World) -> None:
        service = fetch_service(
            world, account=self.account, messaging_service=self.messaging_service
        )
        for number in world[PhoneNumbers].all(world[PhoneNumbers].by_service, service.sid):
            world[PhoneNumbers].put(replace(number, messaging_service_sid=None))
            world.tell(SenderLeftPool(service_sid=service.sid, sender_sid=number.sid))
        for sender in world[AlphaSenders].all(world[AlphaSenders].by_service, service.sid):
            world[AlphaSenders].remove(sender.sid)
            world.tell(SenderLeftPool(service_sid=service.sid, sender_sid=sender.sid))
        world[MessagingServices].remove(service.sid)
        world.tell(MessagingServiceChanged(sid=service.sid, service=None))


@command
class PoolPhoneNumber:
    """Put a phone number into a service's pool."""

    account: str
    messaging_service: str
    phone_number_sid: str

    def apply(self, world: World) -> PhoneNumber:
        return _pool(world, self.account, self.messaging_service, self.phone_number_sid, PHONES)


@command
class PoolShortCode:
    """Put a short code into a service's pool."""

    account: str
    messaging_service: str
    short_code_sid: str

    def apply(self, world: World) -> PhoneNumber:
        return _pool(world, self.account, self.messaging_service, self.short_code_sid, SHORT_CODES)


@command
class PoolChannelSender:
    """Put a WhatsApp sender into a service's pool."""

    account: str
    messaging_service: str
    sid: str

    def apply(self, world: World) -> PhoneNumber:
        return _pool(world, self.account, self.messaging_service, self.sid, CHANNEL_SENDERS)


@command
class UnpoolNumber:
    """Take a phone number, a short code or a WhatsApp sender out of a service's pool."""

    account: str
    messaging_service: str
    number: str

    def apply(self, world: World) -> None:
        kinds = PHONES | SHORT_CODES | CHANNEL_SENDERS
        number = _member(world, self.account, self.messaging_service, self.number, kinds)
        world[PhoneNumbers].put(replace(number, messaging_service_sid=None))
        tell_left(world, self.messaging_service, number.sid)


@command
class MarkService:
    """Say of a service what only the carriers or the console can: whether its long codes are
    registered for the United States, and under which host its links are shortened (empty: none).
    """

    messaging_service: str
    us_app_to_person_registered: bool | None = None
    link_domain: str | None = None

    def apply(self, world: World) -> MessagingService:
        service = world[MessagingServices].get(self.messaging_service)
        if service is None:
            raise Refused(refusals.NO_SUCH_SERVICE)
        changes: dict[str, object] = {}
        if self.us_app_to_person_registered is not None:
            changes["us_app_to_person_registered"] = self.us_app_to_person_registered
        if self.link_domain is not None:
            changes["link_domain"] = self.link_domain or None
        return _changed(world, replace(service, **changes))


def tell_left(world: World, service_sid: str, sender_sid: str) -> None:
    """Tell that a sender is no longer in the pool of a service that there still is."""
    world.tell(SenderLeftPool(service_sid=service_sid, sender_sid=sender_sid))
    service = world[MessagingServices][service_sid]
    world.tell(MessagingServiceChanged(sid=service.sid, service=service))


def fetch_service(world: World, *, account: str, messaging_service: str) -> MessagingService:
    """The messaging service of an account with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[MessagingServices].get(messaging_service)
    if found is None or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_services(world: World, *, account: str) -> Rows[MessagingService]:
    """The messaging services of an account, newest first."""
    table = world[MessagingServices]
    return Rows(table, table.by_account, account, downward=True)


def fetch_phone_number(
    world: World, *, account: str, messaging_service: str, number: str
) -> PhoneNumber:
    """A phone number in a service's pool.

    Raises:
        Refused: 20404.
    """
    return _member(world, account, messaging_service, number, PHONES)


def list_phone_numbers(world: World, *, account: str, messaging_service: str) -> Rows[PhoneNumber]:
    """The phone numbers in a service's pool.

    Raises:
        Refused: 20404 there is no such service.
    """
    return _members(world, account, messaging_service, PHONES)


def fetch_short_code(
    world: World, *, account: str, messaging_service: str, number: str
) -> PhoneNumber:
    """A short code in a service's pool.

    Raises:
        Refused: 20404.
    """
    return _member(world, account, messaging_service, number, SHORT_CODES)


def list_short_codes(world: World, *, account: str, messaging_service: str) -> Rows[PhoneNumber]:
    """The short codes in a service's pool.

    Raises:
        Refused: 20404 there is no such service.
    """
    return _members(world, account, messaging_service, SHORT_CODES)


def fetch_channel_sender(
    world: World, *, account: str, messaging_service: str, number: str
) -> PhoneNumber:
    """A WhatsApp sender in a service's pool.

    Raises:
        Refused: 20404.
    """
    return _member(world, account, messaging_service, number, CHANNEL_SENDERS)


def list_channel_senders(
    world: World, *, account: str, messaging_service: str
) -> Rows[PhoneNumber]:
    """The WhatsApp senders in a service's pool.

    Raises:
        Refused: 20404 there is no such service.
    """
    return _members(world, account, messaging_service, CHANNEL_SENDERS)


def _pool(
    world: World, account: str, service_sid: str, number_sid: str, kinds: frozenset[SenderKind]
) -> PhoneNumber:
    service = fetch_service(world, account=account, messaging_service=service_sid)
    number = world[PhoneNumbers].get(number_sid)
    if number is None or number.account_sid != account or number.kind not in kinds:
        raise Refused(NOT_FOUND)
    if number.messaging_service_sid == service.sid:
        raise Refused(refusals.ALREADY_IN_SERVICE)
    if number.messaging_service_sid is not None:
        raise Refused(refusals.IN_ANOTHER_SERVICE)
    if not number.sms and not number.mms:
        raise Refused(refusals.SENDER_NOT_CAPABLE)
    if len(world[PhoneNumbers].by_service.of(service.sid)) >= POOL_LIMIT:
        raise Refused(refusals.POOL_FULL)
    number = world[PhoneNumbers].put(replace(number, messaging_service_sid=service.sid))
    world.tell(MessagingServiceChanged(sid=service.sid, service=service))
    return number


def _member(
    world: World, account: str, service_sid: str, number_sid: str, kinds: frozenset[SenderKind]
) -> PhoneNumber:
    service = fetch_service(world, account=account, messaging_service=service_sid)
    found = world[PhoneNumbers].get(number_sid)
    if found is None or found.messaging_service_sid != service.sid or found.kind not in kinds:
        raise Refused(NOT_FOUND)
    return found


def _members(
    world: World, account: str, service_sid: str, kinds: frozenset[SenderKind]
) -> Rows[PhoneNumber]:
    service = fetch_service(world, account=account, messaging_service=service_sid)
    table = world[PhoneNumbers]
    return Rows(table, table.by_service, service.sid, keep=lambda number: number.kind in kinds)


def _changed(world: World, service: MessagingService) -> MessagingService:
    world[MessagingServices].put(service)
    world.tell(MessagingServiceChanged(sid=service.sid, service=service))
    return service


def _read(name: str, value: str | bool) -> object:
    """A setting in its proper type."""
    if isinstance(value, bool):
        return value
    if name == "friendly_name" and len(value) > NAME_LIMIT:
        raise Refused(FRIENDLY_NAME_TOO_LONG)
    if name in ("inbound_request_url", "fallback_url", "status_callback"):
        if value and not is_url(value):
            raise Refused(INVALID_PARAMETER, parameter=name)
        return value or None
    if name in ("inbound_method", "fallback_method") and value not in METHODS:
        raise Refused(INVALID_PARAMETER, parameter=name)
    if name == "scan_message_content" and value not in SCANS:
        raise Refused(INVALID_PARAMETER, parameter=name)
    if name == "validity_period":
        seconds = parameters.whole_number(value, refusals.INVALID_VALIDITY_PERIOD)
        if not 1 <= seconds <= LONGEST_VALIDITY:
            raise Refused(refusals.INVALID_VALIDITY_PERIOD)
        return seconds
    return value
