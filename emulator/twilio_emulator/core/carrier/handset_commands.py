"""What a person or a test does with a phone: have one, switch it, read on it, throw it away.

The rules of this file:

- A phone that comes back into reach gets what waited for it, and gives the receipts that it held.
- What waits for a phone that is thrown away ends as for an unknown subscriber.
- Settings are checked all at once: an invalid setting changes nothing.
"""

import re
from dataclasses import fields
from enum import StrEnum
from typing import TypeVar

from twilio_emulator.core.carrier import delivery, group_mms
from twilio_emulator.core.carrier.delivery import AdvanceText
from twilio_emulator.core.carrier.outcomes import delay, unknown_subscriber
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import calls, handsets, number_facts
from twilio_emulator.core.phones.handsets import (
    Answering,
    HandsetRemoved,
    Handsets,
    HandsetUpdated,
    LineType,
    Network,
    Phone,
    Power,
    ReadReports,
    Reports,
)
from twilio_emulator.core.phones.inbox import InboxItem, InboxItems
from twilio_emulator.core.phones.number_facts import CallerType, LineStatus
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import Channel, bare, kept, spelled
from twilio_emulator.core.simulation.choices import choose
from twilio_emulator.core.texts.text import Texts

E = TypeVar("E", bound=StrEnum)

_USER_ID = re.compile(r"[A-Z]{2}\.[0-9A-Za-z]{1,128}")
"""WhatsApp's business-scoped id of a user: a country, a dot, up to 128 letters and digits
(https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids)."""

CHOICES: dict[str, type[StrEnum]] = {
    "line_type": LineType,
    "power": Power,
    "network": Network,
    "receipts": Reports,
    "read_receipts": ReadReports,
    "line_status": LineStatus,
    "caller_type": CallerType,
    "calls": Answering,
}


@command
class UpsertHandset:
    """Have a phone with these settings; of one that there is, the others stay as they are.

    Attributes:
        label: what people call it.
        country: ISO code of where it is.
        profile_name: its owner's name on WhatsApp.
        channels: what it can receive.
        line_type: what sort of line its number is.
        carrier_name: whose subscriber it is.
        mcc: the carrier's mobile country code.
        mnc: the carrier's mobile network code.
        power: whether it is switched on.
        network: what it is connected to.
        mms_supported: whether it takes pictures.
        storage_full: whether it has no room for further texts.
        receipts: what becomes of delivery receipts: they go out, wait for a word, or never come.
        read_receipts: when WhatsApp says that something was read.
        calls: what becomes of calls: they are answered by themselves, wait for somebody, or find it
            engaged.
        blocked_senders: addresses whose texts it does not show.
        tags: words of your own.
        city: where its number is from, as webhooks say it.
        state: where its number is from, as webhooks say it.
        zip: where its number is from, as webhooks say it.
        sim_swapped: when its SIM was swapped, as Lookup says it: an instant, `P2D` for two days
            ago, `now`, `yesterday`, or `never`.
        call_forwarding: whether Lookup says that calls are forwarded.
        line_status: what Lookup says of the line; `auto` by power and network.
        reassigned: when its number got another owner, as Lookup says it: a moment, or `never`.
        caller_name: what Lookup says a call is from; the label in capitals unless given.
        caller_type: whether Lookup says that its owner is a person or a business.
        person: its owner, against whom Lookup holds an identity: `first_name`, `last_name`,
            `address_line1`, `address_line2`, `city`, `state`, `postal_code`,
            `address_country_code`, `national_id`, `date_of_birth`.
    """

    address: str
    label: str | None = None
    country: str | None = None
    profile_name: str | None = None
    channels: tuple[str, ...] | None = None
    line_type: str | None = None
    carrier_name: str | None = None
    mcc: str | None = None
    mnc: str | None = None
    power: str | None = None
    network: str | None = None
    mms_supported: bool | None = None
    storage_full: bool | None = None
    receipts: str | None = None
    read_receipts: str | None = None
    calls: str | None = None
    blocked_senders: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    sim_swapped: str | None = None
    call_forwarding: bool | None = None
    line_status: str | None = None
    reassigned: str | None = None
    caller_name: str | None = None
    caller_type: str | None = None
    person: dict[str, str] | None = None

    def apply(self, world: World) -> Phone:
        changes = self._changes(world)
        address = bare(spelled(self.address))
        if address.startswith("+"):
            normal = world.numbering.normal(address)
            if normal is None:
                raise Refused(refusals.INVALID_TO, number=address)
            address = normal
        elif not _USER_ID.fullmatch(address):
            choices = "E.164 numbers such as +12025550199, and WhatsApp's own ids of users"
            raise Refused(
                refusals.INVALID_SETTING,
                name="the address of a phone",
                choices=choices,
                value=repr(address),
            )
        handset = handsets.contact(world, address)
        return _change(world, handset, changes) if changes else handset

    def _changes(self, world: World) -> dict[str, object]:
        """What is given, in its proper type.

        Raises:
            Refused: 20001 an invalid setting.
        """
        changes: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None or field.name == "address":
                continue
            if field.name in CHOICES:
                value = _choice(CHOICES[field.name], field.name, value)
            elif field.name == "channels":
                value = tuple(_choice(Channel, "channels", channel) for channel in value)
            elif field.name == "blocked_senders":
                value = tuple(kept(world.numbering, sender) for sender in value)
            elif field.name in number_facts.READERS:
                value = number_facts.READERS[field.name](world, value)
            changes[field.name] = value
        return changes


@command
class ChangeHandset(UpsertHandset):
    """Change the settings of a phone that there is."""

    def apply(self, world: World) -> Phone:
        return _change(world, find(world, self.address), self._changes(world))


@command
class RemoveHandset:
    """Throw a phone away, with all that it holds. What was sent to it waits no longer."""

    address: str

    def apply(self, world: World) -> None:
        handset = find(world, self.address)
        for item in world[InboxItems].all(world[InboxItems].pending, handset.address):
            world.timers.cancel(item.sid)
            if item.copy_of is None:
                text = world[Texts][item.sid]
                delivery.bounce(world, text, unknown_subscriber(text))
        for item in world[InboxItems].all(world[InboxItems].by_handset, handset.address):
            world[InboxItems].remove(item.sid)
        calls.forget(world, handset.address)
        world[Handsets].remove(handset.address)
        world.tell(HandsetRemoved(handset=handset))


@command
class ReadItem:
    """Read one message on a phone."""

    address: str
    item: str

    def apply(self, world: World) -> InboxItem:
        item = find_item(world, self.address, self.item)
        delivery.read(world, item)
        return world[InboxItems][item.sid]


@command
class ReadThread:
    """Read everything unread that a phone has from one peer."""

    address: str
    peer: str

    def apply(self, world: World) -> None:
        handset = find(world, self.address)
        thread = (handset.address, kept(world.numbering, self.peer))
        for item in world[InboxItems].all(world[InboxItems].unread_of_thread, thread):
            delivery.read(world, item)


def subscriber(world: World, address: str) -> str:
    """The address of the phone that is meant, whether there is one or not."""
    return bare(kept(world.numbering, address))


def find(world: World, address: str) -> Phone:
    """The phone with this address.

    Raises:
        Refused: 20404.
    """
    handset = world[Handsets].get(subscriber(world, address))
    if handset is None:
        raise Refused(refusals.NO_SUCH_HANDSET, handset=address)
    return handset


def find_item(world: World, address: str, sid: str) -> InboxItem:
    """A message that a phone holds.

    Raises:
        Refused: 20404.
    """
    handset = find(world, address)
    item = world[InboxItems].get(sid)
    if item is None or item.handset != handset.address:
        raise Refused(refusals.NO_SUCH_ITEM, handset=address, item=sid)
    return item


def _change(world: World, handset: Phone, changes: dict[str, object]) -> Phone:
    handset = world[Handsets].put(replace(handset, **changes))
    world.tell(HandsetUpdated(handset=handset))
    _try_again(world, handset)
    if handset.receipts is Reports.AUTO:
        for text in world[Texts].all(world[Texts].held, ""):
            if bare(text.to) == handset.address:
                delivery.deliver(world, text)
    return handset


def _try_again(world: World, handset: Phone) -> None:
    """Have the carrier look for the phone with everything that waits for it."""
    for item in world[InboxItems].all(world[InboxItems].pending, handset.address):
        if item.copy_of is not None:
            group_mms.bring(world, handset, item)
            continue
        text = world[Texts][item.sid]
        world.timers.set(text.sid, world.now + delay(world, text), AdvanceText(text=text.sid))


def _choice(kind: type[E], name: str, value: str) -> E:
    choose(name, value, kind)
    return kind(value)
