"""Accounts, auth tokens, API keys, OAuth clients."""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.sids import Sids
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World

DEFAULT_NUMBERS = ("+12025550100", "+12025550101", "whatsapp:+14155238886")
"""What an account starts with; fictional ones, and the number of Twilio's WhatsApp sandbox."""


class AccountStatus(StrEnum):
    """Whether an account may act."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


@record
class Account:
    """An account (AC) with its tokens and its test credentials.

    A `trial` reaches verified numbers only. The secondary token is good for requests; webhooks are
    signed with the other. Its one OAuth client (OQ) gets bearer tokens for its secret.
    """

    sid: str
    auth_token: str
    friendly_name: str
    status: AccountStatus = AccountStatus.ACTIVE
    trial: bool = False
    secondary_auth_token: str | None = None
    owner_account_sid: str
    test_account_sid: str
    test_auth_token: str
    oauth_client_id: str | None = None
    oauth_client_secret: str | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


@record
class ApiKey:
    """An API key (SK): what signs requests and access tokens in place of the auth token.

    A `main` key may do what the auth token may; others have no business with accounts and keys.
    `policy` is what a restricted key says that it may, as JSON.
    """

    sid: str
    account_sid: str
    secret: str
    friendly_name: str
    main: bool = False
    policy: str | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


class Accounts(Table[Account]):
    """The account of the world and its subaccounts, in the order in which they came."""

    refers = (("owner_account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_client: Unique[Account] = Unique(lambda account: account.oauth_client_id)
        self.by_owner: Ordered[Account] = Ordered(
            lambda account: account.owner_account_sid, lambda account: account.serial
        )
        super().__init__(Account, self.by_owner, self.by_client)

    def of_client(self, client_id: str) -> Account | None:
        """The account that an OAuth client is of."""
        sid = self.by_client.find(client_id)
        return None if sid is None else self[sid]


class ApiKeys(Table[ApiKey]):
    """API keys, by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[ApiKey] = Ordered(
            lambda key: key.account_sid, lambda key: key.serial
        )
        super().__init__(ApiKey, self.by_account)


@record
class Start:
    """What an account starts with; a sid that is not given is drawn.

    The first messaging service has those `numbers` that are not WhatsApp senders.
    """

    conversation_service_sid: str | None = None
    messaging_service_sid: str | None = None
    verify_service_sid: str | None = None
    sync_service_sid: str | None = None
    conversation_configuration_sid: str | None = None
    memory_store_sid: str | None = None
    numbers: tuple[str, ...] = ()


@event
class AccountOpened:
    """There is an account; what it starts with, the wings give it by their reactions."""

    account: Account
    start: "Start"


@event
class AccountChanged:
    """An account has another name, status or token."""

    account: Account


@command
class OpenAccount:
    """Make the account of a world, complete: whatever is not given is drawn.

    The first of `numbers` that are not WhatsApp senders are in the default messaging service.
    """

    friendly_name: str = "twilio-emulator"
    auth_token: str | None = None
    api_key: str | None = None
    api_secret: str | None = None
    conversation_service_sid: str | None = None
    messaging_service_sid: str | None = None
    verify_service_sid: str | None = None
    sync_service_sid: str | None = None
    conversation_configuration_sid: str | None = None
    memory_store_sid: str | None = None
    test_account_sid: str | None = None
    test_auth_token: str | None = None
    oauth_client_id: str | None = None
    oauth_client_secret: str | None = None
    trial: bool = False
    numbers: tuple[str, ...] = DEFAULT_NUMBERS

    def apply(self, world: World) -> Account:
        start = Start(
            conversation_service_sid=self.conversation_service_sid,
            messaging_service_sid=self.messaging_service_sid,
            verify_service_sid=self.verify_service_sid,
            sync_service_sid=self.sync_service_sid,
            conversation_configuration_sid=self.conversation_configuration_sid,
            memory_store_sid=self.memory_store_sid,
            numbers=self.numbers,
        )
        account = open_account(world, world.account_sid, world.account_sid, self)
        world[ApiKeys].put(
            ApiKey(
                sid=self.api_key or world.sids.new("SK"),
                account_sid=account.sid,
                secret=self.api_secret or world.sids.hex(),
                friendly_name="Default",
                main=True,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        world.tell(AccountOpened(account=account, start=start))
        return account


def open_account(world: World, sid: str, owner: str, wish: OpenAccount) -> Account:
    """Make an account, but without keys."""
    # From a stream of its own: who has the seed of old has the sids of old.
    drawn = Sids(world.seed, sid, "oauth")
    client_id, client_secret = drawn.new("OQ"), drawn.hex()
    return world[Accounts].put(
        Account(
            sid=sid,
            auth_token=wish.auth_token or world.sids.hex(),
            friendly_name=wish.friendly_name,
            trial=wish.trial,
            owner_account_sid=owner,
            test_account_sid=wish.test_account_sid or world.sids.new("AC"),
            test_auth_token=wish.test_auth_token or world.sids.hex(),
            oauth_client_id=wish.oauth_client_id or client_id,
            oauth_client_secret=wish.oauth_client_secret or client_secret,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
