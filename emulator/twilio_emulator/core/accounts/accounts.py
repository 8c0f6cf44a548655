"""Accounts, auth tokens, API keys, OAuth clients."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from twilio_emulator.core.conversations.services import open_service
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.sids import Sids
from twilio_emulator.core.kernel.tables import Ordered, Table, Unique
from twilio_emulator.core.senders.resources import add_messaging_service, add_number

if TYPE_CHECKING:
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
    """An account (AC) with what it starts from: its default services and its test credentials.

    The default timers are seconds; None means that conversations get none. A `trial` reaches
    verified numbers only. The secondary token is good for requests; webhooks are signed with the
    other. Its one OAuth client (OQ) gets bearer tokens for its secret.
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
    default_chat_service_sid: str
    default_messaging_service_sid: str
    default_inactive_timer: int | None = None
    default_closed_timer: int | None = None
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

    def __init__(self) -> None:
        self.by_account: Ordered[ApiKey] = Ordered(
            lambda key: key.account_sid, lambda key: key.serial
        )
        super().__init__(ApiKey, self.by_account)


@event
class AccountOpened:
    """An account is ready for use, with everything that it starts with."""

    account: Account


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
    test_account_sid: str | None = None
    test_auth_token: str | None = None
    oauth_client_id: str | None = None
    oauth_client_secret: str | None = None
    trial: bool = False
    numbers: tuple[str, ...] = DEFAULT_NUMBERS

    def apply(self, world: "World") -> Account:
        account = open_account(world, world.account_sid, world.account_sid, self)
        world.api_keys.put(
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
        for address in self.numbers:
            if world.phone_numbers.at(address) is None:
                add_number(
                    world,
                    account.sid,
                    address,
                    messaging_service_sid=account.default_messaging_service_sid
                    if address[0] == "+"
                    else None,
                )
        world.tell(AccountOpened(account=account))
        return account


def open_account(world: "World", sid: str, owner: str, wish: OpenAccount) -> Account:
    """Make an account with its default services, but without numbers and keys."""
    # From a stream of its own: who has the seed of old has the sids of old.
    drawn = Sids(world.seed, sid, "oauth")
    client_id, client_secret = drawn.new("OQ"), drawn.hex()
    service = open_service(
        world, sid, "Default Conversations Service", wish.conversation_service_sid
    )
    messaging_service = add_messaging_service(
        world,
        sid,
        "Default Messaging Service for Conversations",
        sid=wish.messaging_service_sid,
    )
    return world.accounts.put(
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
            default_chat_service_sid=service.sid,
            default_messaging_service_sid=messaging_service.sid,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
