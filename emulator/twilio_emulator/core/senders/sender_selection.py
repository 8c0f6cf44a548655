"""Which sender of a messaging service a text comes from.

The rules of this file (https://www.twilio.com/docs/messaging/services):

- Channel first: WhatsApp recipients take WhatsApp senders, all others never do.
- A recipient keeps the sender it had, if the service is sticky and the sender will still do. It is
  forgotten once the sender leaves the pool.
- Then by type: short code, alphanumeric name, long code and toll-free number together; in Canada
  toll-free before long codes. Then by country, then by area code. A name for a destination goes
  before one for all.
- Among equals they take turns, in the order in which they came: no dice, so that tests can tell.
"""

from collections.abc import Iterable

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel, bare
from twilio_emulator.core.senders.area_codes import area_codes
from twilio_emulator.core.senders.messaging_services import SenderLeftPool
from twilio_emulator.core.senders.resources import (
    AlphaSender,
    AlphaSenders,
    MessagingService,
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
)

Sender = PhoneNumber | AlphaSender

NORTH_AMERICA = frozenset({"US", "CA"})


@record
class StickySender:
    """The sender that a recipient knows, by service and channel, and the turn that chose it."""

    service_sid: str
    channel: Channel
    recipient: str
    sender_sid: str
    turn: int

    @property
    def sid(self) -> str:
        return _key(self.service_sid, self.channel, self.recipient)


class StickySenders(Table[StickySender]):
    """Who has which sender; found by sender."""

    refers = (("service_sid", "messaging_services"),)

    def __init__(self) -> None:
        self.by_sender: Ordered[StickySender] = Ordered(
            lambda sticky: sticky.sender_sid, lambda sticky: sticky.turn
        )
        super().__init__(StickySender, self.by_sender)


@record
class Choice:
    """A sender, None when there is none that would do, and how it was chosen, line by line."""

    address: str | None
    trace: tuple[str, ...]


def choose(world: World, service: MessagingService, to: str, channel: Channel) -> Choice:
    """Choose for one text, and remember it for the next."""
    trace: list[str] = []
    country = world.numbering.country(bare(to))
    pool = list(_able(world, service, channel, country))
    trace.append(f"{len(pool)} of the pool can send {channel} to {country or 'no country'}")
    if not pool:
        return Choice(address=None, trace=tuple(trace))
    local = [sender for sender in pool if _country(world, sender) == country]
    known = _known(world, service, to, channel, pool, local)
    if known is not None:
        trace.append("sticky: the recipient keeps its sender")
        return Choice(address=known.address, trace=tuple(trace))
    pool = _preferred(pool, country, trace)
    pool = _in_country(world, pool, country, trace)
    if service.area_code_geomatch and country in NORTH_AMERICA:
        pool = _in_area(pool, to, trace)
    chosen = pool[service.turn % len(pool)]
    if len(pool) > 1:
        trace.append(f"turn {service.turn % len(pool) + 1} of {len(pool)}")
    world[MessagingServices].put(replace(service, turn=service.turn + 1))
    world[StickySenders].put(
        StickySender(
            service_sid=service.sid,
            channel=_family(channel),
            recipient=to,
            sender_sid=chosen.sid,
            turn=service.turn,
        )
    )
    return Choice(address=chosen.address, trace=tuple(trace))


def forget_left(world: World, left: SenderLeftPool) -> None:
    """Forget a sender that has left the pool, even if it comes back."""
    table = world[StickySenders]
    for sticky in table.all(table.by_sender, left.sender_sid):
        table.remove(sticky.sid)


def members(world: World, service_sid: str) -> Iterable[Sender]:
    """Everything in a service's pool, in the order in which it came to be."""
    yield from world[PhoneNumbers].all(world[PhoneNumbers].by_service, service_sid)
    yield from world[AlphaSenders].all(world[AlphaSenders].by_service, service_sid)


def carries(sender: Sender, channel: Channel) -> bool:
    """Whether a sender can send on a channel, to wherever."""
    if isinstance(sender, AlphaSender):
        return channel is Channel.SMS
    if channel == Channel.WHATSAPP or sender.kind is SenderKind.WHATSAPP:
        return channel is Channel.WHATSAPP and sender.kind is SenderKind.WHATSAPP
    return sender.mms if channel is Channel.MMS else sender.sms


def _able(
    world: World, service: MessagingService, channel: Channel, country: str | None
) -> Iterable[Sender]:
    """Who can send on the channel to the country at all."""
    for sender in members(world, service.sid):
        if not carries(sender, channel):
            continue
        if isinstance(sender, AlphaSender):
            if country not in NORTH_AMERICA and sender.country in (None, country):
                yield sender
        elif sender.kind is not SenderKind.SHORT_CODE or sender.country == country:
            yield sender


def _known(
    world: World,
    service: MessagingService,
    to: str,
    channel: Channel,
    pool: list[Sender],
    local: list[Sender],
) -> Sender | None:
    """The sender that the recipient knows, unless there is a nearer one by now."""
    sticky = world[StickySenders].get(_key(service.sid, _family(channel), to))
    if sticky is None or not service.sticky_sender:
        return None
    known = next((sender for sender in pool if sender.sid == sticky.sender_sid), None)
    return None if known is None or (local and known not in local) else known


def _preferred(pool: list[Sender], country: str | None, trace: list[str]) -> list[Sender]:
    """The best type that there is."""
    best = min(_preference(sender, country) for sender in pool)
    chosen = [sender for sender in pool if _preference(sender, country) == best]
    if len(chosen) < len(pool):
        trace.append(f"{len(chosen)} of the preferred type")
    return chosen


def _preference(sender: Sender, country: str | None) -> int:
    if isinstance(sender, AlphaSender):
        return 1
    if sender.kind is SenderKind.SHORT_CODE:
        return 0
    return 3 if country == "CA" and sender.kind is SenderKind.LONG_CODE else 2


def _in_country(
    world: World, pool: list[Sender], country: str | None, trace: list[str]
) -> list[Sender]:
    """Those of the recipient's country, else American ones, else any."""
    for wanted in (country, "US"):
        chosen = [sender for sender in pool if _country(world, sender) == wanted]
        if wanted and chosen:
            trace.append(f"{len(chosen)} in {wanted}")
            return chosen
    return pool


def _in_area(pool: list[Sender], to: str, trace: list[str]) -> list[Sender]:
    """Those of the recipient's area code or one that shares its place, else all."""
    codes = area_codes(to[2:5])
    chosen = [each for each in pool if each.address[:2] == "+1" and each.address[2:5] in codes]
    if chosen:
        trace.append(f"{len(chosen)} in area code {'/'.join(sorted(codes))}")
    return chosen or pool


def _country(world: World, sender: Sender) -> str | None:
    if isinstance(sender, AlphaSender):
        return sender.country
    return sender.country or world.numbering.country(bare(sender.address))


def _family(channel: Channel) -> Channel:
    """SMS and MMS share their sender."""
    return Channel.SMS if channel is Channel.MMS else channel


def _key(service_sid: str, channel: Channel, recipient: str) -> str:
    return f"{service_sid}/{channel}/{recipient}"
