"""Phone numbers and messaging services: who a text can come from."""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel, channel_of


class SenderKind(StrEnum):
    """What sort of sender it is; the sort decides what it may do and when it is preferred."""

    LONG_CODE = "long-code"
    TOLL_FREE = "toll-free"
    SHORT_CODE = "short-code"
    WHATSAPP = "whatsapp"


LOCAL = frozenset({SenderKind.LONG_CODE})
TOLL_FREE = frozenset({SenderKind.TOLL_FREE})
PHONES = LOCAL | TOLL_FREE
SHORT_CODES = frozenset({SenderKind.SHORT_CODE})
CHANNEL_SENDERS = frozenset({SenderKind.WHATSAPP})

TOLL_FREE_CODES = frozenset({"800", "833", "844", "855", "866", "877", "888"})

SID_PREFIXES = {
    SenderKind.LONG_CODE: "PN",
    SenderKind.TOLL_FREE: "PN",
    SenderKind.SHORT_CODE: "SC",
    SenderKind.WHATSAPP: "XE",
}


@record
class PhoneNumber:
    """What texts come from and go to: a phone number, a short code or a WhatsApp sender.

    The `sms_` fields say where its inbound texts are reported; for a WhatsApp sender they are its
    `webhook.callback_url` and `fallback_url`. A toll-free number may be `verified`; a WhatsApp
    sender with a `sandbox_code` is a sandbox that has to be joined. What comes after `status_`
    is only kept and shown: there are no calls, and no authority asks for papers.
    """

    sid: str
    account_sid: str
    address: str
    kind: SenderKind
    serial: int
    date_created: datetime
    date_updated: datetime
    friendly_name: str = ""
    country: str | None = None
    messaging_service_sid: str | None = None
    sms: bool = True
    mms: bool = True
    voice: bool = True
    verified: bool = False
    sandbox_code: str | None = None
    sms_url: str | None = None
    sms_method: str = "POST"
    sms_fallback_url: str | None = None
    sms_fallback_method: str = "POST"
    sms_application_sid: str | None = None
    status_callback: str | None = None
    status_callback_method: str = "POST"
    voice_url: str | None = None
    voice_method: str = "POST"
    voice_fallback_url: str | None = None
    voice_fallback_method: str = "POST"
    voice_application_sid: str | None = None
    voice_caller_id_lookup: bool = False
    voice_receive_mode: str = "voice"
    mobile: bool = False
    api_version: str = "2010-04-01"
    trunk_sid: str | None = None
    emergency_status: str = "Inactive"
    emergency_address_sid: str | None = None
    identity_sid: str | None = None
    address_sid: str | None = None
    bundle_sid: str | None = None


@record
class MessagingService:
    """A pool of senders with what they have in common. `turn` counts the senders it chose.

    `link_domain` is the host that its short links have.
    """

    sid: str
    account_sid: str
    friendly_name: str
    serial: int
    date_created: datetime
    date_updated: datetime
    inbound_request_url: str | None = None
    inbound_method: str = "POST"
    fallback_url: str | None = None
    fallback_method: str = "POST"
    status_callback: str | None = None
    sticky_sender: bool = True
    smart_encoding: bool = True
    mms_converter: bool = True
    fallback_to_long_code: bool = True
    area_code_geomatch: bool = True
    scan_message_content: str = "inherit"
    validity_period: int = 36000
    synchronous_validation: bool = False
    usecase: str = "undeclared"
    use_inbound_webhook_on_number: bool = True
    us_app_to_person_registered: bool = False
    link_domain: str | None = None
    turn: int = 0


@record
class AlphaSender:
    """A name in a service's pool (AI) that texts can come from, but not go to.

    One for a destination is listed apart; without a country it is for those that have none of
    their own.
    """

    sid: str
    account_sid: str
    messaging_service_sid: str
    address: str
    destination: bool = False
    country: str | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


def _number_serial(number: PhoneNumber) -> int:
    return number.serial


def _service_serial(service: MessagingService) -> int:
    return service.serial


class PhoneNumbers(Table[PhoneNumber]):
    """Found by address; listed by account, and by the messaging service they are in."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_address = Unique[PhoneNumber](lambda number: number.address)
        self.by_account = Ordered[PhoneNumber](lambda number: number.account_sid, _number_serial)
        self.by_service = Ordered[PhoneNumber](
            lambda number: number.messaging_service_sid, _number_serial
        )
        super().__init__(PhoneNumber, self.by_address, self.by_account, self.by_service)

    def at(self, address: str) -> PhoneNumber | None:
        """The number with this address, `whatsapp:` and all."""
        return self.found(self.by_address, address)


class MessagingServices(Table[MessagingService]):
    """Listed by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account = Ordered[MessagingService](
            lambda service: service.account_sid, _service_serial
        )
        super().__init__(MessagingService, self.by_account)


class AlphaSenders(Table[AlphaSender]):
    """Listed by the messaging service they are in."""

    refers = (
        ("account_sid", "accounts"),
        ("messaging_service_sid", "messaging_services"),
    )

    def __init__(self) -> None:
        self.by_service: Ordered[AlphaSender] = Ordered(
            lambda sender: sender.messaging_service_sid, lambda sender: sender.serial
        )
        super().__init__(AlphaSender, self.by_service)


def kind_of(address: str) -> SenderKind:
    """What sort of sender has this address."""
    if channel_of(address) is Channel.WHATSAPP:
        return SenderKind.WHATSAPP
    if not address.startswith("+"):
        return SenderKind.SHORT_CODE
    if address.startswith("+1") and address[2:5] in TOLL_FREE_CODES:
        return SenderKind.TOLL_FREE
    return SenderKind.LONG_CODE


def add_number(
    world: World,
    account_sid: str,
    address: str,
    *,
    messaging_service_sid: str | None = None,
) -> PhoneNumber:
    """Give the account a number, as buying one does."""
    kind = kind_of(address)
    return world[PhoneNumbers].put(
        PhoneNumber(
            sid=world.sids.new(SID_PREFIXES[kind]),
            account_sid=account_sid,
            address=address,
            kind=kind,
            serial=world.serial(),
            date_created=world.now,
            date_updated=world.now,
            friendly_name=address,
            messaging_service_sid=messaging_service_sid,
            mms=kind is not SenderKind.WHATSAPP,
            voice=kind in (SenderKind.LONG_CODE, SenderKind.TOLL_FREE),
        )
    )


def add_messaging_service(
    world: World, account_sid: str, friendly_name: str, *, sid: str | None = None
) -> MessagingService:
    """Open a messaging service with an empty pool."""
    return world[MessagingServices].put(
        MessagingService(
            sid=sid or world.sids.new("MG"),
            account_sid=account_sid,
            friendly_name=friendly_name,
            serial=world.serial(),
            date_created=world.now,
            date_updated=world.now,
        )
    )


def equip(world: World, opened: AccountOpened) -> None:
    """A new account has a messaging service, and the numbers that it starts with."""
    account, start = opened.account, opened.start
    service = add_messaging_service(
        world,
        account.sid,
        "Default Messaging Service for Conversations",
        sid=start.messaging_service_sid,
    )
    for address in start.numbers:
        if world[PhoneNumbers].at(address) is None:
            add_number(
                world,
                account.sid,
                address,
                messaging_service_sid=service.sid if address[0] == "+" else None,
            )
