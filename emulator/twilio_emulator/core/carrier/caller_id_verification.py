"""Verified numbers: those that an account may call from, and a trial account may write to.

The rules of this file (https://www.twilio.com/docs/voice/api/outgoing-caller-ids):

- Who wants a number verified gets a code; Twilio calls the number, and the code is typed in there:
  at once on a phone that answers calls by itself, or by hand.
"""

from datetime import datetime, timedelta

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import calls
from twilio_emulator.core.phones.call_resources import Asks, CallEnded, DigitsPressed, PhoneCall
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import kept, spelled

NAME_LIMIT = 64
LONGEST_DELAY = 60

CALLER = "+14157234000"
"""Decided: the number that Twilio calls from to verify one, which no page of its API says."""

GREETING = "Please enter the six digit code that you were shown."
THANKS = "Thank you. Your number is verified."
"""Decided: what is said, which no page of Twilio's has."""


@record
class CallerId:
    """A verified number (PN)."""

    sid: str
    account_sid: str
    phone_number: str
    friendly_name: str
    date_created: datetime
    date_updated: datetime
    serial: int


class CallerIds(Table[CallerId]):
    """Verified numbers: found by number, listed by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_number = Unique[CallerId](lambda it: (it.account_sid, it.phone_number))
        self.by_account: Ordered[CallerId] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        super().__init__(CallerId, self.by_number, self.by_account)


@record
class Validation:
    """A number that is to be verified, with the code that has to be typed in."""

    account_sid: str
    call_sid: str
    phone_number: str
    friendly_name: str
    validation_code: str
    status_callback: str | None
    status_callback_method: str

    @property
    def sid(self) -> str:
        return self.call_sid


class Validations(Table[Validation]):
    """Validations that are not over, by the sids of their calls."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        super().__init__(Validation)


@event
class ValidationEnded:
    """A number was verified, or the code was not typed in: then there is no caller id."""

    validation: Validation
    caller_id: CallerId | None


@command
class RequestValidation:
    """Have a number verified."""

    account: str
    phone_number: str
    friendly_name: str | None = None
    call_delay: str | None = None
    extension: str | None = None
    status_callback: str | None = None
    status_callback_method: str | None = None

    def apply(self, world: World) -> Validation:
        number = world.numbering.normal(spelled(self.phone_number))
        if number is None:
            raise Refused(refusals.NOT_CALLABLE)
        if is_verified(world, self.account, number):
            raise Refused(refusals.ALREADY_VERIFIED)
        delay = parameters.whole_number(self.call_delay or "0", INVALID_PARAMETER)
        if not 0 <= delay <= LONGEST_DELAY:
            raise Refused(INVALID_PARAMETER, parameter="CallDelay")
        if self.status_callback and not is_url(self.status_callback):
            raise Refused(INVALID_PARAMETER, parameter="StatusCallback")
        if self.status_callback_method not in (None, "GET", "POST"):
            raise Refused(INVALID_PARAMETER, parameter="StatusCallbackMethod")
        validation = Validation(
            account_sid=self.account,
            call_sid=world.sids.new("CA"),
            phone_number=number,
            friendly_name=parameters.name(self.friendly_name, NAME_LIMIT) or number,
            validation_code=f"{world.dice.randrange(1_000_000):06}",
            status_callback=self.status_callback or None,
            status_callback_method=self.status_callback_method or "POST",
        )
        world[Validations].put(validation)
        call = calls.place(
            world,
            to=number,
            caller=CALLER,
            words=THANKS,
            sid=validation.call_sid,
            asks=Asks.CODE,
            greeting=GREETING,
            one_time_code=validation.validation_code,
            send_digits=self.extension or None,
            after=timedelta(seconds=delay),
            rings_for=0,
        )
        if call is None:
            _end(world, validation, None)
        return validation


def hear_digits(world: World, event: DigitsPressed) -> None:
    """The number is verified once its code was typed in; the call goes on for a while."""
    if event.call.satisfied:
        _over(world, event.call)


def hear_end(world: World, event: CallEnded) -> None:
    """A call that is over verifies nothing any more."""
    _over(world, event.call)


def _over(world: World, call: PhoneCall) -> None:
    said = world[Validations].get(call.sid)
    if said is None:
        return
    caller_id = None
    if call.satisfied and not is_verified(world, said.account_sid, said.phone_number):
        caller_id = verify(world, said.account_sid, said.phone_number, said.friendly_name)
    _end(world, said, caller_id)


def _end(world: World, said: Validation, caller_id: CallerId | None) -> None:
    world[Validations].remove(said.sid)
    world.tell(ValidationEnded(validation=said, caller_id=caller_id))


@command
class UpdateCallerId:
    """Give a verified number another name."""

    account: str
    caller_id: str
    friendly_name: str | None = None

    def apply(self, world: World) -> CallerId:
        found = fetch_caller_id(world, account=self.account, caller_id=self.caller_id)
        name = parameters.name(self.friendly_name, NAME_LIMIT)
        return world[CallerIds].put(
            replace(found, friendly_name=name or found.friendly_name, date_updated=world.now)
        )


@command
class RemoveCallerId:
    """A number is no longer verified."""

    account: str
    caller_id: str

    def apply(self, world: World) -> None:
        found = fetch_caller_id(world, account=self.account, caller_id=self.caller_id)
        world[CallerIds].remove(found.sid)


def verify(world: World, account_sid: str, number: str, friendly_name: str) -> CallerId:
    """Note that a number is verified."""
    return world[CallerIds].put(
        CallerId(
            sid=world.sids.new("PN"),
            account_sid=account_sid,
            phone_number=number,
            friendly_name=friendly_name,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )


def is_verified(world: World, account_sid: str, number: str) -> bool:
    """Whether an account has verified a number."""
    return world[CallerIds].by_number.find((account_sid, number)) is not None


def fetch_caller_id(world: World, *, account: str, caller_id: str) -> CallerId:
    """The verified number of an account with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[CallerIds].get(caller_id)
    if found is None or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_caller_ids(
    world: World,
    *,
    account: str,
    phone_number: str | None = None,
    friendly_name: str | None = None,
) -> Rows[CallerId]:
    """The verified numbers of an account, newest first."""
    phone_number = kept(world.numbering, phone_number) if phone_number else None
    table = world[CallerIds]
    return Rows(
        table,
        table.by_account,
        account,
        downward=True,
        keep=lambda it: (
            (not phone_number or it.phone_number == phone_number)
            and (not friendly_name or it.friendly_name == friendly_name)
        ),
    )
