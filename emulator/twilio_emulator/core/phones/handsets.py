"""Fake phones: how they are set, and whether a text or a call reaches them.

The rules of this file:

- A handset is one subscriber of the account's world; it comes into being at first contact. All its
  channels are in one inbox, and a thread is what it has with one peer.
- Texts, copies for a group and calls reach a phone under the same conditions, except that a phone
  whose storage is full still rings.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import event, record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.number_facts import CallerType, LineStatus, NumberOwner
from twilio_emulator.core.senders.addresses import Channel, bare

ROAMING_REACHES = 0.5
"""How likely a phone that roams with losses is reached at one try."""

RETRY = timedelta(minutes=1)
"""How long until the next try for a phone that roams with losses."""

READABLE = frozenset({Channel.WHATSAPP, Channel.RCS})
"""Channels that report what was read."""


class LineType(StrEnum):
    """What sort of line a number is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    VOIP = "voip"
    TOLL_FREE = "tollfree"


class Power(StrEnum):
    """Whether the phone is switched on."""

    ON = "on"
    OFF = "off"


class Network(StrEnum):
    """What the phone is connected to."""

    ONLINE = "online"
    AIRPLANE = "airplane"
    ROAMING_LOSSY = "roaming_lossy"


class Reports(StrEnum):
    """What becomes of delivery receipts: they go out, wait to be sent by hand, or never come."""

    AUTO = "auto"
    HOLD = "hold"
    NONE = "none"


class ReadReports(StrEnum):
    """When WhatsApp says that something was read: at once, when it is read, or never."""

    AUTO = "auto"
    MANUAL = "manual"
    OFF = "off"


class Answering(StrEnum):
    """What becomes of calls: they are answered by themselves, ring until somebody answers, or find
    the phone engaged."""

    AUTO = "auto"
    HOLD = "hold"
    BUSY = "busy"


@record
class Phone:
    """A phone, by its E.164 number (or WhatsApp's own id of a user).

    From `sim_swapped` on it is what Lookup tells of its number; `reassigned` is an instant in
    ISO 8601, or `never`.
    """

    address: str
    label: str | None = None
    country: str | None = None
    profile_name: str | None = None
    channels: tuple[Channel, ...] = (Channel.SMS, Channel.MMS, Channel.WHATSAPP, Channel.RCS)
    line_type: LineType = LineType.MOBILE
    carrier_name: str | None = None
    mcc: str | None = None
    mnc: str | None = None
    power: Power = Power.ON
    network: Network = Network.ONLINE
    mms_supported: bool = True
    storage_full: bool = False
    receipts: Reports = Reports.AUTO
    read_receipts: ReadReports = ReadReports.MANUAL
    calls: Answering = Answering.AUTO
    blocked_senders: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    sim_swapped: datetime | None = None
    call_forwarding: bool = False
    line_status: LineStatus = LineStatus.AUTO
    reassigned: str | None = None
    caller_name: str | None = None
    caller_type: CallerType = CallerType.CONSUMER
    person: NumberOwner | None = None
    date_created: datetime
    serial: int

    @property
    def sid(self) -> str:
        return self.address

    @property
    def wa_id(self) -> str:
        """What WhatsApp calls the user."""
        return self.address.removeprefix("+")


class Handsets(Table[Phone]):
    """Handsets by address, in the order in which they came."""

    def __init__(self) -> None:
        self.in_order: Ordered[Phone] = Ordered(lambda _: "", lambda handset: handset.serial)
        super().__init__(Phone, self.in_order)


@event
class HandsetAdded:
    """There is a new phone."""

    handset: Phone


@event
class HandsetUpdated:
    """A phone has another state."""

    handset: Phone


@event
class HandsetRemoved:
    """A phone is gone, with what it held."""

    handset: Phone


def contact(world: World, address: str) -> Phone:
    """The handset with this address, made when there is none yet."""
    subscriber = bare(address)
    handset = world[Handsets].get(subscriber)
    if handset is not None:
        return handset
    handset = world[Handsets].put(
        Phone(address=subscriber, date_created=world.now, serial=world.serial())
    )
    world.tell(HandsetAdded(handset=handset))
    return handset


def rings(world: World, handset: Phone) -> bool:
    """Whether this try reaches a phone, full or not; one that roams with losses rolls the dice."""
    if handset.power is Power.OFF or handset.network is Network.AIRPLANE:
        return False
    return handset.network is Network.ONLINE or world.dice.random() < ROAMING_REACHES


def takes_texts(world: World, handset: Phone) -> bool:
    """Whether this try brings a text to a phone: it is reached, and has room."""
    return not handset.storage_full and rings(world, handset)


def must_be_tried(handset: Phone) -> bool:
    """Whether a carrier that did not reach a phone has to try again by itself.

    A phone that is off, or full, tells the carrier when it is back; one that roams does not.
    """
    return (
        handset.network is Network.ROAMING_LOSSY
        and handset.power is Power.ON
        and not handset.storage_full
    )
