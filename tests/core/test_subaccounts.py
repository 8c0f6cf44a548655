from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN, Told
from twilio_emulator.core.accounts.accounts import (
    AccountChanged,
    AccountOpened,
    Accounts,
    AccountStatus,
    ApiKeys,
    Start,
)
from twilio_emulator.core.accounts.debugger_alerts import Alerts
from twilio_emulator.core.accounts.subaccounts import (
    AddSecondaryAuthToken,
    AddSubaccount,
    PromoteAuthToken,
    RemoveSecondaryAuthToken,
    UpdateAccount,
    fetch_account,
    list_accounts,
)
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    AddressConfigurations,
)
from twilio_emulator.core.conversations.resources import AccountConfigurations, Services
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Command, World
from twilio_emulator.core.senders.number_orders import BuyNumber, UpdateNumber
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers
from twilio_emulator.core.texts.text import Text, Texts

Send = Callable[..., Text]


def code_of(world: World, wish: Command) -> int:
    with pytest.raises(Refused) as refused:
        world.perform(wish)
    return refused.value.code


@pytest.fixture
def sub(world: World) -> str:
    """A subaccount."""
    return str(world.perform(AddSubaccount(account=ACCOUNT, friendly_name="Branch")).sid)


def test_a_subaccount_is_complete_but_for_numbers_and_keys(world: World, told: Told) -> None:
    account = world.perform(AddSubaccount(account=ACCOUNT))
    assert told.of(AccountOpened) == [AccountOpened(account=account, start=Start())]
    assert account.owner_account_sid == ACCOUNT
    assert account.friendly_name == "SubAccount Created at 2026-01-05 09:00 AM"
    assert account.auth_token != world[Accounts][ACCOUNT].auth_token
    defaults = world[AccountConfigurations][account.sid]
    assert world[Services][defaults.default_chat_service_sid].account_sid == account.sid
    service = world[MessagingServices][defaults.default_messaging_service_sid]
    assert service.account_sid == account.sid
    assert list(world[PhoneNumbers].all(world[PhoneNumbers].by_account, account.sid)) == []
    assert list(world[ApiKeys].all(world[ApiKeys].by_account, account.sid)) == []


def test_there_is_one_level_of_them(world: World, sub: str) -> None:
    assert code_of(world, AddSubaccount(account=sub)) == 20001


def test_an_account_lists_itself_and_its_subaccounts(world: World, sub: str) -> None:
    def sids(account: str = ACCOUNT, **filters: str) -> list[str]:
        return [it.sid for it in list_accounts(world, account=account, **filters)]

    assert sids() == [sub, ACCOUNT]
    assert sids(friendly_name="Branch") == [sub]
    assert sids(status="ACTIVE") == [sub, ACCOUNT]
    assert sids(status="closed") == []
    assert sids(sub) == [sub]
    assert fetch_account(world, account=sub).friendly_name == "Branch"


def test_it_is_renamed_suspended_and_closed(world: World, sub: str, told: Told) -> None:
    def update(**changes: str) -> str:
        account = world.perform(UpdateAccount(account=sub, caller=ACCOUNT, **changes))
        return f"{account.friendly_name} {account.status}"

    assert update(friendly_name="Shop") == "Shop active"
    assert update(friendly_name="", status="suspended") == "Shop suspended"
    assert update(status="active") == "Shop active"
    number = world.perform(BuyNumber(account=sub, phone_number="+12025550110"))
    assert update(status="CLOSED") == "Shop closed"
    assert number.sid not in world[PhoneNumbers]
    assert len(told.of(AccountChanged)) == 4
    assert update(status="closed") == "Shop closed"
    for status in ("active", "gone"):
        wish = UpdateAccount(account=sub, caller=ACCOUNT, status=status)
        assert code_of(world, wish) == 20001


def test_nobody_changes_their_own_status(world: World, sub: str) -> None:
    for account in (sub, ACCOUNT):
        wish = UpdateAccount(account=account, caller=account, status="suspended")
        assert code_of(world, wish) == 20001
    named = world.perform(UpdateAccount(account=sub, caller=sub, friendly_name="Mine"))
    assert named.friendly_name == "Mine"
    wish = UpdateAccount(account=sub, caller=sub, friendly_name="x" * 65)
    assert code_of(world, wish) == 50003


def test_texts_of_a_suspended_account_fail(
    world: World, sub: str, send: Send, advance: Callable[..., None]
) -> None:
    world.perform(BuyNumber(account=sub, phone_number="+12025550110"))
    world.perform(UpdateAccount(account=sub, caller=ACCOUNT, status="suspended"))
    text = send(account=sub, from_="+12025550110")
    advance(seconds=1)
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("failed", 30002)
    assert world[Accounts][sub].status is AccountStatus.SUSPENDED


def test_a_number_is_handed_over(world: World, sub: str, send: Send) -> None:
    number = world[PhoneNumbers].at("+12025550101")
    assert number is not None
    given = world.perform(UpdateNumber(account=ACCOUNT, number=number.sid, account_sid=sub))
    assert (given.account_sid, given.messaging_service_sid) == (sub, None)
    assert send(account=sub, from_="+12025550101", to=ANN).account_sid == sub
    same = UpdateNumber(account=sub, number=number.sid, account_sid=sub, friendly_name="Desk")
    assert world.perform(same).friendly_name == "Desk"
    world.perform(UpdateAccount(account=sub, caller=ACCOUNT, status="suspended"))
    back = world.perform(UpdateNumber(account=sub, number=number.sid, account_sid=ACCOUNT))
    assert back.account_sid == ACCOUNT
    for taker in (sub, "AC" + "9" * 32):
        wish = UpdateNumber(account=ACCOUNT, number=number.sid, account_sid=taker)
        assert code_of(world, wish) == 21472


def test_an_auth_token_is_renewed(world: World, told: Told) -> None:
    first = world[Accounts][ACCOUNT].auth_token
    second = world.perform(AddSecondaryAuthToken(account=ACCOUNT)).secondary_auth_token
    assert second not in (None, first)
    assert code_of(world, AddSecondaryAuthToken(account=ACCOUNT)) == 20409
    promoted = world.perform(PromoteAuthToken(account=ACCOUNT))
    assert (promoted.auth_token, promoted.secondary_auth_token) == (second, None)
    assert code_of(world, PromoteAuthToken(account=ACCOUNT)) == 20404
    assert code_of(world, RemoveSecondaryAuthToken(account=ACCOUNT)) == 20404
    world.perform(AddSecondaryAuthToken(account=ACCOUNT))
    world.perform(RemoveSecondaryAuthToken(account=ACCOUNT))
    assert world[Accounts][ACCOUNT].secondary_auth_token is None
    assert len(told.of(AccountChanged)) == 4


def test_closing_one_gives_its_numbers_back_with_all_that_was_set_for_them(
    world: World, sub: str
) -> None:
    number = world.perform(BuyNumber(account=sub, phone_number="+12025550177"))
    configured = world.perform(
        AddAddressConfiguration(account=sub, type="sms", address=number.address)
    )
    world.perform(UpdateAccount(account=sub, caller=ACCOUNT, status="closed"))
    assert world[PhoneNumbers].at(number.address) is None
    assert configured.sid not in world[AddressConfigurations]
    (alert,) = world[Alerts]
    assert (alert.account_sid, alert.error_code, alert.resource_sid) == (
        sub,
        50610,
        configured.sid,
    )
