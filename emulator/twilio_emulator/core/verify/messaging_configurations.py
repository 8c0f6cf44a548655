"""Messaging configurations: from which messaging service codes leave for a country.

The rules of this file (https://www.twilio.com/docs/verify/api/messaging-configuration):

- A service has one for a country at most, and one for all that have none of their own. The country
  is what it is found by; it has no sid.
- A code that leaves so is a text of the account's like any other.
"""

from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import MessagingServices
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.countries import COUNTRIES
from twilio_emulator.core.verify.resources import VerifyServiceChanged
from twilio_emulator.core.verify.services import fetch_verify_service

ALL = "all"
"""Every country that has no configuration of its own."""


@record
class MessagingConfiguration:
    """From which messaging service the codes of a Verify service leave for a country."""

    account_sid: str
    service_sid: str
    country: str
    messaging_service_sid: str
    date_created: datetime
    date_updated: datetime
    serial: int

    @property
    def sid(self) -> str:
        """What the table keeps it by."""
        return _key(self.service_sid, self.country)


class MessagingConfigurations(Table[MessagingConfiguration]):
    """Configurations, by service."""

    refers = (("service_sid", "verify_services"),)

    def __init__(self) -> None:
        self.by_service: Ordered[MessagingConfiguration] = Ordered(
            lambda it: it.service_sid, lambda it: it.serial
        )
        super().__init__(MessagingConfiguration, self.by_service)


@event
class MessagingConfigurationChanged:
    """Codes for a country leave from another messaging service; None when it is said no more."""

    service_sid: str
    country: str
    configuration: MessagingConfiguration | None


@command
class AddMessagingConfiguration:
    """Have codes for a country leave from a messaging service.

    Raises:
        Refused: 60200 there is no such country or messaging service, 60213 the country has a
            configuration. Which code the first two have is decided.
    """

    account: str
    service: str
    country: str
    messaging_service_sid: str

    def apply(self, world: World) -> MessagingConfiguration:
        service = fetch_verify_service(world, account=self.account, service=self.service)
        country = _country(self.country)
        _check_service(world, self.account, self.messaging_service_sid)
        if _key(service.sid, country) in world[MessagingConfigurations]:
            raise Refused(errors.CONFIGURATION_EXISTS)
        return _put(
            world,
            MessagingConfiguration(
                account_sid=self.account,
                service_sid=service.sid,
                country=country,
                messaging_service_sid=self.messaging_service_sid,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            ),
        )


@command
class UpdateMessagingConfiguration:
    """Have codes for a country leave from another messaging service."""

    account: str
    service: str
    country: str
    messaging_service_sid: str

    def apply(self, world: World) -> MessagingConfiguration:
        found = fetch_configuration(
            world, account=self.account, service=self.service, country=self.country
        )
        _check_service(world, self.account, self.messaging_service_sid)
        changed = replace(
            found, messaging_service_sid=self.messaging_service_sid, date_updated=world.now
        )
        return _put(world, changed)


@command
class RemoveMessagingConfiguration:
    """Have codes for a country leave as they do without being told."""

    account: str
    service: str
    country: str

    def apply(self, world: World) -> None:
        found = fetch_configuration(
            world, account=self.account, service=self.service, country=self.country
        )
        world[MessagingConfigurations].remove(found.sid)
        world.tell(
            MessagingConfigurationChanged(
                service_sid=found.service_sid, country=found.country, configuration=None
            )
        )


def fetch_configuration(
    world: World, *, account: str, service: str, country: str
) -> MessagingConfiguration:
    """The configuration of a service for a country, which may be written in any case.

    Raises:
        Refused: 20404.
    """
    sid = fetch_verify_service(world, account=account, service=service).sid
    found = world[MessagingConfigurations].get(_key(sid, _spelled(country)))
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def list_configurations(
    world: World, *, account: str, service: str
) -> Rows[MessagingConfiguration]:
    """The configurations of a service, newest first.

    Raises:
        Refused: 20404 there is no such service.
    """
    sid = fetch_verify_service(world, account=account, service=service).sid
    table = world[MessagingConfigurations]
    return Rows(table, table.by_service, sid, downward=True)


def messaging_service_for(world: World, service_sid: str, country: str | None) -> str | None:
    """The messaging service (MG) that codes for a country leave from; None where none is named, or
    the one that is has been removed."""
    table = world[MessagingConfigurations]
    found = table.get(_key(service_sid, country or ALL)) or table.get(_key(service_sid, ALL))
    if found is None or found.messaging_service_sid not in world[MessagingServices]:
        return None
    return found.messaging_service_sid


def forget_configurations(world: World, event: VerifyServiceChanged) -> None:
    """A service that is gone has none."""
    if event.service is None:
        table = world[MessagingConfigurations]
        for each in table.all(table.by_service, event.sid):
            table.remove(each.sid)


def _put(world: World, it: MessagingConfiguration) -> MessagingConfiguration:
    world[MessagingConfigurations].put(it)
    world.tell(
        MessagingConfigurationChanged(
            service_sid=it.service_sid, country=it.country, configuration=it
        )
    )
    return it


def _key(service_sid: str, country: str) -> str:
    return f"{service_sid}/{country}"


def _spelled(country: str) -> str:
    """A country as answers spell it: in any case in, upper case out. Decided."""
    return ALL if country.lower() == ALL else country.upper()


def _country(said: str) -> str:
    country = _spelled(said)
    if country != ALL and country not in COUNTRIES:
        raise errors.invalid("Country")
    return country


def _check_service(world: World, account: str, sid: str) -> None:
    found = world[MessagingServices].get(sid)
    if found is None or found.account_sid != account:
        raise errors.invalid("MessagingServiceSid")
