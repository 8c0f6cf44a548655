"""Accounts as the Accounts resource keeps them: subaccounts opened, renamed, suspended, closed; and
auth tokens renewed.

The rules of this file (https://www.twilio.com/docs/iam/api/subaccount-resource,
https://www.twilio.com/docs/iam/api/authtoken):

- A subaccount has services and tokens of its own, and no numbers at first. There is one level only.
- An account cannot change its own status; its owner can. What is closed stays closed, and its
  numbers are free again.
- A secondary auth token is good beside the first until it is promoted, which it then replaces.
"""

from twilio_emulator.core.accounts.accounts import (
    Account,
    AccountChanged,
    AccountOpened,
    Accounts,
    AccountStatus,
    OpenAccount,
    Start,
    open_account,
)
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import (
    CONFLICT,
    FRIENDLY_NAME_TOO_LONG,
    INVALID_PARAMETER,
    NOT_FOUND,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World

NAME_LIMIT = 64


@command
class AddSubaccount:
    """Open a subaccount."""

    account: str
    friendly_name: str | None = None

    def apply(self, world: World) -> Account:
        owner = world[Accounts][self.account]
        if owner.owner_account_sid != owner.sid:
            raise Refused(INVALID_PARAMETER, parameter="Account: a subaccount has none of its own")
        name = _name(self.friendly_name) or f"SubAccount Created at {world.now:%Y-%m-%d %I:%M %p}"
        wish = OpenAccount(friendly_name=name, trial=owner.trial)
        account = open_account(world, world.sids.new("AC"), owner.sid, wish)
        world.tell(AccountOpened(account=account, start=Start()))
        return account


@command
class UpdateAccount:
    """Give an account another name, or a subaccount another status.

    Attributes:
        caller: who asks; the account itself or its owner.
    """

    account: str
    caller: str
    friendly_name: str | None = None
    status: str | None = None

    def apply(self, world: World) -> Account:
        account = world[Accounts][self.account]
        changes: dict[str, object] = {"date_updated": world.now}
        if self.friendly_name is not None:
            changes["friendly_name"] = _name(self.friendly_name) or account.friendly_name
        if self.status:
            changes["status"] = self._status(account)
        account = world[Accounts].put(replace(account, **changes))
        world.tell(AccountChanged(account=account))
        return account

    def _status(self, account: Account) -> AccountStatus:
        try:
            status = AccountStatus((self.status or "").lower())
        except ValueError:
            raise Refused(INVALID_PARAMETER, parameter="Status") from None
        closed = account.status is AccountStatus.CLOSED
        if self.caller == account.sid or (closed and status is not account.status):
            raise Refused(INVALID_PARAMETER, parameter="Status")
        return status


@command
class AddSecondaryAuthToken:
    """Make another auth token, which is good beside the first."""

    account: str

    def apply(self, world: World) -> Account:
        account = world[Accounts][self.account]
        if account.secondary_auth_token is not None:
            raise Refused(CONFLICT)
        return _changed(world, replace(account, secondary_auth_token=world.sids.hex()))


@command
class PromoteAuthToken:
    """Have the secondary auth token take the place of the first."""

    account: str

    def apply(self, world: World) -> Account:
        account = world[Accounts][self.account]
        token = account.secondary_auth_token
        if token is None:
            raise Refused(NOT_FOUND)
        return _changed(world, replace(account, auth_token=token, secondary_auth_token=None))


@command
class RemoveSecondaryAuthToken:
    """Withdraw the secondary auth token."""

    account: str

    def apply(self, world: World) -> None:
        account = world[Accounts][self.account]
        if account.secondary_auth_token is None:
            raise Refused(NOT_FOUND)
        _changed(world, replace(account, secondary_auth_token=None))


def fetch_account(world: World, *, account: str) -> Account:
    """An account; that it may be seen has been checked."""
    return world[Accounts][account]


def list_accounts(
    world: World, *, account: str, friendly_name: str | None = None, status: str | None = None
) -> Rows[Account]:
    """An account and its subaccounts, newest first; a subaccount sees itself alone."""
    owner = world[Accounts][account].owner_account_sid

    def keep(found: Account) -> bool:
        return (
            account in (owner, found.sid)
            and (not friendly_name or found.friendly_name == friendly_name)
            and (not status or found.status == status.lower())
        )

    return Rows(world[Accounts], world[Accounts].by_owner, owner, downward=True, keep=keep)


def _name(name: str | None) -> str | None:
    if name and len(name) > NAME_LIMIT:
        raise Refused(FRIENDLY_NAME_TOO_LONG)
    return name or None


def _changed(world: World, account: Account) -> Account:
    account = world[Accounts].put(replace(account, date_updated=world.now))
    world.tell(AccountChanged(account=account))
    return account
