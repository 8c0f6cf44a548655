"""Opt-outs: who does not want to hear from a sender any more, and the words that say so.

The rules of this file (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out):

- An opt-out holds between a recipient and a number; for a number in a messaging service, between
  the recipient and the whole service. SMS, MMS and RCS share it; who said STOP by SMS still gets
  WhatsApp, and the other way round.
- The whole message has to be the keyword, whatever its case. It is passed on like any other.
- Short codes and WhatsApp senders have no such handling by themselves; in a service with advanced
  opt-out they have. Alphanumeric senders hear nothing.
- On toll-free numbers the network answers, in words of its own, and YES does not subscribe again.
"""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel, bare, channel_of, kept
from twilio_emulator.core.senders.messaging_services import MessagingServiceChanged
from twilio_emulator.core.senders.refusals import NO_SUCH_SERVICE
from twilio_emulator.core.senders.resources import (
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
)

SHARING = frozenset({Channel.SMS, Channel.MMS, Channel.RCS})
"""Channels that have their opt-outs in common."""


class OptOutType(StrEnum):
    """What a keyword asks for."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@record
class Wording:
    """The keywords of a country, in upper case, and the answers; an empty text is no answer."""

    stop: tuple[str, ...]
    start: tuple[str, ...]
    help: tuple[str, ...] = ()
    stopped: str
    started: str
    helped: str = ""

    def type_of(self, body: str) -> OptOutType | None:
        """What a message asks for."""
        word = body.strip().upper()
        if word in self.stop:
            return OptOutType.STOP
        if word in self.start:
            return OptOutType.START
        return OptOutType.HELP if word in self.help else None

    def answer(self, wanted: OptOutType) -> str:
        """What is answered to it."""
        if wanted is OptOutType.STOP:
            return self.stopped
        return self.started if wanted is OptOutType.START else self.helped


STANDARD = Wording(
    stop=("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
    start=("START", "YES", "UNSTOP"),
    help=("HELP", "INFO"),
    stopped=(
        "You have successfully been unsubscribed. You will not receive any more messages from this "
        "number. Reply START to resubscribe."
    ),
    started=(
        "You have successfully been re-subscribed to messages from this number. Reply HELP for "
        "help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
    ),
    helped="Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
)
TOLL_FREE = Wording(
    stop=("STOP",),
    start=("START", "UNSTOP"),
    stopped=(
        'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this '
        'number. Text back "unstop" to receive messages again.'
    ),
    started=(
        'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this '
        "number."
    ),
)


@record
class OptOut:
    """A recipient who opted out of a number, or of a messaging service.

    The recipient is a bare number for SMS, MMS and RCS; WhatsApp keeps its prefix.
    """

    recipient: str
    scope: str
    date_created: datetime
    serial: int

    @property
    def sid(self) -> str:
        return _key(self.recipient, self.scope)


class OptOuts(Table[OptOut]):
    """Opt-outs, in the order in which they came."""

    def __init__(self) -> None:
        self.in_order: Ordered[OptOut] = Ordered(lambda _: "", lambda optout: optout.serial)
        super().__init__(OptOut, self.in_order)


@record
class AdvancedOptOut:
    """A service's own keywords and answers, by country; the empty country is all others."""

    sid: str
    wordings: dict[str, Wording]


class AdvancedOptOuts(Table[AdvancedOptOut]):
    """Services that have it, by their sid."""

    refers = (("sid", "messaging_services"),)

    def __init__(self) -> None:
        super().__init__(AdvancedOptOut)


@event
class OptOutChanged:
    """A phone opted out, or in again."""

    optout: OptOut
    opted_out: bool


@command
class AddOptOut:
    """Note that a phone opted out, without a message that says so."""

    recipient: str
    scope: str

    def apply(self, world: World) -> OptOut:
        recipient, scope = kept(world.numbering, self.recipient), kept(world.numbering, self.scope)
        return opt_out(world, recipient, scope)


@command
class RemoveOptOut:
    """Note that a phone opted in again."""

    recipient: str
    scope: str

    def apply(self, world: World) -> None:
        opt_in(world, kept(world.numbering, self.recipient), kept(world.numbering, self.scope))


@command
class ConfigureAdvancedOptOut:
    """Give a messaging service keywords and answers of its own."""

    service: str
    wordings: dict[str, Wording]

    def apply(self, world: World) -> AdvancedOptOut:
        if self.service not in world[MessagingServices]:
            raise Refused(NO_SUCH_SERVICE)
        return world[AdvancedOptOuts].put(
            AdvancedOptOut(sid=self.service, wordings={"": STANDARD, **self.wordings})
        )


def forget_service(world: World, changed: MessagingServiceChanged) -> None:
    """The keywords and answers of a messaging service go with it."""
    if changed.service is None and changed.sid in world[AdvancedOptOuts]:
        world[AdvancedOptOuts].remove(changed.sid)


def opt_out(world: World, recipient: str, scope: str) -> OptOut:
    """Block a recipient; doing it again changes nothing."""
    recipient = _listed(recipient)
    optout = world[OptOuts].get(_key(recipient, scope))
    if optout is None:
        optout = world[OptOuts].put(
            OptOut(recipient=recipient, scope=scope, date_created=world.now, serial=world.serial())
        )
        world.tell(OptOutChanged(optout=optout, opted_out=True))
    return optout


def opt_in(world: World, recipient: str, scope: str) -> bool:
    """Unblock a recipient; answers whether it was blocked."""
    optout = world[OptOuts].get(_key(_listed(recipient), scope))
    if optout is None:
        return False
    world[OptOuts].remove(optout.sid)
    world.tell(OptOutChanged(optout=optout, opted_out=False))
    return True


def is_blocked(world: World, recipient: str, sender: str | None, service_sid: str | None) -> bool:
    """Whether the recipient opted out of what a text would come from.

    Args:
        recipient: the address that it would go to; its channel counts.
        sender: None when the service has yet to choose one.
    """
    if not len(world[OptOuts]):
        return False
    number = world[PhoneNumbers].at(sender or "")
    scope = _scope(number) if number else service_sid or sender or ""
    return _key(_listed(recipient), scope) in world[OptOuts]


@record
class Heard:
    """What a keyword brought about: its type where the webhook is to know it, and the answer."""

    type: OptOutType | None
    answer: str


def hear(world: World, number: PhoneNumber, sender: str, body: str) -> Heard | None:
    """Look for a keyword in a text to `number`, and do what it asks; None when there is none."""
    advanced = world[AdvancedOptOuts].get(number.messaging_service_sid)
    wording = _wording(world, number, sender, advanced)
    wanted = wording.type_of(body) if wording else None
    if wording is None or wanted is None:
        return None
    scope = _scope(number)
    answer = wording.answer(wanted)
    if wanted is OptOutType.STOP:
        opt_out(world, sender, scope)
    elif wanted is OptOutType.START:
        answer = answer if opt_in(world, sender, scope) else ""
    elif _key(_listed(sender), scope) in world[OptOuts]:
        answer = ""
    return Heard(type=wanted if advanced else None, answer=answer)


def _wording(
    world: World, number: PhoneNumber, sender: str, advanced: AdvancedOptOut | None
) -> Wording | None:
    if advanced is not None:
        country = world.numbering.country(bare(sender)) or ""
        return advanced.wordings.get(country) or advanced.wordings[""]
    if number.kind is SenderKind.TOLL_FREE:
        return TOLL_FREE
    return STANDARD if number.kind is SenderKind.LONG_CODE else None


def _scope(number: PhoneNumber) -> str:
    """What a STOP to a number opts out of."""
    return number.messaging_service_sid or number.address


def _listed(recipient: str) -> str:
    """A recipient as opt-outs know it: the channels that share them have no prefix."""
    return bare(recipient) if channel_of(recipient) in SHARING else recipient


def _key(recipient: str, scope: str) -> str:
    return f"{recipient}/{scope}"
