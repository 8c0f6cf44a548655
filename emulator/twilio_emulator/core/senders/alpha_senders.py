"""Names that messaging services send under: alphanumeric senders, for everywhere or a destination.

The rules of this file (https://www.twilio.com/docs/messaging/api/alphasender-resource,
.../destination-alphasender-resource):

- A name belongs to its service; it cannot be answered.
- One for a destination goes before one for all. There may be one for all destinations that have
  none of their own.
"""

from collections.abc import Callable

from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import is_sender_name
from twilio_emulator.core.senders.messaging_services import (
    MessagingServiceChanged,
    fetch_service,
    tell_left,
)
from twilio_emulator.core.senders.resources import AlphaSender, AlphaSenders


@command
class AddAlphaSender:
    """Let a service send under a name."""

    account: str
    messaging_service: str
    alpha_sender: str

    def apply(self, world: World) -> AlphaSender:
        return _add_name(world, self.account, self.messaging_service, self.alpha_sender)


@command
class RemoveAlphaSender:
    """Take a name away from a service."""

    account: str
    messaging_service: str
    alpha_sender: str

    def apply(self, world: World) -> None:
        sender = fetch_alpha_sender(
            world,
            account=self.account,
            messaging_service=self.messaging_service,
            alpha_sender=self.alpha_sender,
        )
        _remove_name(world, sender)


@command
class AddDestinationAlphaSender:
    """Let a service send under a name to a country, or to all that have no name of their own."""

    account: str
    messaging_service: str
    alpha_sender: str
    iso_country_code: str | None = None

    def apply(self, world: World) -> AlphaSender:
        country = (self.iso_country_code or "").upper()
        if country and not (len(country) == 2 and country.isalpha()):
            raise Refused(INVALID_PARAMETER, parameter="IsoCountryCode")
        return _add_name(
            world,
            self.account,
            self.messaging_service,
            self.alpha_sender,
            destination=True,
            country=country or None,
        )


@command
class RemoveDestinationAlphaSender:
    """Take a name for a destination away from a service."""

    account: str
    messaging_service: str
    alpha_sender: str

    def apply(self, world: World) -> None:
        sender = fetch_destination_alpha_sender(
            world,
            account=self.account,
            messaging_service=self.messaging_service,
            alpha_sender=self.alpha_sender,
        )
        _remove_name(world, sender)


def fetch_alpha_sender(
    world: World, *, account: str, messaging_service: str, alpha_sender: str
) -> AlphaSender:
    """A name that a service may send under.

    Raises:
        Refused: 20404.
    """
    return _name(world, account, messaging_service, alpha_sender, destination=False)


def list_alpha_senders(world: World, *, account: str, messaging_service: str) -> Rows[AlphaSender]:
    """The names that a service may send under.

    Raises:
        Refused: 20404 there is no such service.
    """
    return _names(world, account, messaging_service, lambda name: not name.destination)


def fetch_destination_alpha_sender(
    world: World, *, account: str, messaging_service: str, alpha_sender: str
) -> AlphaSender:
    """A name that a service may send under to a destination.

    Raises:
        Refused: 20404.
    """
    return _name(world, account, messaging_service, alpha_sender, destination=True)


def list_destination_alpha_senders(
    world: World, *, account: str, messaging_service: str, iso_country_code: str | None = None
) -> Rows[AlphaSender]:
    """The names that a service may send under to destinations, or to this one.

    Raises:
        Refused: 20404 there is no such service.
    """
    country = (iso_country_code or "").upper()
    return _names(
        world,
        account,
        messaging_service,
        lambda name: name.destination and (not country or name.country == country),
    )


def _add_name(
    world: World,
    account: str,
    service_sid: str,
    name: str,
    *,
    destination: bool = False,
    country: str | None = None,
) -> AlphaSender:
    service = fetch_service(world, account=account, messaging_service=service_sid)
    if not is_sender_name(name):
        raise Refused(refusals.SENDER_NAME_NOT_ALLOWED)
    sender = world[AlphaSenders].put(
        AlphaSender(
            sid=world.sids.new("AI"),
            account_sid=account,
            messaging_service_sid=service.sid,
            address=name,
            destination=destination,
            country=country,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
    world.tell(MessagingServiceChanged(sid=service.sid, service=service))
    return sender


def _remove_name(world: World, sender: AlphaSender) -> None:
    world[AlphaSenders].remove(sender.sid)
    tell_left(world, sender.messaging_service_sid, sender.sid)


def _name(
    world: World, account: str, service_sid: str, sid: str, *, destination: bool
) -> AlphaSender:
    service = fetch_service(world, account=account, messaging_service=service_sid)
    found = world[AlphaSenders].get(sid)
    if (
        found is None
        or found.messaging_service_sid != service.sid
        or found.destination != destination
    ):
        raise Refused(NOT_FOUND)
    return found


def _names(
    world: World, account: str, service_sid: str, keep: Callable[[AlphaSender], bool]
) -> Rows[AlphaSender]:
    service = fetch_service(world, account=account, messaging_service=service_sid)
    table = world[AlphaSenders]
    return Rows(table, table.by_service, service.sid, keep=keep)
