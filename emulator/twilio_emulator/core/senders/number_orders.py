"""Phone numbers as they are bought, changed and given back.

The rules of this file (https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource):

- Any possible number can be bought that is not taken yet, but for the magic ones of Twilio's test
  credentials, which keep their meaning. By area code the next fictional number there is given.
- A fallback URL without the URL that it stands in for is refused.
- A number can be handed to another account of the same owner; it leaves its messaging service.
"""

from dataclasses import fields

from twilio_emulator.core.accounts.accounts import AccountChanged, Accounts, AccountStatus
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.core.kernel.sids import stable_sid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.senders.messaging_services import tell_left
from twilio_emulator.core.senders.number_listing import fetch_number, fetch_short_code
from twilio_emulator.core.senders.resources import (
    LOCAL,
    TOLL_FREE,
    PhoneNumber,
    PhoneNumbers,
    add_number,
    kind_of,
)

TAKEN = "+15005550000"
IMPOSSIBLE = "+15005550001"
EXHAUSTED_AREA = "533"
LINES = range(100, 200)
"""The last four digits, after 555, of fictional numbers: 555-0100 to 555-0199."""

CHOICES = {
    "sms_method": ("GET", "POST"),
    "sms_fallback_method": ("GET", "POST"),
    "status_callback_method": ("GET", "POST"),
    "voice_method": ("GET", "POST"),
    "voice_fallback_method": ("GET", "POST"),
    "voice_receive_mode": ("voice", "fax"),
    "emergency_status": ("Active", "Inactive"),
    "api_version": ("2010-04-01", "2008-08-01"),
}


@event
class NumberChanged:
    """The account has a new number, or other settings for one; None when it was given back."""

    sid: str
    number: PhoneNumber | None


@event
class NumberReleased:
    """An account has given a number back."""

    number: PhoneNumber


@record
class Routing:
    """Where texts to a number are reported, and what it is called."""

    friendly_name: str | None = None
    api_version: str | None = None
    sms_url: str | None = None
    sms_method: str | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: str | None = None

    def changes(self, before: PhoneNumber | None) -> dict[str, object]:
        """What is given; an empty text removes an URL or a sid.

        Raises:
            Refused: something given cannot be.
        """
        changes: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and field.name not in NOT_SETTINGS:
                changes[field.name] = _read(field.name, value)
        url = changes.get("sms_url", before and before.sms_url)
        if self.sms_fallback_url and not url:
            raise Refused(refusals.FALLBACK_WITHOUT_URL)
        return changes


NOT_SETTINGS = frozenset({"account", "number", "phone_number", "area_code", "account_sid"})


@record
class NumberSettings(Routing):
    """What can be said of a number."""

    sms_application_sid: str | None = None
    status_callback: str | None = None
    status_callback_method: str | None = None
    voice_url: str | None = None
    voice_method: str | None = None
    voice_fallback_url: str | None = None
    voice_fallback_method: str | None = None
    voice_application_sid: str | None = None
    voice_caller_id_lookup: bool | None = None
    voice_receive_mode: str | None = None
    trunk_sid: str | None = None
    emergency_status: str | None = None
    emergency_address_sid: str | None = None
    identity_sid: str | None = None
    address_sid: str | None = None
    bundle_sid: str | None = None


@command
class BuyNumber(NumberSettings):
    """Give the account a number: this one, or one of an area."""

    account: str
    phone_number: str | None = None
    area_code: str | None = None

    def apply(self, world: World) -> PhoneNumber:
        return _bought(world, self.account, self.address(world), self.changes(None))

    def address(self, world: World) -> str:
        """The number that would be given.

        Raises:
            Refused: none can be.
        """
        if self.phone_number:
            return _free(world, self.phone_number)
        if not self.area_code:
            raise Refused(refusals.NUMBER_REQUIRED)
        return _next_of_area(world, self.area_code)


@command
class BuyLocalNumber(NumberSettings):
    """Give the account a number that belongs to a place."""

    account: str
    phone_number: str

    def apply(self, world: World) -> PhoneNumber:
        address = _free(world, self.phone_number)
        if kind_of(address) not in LOCAL:
            raise Refused(refusals.INVALID_PHONE_NUMBER)
        return _bought(world, self.account, address, self.changes(None))


@command
class BuyMobileNumber(NumberSettings):
    """Give the account a mobile number."""

    account: str
    phone_number: str

    def apply(self, world: World) -> PhoneNumber:
        address = _free(world, self.phone_number)
        if kind_of(address) not in LOCAL:
            raise Refused(refusals.INVALID_PHONE_NUMBER)
        return _bought(world, self.account, address, {**self.changes(None), "mobile": True})


@command
class BuyTollFreeNumber(NumberSettings):
    """Give the account a number that costs the caller nothing."""

    account: str
    phone_number: str

    def apply(self, world: World) -> PhoneNumber:
        address = _free(world, self.phone_number)
        if kind_of(address) not in TOLL_FREE:
            raise Refused(refusals.INVALID_PHONE_NUMBER)
        return _bought(world, self.account, address, self.changes(None))


def rehearse(world: World, wish: BuyNumber) -> PhoneNumber:
    """What test credentials get for an order: nothing is bought.

    Raises:
        Refused: as with live credentials.
    """
    address = wish.address(world)
    number = PhoneNumber(
        sid=stable_sid("PN", address),
        account_sid=world[Accounts][wish.account].test_account_sid,
        address=address,
        kind=kind_of(address),
        serial=0,
        date_created=world.now,
        date_updated=world.now,
        friendly_name=address,
    )
    return replace(number, **wish.changes(None))


@command
class UpdateNumber(NumberSettings):
    """Change the settings of a phone number, or hand it to another account."""

    account: str
    number: str
    account_sid: str | None = None

    def apply(self, world: World) -> PhoneNumber:
        number = fetch_number(world, account=self.account, number=self.number)
        changes = self.changes(number)
        if self.account_sid and self.account_sid != number.account_sid:
            _check_taker(world, self.account_sid)
            changes |= {"account_sid": self.account_sid, "messaging_service_sid": None}
        changed = _changed(world, replace(number, date_updated=world.now, **changes))
        if number.messaging_service_sid is not None and changed.messaging_service_sid is None:
            tell_left(world, number.messaging_service_sid, number.sid)
        return changed


@command
class UpdateShortCode(Routing):
    """Change the settings of a short code."""

    account: str
    number: str

    def apply(self, world: World) -> PhoneNumber:
        number = fetch_short_code(world, account=self.account, number=self.number)
        changes = self.changes(number)
        return _changed(world, replace(number, date_updated=world.now, **changes))


@command
class ReleaseNumber:
    """Give a number back."""

    account: str
    number: str

    def apply(self, world: World) -> None:
        release(world, fetch_number(world, account=self.account, number=self.number))


@command
class MarkNumber:
    """Say of a number what only Twilio or WhatsApp can: whether a toll-free number is verified, or
    with which code a sandbox is joined (empty: it is not a sandbox)."""

    address: str
    verified: bool | None = None
    sandbox_code: str | None = None

    def apply(self, world: World) -> PhoneNumber:
        number = world[PhoneNumbers].at(self.address)
        if number is None:
            raise Refused(refusals.NO_SUCH_SENDER, number=self.address)
        changes: dict[str, object] = {}
        if self.verified is not None:
            changes["verified"] = self.verified
        if self.sandbox_code is not None:
            changes["sandbox_code"] = self.sandbox_code or None
        return _changed(world, replace(number, **changes))


def release(world: World, number: PhoneNumber) -> None:
    """A number is free again; whatever was set for it goes too."""
    world[PhoneNumbers].remove(number.sid)
    world.tell(NumberChanged(sid=number.sid, number=None))
    if number.messaging_service_sid is not None:
        tell_left(world, number.messaging_service_sid, number.sid)
    world.tell(NumberReleased(number=number))


def release_of_closed(world: World, changed: AccountChanged) -> None:
    """The numbers of an account that is closed are free again."""
    if changed.account.status is AccountStatus.CLOSED:
        table = world[PhoneNumbers]
        for number in table.all(table.by_account, changed.account.sid):
            release(world, number)


def _read(name: str, value: str | bool) -> object:
    """A setting in its proper type.

    Raises:
        Refused: 20001 it cannot be.
    """
    if isinstance(value, bool) or name == "friendly_name":
        return value
    if name in CHOICES and value not in CHOICES[name]:
        raise Refused(INVALID_PARAMETER, parameter=name)
    if name.endswith(("url", "callback")) and value and not is_url(value):
        raise Refused(INVALID_PARAMETER, parameter=name)
    return value or None


def _free(world: World, text: str) -> str:
    """A number in its normal form, once it is known that it can be bought.

    Raises:
        Refused: 21421 not a phone number, 21422 not available.
    """
    normal = world.numbering.normal(spelled(text))
    if normal is None or normal == IMPOSSIBLE:
        raise Refused(refusals.INVALID_PHONE_NUMBER)
    if normal == TAKEN or world[PhoneNumbers].at(normal) is not None:
        raise Refused(refusals.NUMBER_NOT_AVAILABLE)
    return normal


def _next_of_area(world: World, area_code: str) -> str:
    """The first fictional number of the area that is free."""
    if area_code != EXHAUSTED_AREA and len(area_code) == 3 and area_code.isdigit():
        for line in LINES:
            address = f"+1{area_code}5550{line}"
            if world[PhoneNumbers].at(address) is None:
                return address
    raise Refused(refusals.AREA_CODE_NOT_AVAILABLE, code=area_code)


def _check_taker(world: World, taker: str) -> None:
    """Raises:
    Refused: 21472 that is no active account of the same owner.
    """
    account = world[Accounts].get(taker)
    if account is None or account.status is not AccountStatus.ACTIVE:
        raise Refused(refusals.TAKER_NOT_ACTIVE)


def _bought(world: World, account: str, address: str, changes: dict[str, object]) -> PhoneNumber:
    return _changed(world, replace(add_number(world, account, address), **changes))


def _changed(world: World, number: PhoneNumber) -> PhoneNumber:
    world[PhoneNumbers].put(number)
    world.tell(NumberChanged(sid=number.sid, number=number))
    return number
