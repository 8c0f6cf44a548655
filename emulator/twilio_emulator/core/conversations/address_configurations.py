"""Address configurations: which inbound text opens which conversation.

The rules of this file (https://www.twilio.com/docs/conversations/inbound-autocreation):

- There is one for an address. A text to it that no conversation captures opens one, while its
  autocreation is enabled.
- The conversation has its webhook before its first message, which can therefore be heard there.
- An address, its type and its country stay as they are.
"""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.accounts.debugger_alerts import LogLevel, RaiseAlert
from twilio_emulator.core.conversations import scoped_webhooks
from twilio_emulator.core.conversations.resources import Services
from twilio_emulator.core.conversations.scoped_webhooks import WantedWebhook
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    CONFLICT,
    INVALID_ADDRESS,
    INVALID_PARAMETER,
    MISSING_PARAMETER,
    NOT_FOUND,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import (
    Channel,
    bare,
    channel_of,
    is_short_code,
    numbered,
    on_channel,
    spelled,
)
from twilio_emulator.core.senders.number_orders import NumberReleased

MOST_RETRIES = 3
DELETED = 50610
"""What the debugger is told when a configuration goes with its number."""


class AddressType(StrEnum):
    """The channel of an address."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    GBM = "gbm"
    EMAIL = "email"
    RCS = "rcs"
    APPLE = "apple"
    CHAT = "chat"


class AutoCreationType(StrEnum):
    """What a conversation that is opened by a text has attached."""

    WEBHOOK = "webhook"
    STUDIO = "studio"
    DEFAULT = "default"


@record
class AddressConfiguration:
    """What happens to texts to one address (IG). `webhook` is what is attached to conversations."""

    sid: str
    account_sid: str
    type: AddressType
    address: str
    address_country: str | None = None
    friendly_name: str | None = None
    enabled: bool = False
    auto_creation_type: AutoCreationType = AutoCreationType.DEFAULT
    conversation_service_sid: str | None = None
    webhook: WantedWebhook = WantedWebhook()
    studio_retry_count: int | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


class AddressConfigurations(Table[AddressConfiguration]):
    """Address configurations, by account and by address."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[AddressConfiguration] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        self.by_address: Unique[AddressConfiguration] = Unique(
            lambda it: (it.account_sid, it.address)
        )
        super().__init__(AddressConfiguration, self.by_account, self.by_address)


@event
class AddressConfigured:
    """Texts to an address are treated otherwise from now on."""

    configuration: AddressConfiguration


@event
class AddressConfigurationRemoved:
    """Texts to an address are treated like those to any other."""

    configuration: AddressConfiguration


def find(world: World, account_sid: str, key: str) -> AddressConfiguration:
    """The configuration of an account with this sid or address.

    Raises:
        Refused: 20404.
    """
    table = world[AddressConfigurations]
    found = table.get(key) or table.found(table.by_address, (account_sid, spelled(key)))
    if found is None or found.account_sid != account_sid:
        raise Refused(NOT_FOUND)
    return found


def fetch_address_configuration(
    world: World, *, account: str, configuration: str
) -> AddressConfiguration:
    """The configuration of an account with this sid or address.

    Raises:
        Refused: 20404.
    """
    return find(world, account, configuration)


def list_address_configurations(
    world: World, *, account: str, type: str | None = None
) -> Rows[AddressConfiguration]:
    """In the order in which they came, of one type or of all.

    Raises:
        Refused: 20001 no such type.
    """
    wanted = _read_type(type) if type else None
    table = world[AddressConfigurations]
    return Rows(
        table,
        table.by_account,
        account,
        keep=None if wanted is None else lambda it: it.type is wanted,
    )


@command
class AddAddressConfiguration:
    """Say what texts to an address open."""

    account: str
    type: str
    address: str
    friendly_name: str | None = None
    auto_creation_enabled: bool | None = None
    auto_creation_type: str | None = None
    auto_creation_conversation_service_sid: str | None = None
    auto_creation_webhook_url: str | None = None
    auto_creation_webhook_method: str | None = None
    auto_creation_webhook_filters: tuple[str, ...] | None = None
    auto_creation_studio_flow_sid: str | None = None
    auto_creation_studio_retry_count: str | None = None
    address_country: str | None = None

    def apply(self, world: World) -> AddressConfiguration:
        kind = _read_type(self.type)
        country = self.address_country.upper() if self.address_country else None
        address = _read_address(world, kind, self.address, country)
        table = world[AddressConfigurations]
        configuration = _configure(
            world,
            AddressConfiguration(
                sid="",
                account_sid=self.account,
                type=kind,
                address=address,
                address_country=country,
                date_created=world.now,
                date_updated=world.now,
                serial=0,
            ),
            self,
        )
        if table.by_address.find((self.account, address)) is not None:
            raise Refused(CONFLICT)
        configuration = table.put(
            replace(configuration, sid=world.sids.new("IG"), serial=world.serial())
        )
        world.tell(AddressConfigured(configuration=configuration))
        return configuration


@command
class UpdateAddressConfiguration:
    """Change what texts to an address open."""

    account: str
    configuration: str
    friendly_name: str | None = None
    auto_creation_enabled: bool | None = None
    auto_creation_type: str | None = None
    auto_creation_conversation_service_sid: str | None = None
    auto_creation_webhook_url: str | None = None
    auto_creation_webhook_method: str | None = None
    auto_creation_webhook_filters: tuple[str, ...] | None = None
    auto_creation_studio_flow_sid: str | None = None
    auto_creation_studio_retry_count: str | None = None

    def apply(self, world: World) -> AddressConfiguration:
        before = find(world, self.account, self.configuration)
        configuration = world[AddressConfigurations].put(
            _configure(world, replace(before, date_updated=world.now), self)
        )
        world.tell(AddressConfigured(configuration=configuration))
        return configuration


@command
class RemoveAddressConfiguration:
    """Have texts to an address treated like those to any other."""

    account: str
    configuration: str

    def apply(self, world: World) -> None:
        remove(world, find(world, self.account, self.configuration))


def remove(world: World, configuration: AddressConfiguration) -> None:
    """Forget a configuration."""
    world[AddressConfigurations].remove(configuration.sid)
    world.tell(AddressConfigurationRemoved(configuration=configuration))


def remove_of_released(world: World, released: NumberReleased) -> None:
    """The account gave an address back, and with it goes its configuration."""
    account_sid = released.number.account_sid
    table = world[AddressConfigurations]
    configuration = table.found(table.by_address, (account_sid, released.number.address))
    if configuration is not None:
        remove(world, configuration)
        RaiseAlert(
            account=account_sid,
            error_code=DELETED,
            alert_text="Address configuration deleted",
            resource_sid=configuration.sid,
            log_level=LogLevel.WARNING,
        ).apply(world)


def _configure(
    world: World,
    it: AddressConfiguration,
    asked: AddAddressConfiguration | UpdateAddressConfiguration,
) -> AddressConfiguration:
    """A configuration as it would be with what was asked for."""
    changes: dict[str, object] = {}
    if asked.friendly_name is not None:
        changes["friendly_name"] = parameters.name(asked.friendly_name)
    if asked.auto_creation_enabled is not None:
        changes["enabled"] = asked.auto_creation_enabled
    if asked.auto_creation_conversation_service_sid is not None:
        changes["conversation_service_sid"] = _read_service(
            world, it.account_sid, asked.auto_creation_conversation_service_sid
        )
    if asked.auto_creation_studio_retry_count is not None:
        changes["studio_retry_count"] = _read_retries(asked.auto_creation_studio_retry_count)
    kind = it.auto_creation_type
    if asked.auto_creation_type is not None:
        kind = _read_auto_creation_type(asked.auto_creation_type)
    wanted = _wanted(it.webhook, asked)
    if kind is not AutoCreationType.DEFAULT:
        wanted = scoped_webhooks.read(kind, wanted)
    return replace(it, auto_creation_type=kind, webhook=wanted, **changes)


def _wanted(
    before: WantedWebhook, asked: AddAddressConfiguration | UpdateAddressConfiguration
) -> WantedWebhook:
    given = {
        "url": asked.auto_creation_webhook_url,
        "method": asked.auto_creation_webhook_method,
        "filters": asked.auto_creation_webhook_filters,
        "flow_sid": asked.auto_creation_studio_flow_sid,
    }
    return replace(before, **{name: value for name, value in given.items() if value is not None})


def _read_type(text: str) -> AddressType:
    try:
        return AddressType(text.lower())
    except ValueError:
        raise Refused(INVALID_PARAMETER, parameter="Type") from None


def _read_auto_creation_type(text: str) -> AutoCreationType:
    try:
        return AutoCreationType(text.lower())
    except ValueError:
        raise Refused(INVALID_PARAMETER, parameter="AutoCreation.Type") from None


def _read_address(world: World, kind: AddressType, address: str, country: str | None) -> str:
    """Numbers in E.164, with their channel before them; short codes and all others as they are."""
    if not address:
        raise Refused(MISSING_PARAMETER, parameter="Address")
    if kind not in (AddressType.SMS, AddressType.WHATSAPP):
        return address
    address = spelled(address)
    if kind is AddressType.SMS and is_short_code(address):
        return address
    read = numbered(world.numbering, address, country)
    if read is None or channel_of(read) not in (Channel.SMS, Channel(kind)):
        raise Refused(INVALID_ADDRESS)
    return on_channel(Channel(kind), bare(read))


def _read_service(world: World, account_sid: str, sid: str) -> str | None:
    if not sid:
        return None
    service = world[Services].get(sid)
    if service is None or service.account_sid != account_sid:
        raise Refused(INVALID_PARAMETER, parameter="AutoCreation.ConversationServiceSid")
    return sid


def _read_retries(text: str) -> int:
    if text not in map(str, range(MOST_RETRIES + 1)):
        raise Refused(INVALID_PARAMETER, parameter="AutoCreation.StudioRetryCount")
    return int(text)


def forget_service(world: World, removed: ServiceRemoved) -> None:
    """Texts to addresses that had a service of their own open conversations in the default one."""
    table = world[AddressConfigurations]
    for address in list(table):
        if address.conversation_service_sid == removed.service.sid:
            table.put(replace(address, conversation_service_sid=None))
